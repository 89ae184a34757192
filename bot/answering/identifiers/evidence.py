"""Adds up the slight evidence that a word stands for a person where no single piece of it is enough.

The weights are fitted by `python -m tests.tools.fit_names` on messages made from parts.
"""

import math
import re
from collections.abc import Iterator

from bot.answering.identifiers.around import Around
from bot.answering.identifiers.weights import WEIGHTS
from bot.answering.identifiers.words import Word

BEHIND = {
    "lives": re.compile(
        r"\s+(?:cri|laugh|smil|sle[ep]|slept|ate\b|eats?\b|walk|ran\b|run|play|lov|hat|say|said|tell|told|ask|want|feel"
        r"|felt|refus|fell|fall|lie[sd]?\b|swim|dr[aie]nk|thr[eo]w|vomit|complain|wak|woke|scream|struggl|suffer|enjoy"
        r"|lik|miss|thought|think|kn[eo]w|rememb|talk|spoke|speak|wrote|writ|rang|call|laugh|love|went|go(?:es)?\b|c[ao]me"
        r"|climb|sit|sat\b|stood|danc|read|learn|live|weigh|gr[eo]w|lost|gain|hop|agre|declin|moan|limp|sings?|sang"
        r"|drew|worr|fear|won['’]?t|can['’]?t|cannot|couldn|doesn|didn|isn|wasn|hasn|dont|cant|wont)[a-z'’]*",
        re.IGNORECASE,
    ),
    "may": re.compile(
        r"\s+(?:has|had|is|was|will|can|could|might|may|should|would|does|did|needs?|gets?|got|still|also|just|never|already|now)\b"
    ),
    "takes": re.compile(
        r"\s+(?:takes?|took|taking|started?|starts|stopp?(?:ed|s)?|receiv\w+|responded|remain\w*|tolerat\w+|present\w+|underwent|develop\w*|fail\w*|"
        r"flared|relapsed|improved|have|be|need|swim|eat|go|get|sleep|play|walk|travel|wear|drink|back|better)\b"
    ),
    "verb": re.compile(r"\s+[a-z]{3,}(?:s|ed)\b"),
    "owns": re.compile(r"['’]s\b"),
    "he": re.compile(r"(?:\W+\w+){0,9}?\W+(?:he|she|her|him|his|hers|shes|hes)\b", re.IGNORECASE),
    "and somebody": re.compile(r"\s+(?:and|&)\s+(?:i|me|he|she|his|her|their|our|my|family)\b", re.IGNORECASE),
    "and another": re.compile(r"\s+(?:and|&)\s+[A-Z][a-z]{2,}"),
    "are": re.compile(r"(?:\s+(?:and|&)\s+[A-Z]\w+)?\s+(?:are|were|both)\b"),
    "born": re.compile(r"\s*[,(]?\s*(?:born\b|\*\s?\d|xx?\b|[–-]\s)"),
    "and": re.compile(r"\s+(?:and|&|or)\b|,\s+[A-Z]"),
    "told of": re.compile(r"\s*(?:,\s*(?:aged?|who|whom|our|my|the|a|an|i)\b|[,(]\s*\d)", re.IGNORECASE),
    "comma": re.compile(r"\s*,"),
    "colon": re.compile(r"\s*:"),
    "end": re.compile(r"\s*(?:[.!?\n]|x*\s*$)"),
    "to do": re.compile(r"\s+(?:to|on|with|about|from)\b"),
    "thing": re.compile(
        r"\s+(?:of|in|for|versus|vs|plus|than|as|per|at|by|given|approved|cause|help|raise|lower|work|treat|interact)\b"
    ),
    "number": re.compile(r"\s+\d"),
    "capital": re.compile(r"\s+[A-Z][a-z]"),
    "article": re.compile(r"\s+(?:the|a|an|her|his|some|this|that)\b"),
}
BEFORE = {
    "asked": re.compile(
        r"(?<!\w)(?:does|do|did|can|could|will|would|should|shall|is|was|may|might|must|has|cant)\s+$", re.IGNORECASE
    ),
    "when": re.compile(
        r"(?<!\w)(?:that|when|if|because|since|after|before|until|while|although|as|so|then|but|whether|how|why|once|both)\s+$",
        re.IGNORECASE,
    ),
    "for": re.compile(r"(?<!\w)(?:for|about|re|regarding|without|w/|to|let)\s*$", re.IGNORECASE),
    "from": re.compile(r"(?<!\w)(?:from|by|with|on|of|than|like)\s+$", re.IGNORECASE),
    "meets": re.compile(
        r"(?<!\w)(?:gave|give|giving|told|tell|asked?|saw|see|meet|met|helps?|helped|took|put|thanks?|thank\s+you|loves?|adopted|carried|lets?|made"
        r"|makes?|watch\w*|br[io]\w+|believed?|knows?|hold|reach|contact|remind|called?|hug\w*|discussed|reviewed|examined|seeing|referring|get|got)\s+$",
        re.IGNORECASE,
    ),
    "greets": re.compile(
        r"(?<!\w)(?:hi|hey|hello|sorry|no|yes|well|ok|okay|dear|cheers|please|love|hugs|xx?|ciao|bye)[\s,!]+$|@$",
        re.IGNORECASE,
    ),
    "takes": re.compile(
        r"(?<!\w)(?:takes?|taking|took|tried|trying|using|use|started|starting|stopped|instead\s+of|and|or)\s+$",
        re.IGNORECASE,
    ),
    "kin": re.compile(
        r"(?<!\w)(?:child|boy|girl|son|daughter|eldest|youngest|oldest|pupil|pupils|wife|husband|kin|twin|old|yo|[\d]yo?|bestie|registrar|nurse|one)\s*,?\s+$",
        re.IGNORECASE,
    ),
    "role": re.compile(
        r"(?:consultant|mother|father|mum|dad|guardian|from|patient|name|caller|cc|next\s+of\s+kin)(?:['’]s\s+name)?\s*:?\s+$",
        re.IGNORECASE,
    ),
    "placed": re.compile(
        r"(?<!\w)(?:(?:fly|flying|flew|flight|go|going|went|travel|trip|drive|mov(?:e|ed|ing)|holiday)\s+to|in|at|near|of|the|a|an|this|these|any|into|across)\s+$",
        re.IGNORECASE,
    ),
    "start": re.compile(r"(?:^|[.!?\n:;\])•]|\d\))\s*$"),
    "line": re.compile(r"(?:^|\n)\s*$"),
    "comma": re.compile(r",\s*$"),
    "capital": re.compile(r"[A-Z][a-z]+,?\s+$"),
    "number": re.compile(r"\d[^\s]*\s+$"),
    "my": re.compile(r"(?<!\w)(?:my|our|little|poor|brave|sweet|dear)\s+$", re.IGNORECASE),
    "i am": re.compile(r"(?<!\w)(?:i['’]?m|i\s+am|it['’]?s|it\s+is|this\s+is|calls?\s+me|signed)\s+$", re.IGNORECASE),
}


