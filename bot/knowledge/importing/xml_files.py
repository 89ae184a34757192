"""Reads XML of two kinds: whole articles (JATS, as PubMed Central gives them) and PubMed's records."""

from bot.knowledge.importing.jats import read_article
from bot.knowledge.importing.material import Material, UnreadableError
from bot.knowledge.importing.pubmed import read_record
from bot.knowledge.importing.trees import name, parse_xml


def read_xml(data: bytes) -> list[Material]:
    """The publications of an XML file. Raises `UnreadableError`."""
    root = parse_xml(data)
    records = [element for element in root.iter() if name(element) in {"pubmedarticle", "medlinecitation"}]
    records = [record for record in records if record.getparent() not in records]
    if records:
        return [read_record(record) for record in records]
    articles = [element for element in root.iter() if name(element) == "article"]
    articles = [one for one in articles if not any(name(above) == "article" for above in one.iterancestors())]
    if not articles or not any(name(child) in {"front", "body"} for one in articles for child in one):
        problem = f"its XML is neither JATS nor PubMed's (it begins with <{name(root)}>)."
        raise UnreadableError(problem, "Download it from PubMed or PubMed Central, or bring in the PDF.")
    return [read_article(article) for article in articles]
