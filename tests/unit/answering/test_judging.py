"""From what a claim cites to its verdict: nothing passes without given passages, their words, and every judge."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import pytest

from bot.answering.judging import as_evidence, judge_claim, lower
from bot.domain.answers import ClaimRole, DraftClaim, Quotation, SupportLabel, Verdict
from bot.domain.documents import CuratedDocument, Directness, DocumentKind, Passage, RetrievedPassage
from tests.fakes import GLOSSARY, document, passage, sentence

EFFECT = passage(
    "Rituximab was effective for calcinosis in four children.",
    "Details are at https://example.org/study, by mail to jdm@example.org, or from @jdm_help.",
    headings=("Results",),
)
DOSES = passage("Rituximab was given at 375 mg/m² weekly.", document="b.md")
SUPPORTED, UNKNOWN = SupportLabel.SUPPORTED, SupportLabel.NOT_ENOUGH_INFORMATION
TEXT = "Rituximab was effective for calcinosis in four children."


def retrieved(part: Passage, about: CuratedDocument | None = None) -> RetrievedPassage:
    return RetrievedPassage(passage=part, document=about or document(part, path=part.document), rank=1, score=1.0)


GIVEN = {part.id: retrieved(part) for part in (EFFECT, DOSES)}


def whole(part: Passage, index: int = 0) -> Quotation:
    one = part.sentences[index]
    return Quotation(passage=part.id, quote=one.quote, spans=one.spans)


def claim(text: str = TEXT, *quotations: Quotation) -> DraftClaim:
    return DraftClaim(text=text, role=ClaimRole.FINDING, quotations=quotations or (whole(EFFECT),))


def judged(text: str = TEXT, *quotations: Quotation) -> Verdict:
    return judge_claim(claim(text, *quotations), GIVEN, GLOSSARY)


def test_a_claim_that_its_passage_carries_is_supported() -> None:
    assert judged().support is SUPPORTED


@pytest.mark.parametrize(
    ("quotation", "reason"),
    [
        (Quotation(passage="zzzz", quote="", spans=()), "It cites zzzz, which isn't one of the given passages."),
        (Quotation(passage="", quote=TEXT, spans=()), "It cites nothing, which isn't one of the given passages."),
        (Quotation(passage=EFFECT.id, quote="", spans=()), "It gives no quotation."),
        (
            Quotation(passage=EFFECT.id, quote="Rituximab cures calcinosis", spans=()),
            "The quotation “Rituximab cures calcinosis” isn't in the cited passage.",
        ),
        # Literally there, but nobody could say where: without a place in the file it is no footnote.
        (Quotation(passage=EFFECT.id, quote=TEXT, spans=()), f"The quotation “{TEXT}” isn't in the cited passage."),
    ],
)
def test_a_wrong_citation_costs_the_claim(quotation: Quotation, reason: str) -> None:
    assert judged(TEXT, quotation) == Verdict(support=UNKNOWN, reasons=(reason,))
    assert judged(TEXT, whole(EFFECT), quotation).support is UNKNOWN


def test_a_claim_without_any_citation_is_refused() -> None:
    bare = DraftClaim(text=TEXT, role=ClaimRole.FINDING, quotations=())
    assert judge_claim(bare, GIVEN, GLOSSARY).reasons == ("It cites no passage.",)


def test_a_passage_that_says_nothing_of_it_is_no_second_source() -> None:
    second = passage("Sunscreen is advised for everybody.", document="c.md")
    given = GIVEN | {second.id: retrieved(second)}
    verdict = judge_claim(claim(TEXT, whole(EFFECT), whole(second)), given, GLOSSARY)
    assert verdict.reasons == ("One of the cited passages doesn't speak of it.",)


def test_two_passages_that_each_say_a_part_carry_it_together() -> None:
    text = "Rituximab, effective for calcinosis in four children, was given at 375 mg/m² weekly."
    assert judged(text, whole(EFFECT), whole(DOSES)).support is SUPPORTED


def test_a_sentence_is_not_true_because_it_stands_beside_a_true_one() -> None:
    verdict = judged(f"{TEXT} Vitamin tablets prevent relapses.")
    assert verdict.support is not SUPPORTED
    assert judged(f"{TEXT} Rituximab was effective for calcinosis.").support is SUPPORTED


@pytest.mark.parametrize(
    "pointer",
    [
        "https://evil.example/jdm",
        "HTTPS://EVIL.EXAMPLE",
        "http://10.0.0.1/",
        "www.evil.com",
        "evil.com",
        "t.me/evil",
        "tg://resolve?domain=evil",
        "ｅｖｉｌ．ｃｏｍ",
        "ev\u200bil.com",
        "@evil_bot",
        "you@evil.com",
        "mailto:you",
        "/start",
        "https://example.org/study/more",
        "example.or",
        "m@jdm_help",
    ],
)
def test_a_link_or_a_name_that_the_passage_does_not_hold_costs_the_claim(pointer: str) -> None:
    for text in (f"{TEXT[:-1]}, see {pointer}.", f"{TEXT[:-1]} ({pointer})", f"{pointer} {TEXT}"):
        verdict = judged(text)
        assert verdict.support is UNKNOWN
        assert verdict.reasons[0].startswith("It holds “")


@pytest.mark.parametrize(
    "pointer", ["https://example.org/study", "jdm@example.org", "@jdm_help", "HTTPS://example.org/study"]
)
def test_a_link_of_the_passage_may_be_told(pointer: str) -> None:
    text = f"Details are at {pointer}."
    assert judged(text, whole(EFFECT, 1)).support is SUPPORTED


@pytest.mark.parametrize(
    "text",
    [
        "Rituximab, i.e. an antibody, was effective (e.g. for calcinosis) in four children vs. none.",
        "Rituximab was effective at 375 mg/m² and/or 0.5 g/day for calcinosis.",
        "Rituximab was effective for calcinosis in 4.5% of children.",
    ],
)
def test_abbreviations_units_and_numbers_are_no_links(text: str) -> None:
    assert not judged(text).reasons[0].startswith("It holds")


def test_an_endless_word_costs_the_claim_unless_the_passage_has_it() -> None:
    endless = "x" * 61
    assert judged(f"{TEXT[:-1]} {endless}").reasons[0].startswith("It holds “xxx")
    part = passage(f"Rituximab was effective as {endless}.")
    verdict = judge_claim(
        claim(f"Rituximab was effective as {endless}.", whole(part)), {part.id: retrieved(part)}, GLOSSARY
    )
    assert verdict.support is SUPPORTED


def test_the_gate_sees_a_list_with_its_leads_and_the_place_it_stands_in() -> None:
    part = passage(
        sentence("Tacrolimus ointment", lead=("Options are:", "For the skin:")), headings=("Treatment", "Topical")
    )
    about = CuratedDocument(path="a.md", id="a", title="A trial", kind=DocumentKind.TRIAL, directness=Directness.JDM)
    seen = as_evidence(retrieved(part, about))
    assert seen.text == "Options are: For the skin: Tacrolimus ointment"
    assert seen.context == "A trial . Treatment . Topical . trial . children with juvenile dermatomyositis"
    assert seen.source == "Tacrolimus ointment"


# Judges after the gate


class Objecting:
    """Objects to claims that hold a word; remembers what it read."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.read: list[tuple[str, tuple[str, ...], str]] = []

    prompts: ClassVar[Mapping[str, str]] = {}

    async def objects(self, claim: str, passages: Sequence[str], user: str) -> str | None:
        self.read.append((claim, tuple(passages), user))
        return f"There is {self.word} in it." if self.word in claim else None


YES, NO = Verdict(support=SUPPORTED, reasons=("It says so.",)), Verdict(support=UNKNOWN, reasons=("It doesn't.",))


async def test_an_objection_withholds_and_praise_changes_nothing() -> None:
    calm, strict = Objecting("nothing of this"), Objecting("weekly")
    passed, doubted, failed = claim(), claim("Given weekly.", whole(DOSES)), claim("Given weekly, invented.")
    result = await lower([(passed, YES), (doubted, YES), (failed, NO)], GIVEN, [calm, strict], "ada")
    assert result == (
        (passed, YES),
        (doubted, Verdict(support=UNKNOWN, reasons=("There is weekly in it.",))),
        (failed, NO),
    )
    assert calm.read == [(TEXT, (EFFECT.text,), "ada"), ("Given weekly.", (DOSES.text,), "ada")]


async def test_the_second_judge_is_not_asked_about_what_the_first_refused() -> None:
    first, second = Objecting("four"), Objecting("four")
    await lower([(claim(TEXT, whole(EFFECT), whole(DOSES), whole(EFFECT, 1)), YES)], GIVEN, [first, second], "ada")
    assert first.read == [(TEXT, (EFFECT.text, DOSES.text), "ada")]
    assert second.read == []
