"""What differs between two texts, word by word."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

TOKEN = re.compile(r"\s+|\w+|[^\w\s]")


def compare_texts(old: str, new: str) -> list[tuple[int, str]]:
    """The changed lines of the new text with their numbers, each word marked: [-taken out-], {+put in+}."""
    before, after = old.splitlines(), new.splitlines()
    changes = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            changes.append((c + 1, mark_words("\n".join(before[a:b]), "\n".join(after[c:d]))))
    return changes


def mark_words(old: str, new: str) -> str:
    """The new text with what was taken out and what was put in marked where it stood."""
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    return "".join(_marked(before, after))


def _marked(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "".join(after[c:d])
            continue
        if gone := "".join(before[a:b]):
            yield f"[-{gone}-]"
        if added := "".join(after[c:d]):
            yield f"{{+{added}+}}"
