"""From a file to the publications in it, whatever kind it is."""

from pathlib import Path

from bot.knowledge.importing.kinds import read_file
from bot.knowledge.importing.material import Material
from bot.knowledge.importing.tagged import read_nbib, read_ris
from bot.knowledge.importing.written import read_markdown_file, read_text_file


def read_materials(path: Path) -> list[Material]:
    """What a file holds. Raises `UnreadableError`."""
    kind, data = read_file(path)
    match kind:
        case "Markdown":
            return [read_markdown_file(data)]
        case "PDF":
            from bot.knowledge.importing.pdf import read_pdf

            return [read_pdf(data)]
        case "Word":
            from bot.knowledge.importing.word import read_word

            return [read_word(data)]
        case "web page":
            from bot.knowledge.importing.web import read_web_page

            return [read_web_page(data)]
        case "XML":
            from bot.knowledge.importing.xml_files import read_xml

            return read_xml(data)
        case "NBIB":
            return read_nbib(data)
        case "RIS":
            return read_ris(data)
        case _:
            return [read_text_file(data)]
