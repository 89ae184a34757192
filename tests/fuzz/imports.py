"""Files of other programs: PDF, Word, web pages, XML, NBIB, RIS; what is read becomes a draft that can be quoted."""

from collections.abc import Callable, Sequence
from functools import cache

from bot.domain.errors import DocumentError
from bot.knowledge.documents import parse_document
from bot.knowledge.importing.draft import missing, name_draft, write_draft
from bot.knowledge.importing.material import UnreadableError
from bot.knowledge.importing.reading import read_materials
from tests.fuzz.documents import check_document
from tests.fuzz.target import Target, require
from tests.fuzz.words import put
from tests.importing_samples import samples as all_samples

RECORD = {
    ".nbib": b"PMID- 12345678\nOWN - NLM\nDP  - 2020 Mar-Apr\nTI  - A drug for\n      rashes.\nLID - 10.9999/a [doi]\n"
    b"AB  - BACKGROUND: Seven children were given it. RESULTS: Five of 7 improved by week 12.\nFAU - Miller, Anna\n\n",
    ".ris": b"TY  - JOUR\nAU  - Miller, Anna\nTI  - A drug for rashes\nPY  - 2020/03/01\nDO  - 10.9999/a\n"
    b"AB  - Seven children were given it. Five of 7 improved by week 12.\nER  - \n",
}


@cache
def samples(ending: str) -> Sequence[bytes]:
    """The smallest samples of this kind."""
    if ending in RECORD:
        return [RECORD[ending], RECORD[ending] * 3]
    found = sorted((sample.data for sample in all_samples() if sample.name.endswith(ending)), key=len)
    return found[:6]


def read_as(ending: str) -> Callable[[bytes], None]:
    """Reads any bytes as a file with this ending, and its draft as the library would."""

    def run(data: bytes) -> None:
        path = put(data, f"imported{ending}")
        try:
            materials = read_materials(path)
        except UnreadableError as error:
            require(error.problem and error.remedy, "A refusal says why and what to do.")
            return
        for material in materials:
            missing(material)
            name = name_draft(material, "imported")
            require(name and "/" not in name and name not in {".", ".."}, "A draft has a name in its folder.")
            draft = write_draft(material, name)
            try:
                check_document(parse_document(f"{name}.md", draft), draft)
            except DocumentError as error:
                require("no text to quote" in str(error), f"The library reads its own draft: {error}")

    return run


MARKED = tuple(
    part.encode()
    for part in (
        "<p>", "</p>", "<table><tr><td colspan=999999 rowspan=999999>", "<td rowspan='-1'>", "<td colspan='a'>",
        "<div>" * 500, "&lt;", "&#x110000;",
        "&a;", "<!DOCTYPE a [<!ENTITY a 'b'>]>", "<![CDATA[", "]]>", "<!--", "-->", "<script>", "<meta charset=x>",
        "<sec>", "<title>", "<xref>",
        "<article>", "<list>", "<year>99999</year>", "<ul><li>", "<h2>", "<math>", "\x00", "---\n", "# ", "|",
        "TY  - JOUR\n", "ER  - \n", "PMID- 1\n",
        "AB  - ", "DP  - ", "PY  - 20\n", "FAU - ", "      ", "A1  - ", "N2  - ", "DO  - 10.1/a\n", "<!-- page 2 -->",
        "title: ",
    )
)  # fmt: skip
DRAWN = (b"BT ", b" ET", b" Tf", b" Tj", b" Td", b"0 0 0 0 0 0 cm ", b"1e38 ", b"-99999 ", b" Tr", b"q ", b"Q ",
b" re f", b"(", b")", b"<<", b">>",
         b"endstream", b"/Type /Page", b"/Kids [4 0 R]", b"/Count 99999", b"/MediaBox [0 0 0 0]", b"0 0 0 rg ",
         b"3 Tr ", b"/Rotate 90 ")  # fmt: skip
FORMATS = {".pdf": DRAWN, ".html": MARKED, ".xml": MARKED, ".docx": (), ".nbib": MARKED, ".ris": MARKED}
TARGETS = tuple(
    Target(name=f"import-{ending[1:]}", promise="a draft that the library reads, or an UnreadableError",
    run=read_as(ending),
           seeds=lambda ending=ending: samples(ending), fragments=fragments)  # type: ignore[misc]
    for ending, fragments in FORMATS.items()
)  # fmt: skip
