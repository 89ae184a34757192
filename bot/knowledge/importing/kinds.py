"""Tells what a file is from its content, and refuses one whose name says something else."""

import re
from pathlib import Path

from bot.knowledge.importing.material import UnreadableError

LARGEST = 50_000_000
KINDS = {
    ".md": "Markdown", ".markdown": "Markdown", ".txt": "text", ".text": "text", ".pdf": "PDF", ".docx": "Word",
    ".html": "web page", ".htm": "web page", ".xhtml": "web page", ".xml": "XML", ".nxml": "XML", ".nbib": "NBIB",
    ".ris": "RIS",
}  # fmt: skip
REMEDIES = {
    "PDF": "Name it .pdf.",
    "web page": "It is the page around the document: download the document itself, or name the file .html.",
    "XML": "Name it .xml.",
    "NBIB": "Name it .nbib.",
    "RIS": "Name it .ris.",
    "Word": "Name it .docx.",
    "zip archive": "Unpack it and bring in the documents inside.",
    "old Word file": "Open it in a word processor and save it as .docx.",
    "encrypted or old Word file": "Take its password off, or save it again as .docx.",
    "RTF": "Open it in a word processor and save it as .docx.",
    "picture": "Bring in the document as text, not as a picture.",
}
WRITTEN = frozenset({"Markdown", "text"})
PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


def read_file(path: Path) -> tuple[str, bytes]:
    """The kind and the bytes of a file. Raises `UnreadableError`."""
    kind = KINDS.get(path.suffix.casefold())
    if kind is None:
        shown = f"files of the kind {path.suffix}" if path.suffix else "files without an ending"
        raise UnreadableError(f"{shown} aren't read.", f"Save it as one of: {', '.join(KINDS)}.")
    try:
        if path.is_dir():
            raise UnreadableError("it is a folder.", "Name the files in it.")
        size = path.stat().st_size
        if size > LARGEST:
            problem = f"it is too large: {size / 1e6:.0f} MB, and {LARGEST / 1e6:.0f} MB are read."
            raise UnreadableError(problem, "Split it, or bring in only the part that matters.")
        data = path.read_bytes()
    except OSError as error:
        reason = {FileNotFoundError: "there is no such file", PermissionError: "we aren't allowed to read it"}
        said = reason.get(type(error), f"it can't be opened ({error.strerror})")
        raise UnreadableError(f"{said}.", "Check its name and permissions.") from error
    if not data.strip():
        raise UnreadableError("it is empty.", "Download or save it again.")
    found = _look(data)
    if found and found != kind and not (kind in WRITTEN and found in {"NBIB", "RIS"}):
        named = f"its name ends in {path.suffix}, but it is {'an' if found[0] in 'eoNRX' else 'a'} {found}."
        raise UnreadableError(named, REMEDIES[found])
    if kind == "PDF" and found != "PDF":
        raise UnreadableError("its name ends in .pdf, but it is no PDF.", "Download it again.")
    if kind == "Word" and found != "Word":
        raise UnreadableError("its name ends in .docx, but it is no Word file.", "Save it again as .docx.")
    return kind, data


def _look(data: bytes) -> str:
    """What a file is by its first characters; empty where they don't tell."""
    if b"%PDF-" in data[:1024]:
        return "PDF"
    if data.startswith(b"PK"):
        return "Word" if b"word/" in data else "zip archive"
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "encrypted or old Word file"
    if data.startswith(b"{\\rtf"):
        return "RTF"
    if data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")):
        return "picture"
    head = data[:4096].removeprefix(b"\xef\xbb\xbf")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode()
    if PAGE.match(head):
        return "web page"
    if head.lstrip().startswith(b"<?xml") or re.match(rb"\s*<(?:!DOCTYPE\s+)?(?:article|Pubmed)", head):
        return "XML"
    if re.match(rb"\s*PMID- ", head):
        return "NBIB"
    return "RIS" if re.match(rb"\s*TY  - ", head) else ""
