"""What a curator states in front matter, as values and as sentences that can be quoted."""

from dataclasses import replace

from bot.domain.documents import Conflict, CuratedDocument, ReviewStatus
from bot.knowledge.blocks import Fact
from bot.knowledge.fields import FrontMatter
from bot.knowledge.frontmatter import Header
from bot.knowledge.traced import Traced

LABELS = {
    "authors": "Authors",
    "doi": "DOI",
    "pmid": "PubMed",
    "url": "Address",
    "no_identifier": "No identifier",
    "population": "Population",
    "last_updated": "Last updated",
    "evidence_searched_until": "Evidence searched until",
    "review_by": "Next review due by",
    "valid_until": "Valid until",
    "version": "Version",
    "licence": "Licence",
}

DONE = {
    ReviewStatus.SUBMITTED: "sent back",
    ReviewStatus.UNDER_REVIEW: "begun",
    ReviewStatus.APPROVED: "reviewed",
    ReviewStatus.RETIRED: "retired",
}
"""What whoever stands in `reviewed_by` did last, by the status that it led to."""


def describe(document: CuratedDocument, header: Header, source: str) -> tuple[CuratedDocument, list[Fact]]:
    """The document with what its front matter says, and those statements as facts with their place in the file."""
    values = header.values
    described = replace(
        document,
        id=values.id or document.id,
        title=values.title or document.title,
        kind=values.kind,
        authors=values.authors,
        journal=values.journal or "",
        year=values.year,
        doi=values.doi or "",
        pmid=values.pmid or "",
        url=values.url or "",
        population=values.population or "",
        directness=values.directness,
        design=values.design or "",
        n=values.n,
        level=values.oxford_2011,
        questions=values.questions,
        review_status=values.review_status,
        reviewed_by=values.reviewed_by or "",
        reviewed_on=values.reviewed_on,
        review_by=values.review_by,
        valid_until=values.valid_until,
        last_updated=values.last_updated,
        excerpt_only=values.excerpt_only,
        conflicts_with=tuple(
            Conflict(document=entry.document, topic=entry.topic, reason=entry.reason or "")
            for entry in values.conflicts_with
        ),
    )
    return described, [*_facts(values, header, source), *_sources(values, header, source)]


def _facts(values: FrontMatter, header: Header, source: str) -> list[Fact]:
    facts: list[Fact] = []

    def state(text: str, *fields: str) -> None:
        places = sorted(header.places[field] for field in fields if field in header.places)
        parts = tuple(Traced.of(source, *place).collapsed() for place in places)
        if text and parts:
            facts.append(Fact(text=text if text.endswith((".", "?")) else f"{text}.", parts=parts))

    state(f"Title: {values.title}" if values.title else "", "title")
    state(f"Authors: {', '.join(values.authors)}" if values.authors else "", "authors")
    if values.journal:
        state(f"Journal: {values.journal}" + (f", {values.year}" if values.year else ""), "journal", "year")
    else:
        state(f"Year: {values.year}" if values.year else "", "year")
    state(_study(values), "kind", "design", "n", "oxford_2011")
    state(f"Review status: {_review(values)}", "review_status", "reviewed_by", "reviewed_on")
    for field, label in LABELS.items():
        value = getattr(values, field)
        if value and field != "authors":
            state(f"{label}: {value}", field)
    state("Only an excerpt of the publication was available" if values.excerpt_only else "", "excerpt_only")
    return facts


def _study(values: FrontMatter) -> str:
    parts = [
        f"Kind of document: {values.kind.value}" if values.kind.value not in ("unknown", values.design) else "",
        f"design: {values.design}" if values.design else "",
        f"n={values.n}" if values.n else "",
        f"level of evidence (Oxford 2011): {values.oxford_2011}" if values.oxford_2011 else "",
    ]
    text = "; ".join(part for part in parts if part)
    return text[:1].upper() + text[1:]


def _review(values: FrontMatter) -> str:
    by = f" by {values.reviewed_by}" if values.reviewed_by else ""
    on = f" on {values.reviewed_on}" if values.reviewed_on else ""
    return (
        f"{values.review_status.value.replace('_', ' ')}{f', {DONE[values.review_status]}{by}{on}' if by or on else ''}"
    )


def _sources(values: FrontMatter, header: Header, source: str) -> list[Fact]:
    facts = []
    for entry, place in zip(values.sources, header.source_places, strict=False):
        identifiers = [
            str(entry.year) if entry.year else "",
            f"doi {entry.doi}" if entry.doi else "",
            f"PMID {entry.pmid}" if entry.pmid else "",
            entry.url or "",
        ]
        text = ", ".join([entry.title, *(part for part in identifiers if part)])
        facts.append(Fact(text=f"{text}.", parts=(Traced.of(source, *place).collapsed(),), lead=("Sources",)))
    return facts
