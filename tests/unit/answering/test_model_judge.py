"""A second model may withhold a claim; whatever else it says or fails to say changes nothing."""

import logging
from datetime import date

import pytest

from bot.answering.allowance import Allowance
from bot.answering.language_model import Piece, count_tokens
from bot.answering.model_judge import LONGEST_REASON, LONGEST_REPLY, ModelJudge
from bot.domain.errors import ModelError, ModelFault
from bot.places import shipped
from bot.prompts import load_prompt
from tests.fake_language_model import Act, Hangs, ListLedger, PlayedModel

PROMPT = load_prompt(shipped("prompts"), None, "judge")
CLAIM, PASSAGES = "Rituximab helped four children.", ("Rituximab helped four.", "They were children.")


def allowing(ledger: ListLedger, per_user: int = 0) -> Allowance:
    return Allowance(ledger=ledger, per_user=per_user, in_all=0, today=lambda: date(2026, 1, 1))


async def asked(
    *acts: Act, allowance: Allowance | None = None, time_limit: float = 30
) -> tuple[str | None, PlayedModel]:
    model = PlayedModel(acts, name="second")
    judge = ModelJudge(model=model, prompt=PROMPT, allowance=allowance, time_limit=time_limit)
    return await judge.objects(CLAIM, PASSAGES, "ada"), model


@pytest.mark.parametrize(
    "said",
    [
        "No",
        "no.",
        "**No** – five children",
        "  \n– No, five.",
        "Not supported.",
        "Not entirely: five children.",
        "Answer: No",
        "**Verdict:** No, five.",
        '{"supported": "no"}',
        "None of this follows.",
        "Unsupported",
        "False",
        "Refuted by the document",
        "Contradicted.",
        "<think>Yes? It says so.</think>No",
    ],
)
async def test_a_no_is_an_objection(said: str) -> None:
    objection, _ = await asked(said)
    assert objection is not None
    assert objection.startswith("A second model doesn't find it in the passage: ")


@pytest.mark.parametrize(
    "said",
    [
        "Yes",
        "Yes, no dose is named.",
        "Nobody can tell.",
        "Nothing",
        "Norepinephrine",
        "I am not sure.",
        "",
        "<think>No, that",
        "<think>No.</think> Yes",
    ],
)
async def test_anything_else_is_none(said: str) -> None:
    assert (await asked(said))[0] is None


async def test_an_objection_is_one_short_line() -> None:
    objection, _ = await asked("No:\n", "five " * 100)
    assert objection == f"A second model doesn't find it in the passage: {('No: ' + 'five ' * 100)[:LONGEST_REASON]}"


async def test_it_reads_the_passages_and_the_claim() -> None:
    _, model = await asked("Yes")
    assert model.asked == [PROMPT.render(document="Rituximab helped four.\n\nThey were children.", claim=CLAIM)]
    assert model.closed == 1


@pytest.mark.parametrize("fault", ModelFault)
async def test_a_judge_that_fails_objects_to_nothing(fault: ModelFault, caplog: pytest.LogCaptureFixture) -> None:
    objection, model = await asked("", ModelError(fault))
    assert objection is None
    assert [record.getMessage() for record in caplog.records] == [f"the judge second said nothing: {fault.value}"]
    assert len(model.asked) == model.closed == 1


async def test_a_no_that_breaks_off_is_a_no() -> None:
    assert (await asked("No, because", ModelError(ModelFault.CUT)))[0] is not None


async def test_a_judge_that_is_silent_is_not_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    ledger = ListLedger()
    objection, model = await asked("Hm", Hangs(), allowance=allowing(ledger), time_limit=0.01)
    assert objection is None
    assert model.closed == 1
    assert ledger.spent_by == [("ada", count_tokens(*model.asked[0], "Hm"))]
    assert [record.getMessage() for record in caplog.records] == ["the judge second said nothing: timeout"]


async def test_a_judge_that_talks_on_and_on_is_stopped() -> None:
    objection, model = await asked("No. ", *["and " * 100] * 100)
    assert objection is not None
    assert model.given == LONGEST_REPLY // 400 + 1
    assert model.closed == 1


async def test_what_a_judge_costs_is_recorded_for_who_asked() -> None:
    ledger = ListLedger()
    await asked("Yes", Piece(text="", tokens=123), allowance=allowing(ledger))
    await asked("Yes", ModelError(ModelFault.CUT), allowance=allowing(ledger))
    estimated = count_tokens(*PROMPT.render(document="\n\n".join(PASSAGES), claim=CLAIM), "Yes")
    assert ledger.spent_by == [("ada", 123), ("ada", estimated)]


async def test_beyond_the_limit_no_judge_is_asked() -> None:
    objection, model = await asked("No", allowance=allowing(ListLedger(("ada", 99)), per_user=100))
    assert objection is None
    assert model.asked == []


async def test_no_text_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await asked("No secret", ModelError(ModelFault.SERVER))
    logged = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("bot"))
    assert "secret" not in logged
    assert "children" not in logged
