"""Documents as curators bring them: Markdown, plain text, front matter, and the steps that make passages of them."""

from collections.abc import Callable, Sequence
from functools import cache

from bot.domain.documents import CuratedDocument
from bot.domain.errors import DocumentError
from bot.knowledge.citations import without_citations
from bot.knowledge.cleaning import Vocabulary, mend
from bot.knowledge.dates import DATE, parse_date
from bot.knowledge.documents import parse_document
from bot.knowledge.frontmatter import examine_header
from bot.knowledge.readers import decode
from bot.knowledge.sentences import split_sentences
from bot.knowledge.traced import Traced
from bot.places import shipped
from tests.fuzz.target import Target, require, text_of

FRAGMENTS = tuple(
    part.encode()
    for part in (
        "# ", "## ", "\n\n", "- ", "1. ", "| a | b |\n|---|---|\n", "> ", "```\n", "**", "_", "`", "[1]", "[1,2–4]",
        "(3)",
        "¹²", "^1^", "<!-- page 3 -->", "&amp;", "&#0;", "[a](b)", "![a](b)", "<b>", "\\", "---\n", "title: ",
        "doi: 10.1/",
        "sources:\n  - ", "review_status: ", "&a ", "*a", "!!python/object:os.system ", "? ", "{", "[", "\x0c",
        "\u00ad\n",
        "ﬁ", "Dr. ", "e.g. ", "i.e. ", "et al. ", "vs. ", "...", "…", "5 mg", "1,5", "References\n", "Table 1. ",
        "\r\n",
        "2026-02-31", "9" * 5000, "\u202e", "a\u0301", "Keywords: ", "Methods\n", "PMID: 12345678", "\ufeff", "\u2028",
    )
)  # fmt: skip


@cache
def seeds() -> Sequence[bytes]:
    """The beginnings and some pieces of the shipped library's documents."""
    texts = [path.read_bytes() for path in sorted((shipped("knowledge") / "jdm").rglob("*.md"))]
    return [text[:1500] for text in texts] + [text[2000:3000] for text in texts if len(text) > 3000]


def check_document(document: CuratedDocument, text: str) -> None:
    """Passages quote nothing but the file's own characters."""
    for passage in document.passages:
        for sentence in passage.sentences:
            require(sentence.text.strip(), "A sentence holds something.")
            for span in sentence.spans:
                require(0 <= span.start < span.end <= len(text), "A quotation points into the file.")
                first, last = text[span.start], text[span.end - 1]
                require(not first.isspace() and not last.isspace(), "A quotation begins and ends with a character.")
                require(first in sentence.quote and last in sentence.quote, "A quotation holds the file's characters.")


def read_as(name: str) -> Callable[[bytes], None]:
    """Reads any bytes as such a file."""

    def run(data: bytes) -> None:
        try:
            text = decode(data, name)
            check_document(parse_document(name, text), text)
        except DocumentError as error:
            require(str(error).strip(), "A refusal says why.")

    return run


def header(data: bytes) -> None:
    """Front matter of any text."""
    text = f"---\n{text_of(data)}\n---\nText.\n" if not data.startswith(b"---") else text_of(data)
    found, faults = examine_header(text, "a.md")
    require(all(str(fault) for fault in faults), "A fault says what is wrong.")
    require(found is None or 0 < found.end <= len(text), "The text begins behind the front matter.")


def steps(data: bytes) -> None:
    """Cleaning, citations and sentences keep every character's place, and sentences lose none."""
    text = text_of(data)
    lines = [Traced.of(text, 0, len(text))]
    mended = [mend(line, Vocabulary(text)) for line in lines]
    for traced in [*mended, *without_citations(mended, 3)]:
        require(len(traced.text) == len(traced.origins), "Every character has its place.")
        require(
            all(at < 0 or (at < len(text) and (text[at] == c or c == " ")) for c, at in zip(traced.text,
            traced.origins, strict=True)),
            "A character's place in the file holds that character.",
        )  # fmt: skip
        cut = [sentence.text for sentence in split_sentences(traced)]
        require("".join("".join(cut).split()) == "".join(traced.text.split()), "No sentence loses a character.")


def dates(data: bytes) -> None:
    """Every date that the pattern finds is read as a day or as none."""
    import re

    for match in re.finditer(DATE, text_of(data), re.IGNORECASE):
        parse_date(match.group())


PARTS = b"On 31 February 2020, Sept. 3rd, 2021 and 2021-13-45; updated: March 2019.", b"December 1, 1999"
TARGETS = (
    Target(name="markdown", promise="a document or a DocumentError; quotations point into the file",
           run=read_as("a.md"), seeds=seeds, fragments=FRAGMENTS),
    Target(name="plain", promise="the same for plain text",
           run=read_as("a.txt"), seeds=seeds, fragments=FRAGMENTS),
    Target(name="header", promise="front matter is read or its faults are named",
           run=header, seeds=lambda: [text.split(b"---\n")[1] for text in seeds() if text.startswith(b"---\n")],
           fragments=FRAGMENTS),
    Target(name="cleaning", promise="cleaning, citations and sentences keep every character and its place",
           run=steps, seeds=seeds, fragments=FRAGMENTS),
    Target(name="dates", promise="any date is read or is none", run=dates, seeds=lambda: PARTS,
           fragments=[b"Sept", b"May", b"2020", b"\xd9\xa3", b"0", b"st", b"-", b" "]),
)  # fmt: skip
