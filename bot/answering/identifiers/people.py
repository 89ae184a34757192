"""Finds names of persons: what is known of a word, weighed with the words around it."""

import re
from collections.abc import Callable, Iterator, Sequence

from bot.answering.identifiers import contexts as near
from bot.answering.identifiers.around import Around, Surroundings
from bot.answering.identifiers.evidence import likelihood, signs
from bot.answering.identifiers.found import Found, IdentifierKind, Spans
from bot.answering.identifiers.gazetteer import Gazetteer, unaccented
from bot.answering.identifiers.other_scripts import find_caseless, find_initials
from bot.answering.identifiers.runs import SIGHT, end_of, run_from, studied, words_before
from bot.answering.identifiers.vocabulary import ALSO_WORDS, FOREIGN, NO_NAMES, PARTICLES, PLACES
from bot.answering.identifiers.words import Word, WordReader

LIKELY, SURE = 0.7, 0.95
"""From which likelihood words are taken for a name, where no rule says so: known as one, and others, often drugs."""
FOREIGN_ALONE = (
    FOREIGN - NO_NAMES - {"die", "den", "war", "pour", "son", "dos", "sin", "con", "hat", "do", "no", "w", "me"}
)
"""Words of other languages that English hasn't."""
MOSTLY = 0.6
"""Of the words in lower case of an English text, how many are known at least."""
APOSTROPHE = re.compile("['’]")
SHORTENED = frozenset(
    "don didn doesn isn wasn aren weren hasn haven hadn won wouldn couldn shouldn that there here".split()
)
"""What stands before an apostrophe in a verb."""
SHORTEST = 3
"""Letters of such a name."""
ENGLISH = 0.75
"""Of the words, in an English message."""
INITIAL_OF_NAME = re.compile(r"\.?\s?[A-Z][a-z]")
SECOND_NAME = re.compile(r"\s(?!I\b)[A-ZÀ-Þ][^\W\d_]+(?!\w)")
WHO = re.compile(r"\s*,\s*(?:who|aged)\b")
AGAIN = re.compile(r"\s+(?:again\b|is\s+\d)")
THEN_PRONOUN = re.compile(r"\s*[?.!;,]\s*(?:he|she)\b", re.IGNORECASE)
AND = re.compile(r"\s*(?:,|and|or|oder|ou|&|und|et|y|e|i|и|ve|en)\s+")
HERE = re.compile(r"\s+here\b")
FAMILY = re.compile(r"\s+family\s*[:,.]")
PLACE_BEFORE = re.compile(r"(?<!\w)(?:in|at|near|the|a|an|of|from|with|no)\s+$", re.IGNORECASE)
IN = re.compile(r"(?<!\w)(?:in|at|near|de|en|w|à|aus)\s+$")
AFTER_NUMBER = re.compile(r"\d\s?$")
JOINED = re.compile(r"(?<!\w)(?:in|on|since|of|until|by|morbus|and|und|e|et|y)\s+$", re.IGNORECASE)
"""What stands before the second name of a method, or a month."""


