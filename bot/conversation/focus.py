"""What a conversation is about right now: its entities, each with a salience that fades with distance."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.answering.language import STOP_WORDS, stem
from bot.domain.answers import Answer
from bot.domain.glossary import Glossary, Mention, TermKind
from bot.domain.messages import Turn
from bot.domain.text import fold

FADE = 0.55
"""What a mention is worth one turn later."""
IN_CLAIM = 0.3
LATER_CLAIM = 0.1
LEFT_BEHIND = 0.35
KIND_WORTH = {
    TermKind.DRUG: 1.0,
    TermKind.DRUG_CLASS: 0.95,
    TermKind.ANTIBODY: 0.8,
    TermKind.PROCEDURE: 0.7,
    TermKind.MANIFESTATION: 0.65,
    TermKind.MEASURE: 0.65,
    TermKind.DISEASE: 0.6,
    TermKind.CONCEPT: 0.2,
}
COMMONPLACE = frozenset(
    """use used information question questions example examples type types kind kinds people person patient patients child children kid kids lot way
    ways thing things work works working help helps happen happens related different difference differences affected affect cause causes mean means
    meaning know tell explain describe list find learn show details detail name names number year years time day days page pages study studies
    dose doses dosing dosage treatment treatments symptom symptoms risk risks effect effects reason reasons better best good bad new old main major
    important common popular famous similar possible available interested interesting curious wonder think believe heard read long big small high low
    many first second third last next start started end back today recently currently start try using doctors doctor sources source document documents""".split()
)
# A treatment that is over with isn't what "it" means next: "after JAK inhibitor failure", "methotrexate hasn't worked".
FAILED_BEFORE = re.compile(
    r"\b(?:after|despite|fail(?:s|ed|ing|ure)?(?: (?:of|on|to))?|not (?:responding|improving|respond)(?: (?:to|on|with))?|refractory to|unresponsive to|instead of|other than|besides"
    r"|intoleran(?:t|ce) (?:to|of)|contraindicat\w+ (?:to|for)|than|stop(?:ped|ping)?|without)\s+(?:\w+\s+){0,2}$"
)
FAILED_AFTER = re.compile(
    r"^\s*(?:\w+\s+){0,2}(?:fail(?:s|ed|ing|ure)?|(?:has|have|had|did|does|do|was|were|is|are)(?:n't| not|nt) (?:work|help|respon|toler|enough|improv)\w*|(?:is|are|was|were) (?:contraindicated|unavailable|ineffective)|stopped|cant be used|can't be used|cannot be used)"
)
DEFINING = re.compile(
    r"^(?:what|who|what's|whats|who's) (?:(?:is|are|was|were) )?(?:an? |the )?(?P<topic>[^?]{2,90}?)\s*\?*$|^(?:tell me (?:more )?about|explain|describe|define)\s+(?:an? |the )?(?P<told>[^?.]{2,90}?)[\s?.]*$",
    re.IGNORECASE,
)
PERSON = re.compile(
    r"\b(?:the|an?|this|that|my|our|one|his|her)\s+(?:[\w-]+\s+){0,4}?(?:girl|boy|child|patient|son|daughter|kid|teenager|teen|infant|baby|toddler|adolescent|woman|man|case)\b"
    r"(?:\s+(?:shown|described|pictured|seen|reported|treated|depicted|of|in|on|with|from)\s+(?:(?!\b(?:is|was|were|are|what|how|did|does|has|had)\b)[\w.'/-]+\s*){1,9})?",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W_]+(?:[-/+.'][^\W_]+)*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Focus:
    """Something a conversation is about. `kind` is None for a phrase that the glossary doesn't know; `key` identifies it."""

    name: str
    key: str
    kind: TermKind | None
    salience: float
    turn: int

    @property
    def is_drug(self) -> bool:
        """Something that is given: a drug or a class of drugs."""
        return self.kind in {TermKind.DRUG, TermKind.DRUG_CLASS}


def find_focus(turns: Sequence[Turn], glossary: Glossary, weight: Callable[[str], float]) -> tuple[Focus, ...]:
    """What the turns are about, most salient first. Turns are given oldest first; ones about nothing don't count as distance."""
    found: dict[str, Focus] = {}
    fade = 1.0
    for turn in reversed(turns):
        here = _of_turn(turn, glossary, weight)
        for item in here:
            before = found.get(item.key)
            salience = item.salience * fade + (before.salience if before else 0.0)
            found[item.key] = Focus(
                name=item.name, key=item.key, kind=item.kind, salience=salience, turn=before.turn if before else item.turn
            )
        if here:
            fade *= FADE
    return tuple(sorted(found.values(), key=lambda item: -item.salience))


