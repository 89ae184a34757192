"""Thousands of answers of any content arrive whole: in parts that Telegram takes, to the letter, with every number."""

import random
import re
from collections.abc import Iterator
from datetime import date
from itertools import accumulate

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.rendering import render_telegram
from bot.channels.rich_text import EntityKind, RichText, utf16_length
from bot.channels.telegram.splitting import LIMIT, MAX_ENTITIES, split
from bot.domain.answers import Answer, Citation, Claim, ClaimRole, Disagreement, Side, SupportLabel
from bot.domain.documents import ReviewStatus
from bot.domain.messages import Audience
from tests.unit.channels.test_rendering import WORDING
from tests.unit.stores.replies import a_reply

WORDS = (
    "rituximab infliximab children with JDM improved did not within weeks of the trial survey overview 0/6 3/6 "
    "575 1.5 0.86 2–5 1,000 121 mg/m² g/kg mg/kg/day IU % (p=0.008) ≥48 ≤150 <2 >0.5 ±3 ~10 2×10⁹/L 4*10^9 Dose: n=36; "
    "**bold** _both_ `code` <b> [link](x) a|b TNF-α β₂ µg 𝛼 😀 👩‍⚕️ 👨🏽‍🔬 🇩🇪 👍🏿 é̂ a\u0301\u0323 "
    "مرض 病 5\u00a0mg CD19⁺ — …"
).split(" ")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*|[<>≤≥±]")
PART = re.compile(r"\n\n\((\d+)/(\d+)\)\Z")
DAY = date(2026, 11, 1)


def some(draw: random.Random, most: int, least: int = 1) -> str:
    return " ".join(draw.choices(WORDS, k=draw.randint(least, most)))


def some_quotation(draw: random.Random) -> tuple[str, str]:
    """A statement and what it quotes: a sentence, several, a row of a table, a very long one, one without a space."""
    match draw.randrange(12):
        case 0:
            cells = [some(draw, 4) for _ in range(draw.randint(2, 4))]
            labelled = "; ".join(f"{some(draw, 2)}: {cell}" for cell in cells)
            return f"{labelled}.", " … ".join(cells)
        case 1:
            return some(draw, 30), some(draw, 400, 200)
        case 2:
            return "".join(draw.choices(WORDS[-20:], k=draw.randint(5, 60))), some(draw, 5)
        case 3:
            return some(draw, 10), f"{some(draw, 20)}\n{some(draw, 20)} … {some(draw, 20)}"
        case _:
            said = some(draw, 30)
            return said, said


def some_answer(seed: int) -> Answer:
    draw = random.Random(seed)
    quoted = [some_quotation(draw) for _ in range(draw.choice((1, 1, 1, 2, 2, 3, 3, 5, 5, 8, 12, 25)))]
    documents = [
        {
            "document": f"{number}.md",
            "title": some(draw, 12),
            "evidence": draw.choice(("", some(draw, 8), "trial, n=200")),
            "year": draw.choice((None, 2013, 2025)),
            "review_status": draw.choice(tuple(ReviewStatus)),
        }
        for number in range(draw.randint(1, 5))
    ]
    citations = tuple(
        Citation(
            number=number,
            quote=quote,
            start=0,
            end=len(quote),
            locator=draw.choice(("", some(draw, 6), "Dosing, page 3")),
            **draw.choice(documents),  # type: ignore[arg-type]
        )
        for number, (_, quote) in enumerate(quoted, 1)
    )
    claims = tuple(
        Claim(
            text=said,
            role=ClaimRole.BOTTOM_LINE if number == 1 else draw.choice(tuple(ClaimRole)),
            support=SupportLabel.SUPPORTED,
            citations=(number, *draw.sample(range(1, len(quoted) + 1), k=1 if draw.random() < 0.1 else 0)),
        )
        for number, (said, _) in enumerate(quoted, 1)
    )
    return Answer(
        claims=claims,
        citations=citations,
        disagreements=tuple(some_disagreements(draw, citations)),
        notices=tuple(some(draw, 20) for _ in range(draw.randrange(4))),
        disclaimer=some(draw, draw.choice((20, 20, 20, 20, 300))),
        gaps=tuple(some(draw, 10) for _ in range(draw.choice((0, 0, 1, 2)))),
        suggested_questions=("What is asked next?",),
    )


