"""The texts that a prompt or wording file has had, and how many answers each one made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.usage import WordsUsed
from bot.prompts.past import PastText

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class TextUsed:
    """One text. `version` is empty where its text isn't known any more, `commit` where it's in none."""

    digest: str
    version: str
    commit: str
    author: str
    written: datetime | None
    answers: int
    last: datetime | None


def tell_history(texts: Sequence[PastText], used: Sequence[WordsUsed]) -> tuple[TextUsed, ...]:
    """The present text, and the others newest first: those of Git, and those that only answers remember."""
    uses = {use.digest: use for use in used}
    told = [_told(text, uses.get(text.digest)) for text in texts]
    known = {text.digest for text in texts}
    lost = [
        TextUsed(digest=use.digest, version="", commit="", author="", written=None, answers=use.answers, last=use.last)
        for use in used
        if use.digest not in known
    ]
    earlier = sorted([*told[1:], *lost], key=lambda one: one.written or one.last or LONG_AGO, reverse=True)
    return (*told[:1], *earlier)


def _told(text: PastText, use: WordsUsed | None) -> TextUsed:
    return TextUsed(
        digest=text.digest,
        version=text.version,
        commit=text.commit,
        author=text.author,
        written=text.written,
        answers=use.answers if use else 0,
        last=use.last if use else None,
    )
