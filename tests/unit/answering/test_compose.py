"""Statements read alone, the best leads, and both sides are told where sources differ."""

from dataclasses import replace

from bot.answering.candidates import list_candidates
from bot.answering.compose import ExtractiveComposer
from bot.answering.composing import LESS
from bot.answering.question import parse_question
from bot.answering.rank import Ranked
from bot.domain.answers import ClaimRole, Draft
from bot.domain.documents import DocumentKind, RetrievedPassage
from bot.domain.messages import Audience
from tests.fakes import GLOSSARY, document, passage, sentence
from tests.unit.answering.asking import draft_for, said

RITUXIMAB = passage(
    sentence("Dosing: 375 mg/m² weekly for 4 consecutive weeks", is_item=True),
    sentence("Monitor for infusion reactions", is_item=True),
    headings=("Specific medication", "1. Rituximab"),
)
FEATURES = passage(
    *(
        sentence(text, lead=("Assess predominant features:",))
        for text in ("Skin involvement", "Muscle weakness", "Calcinosis", "Major organ involvement")
    ),
    headings=("Algorithm", "Step 1: Evaluate"),
    number=1,
)


def ranked_as(score: float, text: str, headings: tuple[str, ...] = ()) -> Ranked:
    """A statement that stands alone in a passage of its own."""
    page = document(passage(text, document=f"{text}.md", headings=headings), path=f"{text}.md", title="A title")
    evidence = RetrievedPassage(passage=page.passages[0], document=page, rank=1, score=score)
    (candidate,) = list_candidates([evidence], GLOSSARY)
    return Ranked(candidate=candidate, score=score, coverage=1.0, aspect=1.0, missing=())


def test_a_bare_bullet_gets_the_drug_of_its_heading() -> None:
    draft = draft_for("What is the dosing of rituximab?", document(RITUXIMAB))
    assert draft.claims[0].text == "Rituximab – Dosing: 375 mg/m² weekly for 4 consecutive weeks."
    assert draft.claims[0].role is ClaimRole.BOTTOM_LINE


def test_short_items_of_a_list_are_one_statement_with_every_item_quoted() -> None:
    draft = draft_for("Which predominant features should I assess?", document(FEATURES))
    expected = "Assess predominant features: Skin involvement; Muscle weakness; Calcinosis; Major organ involvement."
    assert draft.claims[0].text == expected
    assert (
        draft.claims[0].quotations[0].quote
        == "Skin involvement … Muscle weakness … Calcinosis … Major organ involvement"
    )


def test_nothing_found_makes_an_empty_draft() -> None:
    assert draft_for("zebra") == Draft(claims=())


def test_the_pair_of_sentences_is_said_where_the_second_points_back_to_the_first() -> None:
    page = document(passage("Rituximab was given to six children.", "It was effective for calcinosis in four."))
    assert said(draft_for("Was rituximab effective for calcinosis?", page)) == [
        "Rituximab was given to six children. It was effective for calcinosis in four."
    ]


def test_a_fuller_statement_takes_the_place_of_a_lesser_one() -> None:
    lesser, fuller, first = (
        ranked_as(score, text)
        for score, text in (
            (0.9, "Rituximab was effective for calcinosis."),
            (0.88, "Rituximab was effective for calcinosis in 4 of 6 children."),
            (1.0, "Infliximab was used when methotrexate failed."),
        )
    )
    draft = ExtractiveComposer(GLOSSARY).choose(parse_question("rituximab?", GLOSSARY), (first, lesser, fuller))
    assert said(draft) == [first.candidate.text, fuller.candidate.text]


def test_an_answer_stops_at_its_length_and_a_shorter_statement_still_finds_room() -> None:
    statements = (
        ranked_as(1.0, "Rituximab was effective for muscle disease in four of the six children who were treated."),
        ranked_as(0.95, "Infliximab was given every month to nine adults with severe arthritis of hands and knees."),
        ranked_as(0.9, "Dysphagia improved slowly."),
    )
    draft = ExtractiveComposer(GLOSSARY, answer_words=20).choose(parse_question("rituximab?", GLOSSARY), statements)
    assert said(draft) == [statements[0].candidate.text, statements[2].candidate.text]


def test_a_statement_that_fits_much_worse_is_left_out() -> None:
    statements = (ranked_as(1.0, "Rituximab cleared calcinosis."), ranked_as(0.5, "Dysphagia improved slowly."))
    draft = ExtractiveComposer(GLOSSARY).choose(parse_question("rituximab?", GLOSSARY), statements)
    assert said(draft) == ["Rituximab cleared calcinosis."]


def test_statements_are_ordered_by_what_they_do_and_the_best_leads() -> None:
    statements = (
        ranked_as(1.0, "Calcinosis was treated early."),
        ranked_as(0.99, "Small numbers are a caveat of methotrexate.", headings=("Limitations",)),
        ranked_as(0.98, "Rituximab caused serious infections."),
        ranked_as(0.97, "Infliximab 3 mg/kg was used."),
        ranked_as(0.96, "Dysphagia was common."),
    )
    draft = ExtractiveComposer(GLOSSARY).choose(parse_question("Calcinosis?", GLOSSARY), statements)
    assert [claim.role for claim in draft.claims] == [
        ClaimRole.BOTTOM_LINE, ClaimRole.FINDING, ClaimRole.DOSE, ClaimRole.SAFETY, ClaimRole.CAVEAT
    ]  # fmt: skip


