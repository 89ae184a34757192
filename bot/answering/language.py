"""What little grammar the chain needs: content words, stems, negation, hedges. English only, no model."""

import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import snowballstemmer

from bot.domain.glossary import Glossary
from bot.domain.text import WORD, fold

STOP_WORDS = frozenset(
    """
    a about above after again all also although am an and any anybody anyone anything are as at be because been
    before being below between both but by can could did do does doing done down during each either else ever every
    few for from further get gets getting give given gives giving go goes going got had has have having he hence her
    here hers him his how however i if in into is isn't it its itself just kind let like lot made make makes many
    may me might mine more most much must my need needs no nor not now of off ok okay on once only or other others
    our ours out over own please put quite rather really said same say says see seen she should since so some
    somebody someone something still such take taken takes tell than that the their theirs them then there these
    they thing things this those though through to too under until up upon us use used uses using very via want
    wants was way we well were what whatever when where whether which while who whom whose why will with within
    without would yes yet you your yours don't doesn't didn't isn't aren't wasn't weren't can't couldn't won't
    wouldn't shouldn't haven't hasn't dont doesnt didnt isnt arent wasnt werent cant couldnt wont wouldnt shouldnt
    havent hasnt whats w ur u pls plz hi hello hey question exam tell according maybe perhaps please come comes thanks
    """.split()
)
NEGATIONS = frozenset(
    """
    not no never without neither nor none cannot can't couldn't didn't doesn't don't isn't wasn't weren't won't
    wouldn't shouldn't haven't hasn't aren't nobody nothing lack lacks lacked lacking absent absence unable cant
    couldnt didnt doesnt dont isnt wasnt failed fails avoid avoided contraindicated ineffective unlikely withheld
    """.split()
)
HEDGES = frozenset(
    """
    may might could can consider considered considering possibly possible perhaps suggest suggests suggested appear
    appears appeared seem seems potential potentially likely probably some sometimes occasionally conditionally
    """.split()
)
STRONG = frozenset("must should always recommended required needs proven definitely certainly never mandatory".split())
UNIVERSAL = frozenset("all every always each entire everyone whole".split())
ANTONYMS = tuple(
    tuple(pair.split("/"))
    for pair in """
    increas/decreas increas/reduc improv/worsen improv/deterior higher/lower rais/lower rise/fall rose/fell
    more/less more/fewer effect/ineffect normal/abnorm continu/stop continu/discontinu start/stop
    superior/inferior faster/slower earli/late benefit/harm gain/loss high/low posit/negat prematur/delay
    common/rare frequent/rare
    """.split()
)
CLAUSE_BORDER = re.compile(r"[;:]|,(?=\s)|\s(?:but|however|although|though|whereas|while|yet)\s|\.\s")

COMPOUND = re.compile(r"[-/']")
DIGITS = {
    word: str(number)
    for number, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
}


class _Stemmer(threading.local):
    """A stemmer keeps the word that it works on, so each thread has its own."""

    def __init__(self) -> None:
        self.of_thread = snowballstemmer.stemmer("english")


_stemmer = _Stemmer()


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The Snowball stem of a folded word; words with digits stay as they are."""
    return word if any(c.isdigit() for c in word) else str(_stemmer.of_thread.stemWord(word))


@lru_cache(maxsize=16_384)
def content(text: str, glossary: Glossary) -> tuple[str, ...]:
    """The content words of a text in order: glossary terms as `§id`, other words stemmed, stop words gone."""
    mentions = glossary.mentions(text)
    if not mentions:
        return every_word(text)
    folded = fold(text)
    pieces: list[str] = []
    at = 0
    for mention in mentions:
        if mention.start > at + 1:
            pieces += _stems(folded[at : mention.start])
        pieces.append(f"§{mention.term.id}")
        at = mention.end
    pieces += _stems(folded[at:])
    return tuple(pieces)


@lru_cache(maxsize=16_384)
def every_word(text: str) -> tuple[str, ...]:
    """The stems of all words but stop words, the parts of glossary terms included."""
    return tuple(_stems(fold(text)))


def _stems(folded: str) -> Iterator[str]:
    return chain.from_iterable(map(_stems_of, WORD.findall(folded)))


@lru_cache(maxsize=50_000)
def _stems_of(word: str) -> tuple[str, ...]:
    """The stem of a folded word and, of a compound one, those of its parts; stop words and lone letters have none."""
    parts = dict.fromkeys((word, *COMPOUND.split(word)))
    telling = [part for part in parts if part and part not in STOP_WORDS and (len(part) > 1 or part.isdigit())]
    return tuple(DIGITS.get(part) or stem(part) for part in telling)


@dataclass(frozen=True, slots=True)
class Polarity:
    """Which stems of a text stand under a negation and which stand free. A stem may do both."""

    negated: frozenset[str]
    affirmed: frozenset[str]


def read_polarity(text: str) -> Polarity:
    """Negation by cue and reach: a cue covers the words after it up to the clause's end, eight at the most."""
    negated: set[str] = set()
    affirmed: set[str] = set()
    for clause in (clause for line in text.splitlines() for clause in CLAUSE_BORDER.split(fold(line))):
        reach = 0
        for word in WORD.findall(clause or ""):
            if word in NEGATIONS or word.startswith("non-"):
                reach = 8
                if word.startswith("non-"):
                    negated.add(stem(word[4:]))
                    reach = 0
                continue
            if word in STOP_WORDS:
                continue
            (negated if reach else affirmed).add(stem(word))
            reach = max(0, reach - 1)
    return Polarity(frozenset(negated), frozenset(affirmed))


def opposed(stems: Iterable[str], others: Iterable[str]) -> tuple[str, str] | None:
    """A word of the first text whose opposite, but not itself, stands in the second; None when there is none."""
    mine, theirs = set(stems), set(others)
    for pair in ANTONYMS:
        for here, there in (pair, pair[::-1]):
            word = next((s for s in mine if s.startswith(here)), None)
            if word and not any(s.startswith(here) for s in theirs):
                opposite = next((s for s in theirs if s.startswith(there)), None)
                if opposite and not any(s.startswith(there) for s in mine):
                    return word, opposite
    return None


def split_sentences(text: str) -> list[str]:
    """The sentences of a plain text, good enough for aligning a claim; readers split documents more carefully."""
    parts = re.split(
        r"(?<=[.!?])(?<!\b[A-Za-z]\.)(?<!vs\.)(?<!al\.)(?<!Dr\.)(?<!e\.g\.)(?<!i\.e\.)\s+(?=[A-Z0-9(“\"•-])|\n+", text
    )
    return [part.strip() for part in parts if part and part.strip()]
