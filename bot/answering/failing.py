"""What has been tried already: drugs that a question names as failed are its circumstances, not its subject.

"Failed methotrexate, what next?" isn't answered by the dose of methotrexate, however well the words agree.
"""

import re
from functools import lru_cache
from itertools import pairwise

from bot.answering.language import split_sentences
from bot.domain.glossary import DRUG_KINDS, Glossary, Mention, TermKind
from bot.domain.text import fold

BETWEEN = re.compile(
    r"(?:and|or|plus|with|then|both|the|an?|her|his|high[- ]dose|oral|iv|sc|pulses?|doses?|courses?|cycles?|of"
    r"|two|three|four|five|six|\d+|[\s,/+&-])*"
)
"""What may stand between the members of one list of drugs."""
JOINS = re.compile(r"\b(?:and|or|plus|with)\b|[/+&]")
_HELD = r"(?:improv\w*|respon\w+|work\w*|help\w*|control\w*|tolerat\w*|enough|better|effective|sufficient)"
BEFORE = re.compile(
    r"(?:\bfail(?:ed|ing|s|ure)?|\bdespite|\brefractory|\bresistant|\bresistance|\bunresponsive|\bnon-?respon\w+"
    r"|\bnot? (?:\w+ )?(?:response|responding|respond|responded|improvement|improving|better|effect|controlled)"
    rf"|n't (?:\w+ )?{_HELD}|\binadequate\w* (?:response|controlled|responding)|\bintoleran\w+"
    r"|\bcan(?:'t|not) (?:take|have)|\brelaps\w+|\brecurr\w+|\bflar(?:ed?|es|ing)"
    r"|\btried|\bstill \w+|\bpersist\w*|\bbeyond|\bgave up)"
    r"(?: (?:of|to|on|with|after|from|despite|under|for|treatment|therapy|first[- ]line|her|his|the|both|high[- ]dose"
    r"|oral|iv|sc|respond|already|initial|standard|adequate))*\s*$"
)
"""Words that end right before the drugs that have failed."""
WORSE_ON = re.compile(
    r"\b(?:worsen\w*|progress\w*|deteriorat\w*|getting worse|gets worse|got worse|flar\w+|relaps\w+|increasing)\b"
    r"[^.?;]{0,60}\b(?:on|under|with|despite)\s+(?:the |her |his |high[- ]dose |oral |iv |sc )*$"
)
"""Who gets worse on a drug isn't helped by it."""
AFTER = re.compile(
    r"^\s*+(?:(?:therapy|treatment|alone|pulses)\s*)?(?:has|have|had|was|were|is|are|did|does|do|hasn't|haven't|itself|both"
    rf"|all|already|counts? as|counted as)*\s*(?:(?:not|n't|never|no longer|stopped) {_HELD}|fail(?:ed|s|ing|ure)?\b"
    r"|ineffective|refractory|can(?:'t|not) be (?:given|used|taken|tolerated)"
    rf"|(?:has|is|are|was|did|does|do|have|were)n'?t (?:been )?{_HELD}"
    r"|(?:of )?(?:no (?:effect|response|improvement|benefit|use|good|help|luck|success|joy)|little use)\b|useless"
    r"|(?:stopped|ceased|quit) (?:work|help|respond)\w*|lost (?:its |their )?(?:effect|efficacy|response)"
    r"|worn off|wore off|did nothing|done nothing)"
)
AND_STILL = re.compile(
    rf"^[^.?;]{{0,40}}?\b(?:but|and|yet|,)?\s*(?:still|without {_HELD}|no {_HELD}|not (?:\w+ )?{_HELD}|isn't {_HELD})\b"
)
"""Words that follow them."""
STARTS_CLAUSE = re.compile(r"(?:^|[.;:,]\s|\s[-–]\s)\s*$")
IS_STILL = re.compile(r"^\s*(?:[,;–-]|\bbut\b|\band\b|\byet\b)[\s,]*(?:(?:and|but|yet)\s+)?(?:she |he |is )*still\b")
"""“MTX + IVIG, still weak”: so notes say that these have failed."""
ON = re.compile(
    r"\b(?:on|after|given|taking|takes|receiv\w+|had|with)\s+(?:the |her |his |high[- ]dose |oral |iv |sc )*$"
)
COMES_AFTER = re.compile(r"\bafter (?:the |her |his |first[- ]line |high[- ]dose |oral |iv |sc )*$")
AND_THEN = re.compile(r"\s*,")
GOES_ON = re.compile(r"\s*(?:,|and\b|or\b|plus\b|[/+&])")
ASKS_WHAT_NEXT = re.compile(
    r"\bwhat(?:'s| is| comes| follows)? (?:next|now|else|then|after)\b|\b(?:now|then) what\b|\bnext\?"
    r"|\bnext (?:step|line|treatment|drug)\b|\b(?:what|anything)(?:'s| is)? (?:is )?left\b|\bwhat remains\b"
    r"|\bwhat (?:can|could|should|would|do|to|may|might) (?:\w+ ){0,2}?"
    r"(?:do|give|given|try|tried|add|use|start|offer|pick|choose|prefer|suggest|recommend|be done|help)\b"
    r"|\b(?:which|what) (?:\w+ )?(?:drug|treatment|therapy|agent|biologic|medicine|options?|alternatives?|choices?)\b"
    r"|\b(?:options|alternatives?|instead|second[- ]line|other treatments?)\b|\bwhat if\b|\bswitch to\b"
    r"|\b(?:ideas?|suggestions?|thoughts|advice|recommendations?)\W*$"
)
ABOUT_FAILING = re.compile(r"^\W*(?:when|why|how long|how (?:is|do|many|often)|has|is it|does|did)\b")