class Naming:
    """Finds the names in texts. `is_term` knows the field's words, `is_author` the library's authors."""

    def __init__(self, gazetteer: Gazetteer, is_term: Callable[[str], bool], is_author: Callable[[str], bool]) -> None:
        self._gazetteer = gazetteer
        self._reader = WordReader(gazetteer, is_term)
        self._is_author = is_author

    def find(self, text: str) -> list[Found]:
        """Every name; then wherever else a found one stands again."""
        words = self._reader.read(text)
        spans = [*self._runs(text, words), *find_initials(text), *find_caseless(text, self._gazetteer)]
        spans += _again(text, words, spans)
        return [Found(start=start, end=end, kind=IdentifierKind.NAME, lead=start) for start, end in spans]

    def _runs(self, text: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
        at, last = 0, 0
        near_by, english = Surroundings(text), _is_english(words)
        foreign = _is_foreign(words)
        while at < len(words):
            length = self._length(near_by, words, at, english=english)
            if not length and not foreign and (run := _doubtful(near_by, words, at, self._is_author)):
                around = near_by.of(run[0].start, end_of(text, run[-1]))
                length = len(run) if likelihood(run, around) >= (LIKELY if _is_known(run) else SURE) else 0
            if not length and last and AND.fullmatch(text, last, words[at].start):
                length = self._length_of_next(near_by, words, at)
            if length:
                last = end_of(text, words[at + length - 1])
                yield words[at].start, last
            at += length or 1

    def doubtful(self, text: str) -> Iterator[tuple[list[Word], list[str]]]:
        """What rules don't tell to be a name but may be one, with the signs of it: to learn from."""
        words, near_by = self._reader.read(text), Surroundings(text)
        english, at = _is_english(words), 0
        while at < len(words):
            length = self._length(near_by, words, at, english=english)
            if not length and not _is_foreign(words) and (run := _doubtful(near_by, words, at, self._is_author)):
                yield run, list(signs(run, near_by.of(run[0].start, end_of(text, run[-1]))))
                length = len(run)
            at += length or 1

    def _length_of_next(self, near_by: Surroundings, words: Sequence[Word], at: int) -> int:
        """The same of a name that is joined to the one before by "and"."""
        word = words[at]
        if not (word.open and word.given and word.capital) or near_by.of(word.start, word.end).studied:
            return 0
        return len(run_from(near_by.text, words, at, anything=False))

    def _length(self, near_by: Surroundings, words: Sequence[Word], at: int, *, english: bool) -> int:
        """Of how many words the name consists that begins here; 0 where none does."""
        first = words[at]
        if (
            first.is_code
            or not first.callable
            or (first.bar and not first.given)
            or (not first.capital and first.text in PARTICLES)
        ):
            return 0
        called = self._is_called(first, near_by)
        text = near_by.text
        run = run_from(text, words, at, anything=called)
        if called:
            return len(run)
        if first.initial and (len(run) < 2 or text[first.end : first.end + 1] != "."):
            return 0
        around = near_by.of(first.start, end_of(text, run[-1]))
        if first.bar or (first.term and len(run) < 2):
            named = self._is_named_term(first, around)
        elif len(run) > 1 and first.capital:
            named = not near_by.of(first.start, first.end).studied and self._is_full(run, around)
        elif not first.open or around.studied:
            named = False
        elif first.capital:
            named = self._is_meant(first, around)
        else:
            named = _is_meant_in_lower(first, around, english=english)
        return len(run) if named else 0

    def _is_called(self, word: Word, near_by: Surroundings) -> bool:
        """Do the words before say that a name follows?"""
        around = near_by.of(word.start, word.end)
        if word.initial and not INITIAL_OF_NAME.match(near_by.text, word.end):
            return False
        lead = around.led_by
        if lead is near.TITLES:
            return _is_titled(word, around.before) and not (around.studied and self._is_author(word.text))
        if lead is None or word.bar or word.is_code or around.studied:
            return False
        if lead is near.NAMED:
            known = word.given or word.family
            return not word.term and (word.capital or (word.given and not word.common)) and (known or not word.common)
        if lead in {near.BEFORE_KIN, near.OF_KIN, near.LITTLE}:
            return _is_relative(word, around, sure=lead is not near.LITTLE)
        if lead is near.MET:
            return word.given and word.capital and not word.term
        speaks = SECOND_NAME.match(around.behind) or (near.SPEAKS_BEHIND.match(around.behind) and not word.shouted)
        known = word.given or (speaks is not None and not word.common)
        return word.plain_given or (word.capital and not word.term and known)

    def _is_named_term(self, word: Word, around: Around) -> bool:
        """Does a word of the field, or one of every day, stand here for a person?"""
        if not (word.given and word.capital) or word.shouted or around.studied:
            return False
        if any(letter.isupper() for letter in word.text[1:]):
            return False  # "JAKi" is written as an abbreviation
        return around.aged or (around.does and around.starts and not word.bar)

    def _is_full(self, run: Sequence[Word], around: Around) -> bool:
        """Is a run of names the name of a person, and not of an author, a place, a drug?"""
        solid = [word for word in run if not word.initial and word.text not in PARTICLES]
        if not solid or around.studied:
            return False
        if any(word.plain_given for word in solid):
            return len(solid) > 1 or not self._is_author(solid[0].text)
        if any(word.term for word in solid):
            return False
        if all(word.common for word in solid):
            told = around.aged or around.does or around.owns or around.measured
            return any(word.given for word in solid) and told
        if run[0].shouted and run[-1].initial and run[0].family and not run[0].common:
            return not self._is_author(run[0].text)
        if any(word.given for word in solid) and any(word.family and not word.common for word in solid):
            return True
        told = around.aged or around.slashed or around.does or around.measured
        return told or around.in_letter or around.related or around.owns

    def _is_meant(self, word: Word, around: Around) -> bool:
        """Does a single word with a capital stand for a person here?"""
        if word.shouted:
            known = (word.given or word.family) and not word.common and len(word.text) > 2
            does = word.plain_given and around.does and around.starts
            return known and (around.aged or around.related or around.in_letter or around.owns_as_person or does)
        told = around.aged or around.related or around.in_letter or around.owns_as_person
        is_author = self._is_author(word.text)
        if word.plain_given:
            told = told or around.does or around.owns or around.measured
            return told or not (is_author or around.placed or around.authored)
        if word.given:
            owns = around.owns and not is_author and unaccented(word.text) not in PLACES
            return told or owns or (around.does and (around.starts or around.leads_on))
        if word.family and not word.common:
            age = around.surely_aged or (around.aged and around.starts)
            told = around.related or around.in_letter or age or HERE.match(around.behind) is not None
            told = told or (around.measured and around.starts)
            return told or around.owns_as_person or (around.owns and not is_author)
        if not word.common:
            age = around.surely_aged and not around.authored and not is_author
            again = around.starts and AGAIN.match(around.behind) is not None
            spoken = around.leads_on and THEN_PRONOUN.match(around.behind) is not None
            return (
                around.owns_as_person
                or again
                or spoken
                or age
                or HERE.match(around.behind) is not None
                or (around.starts and around.does_as_person)
                or around.closes
            )
        return around.starts and FAMILY.match(around.behind) is not None


def _doubtful(near_by: Surroundings, words: Sequence[Word], at: int, is_author: Callable[[str], bool]) -> list[Word]:
    """The words from here that may be a name, though nothing says so; none where they can't be one."""
    first = words[at]
    if not first.open or first.shouted or len(first.text) < SHORTEST or first.text.lower() in PARTICLES | ALSO_WORDS:
        return []
    if APOSTROPHE.split(first.text)[0].lower() in NO_NAMES | SHORTENED:
        return []
    if first.common and not first.given:
        return []
    if first.placed or is_author(first.text) or near_by.of(first.start, first.end).studied:
        return []
    run = run_from(near_by.text, words, at, anything=first.capital)
    solid = [word for word in run if not word.initial]
    if any(word.term or word.bar for word in solid) or near_by.of(first.start, end_of(near_by.text, run[-1])).studied:
        return []
    return run


def _is_english(words: Sequence[Word]) -> bool:
    """Are most words English?"""
    plain = [word for word in words if not (word.capital or word.is_code)]
    return len(plain) > 3 and sum(word.common or word.term or word.bar for word in plain) > ENGLISH * len(plain)


def _is_known(run: Sequence[Word]) -> bool:
    """Is one of the words with a capital known as a name and as nothing else?"""
    return run[0].capital and any(word.plain_given for word in run)


def _is_foreign(words: Sequence[Word]) -> bool:
    """Is a text in another language than English, where a capital or an unknown word says something else?"""
    plain = [word for word in words if not (word.capital or word.is_code)]
    foreign = sum(word.text in FOREIGN_ALONE for word in plain)
    known = sum(word.common or word.term or word.bar for word in plain)
    return not plain or foreign * 6 > len(plain) or known < MOSTLY * len(plain)


def _is_titled(word: Word, before: str) -> bool:
    """Is a word behind a title a name?"""
    sure = near.SURE_TITLES.search(before) is not None or word.given or word.family
    if word.capital:
        return (not word.bar or word.given) and (sure or not word.common)
    return word.open and sure and not word.common and len(word.text) > 2


def _is_relative(word: Word, around: Around, *, sure: bool) -> bool:
    """Is a word behind a relative a name? `sure`: a relative is named, not only "our little"."""
    if word.term or (word.shouted and not (word.given or word.family)):
        return False
    if not word.capital:
        return word.plain_given or (word.given and (around.aged or WHO.match(around.behind) is not None))
    known = word.given or (word.family and not word.common)
    return known if not sure else word.plain and (word.given or not word.common)


def _is_meant_in_lower(word: Word, around: Around, *, english: bool) -> bool:
    """Does a word in lower case stand for a person here? `english`: what is no English word there is most often one."""
    if len(word.text) < 3 or not word.given or AFTER_NUMBER.search(around.before):
        return False
    if word.common:
        return around.aged and (around.for_somebody or around.starts)
    if english and word.plain_given and word.text.isalpha() and not PLACE_BEFORE.search(around.before):
        return True
    told = around.aged or around.related or around.owns or around.in_letter
    leads = around.leads_on and not (around.placed and IN.search(around.before))
    return told or leads or (around.does and (around.starts or around.leads_on)) or (around.starts and around.measured)


def _again(text: str, words: Sequence[Word], spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where the words of a found name stand once more by themselves, other than in the name of a disease or a study."""
    named = Spans(spans)
    known = {
        unaccented(word.text)
        for word in words
        if named.hold(word.start) and len(word.text) > 2 and word.text.lower() not in PARTICLES
    }
    return [
        (word.start, word.end)
        for word in words
        if unaccented(word.text) in known
        and (word.capital or (word.plain_given and len(word.text) > 3))
        and not word.is_code
        and not named.hold(word.start)
        and not studied(text[word.end : word.end + SIGHT])
        and not JOINED.search(words_before(text, word.start))
    ]
