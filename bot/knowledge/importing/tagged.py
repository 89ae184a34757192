"""Reads RIS and NBIB, the formats of reference managers and PubMed: one publication a record, its abstract the text."""

import re
from collections import defaultdict
from collections.abc import Iterator

from bot.domain.errors import DocumentError
from bot.knowledge.blocks import BlockKind
from bot.knowledge.importing.material import Material, Piece, UnreadableError, find_doi, find_year, tidy
from bot.knowledge.readers import decode

LINE = re.compile(r"(?P<tag>[A-Z][A-Z0-9]{1,3}) {0,2}- ?(?P<value>.*)")
LABEL = re.compile(r"(?:(?<=[.!?] )|^)(?P<label>[A-Z][A-Z /&-]{3,60}|[A-Z][a-z]+(?: [a-z]+)?): (?=[A-Z\d])")
LABELS = re.compile(
    r"(?:backgrounds?|introduction|objectives?|aims?|purpose|(?:patients|materials) and methods|methods?|design|setting"
    r"|participants|interventions?|measurements|main outcome measures?|results?|findings|conclusions?|interpretation"
    r"|discussion|limitations|trial registration|funding|context|importance|significance|case (?:report|presentation))",
    re.IGNORECASE,
)


def read_nbib(data: bytes) -> list[Material]:
    """The records of a file in MEDLINE's tagged format, as PubMed's "Save citation" writes it."""
    text = _decode(data)
    records = [record for record in _medline(text) if "PMID" in record or "TI" in record]
    if not records:
        raise UnreadableError(
            "it holds no record with PMID or TI.", 'Save it again from PubMed ("Cite", then ".nbib").'
        )
    return [_from_medline(record) for record in records]


def read_ris(data: bytes) -> list[Material]:
    """The records of a RIS file."""
    import rispy

    text = _decode(data)
    starts = len(re.findall(r"^TY  ?- ", text, re.MULTILINE))
    ends = len(re.findall(r"^ER  ?-", text, re.MULTILINE))
    remedy = "Export the reference again from your reference manager as RIS."
    if not starts or starts != ends:
        raise UnreadableError(f"its tags are broken: {starts} records begin (TY), {ends} end (ER).", remedy)
    try:
        records = rispy.loads(text)
    except (ValueError, OSError, KeyError, IndexError) as error:
        raise UnreadableError(f"its tags are broken ({tidy(str(error))}).", remedy) from error
    return [_from_ris(record) for record in records]


def structured(abstract: str) -> list[Piece]:
    """An abstract under a heading of its own; its labels (`METHODS: …`) are headings below it."""
    pieces = [Piece(kind=BlockKind.HEADING, text="Abstract", depth=1)]
    labels = [
        match for match in LABEL.finditer(abstract) if LABELS.fullmatch(match["label"]) or match["label"].isupper()
    ]
    before = abstract[: labels[0].start()] if labels else abstract
    pieces += [Piece(kind=BlockKind.PARAGRAPH, text=tidy(before))] if before.strip() else []
    for label, following in zip(labels, [*labels[1:], None], strict=False):
        pieces.append(Piece(kind=BlockKind.HEADING, text=tidy(label["label"]).capitalize(), depth=2))
        said = abstract[label.end() : following.start() if following else None]
        pieces.append(Piece(kind=BlockKind.PARAGRAPH, text=tidy(said)))
    return pieces


def _decode(data: bytes) -> str:
    try:
        return decode(data, "")
    except DocumentError as error:
        raise UnreadableError(error.problem, "Export it again as UTF-8.") from error


def _medline(text: str) -> Iterator[dict[str, list[str]]]:
    """The records: lines `TAG - value`, a value going on in indented lines, an empty line between records."""
    record: dict[str, list[str]] = defaultdict(list)
    values: list[str] = []
    for line in [*text.split("\n"), ""]:
        match = LINE.match(line)
        if match:
            if match["tag"] == "PMID" and "PMID" in record:
                yield record
                record = defaultdict(list)
            values = record[match["tag"]]
            values.append(match["value"].strip())
        elif line[:1].isspace() and line.strip() and values:
            values[-1] += f" {line.strip()}"
    if record:
        yield record


def _from_medline(record: dict[str, list[str]]) -> Material:
    def first(*tags: str) -> str:
        return next((tidy(record[tag][0]) for tag in tags if record.get(tag)), "")

    abstract = first("AB")
    identifiers = [value for tag in ("LID", "AID") for value in record.get(tag, ()) if value.endswith("[doi]")]
    return Material(
        title=first("TI", "BTI").rstrip(".").strip("[]"),
        authors=tuple(filter(None, map(tidy, record.get("AU") or record.get("FAU") or ()))),
        journal=first("JT", "TA"),
        year=find_year(first("DP")),
        doi=find_doi(" ".join(identifiers)),
        pmid=first("PMID"),
        licence=first("CI"),
        excerpt=True,
        pieces=tuple(structured(abstract)) if abstract else (),
    )


def _from_ris(record: dict[str, object]) -> Material:
    def first(*names: str) -> str:
        found = (record[name] for name in names if record.get(name))
        return next((tidy(str(value[0] if isinstance(value, list) else value)) for value in found), "")

    abstract = first("abstract", "notes_abstract")
    authors = record.get("authors") or record.get("first_authors") or []
    number = first("accession_number")
    return Material(
        title=first("title", "primary_title").rstrip("."),
        authors=tuple(filter(None, (tidy(str(name)) for name in authors))) if isinstance(authors, list) else (),
        journal=first("journal_name", "secondary_title", "alternate_title3", "alternate_title2"),
        year=find_year(first("year", "publication_year", "date")),
        doi=find_doi(first("doi")),
        pmid=number if re.fullmatch(r"\d{6,9}", number) else "",
        url=first("urls", "url"),
        excerpt=True,
        pieces=tuple(structured(abstract)) if abstract else (),
    )
