"""May a rewritten follow-up be searched? Deterministic rules on what a rewrite must keep and may not bring along.

A rewrite speaks for its user: it keeps every drug, number, age, weight, antibody and negation of the message, and adds
only what the conversation already holds. Whoever wrote it, the rules are the same.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.answering.language import STOP_WORDS, content, every_word, opposed, split_sentences, stem
from bot.answering.quantities import read_frequencies
from bot.conversation.figures import Figure, is_known, read_figures, same_figure, with_plain_units
from bot.conversation.negation import first_denied, is_denied, is_free, said_before
from bot.conversation.pointers import Pointer
from bot.conversation.references import read_message
from bot.domain.glossary import Glossary, Term, TermKind
from bot.domain.orders import is_order
from bot.domain.text import fold, words

KEPT = frozenset(TermKind) - {TermKind.CONCEPT}
"""Kinds of terms that a rewrite may not lose."""
BROUGHT = frozenset({TermKind.DRUG, TermKind.DRUG_CLASS, TermKind.DISEASE, TermKind.ANTIBODY, TermKind.MANIFESTATION})
"""Kinds of terms that a rewrite may not bring along; a measure or a procedure is often just another way to ask."""
EXACT = frozenset({TermKind.DRUG, TermKind.ANTIBODY})
"""Kinds for which a wider term doesn't do."""
LONGEST = 30
"""Words that a rewrite may have beyond twice those of its message."""
STRANGE_WORDS, STRANGE_SHARE = 4, 0.5
"""From so many unknown content words, and such a share of all, a rewrite speaks of something else."""
# Stems that the WHO gives to substances of one kind: they tell a drug that no glossary lists.
SUBSTANCE = re.compile(
    r"^[a-z]{3,}(?:mab|nib|[bn]ercept|[a-z]acept|cicept|kinra|limus|sone|solone|mycin|cillin|azole|sartan|statin"
    r"|dronate|floxacin|ovir|avir|parin|fungin|lukast|gliptin|gliflozin|olol|dipine|imod|platin|trexate|quine"
    r"|profen|coxib|setron|lidomide|fenidone)$"
)
ACRONYM = re.compile(r"\b[A-Z]{2,6}\b")
NOT_NAMES = frozenset("ok iv sc im po bid tid iu".split())
ASKING = frozenset(
    """
    what which who whom whose when where why how is are was were do does did can could should would will has have had
    may must isn't aren't doesn't don't can't couldn't shouldn't compare explain describe list show give tell define
    summarise summarize in at for to from on after with by
    """.split()
)
# Words of one row exclude each other: a rewrite may not put one in the place of another.
ALTERNATIVES: tuple[tuple[frozenset[str], ...], ...] = tuple(
    tuple(frozenset(stem(word) for word in side.split()) for side in row.split("/"))
    for row in (
        "oral orally mouth/intravenous intravenously iv i.v/subcutaneous subcutaneously sc s.c/topical topically",
        "girl female woman women daughter/boy male man men son",
        "child children kid kids pediatric paediatric juvenile/adult adults adulthood",
        "before beforehand prior/after afterwards following",
        "up/down",
        "mild/moderate/severe",
        "acute/chronic",
        "above/below",
    )
)
ORDERED = re.compile(
    r"§(?P<first>\S+) (?:\w+ ){0,3}(?P<link>to|then|after|before|instead of|rather than) (?:\w+ ){0,2}§(?P<second>\S+)"
)
OTHERS = re.compile(r"\b(?:other|others|rest|remaining|else)\b")
ADDRESS = re.compile(r"\S+://\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b|@\w+", re.IGNORECASE)
NO = re.compile(r"^(?:no|nope|nah)\s*[,.!;:–-]+\s*", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class _Text:
    """A text and what is read from it, once."""

    text: str
    glossary: Glossary

    @cached_property
    def terms(self) -> dict[str, Term]:
        return {term.id: term for term in self.glossary.terms_in(self.text)}

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return read_figures(self.text)

    @cached_property
    def frequencies(self) -> frozenset[str]:
        return frozenset(read_frequencies(with_plain_units(self.text)))

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(stem(word) for word in words(self.text))

    @cached_property
    def names(self) -> frozenset[str]:
        """What looks like a name and isn't in the glossary: substances, codes such as `IL-23`, acronyms."""
        folded = fold(self.text)
        outside, at = "", 0
        for mention in self.glossary.mentions(self.text):
            outside += folded[at : mention.start] + " "
            at = mention.end
        rest = words(outside + folded[at:])
        found = {word for word in rest if SUBSTANCE.match(word)}
        found |= {_code(word) for word in rest if re.match(r"[a-z]+[-/]?\d", word) and word != "m2"}
        if not self.text.isupper():
            found |= {word for word in map(str.lower, ACRONYM.findall(self.text)) if word in rest} - NOT_NAMES
        return frozenset(found)

    def spells(self, name: str) -> bool:
        """Does the text hold this name, as a word or by the first letters of its words?"""
        every = words(self.text)
        telling = [word for word in every if word not in STOP_WORDS]
        initials = ("".join(word[0] for word in some) for some in (every, telling))
        return name in map(_code, every) or any(name in letters for letters in initials)


def check_rewrite(message: str, standalone: str, known: Iterable[str], glossary: Glossary) -> tuple[str, ...]:
    """Why this rewrite may not stand for the message, as sentences; empty where it may.

    `known` are the texts of the conversation that a rewrite may draw on: questions asked, claims shown. The sentences
    name words of the user: they are for a trace, never for a log.
    """
    own = _Text(_own_words(message, glossary), glossary)
    new = _Text(standalone, glossary)
    said = tuple(known)
    all_known = _Text("\n".join((message, *said)), glossary)
    reasons: list[str] = []
    reasons += _form(message, standalone)
    reasons += _terms(own, new, all_known)
    reasons += _names(own, new)
    reasons += _numbers(own, new, all_known)
    reasons += _additions(own, new, all_known)
    reasons += _negation(own, new, said)
    reasons += _turned(own, new)
    reasons += _subject(new, all_known)
    return tuple(dict.fromkeys(reasons))


def check_additions(text: str, message: str, known: Iterable[str], glossary: Glossary) -> tuple[str, ...]:
    """What a search variant or key word holds that neither the message nor the conversation does."""
    said = _Text("\n".join((message, *known)), glossary)
    return tuple(_additions(_Text(message, glossary), _Text(text, glossary), said))


def _own_words(message: str, glossary: Glossary) -> str:
    """What a rewrite has to keep: the message without its lead-in, and without what it takes back."""
    reading = read_message(message)
    if reading.has(Pointer.CORRECTION) and (glossary.terms_in(reading.topic) or read_figures(reading.topic)):
        return reading.topic
    if reading.has(Pointer.CORRECTION):
        return NO.sub("", reading.text)
    return NO.sub("", f"{reading.core} . {reading.topic}" if reading.topic not in reading.core else reading.core)


def _code(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "", word.removeprefix("anti-"))


def _form(message: str, standalone: str) -> list[str]:
    said = words(standalone)
    if not said:
        return ["It is empty."]
    reasons = []
    if len(said) > LONGEST + 2 * len(words(message)):
        reasons.append("It is much longer than the message.")
    parts = split_sentences(standalone)
    if len(parts) > max(1, len(split_sentences(message))):
        reasons.append("It adds a sentence.")
    if is_order(standalone) and not is_order(message):
        reasons.append("It speaks to a machine.")
    if any(address not in message for address in ADDRESS.findall(standalone)):
        reasons.append("It brings along an address.")
    asked = parts[-1]
    if not asked.endswith("?") and words(asked)[:1] and words(asked)[0] not in ASKING:
        reasons.append("It is no question.")
    return reasons


def _terms(own: _Text, new: _Text, known: _Text) -> list[str]:
    glossary = own.glossary
    reasons = []
    for term in own.terms.values():
        if term.kind not in KEPT or term.id in new.terms:
            continue
        narrower = {member.id for member in glossary.members(term)} & set(new.terms) & set(known.terms)
        wider = {above.id for above in glossary.ancestors(term)} & set(new.terms)
        if not narrower and not (wider and term.kind not in EXACT):
            reasons.append(f"It drops {term.name}.")
    return reasons


def _names(own: _Text, new: _Text) -> list[str]:
    return [f"It drops {name}." for name in sorted(own.names) if not new.spells(name)]


def _additions(own: _Text, new: _Text, known: _Text) -> list[str]:
    glossary = new.glossary
    held = {*known.terms, *(above.id for term in known.terms.values() for above in glossary.ancestors(term))}
    brought = [
        term.name
        for term in new.terms.values()
        if term.kind in BROUGHT and term.id not in held and not _is_part_known(term, new, known)
    ]
    brought += [name for name in sorted(new.names) if not known.spells(name)]
    brought += [f.written for f in new.figures if not f.points and not is_known(f, own.figures, known.figures)]
    brought += [f"“{name}”" for name in sorted(new.frequencies - known.frequencies)]
    return [f"It brings along {name}." for name in brought]


def _is_part_known(term: Term, new: _Text, known: _Text) -> bool:
    """Is it a manifestation that was spoken of in part: "the muscles" for muscle involvement?"""
    folded = fold(new.text)
    written = [folded[m.start : m.end] for m in new.glossary.mentions(new.text) if m.term.id == term.id]
    return term.kind is TermKind.MANIFESTATION and any(known.stems & set(every_word(text)) for text in written)


def _numbers(own: _Text, new: _Text, known: _Text) -> list[str]:
    dropped = [
        f"It drops or changes {figure.written}."
        for figure in own.figures
        if not figure.points and not any(same_figure(figure, other, known.figures) for other in new.figures)
    ]
    dropped += [f"It drops or changes “{name}”." for name in sorted(own.frequencies - new.frequencies)]
    return dropped + _owners(own, new)


def _owners(own: _Text, new: _Text) -> list[str]:
    """Numbers that went over to another drug."""
    mine, theirs = _owned(own), _owned(new)
    return [
        f"It gives {key[0]} to another drug."
        for key, drugs in mine.items()
        if key in theirs and not drugs & theirs[key] and drugs <= set(new.terms) and theirs[key] <= set(own.terms)
    ]


def _owned(text: _Text) -> dict[tuple[object, ...], set[str]]:
    """The drug nearest to each number, where there are several."""
    drugs = [m for m in text.glossary.mentions(text.text) if m.term.kind is TermKind.DRUG]
    folded = fold(text.text)
    owners: dict[tuple[object, ...], set[str]] = {}
    for figure in text.figures:
        at = folded.find(figure.written)
        if at >= 0 and len({m.term.id for m in drugs}) > 1:
            nearest = min(drugs, key=lambda m: min(abs(m.start - at), abs(m.end - at)))
            owners.setdefault(figure.key, set()).add(nearest.term.id)
    return owners


def _negation(own: _Text, new: _Text, said: Sequence[str]) -> list[str]:
    glossary = own.glossary
    if not is_denied(own.text):
        if not is_denied(new.text, politely=False) or OTHERS.search(fold(own.text)):
            return []
        if said_before(new.text, said, glossary):
            return []
        return ["It denies what the message doesn't."]
    if not is_denied(new.text, politely=False):
        return ["It drops a negation."]
    turned = [word for word in first_denied(own.text, glossary) if is_free(word, new.text, glossary)]
    turned += [word for word in first_denied(new.text, glossary) if is_free(word, own.text, glossary)]
    return ["It denies something else than the message."] if turned else []


def _turned(own: _Text, new: _Text) -> list[str]:
    reasons = []
    if opposed(own.stems, new.stems):
        reasons.append("It says the opposite.")
    for row in ALTERNATIVES:
        mine = {place for place, side in enumerate(row) if side & own.stems}
        theirs = {place for place, side in enumerate(row) if side & new.stems}
        if mine - theirs and theirs - mine:
            reasons.append("It puts one alternative in the place of another.")
    ordered = _ordered(new)
    if any((second, link, first) in ordered for first, link, second in _ordered(own) - ordered):
        reasons.append("It turns an order around.")
    return reasons


def _ordered(text: _Text) -> set[tuple[str, str, str]]:
    folded = fold(text.text)
    written, at = "", 0
    for mention in text.glossary.mentions(text.text):
        written += f"{folded[at : mention.start]}§{mention.term.id}"
        at = mention.end
    found = ORDERED.finditer(re.sub(r"[?,.;:!\s]+", " ", written + folded[at:]))
    return {(match["first"], match["link"], match["second"]) for match in found}


def _subject(new: _Text, known: _Text) -> list[str]:
    mine = set(content(new.text, new.glossary))
    strange = mine - set(content(known.text, new.glossary)) - known.stems
    if len(strange) >= STRANGE_WORDS and len(strange) >= STRANGE_SHARE * len(mine):
        return ["It speaks of something else."]
    return []
