"""How a question is put: phrases of everyday speech, its story, the source it names, a choice between two things."""

import re

OPENS_QUESTION = re.compile(
    r"(and |but |so |ok,? |then )?(what|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|can"
    r"|could|should|would|will|has|have|tell|list|explain|give|name|describe|summari[sz]e|compare)\b"
)
SOURCES = r"(sources?|pages?|papers?|studies|documents?|docs|articles?|reports?|letters?)"
PHRASES = tuple(
    (re.compile(rf"\b({pattern})\b"), word)
    for pattern, word in (
        (
            r"carr(y|ies|ying|ied) on( with)?|keep(s|ing)? (on )?(taking|giving|going)|leav(e|ing) .{1,20}? running",
            "continue",
        ),
        (
            r"cut(s|ting)? (down|back)( on)?|com(e|ing) down (on|from|with)|wean(ing|ed)?( off)?|bring(ing)? down",
            "taper",
        ),
        (r"bring(?:ing)? ((?:the |his |her |my )?\w+) down", r"taper \2"),
        (r"c(o|a)m(e|ing) off|tak(e|en|ing) off|get(ting)? off", "discontinue"),
        (r"keep(s|ing)? an eye on|watch(ing)? (out )?for|look(ing)? out for", "monitor"),
        (r"look(ed|ing)? after|tak(e|en|ing) care of", "manage"),
        (r"giv(e|ing) up on|writ(e|ing) off", "judge failure of"),
        (r"giv(e|ing) up", "judge failure"),
        (r"(?:has|have|with|the) (?:the )?(?:best|better|most|strongest) (?:evidence|data|support)", "is effective"),
        (
            r"(?:after |when |if |once |beyond )?(?:the )?first[- ]line(?: treatment| therapy)? (?:has |have )?fail\w*",
            "second-line treatment",
        ),
        (r"what(?:'s| is)? left(?=\W*$)", "what next"),
        (r"what counts as", "what is"),
        (r"escalat(?:e|es|ed|ing|ion)(?: of)?", "step up"),
        (
            r"(?:evidence (?:levels?|grades?|quality)|(?:levels?|grades?|quality|strength) of (?:the )?evidence)",
            "evidence",
        ),
        (r"cr(?= rates?\b)", "complete response"),
        (r"call(?:ing)? ((?:\w+ ){1,3})a failure", r"judge \1"),
        (r"what n\b|^n(?= ?\?)", "how many patients"),
        (r"g(e|o)t(ting)? rid of|cleared? up", "clear"),
        (r"h(a|ave)s? not worked|hasn'?t worked|did(n'?t| not) work|stopped working|doesn'?t (work|help)", "failed"),
        (r"side by side with|next to|alongside|on top of|together with", "with"),
        (r"on board", "given"),
        (r"moa", "mechanism of action"),
    )
)
IN_SOURCE = re.compile(
    rf",?\b(on|in|from|per|according to|going by) (the|your|that|this|ur) ([\w-]+ ){{0,4}}?{SOURCES[:-1]}|study"
    rf"|series|trial|cohort|guideline|abstract)"
    r"( (about|on|of|with|from|after|where|that) [^?.,;]{1,50})?"
)
LEAST_REST = 3
"""Words that a question needs beside its source."""
BETWEEN_TWO = re.compile(r"\s(?:or|vs\.?|versus)\s")
UP_TO_BORDER = re.compile(r"[^?.;:]+")


def plainly(folded: str) -> str:
    """Phrases of everyday speech in the one word that documents use."""
    for pattern, word in PHRASES:
        folded = pattern.sub(word, folded)
    return folded


def without_source(asked: str) -> tuple[str, str]:
    """A question and the words that only say in which source to look (`on the page about X`)."""
    match = IN_SOURCE.search(asked)
    rest = f"{asked[: match.start()]} {asked[match.end() :]}".strip(" ?.,") if match else ""
    return (f"{rest}?", match.group()) if match and len(rest.split()) >= LEAST_REST else (asked, "")


def asked_and_told(folded: str) -> tuple[str, str]:
    """The sentences that ask, and the story around them. Where nothing asks, everything does."""
    case, colon, rest = folded.rpartition(": ")
    if colon and OPENS_QUESTION.match(rest):
        return rest, case
    sentences = re.split(r"(?<=[.!?;])\s+", folded)
    asking = [s for s in sentences if s.rstrip().endswith("?") or OPENS_QUESTION.match(s)]
    if not asking or len(asking) == len(sentences):
        return folded, ""
    return " ".join(asking), " ".join(s for s in sentences if s not in asking)


def alternatives(folded: str) -> tuple[str, ...]:
    """The two things between which the question chooses: `A or B?`, `A vs B`; empty where there is no choice."""
    for between in BETWEEN_TWO.finditer(folded):
        first = folded[1 + max(folded.rfind(border, 0, between.start()) for border in "?.;:") : between.start()]
        second = UP_TO_BORDER.match(folded, between.end())
        if first and second:
            return first.strip(), second.group().strip()
    return ()
