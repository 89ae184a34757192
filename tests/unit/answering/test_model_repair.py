"""What failed goes back to the model once; its corrections take the places of what they correct."""

import json
import logging
import re
from dataclasses import replace

import pytest

from bot.domain.answers import ClaimRole, Draft, DraftClaim, SupportLabel, Verdict
from bot.domain.errors import ModelError, ModelFault
from tests.fake_language_model import Act, Hangs, ListLedger, PlayedModel
from tests.unit.answering.model_answers import (
    BOTTOM,
    DOSE,
    EFFECT,
    GIVEN,
    HELPED,
    RARE,
    REPAIR,
    RISK,
    SAFETY,
    Composing,
    line,
    task,
)

WRONG_DOSE = line("Rituximab for calcinosis was given at 735 mg/m² weekly.", quote=GIVEN, role="dose")
WRONG_RISK = line("Infections were common with rituximab for calcinosis.", SAFETY, RARE, role="safety")


def failed(*claims: DraftClaim) -> list[tuple[DraftClaim, Verdict]]:
    reasons = ("The passage says otherwise.", "Twice.")
    return [(claim, Verdict(support=SupportLabel.CONTRADICTED, reasons=reasons)) for claim in claims]


async def drafted(text: str) -> Draft:
    return await Composing([PlayedModel(text)]).compose()


async def repaired(draft: Draft, claims: list[DraftClaim], *acts: Act) -> tuple[Draft, PlayedModel]:
    model = PlayedModel(acts)
    return await Composing([model]).composer.repair(task(), draft, failed(*claims)), model


def said(draft: Draft) -> list[tuple[str, str]]:
    return [(claim.role.value, claim.text) for claim in draft.claims]


async def test_only_what_failed_is_sent_with_its_ids_and_reasons() -> None:
    draft = await drafted(BOTTOM + WRONG_DOSE)
    _, model = await repaired(draft, [draft.claims[1]], DOSE)
    ((system, user),) = model.asked
    assert "failed the check" in system
    sent = [json.loads(found) for found in re.findall(r"^\{.*\}$", user, re.MULTILINE)]
    assert sent == [
        {
            "role": "dose",
            "text": "Rituximab for calcinosis was given at 735 mg/m² weekly.",
            "sources": [EFFECT],
            "quote": GIVEN,
            "problem": "The passage says otherwise. Twice.",
        }
    ]
    assert f'<passage id="{EFFECT}">' in user


async def test_a_correction_takes_the_place_and_the_role_of_what_it_corrects() -> None:
    draft = await drafted(BOTTOM + WRONG_DOSE + RISK)
    result, _ = await repaired(draft, [draft.claims[1]], line(GIVEN, quote=GIVEN, role="bottom_line"))
    assert said(result) == [("bottom_line", HELPED), ("dose", GIVEN), ("safety", RARE)]
    assert result.prompts == {**draft.prompts, "repair": REPAIR.digest}
    assert result.model == "first"


@pytest.mark.parametrize("order", [DOSE + RISK, RISK + DOSE])
async def test_each_correction_replaces_the_claim_that_it_is_most_like(order: str) -> None:
    draft = await drafted(BOTTOM + WRONG_DOSE + WRONG_RISK)
    result, _ = await repaired(draft, list(draft.claims[1:]), order)
    assert said(result) == [("bottom_line", HELPED), ("dose", GIVEN), ("safety", RARE)]


async def test_a_claim_that_the_model_leaves_out_stays_and_takes_no_other_claims_correction() -> None:
    draft = await drafted(line("Rituximab cures everything.", role="bottom_line") + WRONG_RISK)
    result, _ = await repaired(draft, list(draft.claims), RISK)
    assert said(result) == [("bottom_line", "Rituximab cures everything."), ("safety", RARE)]


async def test_a_correction_that_repeats_another_claim_is_none() -> None:
    draft = await drafted(BOTTOM + WRONG_DOSE)
    result, _ = await repaired(draft, [draft.claims[1]], BOTTOM)
    assert result.claims == draft.claims


async def test_corrections_beyond_what_failed_are_not_added() -> None:
    draft = await drafted(BOTTOM + WRONG_DOSE)
    result, _ = await repaired(draft, [draft.claims[1]], RISK + DOSE)
    assert said(result) == [("bottom_line", HELPED), ("dose", GIVEN)]


async def test_a_corrected_claim_keeps_the_order_of_an_answer() -> None:
    draft = await drafted(BOTTOM + WRONG_DOSE)
    moved = replace(draft, claims=(draft.claims[1], draft.claims[0]))
    result, _ = await repaired(moved, [draft.claims[1]], DOSE)
    assert [claim.role for claim in result.claims] == [ClaimRole.BOTTOM_LINE, ClaimRole.DOSE]


@pytest.mark.parametrize("reply", [WRONG_DOSE, '{"no_answer": true}'])
async def test_a_model_that_corrects_nothing_leaves_the_claims_as_they_were(reply: str) -> None:
    draft = await drafted(BOTTOM + WRONG_DOSE)
    result, _ = await repaired(draft, [draft.claims[1]], reply)
    assert result.claims == draft.claims


@pytest.mark.parametrize("fault", ModelFault)
async def test_a_fault_in_repair_costs_only_the_repair(fault: ModelFault, caplog: pytest.LogCaptureFixture) -> None:
    draft = await drafted(BOTTOM + WRONG_DOSE)
    result, model = await repaired(draft, [draft.claims[1]], DOSE, ModelError(fault, retry_after=1))
    assert result == draft
    assert len(model.asked) == model.closed == 1
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == [
        f"first corrected nothing: {fault.value}"
    ]


async def test_nonsense_and_silence_in_repair_cost_only_the_repair() -> None:
    draft = await drafted(BOTTOM + WRONG_DOSE)
    assert (await repaired(draft, [draft.claims[1]], "Sorry."))[0] == draft
    hanging = PlayedModel([DOSE, Hangs()])
    composer = Composing([hanging], time_limit=0.02).composer
    assert await composer.repair(task(), draft, failed(draft.claims[1])) == draft
    assert hanging.closed == 1


async def test_repair_asks_the_model_that_wrote_the_draft() -> None:
    draft = await drafted(BOTTOM + WRONG_DOSE)
    first, second = PlayedModel(), PlayedModel(DOSE, name="second")
    composer = Composing([first, second]).composer
    result = await composer.repair(task(), replace(draft, model="second"), failed(draft.claims[1]))
    assert said(result)[1] == ("dose", GIVEN)
    assert await composer.repair(task(), replace(draft, model="extractive"), failed(*draft.claims)) == replace(
        draft, model="extractive"
    )


async def test_repair_is_within_the_limit_too() -> None:
    draft = await drafted(BOTTOM + WRONG_DOSE)
    model, ledger = PlayedModel(DOSE), ListLedger(("ada", 100))
    composer = Composing([model], ledger=ledger, per_user=101).composer
    assert await composer.repair(task(), draft, failed(draft.claims[1])) == draft
    assert model.asked == []
    free = Composing([model], ledger=ledger).composer
    assert (await free.repair(task(), draft, failed(draft.claims[1]))) != draft
    assert len(ledger.spent_by) == 2
