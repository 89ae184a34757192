"""From the bytes of a file to its text, or a plain reason why not."""

import re
from pathlib import Path

from bot.domain.errors import DocumentError

READER_VERSION = "5"
"""Changes when the same files would be read otherwise; here, so that telling that nothing changed reads no document."""
LARGEST = 5_000_000
SUFFIXES = frozenset({".md", ".markdown", ".txt", ".text"})
MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a Word or zip file",
    b"\xd0\xcf\x11\xe0": "an old Word file",
    b"{\\rtf": "an RTF",
}
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
USUAL = frozenset("‘’“”–—…•€™°±²³¹µ·×÷§©®«»¼½¾¡¿ªº´¨¸ŠšŽžŒœŸ‰†‡‹›\xa0\xad")


def read_bytes(path: Path, name: str) -> bytes:
    """The bytes of a document. Raises `DocumentError` if it can't be opened, or is empty or too large."""
    try:
        if path.stat().st_size > LARGEST:
            raise DocumentError(name, "it is larger than 5 MB.", remedy="Split it, or keep only the part that matters.")
        data = path.read_bytes()
    except OSError as error:
        reason = (
            "we aren't allowed to read it"
            if isinstance(error, PermissionError)
            else f"it can't be opened ({error.strerror})"
        )
        raise DocumentError(name, f"{reason}.", remedy="Check the file and its permissions.") from error
    if not data.strip():
        raise DocumentError(name, "it is empty.", remedy="Write the document, or delete the file.")
    return data


def decode(data: bytes, name: str) -> str:
    """The text of a file, every line end as a line feed, without a byte order mark.

    UTF-8, UTF-16 with a byte order mark, or Windows-1252 where the result is plausible. Raises `DocumentError` for
    anything else. Offsets of spans count the characters of this text.
    """
    for magic, what in MAGIC.items():
        if data.startswith(magic):
            raise DocumentError(name, f"it is {what}, not a text.", remedy="Save its text as a .txt or .md file.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = _strictly(data, "utf-16", name)
    elif b"\x00" in data:
        raise DocumentError(
            name, "it is a binary file, not a text.", remedy="Save its text as UTF-8 in a .txt or .md file."
        )
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = _strictly(data, "cp1252", name)
            if not _is_plausible(text):
                raise _wrong_encoding(name) from None
    if len(CONTROLS.findall(text, 0, 20_000)) > 20:
        raise DocumentError(
            name, "it is a binary file, not a text.", remedy="Save its text as UTF-8 in a .txt or .md file."
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not any(character.isalnum() for character in text):
        raise DocumentError(name, "it holds no words.", remedy="Write the document, or delete the file.")
    return text


def _strictly(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _wrong_encoding(name) from error


def _wrong_encoding(name: str) -> DocumentError:
    return DocumentError(name, "its characters are in an encoding we can't tell.", remedy="Save it as UTF-8.")


def _is_plausible(text: str) -> bool:
    """Whether a text reads as Western European: few special characters, and the usual ones, most beside letters."""
    special = [character for character in text if ord(character) > 127]
    usual = sum(character in USUAL or "À" <= character <= "ÿ" for character in special)
    return len(special) <= 0.15 * len(text) and usual >= 0.98 * len(special)
