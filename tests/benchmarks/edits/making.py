"""Makes every form of every claim: the same library always gives the same forms."""

import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from random import Random

from bot.domain.glossary import Glossary
from tests.benchmarks.edits import faithful, numbers, strength, swaps
from tests.benchmarks.edits.forms import Form
from tests.benchmarks.edits.quoting import invented_quotations, quoted_parts
from tests.benchmarks.edits.sources import Material, Shown, Source, stands_alone
from tests.benchmarks.edits.tails import TAILS
from tests.benchmarks.edits.wording import is_said, overlap, raised

BESIDE = 3
"""Passages shown beside the one that holds the claim."""
RARE = {"unit": 3, "range_end": 4, "dose_interval": 5, "modality": 3, "units": 2, "reordered": 2, "shortened": 2}
"""How many forms of one claim, where it isn't one: few sentences hold a range or the interval of a dose."""
SHARES = {
    "quoted_part": 0.35, "wrong_passage": 0.45, "invented_tail": 0.5, "invented_quotation": 0.4, "unknown_id": 0.3,
    "expanded": 0.6, "list_joined": 0.6, "negation": 0.7, "population": 0.7, "drug": 0.7, "number": 0.8, "units": 0.7,
}  # fmt: skip
"""The share of the claims that get this form, where every claim could."""
ADDS_NOTHING = {"negation", "range_end", "dose_interval"}
"""Kinds whose words may all stand in the passage although the claim is wrong."""
MOST_OF_A_KIND = 80
MOST = {"verbatim": 230}
NO_TAIL = (" not recorded", "in this library", "in this document", "cannot be", "can't be", "does not", "do not", "No ")


def make_forms(material: Material, glossary: Glossary) -> list[Form]:
    """All forms, in the order of the documents."""
    made: list[Form] = []
    seen: set[tuple[str, ...]] = set()
    halves: dict[str, list[Shown]] = {"tuning": [], "test": []}
    half_by_document = {source.document: source.half for source in material.sources}
    for document, passages in material.passages.items():
        if document in half_by_document:
            halves[half_by_document[document]] += passages
    for source in material.sources:
        for kind, candidates in every_kind(source, material, halves[source.half], glossary):
            if source.random(f"share {kind}").random() > SHARES.get(kind, 1):
                continue
            most = RARE.get(kind, 1) if source.is_own else 1
            count = 0
            for form in candidates:
                told = (form.claim, *form.citations, *form.quotations)
                if count < most and told not in seen:
                    seen.add(told)
                    made.append(named(form, count))
                    count += 1
    return made


def thinned(forms: Sequence[Form]) -> list[Form]:
    """At most as many of a kind in a half as a committed file can carry, whatever the library grows to."""
    kept: list[str] = []
    for place in {(form.kind, form.half) for form in forms}:
        ids = sorted(form.id.rpartition("-")[2] for form in forms if (form.kind, form.half) == place)
        kept += [f"{place[0]}-{name}" for name in ids[: MOST.get(place[0], MOST_OF_A_KIND)]]
    wanted = set(kept)
    return [form for form in forms if form.id in wanted]


def named(form: Form, ordinal: int) -> Form:
    """With an id that another library doesn't change."""
    digest = sha256(f"{form.document}\0{form.kind}\0{form.claim}\0{form.quotations}\0{form.citations}".encode())
    return replace(form, id=f"{form.kind}-{digest.hexdigest()[:8]}{ordinal or ''}")


def every_kind(
    source: Source, material: Material, half: Sequence[Shown], glossary: Glossary
) -> Iterator[tuple[str, Iterator[Form]]]:
    """The forms of a claim by kind, each lazily: as many are taken as are wanted."""
    claim = source.claim
    known = [*faithful.defined_in(source.passage.text), *(faithful.pairs(glossary) if source.is_own else ())]
    around = Beside(source=source, own=material.passages[source.document], half=half)
    after = [other for other in following(source) if stands_alone(other, strict=not source.is_own)]

    def random(kind: str) -> Random:
        return source.random(kind)

    same = {
        "verbatim": iter([claim]),
        "reordered": faithful.reordered(claim, glossary, random("reordered")),
        "abbreviated": faithful.abbreviated(claim, known, random("abbreviated")),
        "expanded": faithful.expanded(claim, known, random("expanded")),
        "units": faithful.rewritten_units(claim, random("units")),
        "shortened": faithful.shortened(claim, random("shortened")),
    }
    for kind, texts in same.items():
        yield kind, (around.form(kind, text, [claim]) for text in texts if text != claim or kind == "verbatim")
    pairs = faithful.joined(claim, after, random("list_joined"))
    yield "list_joined", (around.form("list_joined", text, [claim, other]) for text, other in pairs)
    yield "quoted_part", around.quoting("quoted_part", quoted_parts(claim, source.sentences, random("quoted_part")))

    said = [source.passage.text]
    wrong = {
        "number": numbers.wrong_numbers(claim, said, source.sentences, random("number")),
        "unit": numbers.wrong_units(claim, said, random("unit")),
        "range_end": numbers.wrong_ends(claim, said, random("range_end")),
        "dose_interval": numbers.wrong_intervals(claim, said, random("dose_interval")),
        "drug": swaps.swapped_drugs(claim, said, glossary, random("drug")),
        "negation": strength.negated(claim, random("negation")),
        "population": swaps.other_people(claim, random("population")),
        "modality": strength.strengthened(claim, random("modality")),
        "invented_tail": tailed(claim, said, random("invented_tail")),
    }
    for kind, texts in wrong.items():
        yield (
            kind,
            (form for text in texts for form in [around.form(kind, raised(text), [claim])] if is_wrong(form, claim)),
        )
    yield "wrong_passage", around.citing_another()
    quotes = invented_quotations(
        claim, source.sentences, [passage.text for passage in half], random("invented_quotation")
    )
    yield "invented_quotation", around.quoting("invented_quotation", quotes)
    yield "unknown_id", around.citing_unknown()


