"""What a statement can give: which of the things that a question may want a text holds."""

import re
from functools import lru_cache

from bot.answering.quantities import DOSE_UNITS, NUMBER_WORDS, TIME_UNITS, read_frequencies, read_quantities
from bot.answering.question import Aspect
from bot.domain.text import fold

SAYS: dict[Aspect, re.Pattern[str]] = {
    Aspect.AGE: re.compile(r"\b(years?|months?|age|aged)\b"),
    Aspect.SHARE: re.compile(
        rf"\d ?%|\b(?P<some>\d+|{'|'.join(NUMBER_WORDS)}) ?(/|(out )?of (the )?(all )?)(\d|{'|'.join(NUMBER_WORDS)})"
        r"|\b(half|a third|two thirds|a quarter|percent|no better than)\b"
    ),
    Aspect.DESIGN: re.compile(
        r"\b(randomi[sz]ed|placebo|control(led| group)?|uncontrolled|open([- ]label)?|blind\w*"
        r"|retrospective|prospective|cohort|series|registry|end ?points?|arms?|early or late|marginal structural)\b"
    ),
    Aspect.SAFETY: re.compile(
        r"\b(adverse|side effects?|safe(?:ty|ly|r|st)?\b|withheld|infections?|zoster|abscess|toler|reactions?|thrombo"
        r"|risk|warning|monitor|contraindicat"
        r"|screen|pitfall|malignan|death|died|worse|harm|toxic|complication|aspiration)"
    ),
    Aspect.MONITORING: re.compile(
        r"\b(monitor|screen|assess|evaluat|check|laborator|blood counts?|liver function|tests?\b|testing|tested for"
        r"|measures?\b|measurements?|(is|are|be) measured|(watch|look out) for|(should be|are"
        r"|is) followed\b(?! by)|follow(ed)?[- ]up|imaging"
        r"|mri|ecg|x-?ray|ultrasound|biops(?:y|ies)|\w+scop(?:y|ies)\b|investigat"
        r"|echocardiogra|pulmonary function|examin|ck levels?|lipid)"
    ),
    Aspect.EFFICACY: re.compile(
        r"\b(works?\b(?! (?:by|through|via|inside|on)\b)|worked\b|help|improv|effective|effic|respon|resolv|resolution"
        r"|remission|inactive|better|decreas|clear|complete"
        r"|disappear|benefit|reduc|normali|achiev|recover|sustained)"
    ),
    Aspect.MECHANISM: re.compile(
        r"\b(mechanism|target|block|inhibit|deplet|signal|pathway|interferon|stat1|anti-cd\d+|cytokine|reduce"
        r"|receptor|antibod)"
    ),
    Aspect.REASON: re.compile(
        r"\b(because|due to|since|as (it|they)|reason|rationale|given that|indications?|indicated|owing|therefore"
        r"|can lead|helps?|favou?rable|enhanced|potential|suggest|in order to|so that|to prevent|evidence)\b"
    ),
    Aspect.CHOICE: re.compile(
        r"\b(recommend|next|option|alternative|consider|prefer|second[- ]line|add|initiate|switch|reserved|indicat"
        r"|choice|contraindicated|combination|use of|may be|could be|for predominant)"
    ),
    Aspect.DATE: re.compile(
        r"\b((19|20)\d\d|january|february|march|april|may|june|july|august|september|october|november|december)\b"
    ),
    Aspect.LIMITS: re.compile(
        r"\b(limit|uncontrolled|retrospective|small|not (well-)?documented|not been|no head-to-head|extrapolat"
        r"|insufficient|accumulating|single[- ]cent|unreviewed|adults?|evidence|mixed|indirect|low certainty)"
    ),
    Aspect.CONDITION: re.compile(
        r"\b(if|when|once|unless|reserved|particularly|especially|in case"
        r"|for (patients|cases|severe|predominant|those|children) (with|who))\b"
    ),
    Aspect.COMPARISON: re.compile(
        r"\b(than|compared|versus|vs|superior|inferior|similar|whereas|head-to-head|difference|differ\w*|no better"
        r"|equally)\b"
    ),
    Aspect.REGULATORY_STATUS: re.compile(
        r"\b((un)?licen[cs]ed?|licensing|(un)?approved|approvals?|off[- ]label|(un)?authori[sz](ed|ation))\b"
    ),
    Aspect.COST: re.compile(r"[$€£]|\b(costs?|prices?|dollars?|euros?)\b"),
}
"""Words by which a folded statement of that kind is known; doses, durations and counts are known by their numbers."""
VAGUE_TIME = re.compile(r"\b(several|many|a few|some) (days|weeks|months|years)\b")
"""A time without a number answers how long, too."""
INDISPENSABLE = frozenset({Aspect.COMPARISON, Aspect.COST})
"""Aspects without which a statement says nothing to the question, however close its words are."""
REQUIRED = frozenset({Aspect.DOSE, Aspect.COUNT, Aspect.AGE, Aspect.DATE, Aspect.DURATION})
"""Aspects that only a statement with a number answers."""


def fulfilled(aspects: frozenset[Aspect], text: str) -> float:
    """Share of the asked aspects that a text can answer; 1.0 where nothing in particular is asked."""
    if not aspects:
        return 1.0
    return sum(gives(text, aspect) for aspect in aspects) / len(aspects)


@lru_cache(maxsize=32_768)
def gives(text: str, aspect: Aspect) -> bool:
    """Is this the kind of statement that is wanted?"""
    match aspect:
        case Aspect.DOSE:
            return any(DOSE_UNITS.match(quantity.unit) for quantity in read_quantities(text))
        case Aspect.DURATION:
            timed = any(q.unit in TIME_UNITS for q in read_quantities(text)) or bool(read_frequencies(text))
            return timed or VAGUE_TIME.search(fold(text)) is not None
        case Aspect.COUNT:
            return bool(read_quantities(text))
        case Aspect.AGE:
            return SAYS[aspect].search(fold(text)) is not None and bool(read_quantities(text))
        case Aspect.PUBLICATION | Aspect.MEANING | Aspect.OUTLOOK:
            return True
        case _:
            return SAYS[aspect].search(fold(text)) is not None
