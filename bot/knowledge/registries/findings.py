"""What a registry says of a publication, and why it may say nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.domain.errors import FootnoteError
from bot.knowledge.fields import NoticeKind

ORDER = (None, *NoticeKind)


class RegistryError(FootnoteError):
    """A registry can't be asked: the reason, and what to do about it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something that happened to a publication. `kind` is None where the registry doesn't know the publication at all.

    `label` is the registry's own word, `notice` the DOI or PMID of the notice, `dated` as precise as it is known, `by`
    who says so. `of`: the publication whose notice this one is itself.
    """

    kind: NoticeKind | None
    label: str = ""
    notice: str = ""
    dated: str = ""
    by: str = ""
    of: str = ""


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each notice once, with everybody who tells of it; the gravest first."""
    by_notice: dict[object, Finding] = {}
    for finding in findings:
        key = (finding.kind, finding.notice.casefold(), finding.of.casefold())
        known = by_notice.get(key, finding)
        tellers = dict.fromkeys([*known.by.split(", "), *finding.by.split(", ")])
        by_notice[key] = replace(known, by=", ".join(tellers), dated=known.dated or finding.dated)
    return tuple(sorted(by_notice.values(), key=lambda finding: ORDER.index(finding.kind)))