def following(source: Source) -> tuple[str, ...]:
    return source.sentences[source.sentences.index(source.claim) + 1 :]


def is_wrong(form: Form, claim: str) -> bool:
    """Whether no passage that is shown says what the edited claim says."""
    texts = [passage.text for passage in form.passages]
    if form.claim == claim or any(form.claim in text for text in texts):
        return False
    if form.kind in ADDS_NOTHING:
        return True
    return not is_said(form.claim, texts, 0.8, instead_of=claim)


def tailed(claim: str, passages: Sequence[str], random: Random) -> Iterator[str]:
    if any(part in claim for part in NO_TAIL):
        return
    for tail in random.sample(TAILS, len(TAILS)):
        if all(overlap(tail, passage) < 0.5 for passage in passages) and not (";" in tail and ";" in claim):
            yield claim.removesuffix(".") + tail + "."


class Beside:
    """Puts a claim beside passages: the one that holds it, and others that a search might have found with it."""

    def __init__(self, *, source: Source, own: Sequence[Shown], half: Sequence[Shown]) -> None:
        self.source, self.passage = source, source.passage
        self.own = [passage for passage in own if passage.id != self.passage.id]
        self.half = [passage for passage in half if passage not in own]

    def shown(self, kind: str) -> tuple[Shown, ...]:
        """The passage of the claim among others of its document and of its half."""
        random = self.source.random(f"beside {kind}")
        near = random.sample(self.own, min(len(self.own), random.choice([1, 1, 2])))
        far = random.sample(self.half, BESIDE - len(near))
        passages = [self.passage, *near, *far]
        return tuple(random.sample(passages, len(passages)))

    def form(
        self,
        kind: str,
        claim: str,
        sentences: Sequence[str],
        *,
        citations: Sequence[str] = (),
        quotations: Sequence[str] | None = None,
    ) -> Form:
        """A form that cites the claim's passage and, in a third of the cases, quotes its sentences."""
        quotes = self.source.random(f"quotes {kind}").random() < 0.3
        return Form(
            id="",
            document=self.source.document,
            half=self.source.half,
            claim=claim,
            passages=self.shown(kind),
            citations=tuple(citations) or (self.passage.id,),
            quotations=tuple(quotations if quotations is not None else sentences if quotes else ()),
            kind=kind,
        )

    def quoting(self, kind: str, quotations: Iterable[str]) -> Iterator[Form]:
        for quotation in quotations:
            form = self.form(kind, self.source.claim, (), quotations=[quotation])
            if any(quotation in passage.text for passage in form.passages) == form.faithful:
                yield form

    def citing_another(self) -> Iterator[Form]:
        """The claim is true and its passage is shown, but another one is cited that doesn't hold it."""
        form = self.form("wrong_passage", self.source.claim, (), quotations=())
        others = [passage for passage in form.passages if passage.id != self.passage.id]
        bare = [p for p in others if overlap(form.claim, p.text) < 0.45 and not is_said(form.claim, [p.text], 0.4)]
        # The nearest of them is the likeliest mistake.
        for passage in sorted(bare, key=lambda p: -overlap(form.claim, p.text)):
            yield replace(form, citations=(passage.id,))

    def citing_unknown(self) -> Iterator[Form]:
        """The claim is true, but what it cites isn't there: a letter off, made up, a number, the document's name."""
        random = self.source.random("unknown_id")
        form = self.form("unknown_id", self.source.claim, (), quotations=())
        known = self.passage.id
        at = random.randrange(len(known))
        slip = known[:at] + random.choice(string.ascii_lowercase) + known[at + 1 :]
        invented = "".join(random.sample(string.ascii_lowercase, 4))
        choices: Mapping[str, str] = {
            "slip": slip,
            "invented": invented,
            "number": random.choice("12345"),
            "document": self.source.document,
            "locator": self.passage.text.split(". ", 1)[0].lower()[:30],
            "cut": known[:-1],
        }
        there = {passage.id for passage in form.passages}
        for unknown in random.sample(sorted(choices.values()), len(choices)):
            if unknown not in there:
                yield replace(form, citations=(unknown,))