def test_more_detail_says_more_and_everything_that_was_asked_for() -> None:
    question = parse_question("What are dose and side effects of rituximab?", GLOSSARY)
    ranked = [
        ranked_as(0.9, "Rituximab was given at 375 mg/m² weekly."),
        ranked_as(0.6, "Rituximab was given over nine hours at that hospital."),
        ranked_as(0.5, "Infections were the side effects of rituximab."),
    ]
    composer = ExtractiveComposer(GLOSSARY)
    assert len(composer.choose(question, ranked).claims) == 1
    detailed = said(composer.choose(question, ranked, share=2.0))
    assert detailed[0] == "Rituximab was given at 375 mg/m² weekly."
    assert "Infections were the side effects of rituximab." in detailed


def test_a_brief_answer_is_one_statement() -> None:
    question = parse_question("What is rituximab?", GLOSSARY)
    ranked = [ranked_as(0.9, "Rituximab removes B cells."), ranked_as(0.9, "Rituximab was studied in Paris.")]
    composer = ExtractiveComposer(GLOSSARY)
    assert said(composer.choose(question, ranked, share=LESS)) == ["Rituximab removes B cells."]
    assert len(composer.choose(question, ranked).claims) == 2


def test_no_dose_of_another_drug_stands_beside_the_one_that_was_asked_for() -> None:
    question = parse_question("What is the dose of methotrexate?", GLOSSARY)
    mine, other = "Methotrexate was given at 15 mg/m² weekly.", "Infliximab was given at 3 mg/kg monthly."
    assert said(ExtractiveComposer(GLOSSARY).choose(question, [ranked_as(0.9, mine), ranked_as(0.9, other)])) == [mine]


def test_a_trainee_gets_the_reason_as_well_and_everything_that_a_clinician_gets() -> None:
    question = parse_question("Is rituximab used for relapse?", GLOSSARY)
    used, why = "Rituximab is used for relapse.", "Rituximab removes B cells, because it binds to CD20."
    ranked, composer = [ranked_as(0.9, used), ranked_as(0.5, why)], ExtractiveComposer(GLOSSARY)
    assert said(composer.choose(question, ranked)) == [used]
    assert said(composer.choose(question, ranked, audience=Audience.TRAINEE)) == [used, why]


def chosen_from(*ranked: Ranked, question: str = "Was rituximab effective for calcinosis?") -> Draft:
    return ExtractiveComposer(GLOSSARY).choose(parse_question(question, GLOSSARY), ranked)


def test_a_section_on_limits_makes_a_statement_a_limit_and_a_title_that_tells_of_a_small_series_makes_none() -> None:
    draft = chosen_from(
        ranked_as(1.0, "Rituximab was effective for calcinosis.", ("Two small uncontrolled series", "Summary")),
        ranked_as(0.9, "In one child calcinosis went away.", ("Two small uncontrolled series", "What was found")),
        ranked_as(
            0.9, "Nobody was compared with others.", ("Two small uncontrolled series", "Limits of this evidence")
        ),
    )
    assert [claim.role for claim in draft.claims] == [ClaimRole.BOTTOM_LINE, ClaimRole.FINDING, ClaimRole.CAVEAT]


def test_the_limits_of_a_web_page_are_told_beside_what_it_says_or_not_at_all() -> None:
    study = ranked_as(1.0, "Rituximab was effective for calcinosis.")
    limits = ranked_as(0.95, "The page has no list of references.", ("Limits",))
    page = replace(limits.candidate.retrieved.document, kind=DocumentKind.WEB_PAGE)
    of_page = replace(limits.candidate, retrieved=replace(limits.candidate.retrieved, document=page))
    web = replace(limits, candidate=of_page)
    assert said(chosen_from(study, limits)) != said(chosen_from(study, web)) == [study.candidate.text]
    asked = chosen_from(study, web, question="What are the limits of the evidence on rituximab for calcinosis?")
    assert said(asked) == [study.candidate.text, limits.candidate.text]


def test_only_a_heading_makes_a_limit_of_a_statement_and_never_the_title() -> None:
    statements = (
        ranked_as(1.0, "Calcinosis was treated early."),
        ranked_as(0.99, "Dysphagia was common.", headings=("What was found",)),
    )
    titled = [
        replace(one, candidate=replace(one.candidate, context=f"Web overview (unreviewed) . {one.candidate.context}"))
        for one in statements
    ]
    draft = ExtractiveComposer(GLOSSARY).choose(parse_question("Calcinosis?", GLOSSARY), titled)
    assert [claim.role for claim in draft.claims] == [ClaimRole.BOTTOM_LINE, ClaimRole.FINDING]
