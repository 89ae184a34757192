"""What no glossary lists but users name, in their own words: a topic to be defined, a patient, a study."""

import re
from collections.abc import Sequence

from bot.answering.language import STOP_WORDS
from bot.conversation.pointers import SOURCES
from bot.domain.answers import Answer
from bot.domain.messages import Turn
from bot.domain.text import words

DEFINING = re.compile(
    r"^(?:(?:what|who)(?:'s|s| is| are| was| were)|tell me (?:more )?about|explain|describe|define)\s+(?:an? "
    r"|the )?(?P<topic>[^?!.;:]{2,90}?)[\s?.!]*$",
    re.IGNORECASE,
)
ASPECT_OF = re.compile(
    r"^(?:\w+ )?(?:roles?|goals?|meanings?|definitions?|causes?|mechanisms?|symptoms?|treatments?|uses?|purposes?"
    r"|history|benefits?|effects?|origins?|names?|types?"
    r"|risks?|signs?|objectives?|importance|impacts?|sources?|advantages?|dose|dosage|side effects?"
    r"|moa)(?: and \w+)? of (?:an? |the )?",
    re.IGNORECASE,
)
NOT_A_TOPIC = frozenset(
    """is are was were do does did can could should would will has have to it they that this you i we me for if when how
    in on at by with there after before during without than next best most between different difference""".split()
)
INDIVIDUAL = r"(?:girl|boy|child|patient|son|daughter|kid|teenager|teen|infant|baby|toddler|adolescent|woman|man|case)"
OF_A_PATIENT = r"(?:shown|described|pictured|seen|reported|treated|depicted|of|in|on|with|from)"
VERB = (
    r"(?:is|was|were|are|be|what|how|why|when|did|does|do|has|had|have|can|could|should|would|get|got|lean|say|says|call"
    r"|claim)"
)
BETWEEN = r"(?:my|our|his|her|the|this|that|for|of|in|to|help|and|or)"
"""Words that stand before a person, and never between one and what belongs to them."""
PATIENT = re.compile(
    rf"\b(?:(?:the|this|that|my|our|one|his|her)\s+(?:(?!(?:{VERB}|{BETWEEN})\b)[\w-]+\s+){{0,4}}?{INDIVIDUAL}"
    rf"|an?\s+(?:\d+[\w-]*\s+){{1,3}}(?:[\w-]+\s+){{0,2}}?{INDIVIDUAL})\b"
    rf"(?:\s+{OF_A_PATIENT}\s+(?:(?!{VERB}\b)[\w.'/-]+\s*){{1,9}})?",
    re.IGNORECASE,
)
A_PERSON = re.compile(rf"\b{INDIVIDUAL}(?:'s)?\b", re.IGNORECASE)
STUDY = re.compile(
    rf"\b(?:the|this|that|your|a)\s+(?P<which>(?:(?!{VERB}\b|same\b|other\b|which\b|second\b"
    rf"|first\b)[\w-]+\s+){{0,4}}?){SOURCES}\b"
    rf"(?P<about>\s+(?:about|on|of|with|from|by)\s+(?:(?!{VERB}\b)[\w.'-]+\s*){{1,5}})?",
    re.IGNORECASE,
)


def defined_topic(question: str) -> str:
    """What a question asks to define: `What is X?` gives X; empty where it asks something else."""
    match = DEFINING.match(" ".join(question.split()))
    if not match:
        return ""
    said = words(match["topic"])
    if len(said) > 10 or NOT_A_TOPIC & set(said) or all(word in STOP_WORDS for word in said):
        return ""
    return ASPECT_OF.sub("", match["topic"]).strip()


def find_patient(turns: Sequence[Turn]) -> str:
    """The patient that was last spoken of, as the user put it; empty where there is none."""
    return _last(turns, PATIENT)


def names_a_person(text: str) -> bool:
    """Does the text speak of one person: “my daughter”, “a boy”?"""
    return bool(A_PERSON.search(text))


def find_study(turns: Sequence[Turn]) -> str:
    """The study or page that was last spoken of, as the user put it: `the single-centre study`; else empty."""
    for turn in reversed(turns):
        for match in STUDY.finditer(turn.standalone_question or turn.question):
            if match["which"].strip() or match["about"]:
                return match.group().strip(" ,.?")
    return ""


def find_documents(turns: Sequence[Turn]) -> tuple[str, ...]:
    """The titles that the last answer among the turns cites, in its order; none where nothing was cited."""
    for turn in reversed(turns):
        if isinstance(turn.outcome, Answer):
            title = {citation.number: citation.title for citation in turn.outcome.citations}
            return tuple(dict.fromkeys(title[n] for claim in turn.outcome.claims for n in claim.citations))
    return ()


def _last(turns: Sequence[Turn], pattern: re.Pattern[str]) -> str:
    for turn in reversed(turns):
        for text in (turn.standalone_question, turn.question):
            if match := pattern.search(text):
                return match.group().strip(" ,.?")
    return ""
