"""Recognises a line of authors: `Ding Y, Huang B`, `A. B. Miller,1 C. D. Jones2`, `By Jane Doe, MD`."""

import re

PART = r"(?:[A-Z][\w’'-]*|de|van|von|der|den|di|da|la|le|el|al|bin)"
INITIALS_LAST = re.compile(rf"{PART}(?:\s{PART}){{0,3}}\s[A-Z]{{1,4}}(?:\s(?:Jr|Sr|II|III))?\.?")
INITIALS_FIRST = re.compile(rf"(?:[A-Z]\.\s?-?){{1,3}}\s?{PART}(?:[\s-]{PART}){{0,2}}")
GIVEN_FIRST = re.compile(rf"[A-Z][\w’'.-]*(?:\s(?:[A-Z]\.?|{PART})){{1,4}}")
RAISED = re.compile(r"(?<=[^\W\d_])(?:,?\s?(?:\d{1,2}(?!\d)|[⁰¹²³⁴-⁹*†‡§]))+(?=[\s,;]|$)")
BETWEEN = re.compile(r"(?:[,;]\s*)+(?:and\s+)?|(?<!\s)\s+(?:and|&)\s+")
DEGREE = re.compile(r"(?:M\.?D|Ph\.?D|MBBS|RN|MSc|MPH|FRCP\w*)\.?")
BYLINE = re.compile(
    r"(?:(?:medically |clinically )?(?:written|reviewed|authored|edited|verified) by|authors?:|by(?=\s[A-Z]))",
    re.IGNORECASE,
)


def read_authors(text: str) -> tuple[str, ...]:
    """The names on a line; empty unless every part of the line is plainly a name."""
    byline = BYLINE.match(text)
    listed = RAISED.sub(",", text[byline.end() if byline else 0 :])
    names = [name.strip(" .*†‡") for name in BETWEEN.split(listed)]
    names = [name for name in names if name and not DEGREE.fullmatch(name)]
    initials = [name for name in names if INITIALS_LAST.fullmatch(name) or INITIALS_FIRST.fullmatch(name)]
    spelt = [name for name in names if name not in initials and GIVEN_FIRST.fullmatch(name)]
    if not names or len(initials) + len(spelt) < len(names):
        return ()
    enough = byline or (len(names) > 1 and initials) or len(names) > 2
    return tuple(names) if enough else ()
