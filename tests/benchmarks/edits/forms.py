"""One form of a claim as it's put to the gate, and the two files that hold the library's forms."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.edits.sources import Shown

HERE = Path(__file__).parent
FORMS, PASSAGES = HERE / "library.jsonl", HERE / "passages.jsonl"
HALVES = ("tuning", "test")
FAITHFUL = ("verbatim", "reordered", "abbreviated", "expanded", "units", "list_joined", "shortened", "quoted_part")
CORRUPTED = (
    "number", "unit", "range_end", "dose_interval", "drug", "negation", "population", "modality", "wrong_passage",
    "invented_tail", "invented_quotation", "unknown_id",
)  # fmt: skip
KINDS = (*FAITHFUL, *CORRUPTED)


@dataclass(frozen=True, kw_only=True)
class Form:
    """A claim, the passages it was written from, what it cites and quotes, and whether all that is right."""

    id: str
    document: str
    half: str
    claim: str
    passages: tuple[Shown, ...]
    citations: tuple[str, ...]
    quotations: tuple[str, ...]
    kind: str

    @property
    def faithful(self) -> bool:
        return self.kind in FAITHFUL

    def as_asked(self) -> dict[str, Any]:
        """What the gate is given."""
        told = asdict(self)
        return {name: told[name] for name in ("claim", "passages", "citations", "quotations")}


def write_forms(forms: Iterable[Form], folder: Path = HERE) -> None:
    """Each passage once in one file; in the other the forms, which name their passages by id."""
    shown: dict[str, Shown] = {}
    lines = []
    for form in forms:
        for passage in form.passages:
            if shown.setdefault(passage.id, passage) != passage:
                raise ValueError(f"two passages have the id {passage.id}")
        told = asdict(form) | {"passages": [passage.id for passage in form.passages], "faithful": form.faithful}
        lines.append(json.dumps(told, ensure_ascii=False, separators=(",", ":")))
    texts = [
        json.dumps({"id": passage.id, "text": passage.text}, ensure_ascii=False) for _, passage in sorted(shown.items())
    ]
    (folder / FORMS.name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / PASSAGES.name).write_text("\n".join(texts) + "\n", encoding="utf-8")


def read_forms(folder: Path = HERE) -> list[Form]:
    """The committed forms with the texts of their passages."""
    texts = {line["id"]: Shown(id=line["id"], text=line["text"]) for line in lines_in(folder / PASSAGES.name)}
    return [
        Form(
            id=told["id"],
            document=told["document"],
            half=told["half"],
            claim=told["claim"],
            passages=tuple(texts[name] for name in told["passages"]),
            citations=tuple(told["citations"]),
            quotations=tuple(told["quotations"]),
            kind=told["kind"],
        )
        for told in lines_in(folder / FORMS.name)
    ]


def lines_in(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
