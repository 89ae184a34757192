import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from bot.channels.rendering import VISIBLE, about_source, render_telegram
from bot.channels.rich_text import EntityKind, RichText, RichTextBuilder, utf16_length, visible_length
from bot.channels.telegram.splitting import split
from bot.channels.terminal import reply_to_json
from bot.domain.answers import (
    Abstention,
    Answer,
    ClaimRole,
    Clarification,
    Direction,
    DirectionKind,
    Disagreement,
    Explained,
    Side,
)
from bot.domain.documents import ReviewStatus
from bot.domain.messages import Audience, Reply
from bot.places import shipped
from bot.prompts import load_wording
from tests.unit.stores.replies import DISCLAIMER, a_citation, a_claim, a_reply, an_answer, replies

WORDING = load_wording(shipped("prompts"))
DISAGREEING = an_answer(
    claims=(
        a_claim("The trial gave 575 mg/m2."),
        a_claim("Watch for infections.", ClaimRole.SAFETY),
        replace(a_claim("A page gives 375 mg/m2.", ClaimRole.DISAGREEMENT), citations=(2,)),
    ),
    citations=(a_citation(), replace(a_citation(2, "375 mg/m2"), document="jdm/page.md")),
    disagreements=(
        Disagreement(
            topic="dose of rituximab",
            sides=(
                Side(who="Oddis 2013", evidence="trial, n=200", directness="children", year=2013, citation=1),
                Side(who="A page", evidence="", directness="", year=2025, citation=2),
            ),
            reasons=("Nobody knows.", "One is small."),
        ),
    ),
)
BLOCK = [
    "Oddis 2013 (trial, n=200, children): as said at the top [1]",
    "A page (2025): A page gives 375 mg/m2. [2]",
]
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def shown(rich: RichText, kind: EntityKind) -> list[str]:
    """The stretches of text that an entity of this kind covers."""
    encoded = rich.text.encode("utf-16-le")
    return [
        encoded[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")
        for entity in rich.entities
        if entity.kind is kind
    ]


def test_a_disagreement_is_a_block_with_a_line_a_side_and_why_and_its_claims_stand_nowhere_else() -> None:
    rich = render_telegram(a_reply(outcome=DISAGREEING), WORDING)
    block = "\n".join(["Sources differ: dose of rituximab", *(f"• {line}" for line in BLOCK)])
    assert f"{block}\nWhy they may differ: Nobody knows. One is small.\n" in rich.text
    assert "Sources differ: dose of rituximab" in shown(rich, EntityKind.BOLD)
    assert rich.text.count("A page gives 375 mg/m2.") == 1
    assert rich.text.startswith("The trial gave 575 mg/m2. [1]")
    assert "Sources differ\n" not in rich.text


def test_the_terminal_shows_the_same_block_and_scripts_get_it_by_fields() -> None:
    told = reply_to_json(a_reply(outcome=DISAGREEING), WORDING)
    block = "\n".join(["Sources differ: dose of rituximab", *(f"• {line}" for line in BLOCK)])
    assert f"{block}\nWhy they may differ: Nobody knows. One is small." in told["text"]
    assert told["text"].count("A page gives 375 mg/m2.") == 1
    assert told["disagreements"] == [
        {
            "topic": "dose of rituximab",
            "sides": [
                {
                    "who": "Oddis 2013",
                    "evidence": "trial, n=200",
                    "directness": "children",
                    "year": 2013,
                    "citation": 1,
                },
                {"who": "A page", "evidence": "", "directness": "", "year": 2025, "citation": 2},
            ],
            "reasons": ["Nobody knows.", "One is small."],
        }
    ]


def test_a_side_that_shares_its_claim_with_the_other_is_quoted_and_the_claim_stays_where_it_is() -> None:
    both = replace(a_claim("The doses are 575 and 375 mg/m2.", ClaimRole.DOSE), citations=(1, 2))
    rich = render_telegram(a_reply(outcome=replace(DISAGREEING, claims=(a_claim(), both))), WORDING)
    assert "• A page (2025): “375 mg/m2” [2]" in rich.text
    assert "• The doses are 575 and 375 mg/m2. [1][2]" in rich.text


def test_an_answer_reads_bottom_line_then_groups_then_sources_then_disclaimer() -> None:
    reply = a_reply(
        question="and in children?",
        standalone_question="How much rituximab in children?",
        outcome=an_answer(
            claims=(
                a_claim("Rituximab helped 83% of patients."),
                a_claim("Watch for infections.", ClaimRole.SAFETY),
                a_claim("They got 575 mg/m2 if BSA ≤1.5 m2.", ClaimRole.DOSE),
            ),
            citations=(a_citation(quote="83% met the definition"),),
            gaps=("The library does not cover: cost.",),
            notices=("The library does not cover: cost.", "Not reviewed yet."),
            suggested_questions=("Who was studied?",),
        ),
    )

    rich = render_telegram(reply, WORDING, audience=Audience.CLINICIAN, as_of=date(2026, 11, 1))

    assert rich.text == (
        "Understood as: How much rituximab in children?\n"
        "\n"
        "Rituximab helped 83% of patients. [1]\n"
        "\n"
        "Dose and schedule\n"
        "• They got 575 mg/m2 if BSA ≤1.5 m2. [1]\n"
        "\n"
        "Safety\n"
        "• Watch for infections. [1]\n"
        "\n"
        "The library does not cover: cost.\n"
        "\n"
        "Sources\n"
        "[1] Rituximab in myositis (2013, trial, n=200) · Treatment > Dosing · not reviewed yet\n"
        "“83% met the definition”\n"
        "\n"
        "Not reviewed yet.\n"
        f"{DISCLAIMER}\n"
        "For clinicians · documents as of 2026-11-01"
    )
    assert shown(rich, EntityKind.BOLD) == [
        "Rituximab helped 83% of patients. [1]",
        "Dose and schedule",
        "Safety",
        "Sources",
        "[1]",
    ]
    assert shown(rich, EntityKind.ITALIC) == ["Understood as: How much rituximab in children?", DISCLAIMER]
    (quotations,) = shown(rich, EntityKind.EXPANDABLE_BLOCKQUOTE)
    assert quotations.startswith("Sources\n[1] Rituximab")
    assert quotations.endswith("“83% met the definition”")
    assert rich.tail == utf16_length(f"{DISCLAIMER}\nFor clinicians · documents as of 2026-11-01")


@pytest.mark.parametrize("typed", ["How  much\nrituximab?", "how much Rituximab", "How much rituximab ??"])
def test_a_question_that_was_understood_as_asked_is_not_repeated(typed: str) -> None:
    rich = render_telegram(a_reply(question=typed, standalone_question="How much rituximab?"), WORDING)

    assert "Understood as" not in rich.text


def test_a_mended_word_is_shown() -> None:
    rich = render_telegram(a_reply(question="How much ritxuimab?", standalone_question="How much rituximab?"), WORDING)

    assert rich.text.startswith("Understood as: How much rituximab?\n")


def test_fixed_words_are_not_shown_as_understood() -> None:
    outcome = Direction(kind=DirectionKind.SMALL_TALK, text="Hello.", notices=(), disclaimer=DISCLAIMER)

    assert "Understood" not in render_telegram(a_reply(question="hi", outcome=outcome), WORDING).text


def test_what_is_not_known_of_a_source_leaves_no_hole() -> None:
    citation = a_citation()
    bare = type(citation)(
        number=1,
        document="d",
        title="T",
        quote="q",
        start=0,
        end=1,
        locator="",
        evidence="",
        year=None,
        review_status=ReviewStatus.SUBMITTED,
    )

    assert (
        "[1] T · not reviewed yet\n“q”\n"
        in render_telegram(a_reply(outcome=an_answer(citations=(bare,))), WORDING).text
    )


def test_an_abstention_names_the_nearest_documents() -> None:
    outcome = Abstention(text="Nothing here.", nearest=("A", "B"), notices=("No source.",), disclaimer=DISCLAIMER)

    rich = render_telegram(a_reply(outcome=outcome), WORDING)

    assert rich.text == f"Nothing here.\nClosest documents: “A”; “B”.\n\nNo source.\n{DISCLAIMER}"
    assert shown(rich, EntityKind.BOLD) == ["Nothing here."]


def test_a_question_back_lists_its_choices() -> None:
    outcome = Clarification(text="Which?", choices=("Rituximab", "IVIG"), notices=(), disclaimer=DISCLAIMER)

    assert render_telegram(a_reply(outcome=outcome), WORDING).text == f"Which?\n• Rituximab\n• IVIG\n\n{DISCLAIMER}"


@pytest.mark.parametrize(
    ("kind", "bold"),
    [
        (DirectionKind.EMERGENCY, ["Fixed words."]),
        (DirectionKind.CRISIS, ["Fixed words."]),
        (DirectionKind.REFUSAL, []),
        (DirectionKind.SMALL_TALK, []),
    ],
)
def test_only_what_is_urgent_is_shouted(kind: DirectionKind, bold: list[str]) -> None:
    outcome = Direction(kind=kind, text="Fixed words.", notices=(), disclaimer=DISCLAIMER)

    assert shown(render_telegram(a_reply(outcome=outcome), WORDING), EntityKind.BOLD) == bold


@pytest.mark.parametrize(
    "clinical",
    [
        "Stop if SpO2 <target or PaO2 >8 kPa.",
        "WBC 4*10^9 to 11*10^9/L",
        "0.5*weight*age, TNF-α, β_2, `code`, **bold**, [link](x)",
        "Treat if PaO2 <baseline and lactate> 4 & rising",
        "≥ 2 mg/m² 👩‍⚕️ 𝛼",
    ],
)
def test_characters_that_markup_would_eat_arrive_as_they_are(clinical: str) -> None:
    outcome = an_answer(claims=(a_claim(clinical),), citations=(a_citation(quote=clinical),))

    (message,) = split(render_telegram(a_reply(outcome=outcome), WORDING))

    assert f"{clinical} [1]" in message.text
    assert f"“{clinical}”" in message.text


def kept(text: str) -> str:
    """What is left of a text in a message: no NUL, one kind of line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


@settings(max_examples=200, deadline=None)
@given(replies)
def test_every_claim_and_quotation_is_shown_to_the_letter_and_every_reply_has_its_disclaimer(reply: Reply) -> None:
    rich = render_telegram(reply, WORDING)

    assert rich.text.endswith(kept(reply.outcome.disclaimer))
    for notice in reply.outcome.notices:
        assert kept(notice) in rich.text
    if isinstance(reply.outcome, Answer):
        for claim in reply.outcome.claims:
            assert kept(claim.text) + " [" in rich.text
        for citation in reply.outcome.citations:
            assert f"\n“{kept(citation.quote)}”" in shown(rich, EntityKind.EXPANDABLE_BLOCKQUOTE)[-1]


def test_no_number_appears_that_the_answer_does_not_hold() -> None:
    outcome = an_answer(claims=(a_claim("750 mg/m2 in 41.7% (n=200)"),), citations=(a_citation(quote="41.7%"),))

    text = render_telegram(a_reply(outcome=outcome), WORDING).text

    assert set(NUMBER.findall(text)) == {"750", "2", "41.7", "200", "1", "2013"}


def test_offsets_count_utf16_units() -> None:
    page = RichTextBuilder()
    page.add("👩‍⚕️ ")
    page.add("𝛼", EntityKind.BOLD)

    rich = page.build()

    assert (rich.entities[0].offset, rich.entities[0].length) == (6, 2)
    assert utf16_length(rich.text) == 8
    assert shown(rich, EntityKind.BOLD) == ["𝛼"]


def test_halves_of_characters_and_nul_never_reach_the_wire() -> None:
    page = RichTextBuilder()
    page.line("a\ud83d b\0c\r\nd\re", EntityKind.BOLD)
    page.add(" \n", EntityKind.BOLD)

    rich = page.build()

    assert rich.text == "a\ufffd bc\nd\ne\n \n"
    assert shown(rich, EntityKind.BOLD) == ["a\ufffd bc\nd\ne"]


def test_outer_entities_come_before_inner_ones() -> None:
    page = RichTextBuilder()
    with page.block(EntityKind.EXPANDABLE_BLOCKQUOTE):
        page.add("head", EntityKind.BOLD)
        page.add(" tail")
    with page.block(EntityKind.EXPANDABLE_BLOCKQUOTE):
        page.add("\n")

    assert [entity.kind for entity in page.build().entities] == [EntityKind.EXPANDABLE_BLOCKQUOTE, EntityKind.BOLD]


def test_a_document_that_was_named_is_pointed_at() -> None:
    citations = (a_citation(), a_citation(2, "41.7%"), replace(a_citation(3, "0/6"), document="b.md", title="Other"))
    claims = tuple(replace(a_claim(f"Claim {number}."), citations=(number,)) for number in (1, 2, 3))

    rich = render_telegram(a_reply(outcome=an_answer(claims=claims, citations=citations)), WORDING)

    assert "[2] same document as [1] · Treatment > Dosing\n“41.7%”\n[3] Other (2013, trial, n=200) · " in rich.text


def test_a_year_that_the_title_tells_is_not_told_twice() -> None:
    def about(title: str) -> str:
        return about_source(replace(a_citation(), title=title, locator=""), WORDING)

    assert about("Oddis 2013") == "Oddis 2013 (trial, n=200) · not reviewed yet"
    assert about("Trial 12013") == "Trial 12013 (2013, trial, n=200) · not reviewed yet"


def long_answer(**changes: object) -> Answer:
    roles = [ClaimRole.BOTTOM_LINE, *[ClaimRole.FINDING] * 5, *[ClaimRole.DOSE] * 3, *[ClaimRole.CAVEAT] * 4]
    claims = tuple(a_claim(f"{role.value} {number}: {'word ' * 30}end", role) for number, role in enumerate(roles))
    return replace(an_answer(claims=claims), **changes)  # type: ignore[arg-type]


def test_a_long_answer_folds_its_later_findings_then_limits_and_never_a_dose() -> None:
    rich = render_telegram(a_reply(outcome=long_answer()), WORDING)

    more, _ = shown(rich, EntityKind.EXPANDABLE_BLOCKQUOTE)
    assert more.startswith(WORDING.say("answer.more"))
    assert re.findall(r"\w+ \d+(?=:)", more) == [
        *(f"finding {n}" for n in (3, 4, 5)),
        *(f"caveat {n}" for n in (11, 12)),
    ]
    assert rich.text.count("dose ") == 3


def test_an_answer_that_is_short_enough_folds_nothing_but_its_quotations() -> None:
    claims = tuple(a_claim(f"Finding {number}.", ClaimRole.FINDING) for number in range(9))

    rich = render_telegram(a_reply(outcome=an_answer(claims=claims)), WORDING)

    assert len(shown(rich, EntityKind.EXPANDABLE_BLOCKQUOTE)) == 1
    assert visible_length(rich) <= VISIBLE


def test_a_long_answer_folds_the_reasons_after_the_first() -> None:
    claims = (*DISAGREEING.claims, a_claim("word " * 300, ClaimRole.DOSE))

    rich = render_telegram(a_reply(outcome=replace(DISAGREEING, claims=claims)), WORDING)

    assert "Why they may differ: Nobody knows.\n" in rich.text
    assert "• One is small." in shown(rich, EntityKind.EXPANDABLE_BLOCKQUOTE)[0]


def test_a_notice_that_the_block_makes_needless_is_left_out() -> None:
    told = WORDING.say("notice.differ", topic="dose of rituximab")
    other = WORDING.say("notice.differ", topic="dose of IVIG")

    rich = render_telegram(a_reply(outcome=replace(DISAGREEING, notices=(told, other))), WORDING)

    assert told not in rich.text
    assert other in rich.text


def test_the_footer_says_for_whom_and_as_of_when() -> None:
    def last(**known: object) -> str:
        return render_telegram(a_reply(), WORDING, **known).text.splitlines()[-1]  # type: ignore[arg-type]

    assert last() == DISCLAIMER
    assert last(audience=Audience.FAMILY) == "For families"
    assert last(answered_on=date(2026, 11, 22)) == "answered on 2026-11-22"
    assert last(as_of=date(2026, 11, 1), answered_on=date(2026, 11, 22)) == "documents as of 2026-11-01"


def test_suggested_questions_are_left_to_the_buttons() -> None:
    outcome = an_answer(suggested_questions=("Who was studied?",))

    assert "Who was studied?" not in render_telegram(a_reply(outcome=outcome), WORDING).text
    assert "Who was studied?" in reply_to_json(a_reply(outcome=outcome), WORDING)["text"]


def test_what_is_said_first_stands_above_the_claims_and_hard_words_below_them() -> None:
    hard = (Explained(term="IVIG", plain="Donated."),)
    outcome = replace(an_answer(), preface="The team sets the dose.", explained=hard)
    told = reply_to_json(a_reply(outcome=outcome), WORDING)
    for text in (told["text"], render_telegram(a_reply(outcome=outcome), WORDING).text):
        places = [text.index(part) for part in ("The team sets", outcome.claims[0].text, "• IVIG: Donated.")]
        assert places == sorted(places)
    assert (told["preface"], told["explained"]) == ("The team sets the dose.", [{"term": "IVIG", "plain": "Donated."}])
    plain = reply_to_json(a_reply(outcome=an_answer()), WORDING)
    assert (plain["preface"], plain["explained"]) == ("", [])
