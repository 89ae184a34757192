"""What Git knows of a document: the text that was approved last, and who has written on it since."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.domain.documents import ReviewStatus
from bot.domain.errors import DocumentError
from bot.git import ask_git
from bot.knowledge.frontmatter import read_header
from bot.knowledge.readers import decode

MOST_COMMITS = 500
"""Commits of a file that are looked at."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """A file as it stood in a commit, `written` on a day (ISO), by somebody."""

    commit: str
    author: str
    written: str
    text: str

    @property
    def body(self) -> str:
        """The text without its front matter."""
        header, _ = read_header(self.text, "")
        return self.text[header.end :] if header else self.text

    @property
    def approval(self) -> tuple[str, date] | None:
        """Who had approved it then, and when."""
        header, _ = read_header(self.text, "")
        if header is None or header.values.review_status is not ReviewStatus.APPROVED:
            return None
        assert header.values.reviewed_by is not None
        assert header.values.reviewed_on is not None
        return header.values.reviewed_by, header.values.reviewed_on


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """The version that was approved last, if any, and the names of those who changed the text after it.

    It is the version with which that approval came in: a later edit that left the status as it was isn't approved.
    """

    approved: Version | None
    writers: tuple[str, ...]


def read_past(path: Path) -> Past | None:
    """The past of a file; None where Git knows nothing of it."""
    versions = list(_versions(path))
    if not versions:
        return None
    approvals = [version.approval for version in versions]
    last = next((approval for approval in approvals if approval), None)
    position = approvals.index(last) if last else len(versions)
    while last and approvals[position + 1 : position + 2] == [last]:
        position += 1
    later = zip(versions[:position], [*versions[1:], None], strict=False)
    writers = dict.fromkeys(new.author for new, old in later if old is None or new.body != old.body)
    return Past(approved=versions[position] if last else None, writers=tuple(writers))


def _versions(path: Path) -> Iterator[Version]:
    """The versions of a file, newest first, also under the names that it had before."""
    told = "--format=%x01%H%x02%an%x02%as"
    listed = ask_git(path.parent, "log", "--follow", "--name-only", "-z", told, f"-{MOST_COMMITS}", "--", path.name)
    for entry in (listed or b"").decode("utf-8", "replace").split("\x01")[1:]:
        head, _, names = entry.partition("\0")
        commit, author, written = head.split("\x02")
        name = names.strip("\0\n")
        content = ask_git(path.parent, "cat-file", "blob", f"{commit}:{name}")
        if content is None:
            continue
        try:
            yield Version(commit=commit, author=author, written=written, text=decode(content, name))
        except DocumentError:
            continue
