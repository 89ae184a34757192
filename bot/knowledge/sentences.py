"""Cuts running text into sentences: clinical abbreviations, decimals, initials and units don't end one."""

import re
from collections.abc import Iterator

from bot.knowledge.traced import Traced

# A run of stops is tried from its first one only: thousands of dots in a table of contents would cost their square.
END = re.compile(r"(?<![.!?])(?P<stop>[.!?]+)(?P<close>[\"'’”»)\]]*)\s+(?P<next>[(\[\"'“‘«]*\S)")
NEVER = frozenset(
    """al approx ca cf col conc dept dr e.g ed eds eg eq equiv etc excl fig figs gen hon i.e ie incl jr lt ltd max min
    mr mrs ms mt mts no nos nr op pp prof ref refs resp rev sec sen sp spp sr st subsp tab temp univ viz vol vs wt
    jan feb mar apr jun jul aug sep sept oct nov dec""".split()
)
BEFORE_A_CAPITAL = frozenset(
    "a.m al b.i.d d.o etc i.d i.m i.v inc m.d max min o.d p.m p.o ph.d q.d q.i.d s.c sec t.d.s t.i.d wt".split()
)
LONGEST = 80
NEXT_WORD = re.compile(r"[(\[\"'“‘«]*(\w[\w’'-]*)?")
OPENERS = frozenset(
    """A After All Although An And As At Among Because Both But By Conversely During Each For From Further Furthermore
    Here How However If In It Its Median Most No None Of On One Only Our Overall Patients Since Six Some Such That The
    Their There These They This Those Three Thus To Treatment Two Until We When Where Whereas While With You""".split()
)
LETTERED = frozenset(
    "vitamin hepatitis type group grade class factor panel stage figure arm cohort part protein influenza".split()
)


def split_sentences(text: Traced) -> Iterator[Traced]:
    """The sentences of one paragraph or list item, in order; together they are the whole text."""
    start = 0
    for match in END.finditer(text.text):
        if _ends_here(text.text, start, match):
            yield text.part(start, match.end("close"))
            start = match.start("next")
    rest = text.part(start)
    if rest.text:
        yield rest


def _ends_here(text: str, start: int, match: re.Match[str]) -> bool:
    before = text[max(start, match.start() - LONGEST) : match.start()]
    word = before.rsplit(None, 1)[-1].lstrip("([\"'“‘«") if before.strip() else ""
    following = NEXT_WORD.match(text, match.start("next"))
    after = (following[1] if following else None) or ""
    opens = match["next"][-1]
    if match["stop"] in ("!", "?", "!?", "?!"):
        return not opens.islower()
    if not word or (start + len(word) >= match.start() and re.fullmatch(r"\d{1,2}|[A-Za-z]", word)):
        return False
    folded = word.casefold()
    if match["close"] == "" and (folded in NEVER or folded in BEFORE_A_CAPITAL):
        return folded in BEFORE_A_CAPITAL and after in OPENERS
    if re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word) and not match["close"]:
        return after in OPENERS
    if re.fullmatch(r"(?:[A-Z][.-]?)*[A-Z]", word) and len(word) == 1 and not match["close"]:
        previous = re.search(r"(\w+)\W+\w$", before)
        return (after in OPENERS and bool(previous and previous[1].casefold() in LETTERED)) or after in OPENERS - {"A"}
    if opens.islower():
        return not match["close"] and bool(re.search(r"[)%\]]$|[a-z]{5}$", word))
    return True