def read_failed(text: str, glossary: Glossary) -> frozenset[str]:
    """Ids of the drugs and classes that a question names as failed while it asks what to do instead."""
    folded = fold(text)
    asking = [part for part in re.split(r"(?<=[.!?;])\s+", folded) if ASKS_WHAT_NEXT.search(part)]
    if not asking or all(ABOUT_FAILING.search(part) for part in asking):
        return frozenset()
    return find_failed(text, glossary)


def with_classes(text: str, glossary: Glossary, *, instead: bool = False) -> str:
    """A question in which each failed drug stands with its class, or only the class `instead`.

    Sources may say what to do after the class fails, and whatever words it was told in, they say "fail".
    """
    failed = read_failed(text, glossary)
    named = {term.id for term in glossary.terms_in(text)}
    for term in (term for term in glossary.terms_in(text) if term.id in failed):
        classes = [c for c in map(glossary.term, term.classes) if c and c.kind is TermKind.DRUG_CLASS]
        patterns = (rf"(?i)\b{re.escape(name)}\b" for name in term.all_names)
        written = next((pattern for pattern in patterns if re.search(pattern, text)), "")
        if classes and written and classes[0].id not in named:
            text = re.sub(written, classes[0].name if instead else rf"\g<0>, a {classes[0].name},", text, count=1)
    return text if not failed or "fail" in fold(text) else f"{text} (failed)"


def without_failures(text: str, glossary: Glossary) -> str:
    """A question without the sentences that tell of failed drugs; empty where it has none, or no other drug is left."""
    sentences = split_sentences(text)
    rest = [sentence for sentence in sentences if not find_failed(sentence, glossary)]
    alone = " ".join(rest)
    names_drug = any(mention.term.kind in DRUG_KINDS for mention in glossary.mentions(alone))
    return alone if names_drug and len(rest) < len(sentences) else ""


def in_words_of_classes(text: str, glossary: Glossary) -> str:
    """A question with each drug's class in its place: tests are often told of a class."""
    for mention in reversed(glossary.mentions(text)):
        classes = [c for c in map(glossary.term, mention.term.classes) if c and c.kind is TermKind.DRUG_CLASS]
        if mention.term.kind is TermKind.DRUG and classes:
            text = f"{text[: mention.start]}{classes[0].name}{text[mention.end :]}"
    return text


@lru_cache(maxsize=8192)
def find_failed(text: str, glossary: Glossary) -> frozenset[str]:
    """Ids of the drugs and classes of which a text says that they failed."""
    folded = fold(text)
    return frozenset(
        mention.term.id for run in _lists(text, folded, glossary) if _has_failed(run, folded) for mention in run
    )


@lru_cache(maxsize=8192)
def find_proposed(text: str, glossary: Glossary) -> frozenset[str]:
    """Ids of the drugs and classes that a text names where it doesn't say that they failed."""
    folded = fold(text)
    lists = _lists(text, folded, glossary)
    return frozenset(mention.term.id for run in lists if not _has_failed(run, folded) for mention in run)


@lru_cache(maxsize=8192)
def find_tried(text: str, glossary: Glossary) -> frozenset[str]:
    """Ids of the drugs and classes that a statement names as given before what it proposes."""
    folded = fold(text)
    lists = _lists(text, folded, glossary)
    tried = (run for run in lists if _has_failed(run, folded) or COMES_AFTER.search(folded[: run[0].start]))
    return frozenset(mention.term.id for run in tried for mention in run)


@lru_cache(maxsize=8192)
def find_preceding(text: str, glossary: Glossary) -> frozenset[str]:
    """Ids of the drugs and classes that a statement names only as what came before it: `After A, B has support`."""
    folded = fold(text)
    lists = _lists(text, folded, glossary)
    gone = [
        _has_failed(run, folded)
        or bool(COMES_AFTER.search(folded[: run[0].start]) and AND_THEN.match(folded, run[-1].end))
        for run in lists
    ]
    before, proposed = (
        frozenset(mention.term.id for run, past in zip(lists, gone, strict=True) if past is which for mention in run)
        for which in (True, False)
    )
    return before - proposed


def asks_what_next(text: str) -> bool:
    """Does a question ask what to do, whatever it names?"""
    return bool(ASKS_WHAT_NEXT.search(fold(text)))


def _lists(text: str, folded: str, glossary: Glossary) -> list[list[Mention]]:
    """The drugs that a text names, those of one list together."""
    mentions = [mention for mention in glossary.mentions(text) if mention.term.kind in DRUG_KINDS]
    runs = [mentions[:1]] if mentions else []
    closed = False
    for before, mention in pairwise(mentions):
        between = folded[before.end : mention.start]
        # "Despite A and B, a C is next": the "and" has closed the list of what was tried.
        ended = closed and not JOINS.search(between)
        # "After A, B has support": nothing is listed.
        ended = ended or (
            AND_THEN.match(between) is not None
            and not JOINS.search(between)
            and COMES_AFTER.search(folded[: runs[-1][0].start]) is not None
            and not GOES_ON.match(folded, mention.end)
        )
        if BETWEEN.fullmatch(between) and not ended:
            closed = closed or JOINS.search(between) is not None
            runs[-1].append(mention)
        else:
            closed = False
            runs.append([mention])
    return runs


def _has_failed(run: list[Mention], folded: str) -> bool:
    before, after = folded[: run[0].start], folded[run[-1].end :]
    if BEFORE.search(before) or AFTER.search(after) or WORSE_ON.search(before):
        return True
    if STARTS_CLAUSE.search(before) and IS_STILL.search(after):
        return True
    return bool(ON.search(before) and AND_STILL.search(after))
