"""Which words, one after the other, belong to one name."""

import re
from collections.abc import Sequence

from bot.answering.identifiers import contexts
from bot.answering.identifiers.gazetteer import unaccented
from bot.answering.identifiers.vocabulary import EPONYMS, PARTICLES
from bot.answering.identifiers.words import Word

SIGHT = 64
"""Characters before and behind a name that are looked at."""
LONGEST = 5
"""Words of one name."""
WORDS = 8
"""Words before a name that are looked at."""
NO_WORD = re.compile(r"(\W+)")


def run_from(text: str, words: Sequence[Word], at: int, *, anything: bool) -> list[Word]:
    """The words from here that may belong to one name."""
    run = [words[at]]
    lower = not words[at].capital
    for index in range(at + 1, min(at + 2 * LONGEST, len(words))):
        last, word = words[index - 1], words[index]
        gap = text[last.end : word.start]
        comma = (
            gap == ", "
            and len(run) == 1
            and word.given
            and word.capital
            and not word.term
            and _is_listed(run[0], word, text)
        )
        slash = gap == "/" and run[0].shouted and (word.shouted or word.initial) and (word.given or word.initial)
        if (
            not (gap in {" ", "\u00a0"} or (gap in {". ", "."} and (last.initial)) or comma or slash)
            or len(run) >= LONGEST
        ):
            break
        if word.text.lower() in PARTICLES and not word.capital:
            follows = next((later for later in words[index + 1 : index + 3] if later.text not in PARTICLES), None)
            if (
                follows is None
                or not follows.capital
                or follows.bar
                or follows.term
                or re.search(r"[^\w '’-]", text[word.end : follows.start])
            ):
                break
            run.append(word)
            continue
        if not _goes_on(word, lower=lower, first=run[0], anything=anything, text=text):
            break
        run.append(word)
    while len(run) > 1 and run[-1].text.lower() in PARTICLES and not run[-1].capital:
        run.pop()
    return run


def _is_listed(first: Word, second: Word, text: str) -> bool:
    """Is this a name as lists have it, the family name before the comma?"""
    if first.shouted:
        return not second.shouted or first.family or second.plain_given
    behind = text[second.end : second.end + SIGHT]
    before = words_before(text, first.start)
    listed = aged(behind) or contexts.MEASURED_BEHIND.match(behind) or contexts.NAMED.search(before)
    sure = contexts.AGE_BEHIND.match(behind) is not None or not second.common
    return first.family and first.capital and sure and bool(listed)


def _goes_on(word: Word, *, lower: bool, first: Word, anything: bool, text: str) -> bool:
    if lower and len(word.text) == 1:
        return text[word.end : word.end + 1] == "."
    if word.is_code or (word.bar and not (word.given and word.capital and not word.shouted and first.family)):
        return False
    if word.initial:
        return text[word.end : word.end + 1] != "-" and (first.given or first.family or anything)
    if lower:
        return (
            not word.capital
            and (word.given or word.family)
            and not word.term
            and len(word.text) > 2
            and (not word.common or bool(aged(text[word.end : word.end + SIGHT])))
        )
    if not word.capital:
        return False
    if word.shouted:
        return len(word.text) > 2 and not word.term and (word.family or word.given) and not word.common
    if word.term:
        return (
            (first.given or anything)
            and unaccented(word.text) in EPONYMS
            and not studied(text[word.end : word.end + SIGHT])
        )
    return first.given or not (word.common and not (word.given or word.family))


def words_before(text: str, at: int) -> str:
    """The words right before, no more than can say something of a name."""
    return "".join(NO_WORD.split(text[max(0, at - SIGHT) : at])[-2 * WORDS :])


def end_of(text: str, last: Word) -> int:
    """The end of a name, with the full stop of an abbreviated one."""
    return last.end + 1 if len(last.text) == 1 and text[last.end : last.end + 1] == "." else last.end


def aged(behind: str) -> re.Match[str] | None:
    return contexts.AGE_BEHIND.match(behind) or contexts.NUMBER_BEHIND.match(behind)


def studied(behind: str) -> re.Match[str] | None:
    return contexts.STUDIED.match(behind)