def _of_turn(turn: Turn, glossary: Glossary, weight: Callable[[str], float]) -> list[Focus]:
    asked = turn.standalone_question or turn.question
    items = {item.key: item for item in entities(asked, glossary, weight, turn.number)}
    if isinstance(turn.outcome, Answer):
        for place, claim in enumerate(turn.outcome.claims[:4]):
            share = IN_CLAIM if place == 0 else LATER_CLAIM
            for mention in glossary.mentions(claim.text):
                name, kind = mention.term.name, mention.term.kind
                gain = share * KIND_WORTH[kind]
                before = items.get(mention.term.id)
                items[mention.term.id] = Focus(
                    name=name,
                    key=mention.term.id,
                    kind=kind,
                    salience=max(gain, before.salience if before else 0.0),
                    turn=turn.number,
                )
    return list(items.values())


def entities(text: str, glossary: Glossary, weight: Callable[[str], float], turn: int = 0) -> list[Focus]:
    """The glossary's terms and the telling phrases of a text, with their worth between 0 and 1."""
    folded = fold(text)
    mentions = glossary.mentions(text)
    items = [
        Focus(
            name=mention.term.name,
            key=mention.term.id,
            kind=mention.term.kind,
            salience=KIND_WORTH[mention.term.kind] * (LEFT_BEHIND if is_left_behind(folded, mention) else 1.0),
            turn=turn,
        )
        for mention in mentions
    ]
    return items + phrases(text, mentions, weight, turn)


def is_left_behind(folded: str, mention: Mention) -> bool:
    """Is the term mentioned as something that failed or is over with?"""
    return bool(FAILED_BEFORE.search(folded[: mention.start]) or FAILED_AFTER.search(folded[mention.end :]))


def phrases(text: str, mentions: Sequence[Mention], weight: Callable[[str], float], turn: int = 0) -> list[Focus]:
    """Runs of telling words outside the glossary's terms; what a definition asks for is one phrase."""
    text = " ".join(text.split())
    items = []
    defined = DEFINING.match(text)
    if defined and not mentions:
        topic = (defined["topic"] or defined["told"]).strip()
        if _worth(topic, weight) > 0 and not re.search(r"\b(?:is|are|was|were|do|does|did|can|for|to|it|they|that|you)\b", topic):
            items.append(Focus(name=topic, key=fold(topic), kind=None, salience=0.9 * _worth(topic, weight), turn=turn))
    taken = _blanked(text, mentions)
    for run in _runs(taken):
        worth = _worth(run, weight)
        if worth > 0 and all(run not in item.name for item in items):
            items.append(Focus(name=run, key=fold(run), kind=None, salience=0.7 * worth, turn=turn))
    return items


def _blanked(text: str, mentions: Sequence[Mention]) -> str:
    """The text with its terms replaced by dots, where folding kept the places."""
    if len(fold(text)) != len(text):
        return text if not mentions else ""
    for mention in mentions:
        text = text[: mention.start] + "." * (mention.end - mention.start) + text[mention.end :]
    return text


def _runs(text: str) -> list[str]:
    runs: list[str] = []
    start = end = -1
    for match in WORD.finditer(text):
        telling = is_telling(match.group())
        if telling and start >= 0 and text[end : match.start()].strip() in {"", "-"}:
            end = match.end()
            continue
        if start >= 0:
            runs.append(text[start:end])
            start = -1
        if telling:
            start, end = match.start(), match.end()
    if start >= 0:
        runs.append(text[start:end])
    return runs


def is_telling(word: str) -> bool:
    """Does a word name something, rather than hold a sentence together?"""
    folded = fold(word)
    return folded not in STOP_WORDS and folded not in COMMONPLACE and (len(folded) > 2 or word.isupper())


def _worth(phrase: str, weight: Callable[[str], float]) -> float:
    """How much the most telling word of a phrase tells, between 0 and 1."""
    weights = [weight(stem(fold(word))) for word in WORD.findall(phrase) if is_telling(word)]
    return min(1.0, max(weights, default=0.0) / 8.0)


def find_person(turns: Sequence[Turn]) -> str:
    """The patient that was last spoken of, as the user put it; empty where there is none."""
    for turn in reversed(turns):
        for text in (turn.standalone_question, turn.question):
            if match := PERSON.search(text):
                return match.group().strip(" ,.?")
    return ""


def find_document(turns: Sequence[Turn]) -> str:
    """The title of the document that the last answer leans on; empty where nothing was cited."""
    for turn in reversed(turns):
        if isinstance(turn.outcome, Answer) and turn.outcome.citations:
            first = turn.outcome.claims[0].citations[0]
            return next((c.title for c in turn.outcome.citations if c.number == first), turn.outcome.citations[0].title)
    return ""
