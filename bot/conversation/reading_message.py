"""Reads a message as the chain is to see it: clean, not too long, without identifiers."""

import re
import unicodedata
from dataclasses import dataclass

from bot.answering.identifiers import IdentifierFinder, redact
from bot.domain.glossary import Glossary
from bot.prompts import Wording

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
BESIDE_LINK = 8
"""Words that may stand beside a link in a message that only asks to open it."""
QUOTED = re.compile(r'about "(?P<quote>[^"]{1,400})": (?P<rest>.+)', re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadMessage:
    """A message that may be searched and stored; `redacted`: were identifiers taken out?"""

    text: str
    redacted: bool
    notices: tuple[str, ...]


def read_message(text: str, max_length: int, finder: IdentifierFinder, wording: Wording) -> ReadMessage:
    """No control characters, at most `max_length` characters, no identifiers; the notices say what was left out."""
    notices = []
    text = CONTROL.sub(" ", unicodedata.normalize("NFC", text)).strip()
    if len(text) > max_length:
        text = text[:max_length].rsplit(" ", 1)[0]
        notices.append(wording.say("notice.cut", limit=max_length))
    redacted = redact(text, finder)
    if redacted.found:
        notices.append(wording.say("notice.identifiers"))
    return ReadMessage(text=redacted.text, redacted=bool(redacted.found), notices=tuple(notices))


def without_quote(text: str, glossary: Glossary) -> str:
    """A question about a quoted part of an answer, with what the part names instead of the part itself."""
    match = QUOTED.fullmatch(text)
    if not match or glossary.terms_in(match["rest"]):
        return match["rest"] if match else text
    named = [term.name for term in glossary.terms_in(match["quote"])]
    return f"{match['rest'].rstrip('?. ')} ({', '.join(named[:2])})?" if named else match["rest"]


def is_other_script(text: str) -> bool:
    """Is most of the text in letters that aren't Latin or Greek?"""
    letters = [c for c in text if c.isalpha()]
    foreign = [c for c in letters if not unicodedata.name(c, "").startswith(("LATIN", "GREEK", "MICRO", "FEMININE"))]
    return bool(letters) and len(foreign) > 0.5 * len(letters)


def is_link(text: str) -> bool:
    """Is the text a link, with few words beside it?"""
    rest, links = LINK.subn(" ", text)
    return bool(links) and len(rest.split()) <= BESIDE_LINK
