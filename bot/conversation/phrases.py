"""Things that no glossary lists but users name: a topic to be defined, a patient, a study, each in the user's own words."""

import re
from collections.abc import Sequence

from bot.answering.language import STOP_WORDS
from bot.conversation.references import SOURCES
from bot.domain.answers import Answer
from bot.domain.messages import Turn
from bot.domain.text import words

DEFINING = re.compile(
    r"^(?:(?:what|who)(?:'s|s| is| are| was| were)|tell me (?:more )?about|explain|describe|define)\s+(?:an? |the )?(?P<topic>[^?!.;:]{2,90}?)[\s?.!]*$",
    re.IGNORECASE,
)
ASPECT_OF = re.compile(
    r"^(?:\w+ )?(?:roles?|goals?|meanings?|definitions?|causes?|mechanisms?|symptoms?|treatments?|uses?|purposes?|history|benefits?|effects?|origins?|names?|types?"
    r"|risks?|signs?|objectives?|importance|impacts?|sources?|advantages?|dose|dosage|side effects?|moa)(?: and \w+)? of (?:an? |the )?",
    re.IGNORECASE,
)
NOT_A_TOPIC = frozenset("is are was were do does did can could should would will has have to it they that this you i we me for if when how in on at by with there".split())
INDIVIDUAL = r"(?:girl|boy|child|patient|son|daughter|kid|teenager|teen|infant|baby|toddler|adolescent|woman|man|case)"
OF_A_PATIENT = r"(?:shown|described|pictured|seen|reported|treated|depicted|of|in|on|with|from)"
VERB = r"(?:is|was|were|are|be|what|how|why|when|did|does|do|has|had|have|can|could|should|would|get|got|lean|say|says|call|claim)"
PATIENT = re.compile(
    rf"\b(?:(?:the|this|that|my|our|one|his|her)\s+(?:(?!{VERB}\b)[\w-]+\s+){{0,4}}?{INDIVIDUAL}|an?\s+(?:\d+[\w-]*\s+){{1,3}}(?:[\w-]+\s+){{0,2}}?{INDIVIDUAL})\b"
    rf"(?:\s+{OF_A_PATIENT}\s+(?:(?!{VERB}\b)[\w.'/-]+\s*){{1,9}})?",
    re.IGNORECASE,
)
STUDY = re.compile(
    rf"\b(?:the|this|that|your|a)\s+(?P<which>(?:(?!{VERB}\b|same\b|other\b|which\b|second\b|first\b)[\w-]+\s+){{0,4}}?){SOURCES}\b"
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


def find_study(turns: Sequence[Turn]) -> str:
    """The study or page that was last spoken of, as the user put it (`the single-centre study`); empty where there is none."""
    for turn in reversed(turns):
        for match in STUDY.finditer(turn.standalone_question or turn.question):
            if match["which"].strip() or match["about"]:
                return match.group().strip(" ,.?")
    return ""


def find_document(turns: Sequence[Turn]) -> str:
    """The title of the document that the last answer leans on; empty where nothing was cited."""
    for turn in reversed(turns):
        if isinstance(turn.outcome, Answer):
            first = turn.outcome.claims[0].citations[0]
            return next((c.title for c in turn.outcome.citations if c.number == first), "")
    return ""


def _last(turns: Sequence[Turn], pattern: re.Pattern[str]) -> str:
    for turn in reversed(turns):
        for text in (turn.standalone_question, turn.question):
            if match := pattern.search(text):
                return match.group().strip(" ,.?")
    return ""
