"""Dates as documents print them: `September 18, 2025`, `18 Sep 2025`, `2025-09-18`."""

import re
from datetime import date

MONTHS = "January February March April May June July August September October November December".split()
MONTH = rf"(?:{'|'.join(f'{month}|{month[:3]}' for month in MONTHS)})\.?"
YEAR = r"(?:19|20)\d\d"
DATE = (
    rf"(?:(?:{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+|\d{{1,2}}\s+{MONTH},?\s+|{MONTH}\s+){YEAR}"
    rf"|{YEAR}-\d\d-\d\d)"
)
DATED = re.compile(
    r"(?P<label>(?:(?:last|page|content|article|first|date)\s+)?"
    r"(?:updated|revised|modified|reviewed|published|created|posted)(?:\s+(?:online|first))?(?:\s+on)?"
    rf"|publication date|date)\s*[:–-]?\s*(?P<date>{DATE})",
    re.IGNORECASE,
)


def parse_date(written: str) -> date | None:
    """The calendar date; the first of the month where no day is given; None where there's no such day."""
    if iso := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", written):
        year, month, day = (int(number) for number in iso.groups())
    else:
        name = re.search(r"[A-Za-z]{3}", written)
        number = re.search(r"(?<!\d)\d{1,2}(?!\d)", written)
        shortened = [month[:3].casefold() for month in MONTHS]
        month = 1 + shortened.index(name.group().casefold()) if name else 1
        year, day = int(written[-4:]), int(number.group()) if number else 1
    try:
        return date(year, month, day)
    except ValueError:
        return None