def likelihood(run: list[Word], around: Around) -> float:
    """How likely the words stand for a person, from 0 to 1."""
    total = sum(WEIGHTS.get(sign, 0.0) for sign in signs(run, around))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def signs(run: list[Word], around: Around) -> Iterator[str]:
    """What speaks for or against a person, by name."""
    sort = _sort(run)
    yield "always"
    yield sort
    case = "capital" if run[0].capital else "lower"
    known = "a name" if sort.startswith(("name", "full")) else "no name"
    behind = [sign for sign, pattern in BEHIND.items() if pattern.match(around.behind)]
    before = [sign for sign, pattern in BEFORE.items() if pattern.search(around.before)] or ["nothing"]
    for sign in behind:
        yield f"{case}: behind {sign}"
        yield f"{known}: behind {sign}"
    for sign in before:
        yield f"{case}: before {sign}"
        yield f"{known}: before {sign}"
    if around.aged:
        yield f"{case}: aged"
    if around.starts and run[0].capital:
        yield f"{sort} at the start"
    if around.authored:
        yield "authored"


def _sort(run: list[Word]) -> str:
    """What is known of the words."""
    solid = [word for word in run if not word.initial]
    case = "" if run[0].capital else " in lower case"
    if len(solid) > 1:
        named = sum(word.given or word.family for word in solid)
        return f"full, {min(named, 2)} known"
    word = solid[0] if solid else run[0]
    if word.given:
        return f"name{' and word' if word.common else ''}{case}"
    return f"{'family' if word.family else 'unknown'}{' and word' if word.common else ''}{case}"
