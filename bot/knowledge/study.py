"""Design and size of a study, where a document plainly says them of its own study."""

import re
from collections import Counter
from collections.abc import Iterable

CENTRE = r"(?:[a-z]+-)?(?:multi|single|mono)[- ]?cent(?:er|re|ric)"
HOW = (
    rf"(?:{CENTRE}|retrospective|prospective|open[- ]label|double[- ]blind|placebo[- ]controlled|randomi[sz]ed"
    r"|controlled|observational|cross[- ]sectional|phase (?:[1-4]|I{1,3}V?)|pilot|systematic|national|international"
    r"|population[- ]based|,|and|\s)*"
)
WHAT = (
    r"(?:case series|case report|case[- ]control study|cohort study|cohort|clinical trial|trial|systematic review"
    r"|meta-analysis|chart review|retrospective study|prospective study|observational study|registry study|survey)"
)
OF_ITSELF = (
    r"(?:this (?:is|was|study is|study was)|we (?:conducted|performed|undertook|report|present|carried out)) "
    r"(?:the |a |an |our )?(?:first |largest )?"
)
STATED = re.compile(rf"{OF_ITSELF}(?P<design>{HOW}{WHAT})", re.IGNORECASE)
IN_TITLE = re.compile(rf":\s+(?:an? )?(?P<design>{HOW}{WHAT})\.?$", re.IGNORECASE)
GROUP = re.compile(
    r"\b(?:among(?: the)?|the|all|these|our|of|included|enrolled|total of)\s+(?P<n>\d{1,5})\s+(?:[\w-]+\s){0,3}?"
    r"(?:patients|cases|children|participants|subjects|individuals|infants|adults)\b",
    re.IGNORECASE,
)


def read_study(title: str, texts: Iterable[str]) -> tuple[str, int | None]:
    """Design and number of patients. The number only if the largest group named is named twice."""
    texts = list(texts)
    found = IN_TITLE.search(title) or next((match for text in texts if (match := STATED.search(text))), None)
    if found is None:
        return "", None
    counts = Counter(int(match["n"]) for text in texts for match in GROUP.finditer(text))
    largest = max(counts, default=None)
    design = " ".join(found["design"].split()).strip(" ,")
    return design, largest if largest is not None and counts[largest] > 1 else None