def some_disagreements(draw: random.Random, citations: tuple[Citation, ...]) -> Iterator[Disagreement]:
    for _ in range(draw.choice((0, 0, 1, 2))):
        sides = draw.sample(citations, k=min(len(citations), draw.randint(2, 3)))
        if len({side.document for side in sides}) > 1:
            whos = [draw.choice((f"Oddis {side.year or ''}", f"“{some(draw, 12, 6)}”")) for side in sides]
            told = (
                Side(who=who, evidence=side.evidence, directness=some(draw, 3), year=side.year, citation=side.number)
                for who, side in zip(whos, sides, strict=True)
            )
            reasons = (f"{whos[0]} is about {some(draw, 8)}, {whos[1]} about {some(draw, 8)}.", f"{some(draw, 12)}.")
            yield Disagreement(topic=some(draw, 4), sides=tuple(told), reasons=reasons[: draw.randint(0, 2)])


def rendered(answer: Answer) -> tuple[RichText, list[RichText]]:
    reply = a_reply(question="q", standalone_question="Q?", outcome=answer)
    rich = render_telegram(reply, WORDING, audience=Audience.FAMILY, as_of=DAY)
    return rich, split(rich)


def bare(parts: list[RichText]) -> list[str]:
    """The parts' texts without their numbers, which are right."""
    if len(parts) == 1:
        return [parts[0].text]
    found = [PART.search(part.text) for part in parts]
    assert [match and match.groups() for match in found] == [
        (str(n), str(len(parts))) for n in range(1, len(parts) + 1)
    ]
    return [PART.sub("", part.text) for part in parts]


def squeezed(text: str) -> str:
    return "".join(text.split())


def stated(answer: Answer) -> Iterator[str]:
    """Everything of an answer that a reader should see, or that holds the numbers of what isn't said twice."""
    for claim in answer.claims:
        yield claim.text
        yield from map(str, claim.citations)
    for citation in answer.citations:
        yield from (str(citation.number), citation.title, citation.quote, citation.locator, citation.evidence)
        yield str(citation.year or "")
    for disagreement in answer.disagreements:
        yield from (disagreement.topic, *disagreement.reasons)
        directness = {side.directness for side in disagreement.sides}
        yield from directness if len(directness) > 1 else ()
        yield from (side.who for side in disagreement.sides)
    yield from (*answer.notices, *answer.gaps, answer.disclaimer, DAY.isoformat())


seeds = st.integers(0, 2**64)


@settings(max_examples=5000, deadline=None)
@given(seeds)
def test_any_answer_arrives_whole(seed: int) -> None:
    answer = some_answer(seed)
    rich, parts = rendered(answer)
    texts = bare(parts)

    for part in parts:
        assert utf16_length(part.text) <= LIMIT
        assert_entities_are_valid(part)
    everything = squeezed("".join(texts))
    assert everything == squeezed(rich.text)
    beside = {side.citation for each in answer.disagreements for side in each.sides}
    for claim in answer.claims:
        marks = "".join(f"[{number}]" for number in claim.citations)
        assert squeezed(claim.text) + ("" if set(claim.citations) & beside else marks) in everything
    rest = "[1]" + everything.rpartition(f"{WORDING.say('answer.sources')}[1]")[2]
    named: dict[tuple[str, str, ReviewStatus], int] = {}
    for citation in answer.citations:
        known = (citation.document, citation.title, citation.review_status)
        first = named.setdefault(known, citation.number)
        source = citation.title if first == citation.number else WORDING.say("answer.as_first", number=first)
        before, quoted, rest = rest.partition(f"“{squeezed(citation.quote)}”")
        assert before.startswith(f"[{citation.number}]{squeezed(source)}")
        assert quoted
    assert squeezed(answer.disclaimer) in squeezed(texts[-1])
    assert texts[-1].endswith(f"{WORDING.say('answer.footer.family')} · documents as of 2026-11-01")
    shown = {found for text in texts for found in NUMBER.findall(text)}
    assert shown == {found for text in stated(answer) for found in NUMBER.findall(text)}


def assert_entities_are_valid(part: RichText) -> None:
    borders = set(accumulate([1 + (character > "\uffff") for character in part.text], initial=0))
    assert len(part.entities) <= MAX_ENTITIES
    for entity in part.entities:
        assert entity.length > 0
        assert {entity.offset, entity.offset + entity.length} <= borders


@settings(max_examples=300, deadline=None)
@given(seeds)
def test_doses_harms_and_the_bottom_line_are_never_folded_away(seed: int) -> None:
    answer = some_answer(seed)
    rich, _ = rendered(answer)
    encoded = rich.text.encode("utf-16-le")
    seen, at = "", 0
    for entity in rich.entities:
        if entity.kind is EntityKind.EXPANDABLE_BLOCKQUOTE:
            seen += encoded[2 * at : 2 * entity.offset].decode("utf-16-le")
            at = entity.offset + entity.length
    for claim in answer.claims:
        if claim.role not in (ClaimRole.FINDING, ClaimRole.CAVEAT):
            assert squeezed(claim.text) in squeezed(seen)
