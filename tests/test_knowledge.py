"""The curators' house as shipped: every document loads and keeps the editorial policy, and the data files are sound."""

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.answering.triage import URGENT, Sign, TriageLevel, TriageRule, TriageRules, triage
from bot.domain.documents import CuratedDocument, PassageKind, ReviewStatus
from bot.domain.glossary import ENDINGS, Glossary
from bot.domain.text import fold
from bot.knowledge.documents import Library, read_library
from bot.knowledge.glossary import load_glossary
from bot.knowledge.triage import load_triage
from tests.tools.figures import figures

ROOT = Path(__file__).parents[1]
KNOWLEDGE = ROOT / "knowledge"
SECTIONS = {
    "Summary",
    "Who was studied",
    "What was found",
    "Dose and schedule",
    "Time to judge response",
    "Safety",
    "Monitoring and screening",
    "If it fails or can't be given",
    "Limits of this evidence",
    "Where sources differ",
}
FIELDS = {
    "id", "title", "kind", "authors", "journal", "year", "doi", "pmid", "url", "no_identifier", "population",
    "directness", "design", "n", "oxford_2011", "questions", "sources", "review_status", "reviewed_by", "reviewed_on",
    "review_note", "review_by", "valid_until", "last_updated", "evidence_searched_until", "version", "licence",
    "excerpt_only", "conflicts_with",
}  # fmt: skip
BY_URGENCY = ("emergency", "crisis", "same_day", "prescription", "injection")


@cache
def shipped_library() -> Library:
    return read_library(KNOWLEDGE)


@cache
def shipped_glossary() -> Glossary:
    return load_glossary(KNOWLEDGE / "glossary.yaml")


@cache
def shipped_rules() -> TriageRules:
    return load_triage(KNOWLEDGE / "triage.yaml")


def documents() -> tuple[CuratedDocument, ...]:
    return shipped_library().documents


def front_matter(document: CuratedDocument) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(document_text(document).split("---\n", 2)[1])
    return read


def body(document: CuratedDocument) -> str:
    return document_text(document).split("---\n", 2)[2]


def document_text(document: CuratedDocument) -> str:
    return (KNOWLEDGE / document.path).read_text(encoding="utf-8")


def sentences(document: CuratedDocument) -> list[str]:
    return [s.text for p in document.passages if p.kind is PassageKind.BODY for s in p.sentences]


def sorted_as(text: str) -> str:
    """The most urgent level of a message, as the labels of the examples name it."""
    levels = {level.value for level in triage(text, shipped_rules()).levels}
    return next((level for level in BY_URGENCY if level in levels), "small_talk" if levels - {"soon"} else "none")


def messages() -> list[dict[str, str]]:
    path = Path(__file__).parent / "data" / "triage_messages.yaml"
    read: list[dict[str, str]] = yaml.safe_load(path.read_text(encoding="utf-8"))["messages"]
    return read


@cache
def register() -> dict[str, list[dict[str, Any]]]:
    path = Path(__file__).parent / "data" / "figures.yaml"
    read: dict[str, list[dict[str, Any]]] = yaml.safe_load(path.read_text(encoding="utf-8"))["documents"]
    return read


def stated(document: CuratedDocument) -> set[str]:
    """The figures of a document's text, title, population, design and number of patients."""
    header = front_matter(document)
    told = [str(header[field]) for field in ("title", "population", "design", "n") if field in header]
    text = [line for line in body(document).splitlines() if not line.startswith("#")]
    return {figure for line in (*told, *text) for figure in figures(line)}


def registered(document: CuratedDocument) -> set[str]:
    return {figure for entry in register()[document.id] for figure in entry["figures"]}


def test_the_library_has_at_least_forty_documents_and_no_faults() -> None:
    assert shipped_library().faults == ()
    assert len(documents()) >= 40


@pytest.mark.parametrize("document", documents(), ids=lambda document: document.id)
def test_every_figure_of_a_document_was_seen_in_a_source(document: CuratedDocument) -> None:
    assert stated(document) - registered(document) == set(), "not in tests/data/figures.yaml"


@pytest.mark.parametrize("document", documents(), ids=lambda document: document.id)
def test_the_register_holds_no_figure_that_its_document_no_longer_states(document: CuratedDocument) -> None:
    assert registered(document) - stated(document) == set()


def test_the_register_names_a_publication_and_its_part_for_every_figure_of_every_document() -> None:
    assert set(register()) == {document.id for document in documents()}
    for entries in register().values():
        for entry in entries:
            assert set(entry) == {"seen", "figures"}
            assert re.fullmatch(r"[^:]+: [^:]+", entry["seen"]), entry
            assert entry["figures"], entry


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("16/24 (66.7%) within six months", ["16/24", "66.7%", "6 month"]),
        ("575 mg/m² up to 1.5 m², at most 1 g", ["575 mg/m²", "1.5 m²", "1 g"]),
        ("7.2±4.0 years, 3–21 months, n=25, p<0.001", ["7.2±4.0 year", "3–21 month", "25", "0.001"]),
        ("the 12-month target, at least 80% of half the group", ["12 month", "80%", "half"]),
        ("anti-Mi-2, IL-6, CD20, MMT8 and PRINTO20 are names", []),
    ],
)
def test_figures_are_told_from_names(text: str, found: list[str]) -> None:
    assert figures(text) == found


def test_overviews_do_not_list_themselves_or_another_overview_among_their_sources() -> None:
    titles = {document.title for document in documents() if "/overviews/" in document.path}
    assert len(titles) >= 10
    for document in documents():
        assert titles.isdisjoint(source["title"] for source in front_matter(document)["sources"]), document.path


def test_every_document_is_named_after_its_file_and_has_only_known_fields() -> None:
    for document in documents():
        assert document.id == Path(document.path).stem
        assert set(front_matter(document)) <= FIELDS, document.path


def test_every_document_has_an_identifier_or_says_why_not() -> None:
    for document in documents():
        reason = front_matter(document).get("no_identifier")
        assert document.doi or document.pmid or document.url or reason, document.path


def test_identifiers_are_well_formed() -> None:
    for document in documents():
        header = front_matter(document)
        for record in (header, *header["sources"]):
            assert re.fullmatch(r"10\.\d{4,9}/\S+", record.get("doi", "10.1000/none")), document.path
            assert re.fullmatch(r"\d{7,8}", str(record.get("pmid", "1234567"))), document.path


def test_nobody_has_reviewed_the_first_library_and_no_document_claims_so() -> None:
    for document in documents():
        assert document.review_status is ReviewStatus.SUBMITTED
        assert not document.reviewed_by
        assert document.reviewed_on is None


def test_every_document_carries_questions_sources_and_a_population() -> None:
    for document in documents():
        header = front_matter(document)
        assert 3 <= len(document.questions) <= 6, document.path
        assert all(question.endswith("?") for question in document.questions), document.path
        assert header["sources"], document.path
        assert all(source["title"] for source in header["sources"]), document.path
        assert document.population, document.path


def test_a_conflict_names_a_document_of_the_library_and_that_one_names_it_back() -> None:
    stated = {(d.id, c.document, c.topic) for d in documents() for c in d.conflicts_with}
    assert stated
    assert {(other, own, topic) for own, other, topic in stated} == stated
    assert {other for _, other, _ in stated} <= {document.id for document in documents()}
    assert all(own != other for own, other, _ in stated)


def test_every_conflict_says_why() -> None:
    assert all(c.reason.endswith(".") for d in documents() for c in d.conflicts_with)


def test_every_document_begins_with_a_summary_and_states_its_limits() -> None:
    for document in documents():
        headings = re.findall(r"^## (.+)$", body(document), flags=re.MULTILINE)
        assert headings[0] == "Summary", document.path
        assert "Limits of this evidence" in headings, document.path
        assert set(headings) <= SECTIONS, document.path
        assert len(headings) == len(set(headings)), document.path


def test_every_document_has_150_to_450_words() -> None:
    for document in documents():
        words = len(re.sub(r"^#.*$", "", body(document), flags=re.MULTILINE).split())
        assert 150 <= words <= 450, f"{document.path}: {words} words"


def test_no_sentence_begins_with_a_bare_pronoun() -> None:
    for document in documents():
        for sentence in sentences(document):
            assert not re.match(r"(It|They|This|These|Those|He|She)\b(?! document)", sentence), sentence


def test_every_sentence_is_one_line_and_ends_with_a_full_stop() -> None:
    for document in documents():
        lines = [line for line in body(document).splitlines() if line and not line.startswith("#")]
        assert all(line.endswith(".") for line in lines), document.path
        assert lines == sentences(document), document.path


def test_numbers_of_a_web_page_say_that_it_is_unreviewed() -> None:
    for document in documents():
        for sentence in sentences(document):
            if "web overview" in sentence and re.search(r"\d ?(mg|g)(/kg|/m²)?\b", sentence):
                assert re.search(r"unreviewed|web overviews? \(2025\)|SHARE|ProDERM", sentence), sentence


def test_the_two_rituximab_schemes_of_the_web_pages_stand_beside_the_scheme_of_the_trial() -> None:
    text = next(body(document) for document in documents() if document.id == "rim-trial-2013")
    assert all(dose in text for dose in ("375 mg/m²", "1000 mg", "575 mg/m²", "750 mg/m²"))
    assert "Neither web scheme" in text


def test_the_glossary_has_at_least_150_terms_with_a_plain_sentence_each() -> None:
    terms = shipped_glossary().terms
    assert len(terms) >= 150
    for term in terms:
        assert re.fullmatch(r"[A-Z0-9][^.!?]+\.", term.plain), term.id
        assert len(term.plain.split()) <= 20, term.id


def test_no_name_stands_in_two_terms() -> None:
    owners: dict[str, set[str]] = {}
    for term in shipped_glossary().terms:
        for name in term.all_names:
            owners.setdefault(re.sub(r"[\s-]+", "", fold(name)), set()).add(term.id)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_term_ids_are_unique_and_classes_exist() -> None:
    terms = shipped_glossary().terms
    counts = Counter(term.id for term in terms)
    assert [term_id for term_id, count in counts.items() if count > 1] == []
    assert all(name in counts for term in terms for name in term.classes)


def test_every_name_leads_to_its_own_term() -> None:
    glossary = shipped_glossary()
    for term in glossary.terms:
        for name in term.all_names:
            assert term in glossary.terms_in(name), f"{name} isn't found as {term.id}"


@pytest.mark.parametrize(
    ("written", "term"),
    [
        ("Humira", "adalimumab"),
        ("cyclosporin A", "ciclosporin"),
        ("anti TIF1-γ", "anti-tif1"),
        ("JAKi", "jak-inhibitor"),
        ("trouble swallowing", "dysphagia"),
        ("lung scarring", "ild"),
        ("SHARE", "share"),
        ("CAT-BM", "cat-bm"),
    ],
)
def test_brands_abbreviations_and_lay_words_are_understood(written: str, term: str) -> None:
    assert [found.id for found in shipped_glossary().terms_in(f"what about {written} here")] == [term]


@pytest.mark.parametrize("sentence", ["please share your view", "the rim of the cup", "my cat is ill", "what a mess"])
def test_common_words_are_not_taken_for_terms(sentence: str) -> None:
    assert shipped_glossary().terms_in(sentence) == ()


def test_prednisone_and_prednisolone_are_two_drugs_of_one_class() -> None:
    found = shipped_glossary().terms_in("prednisone or prednisolone")
    assert [term.id for term in found] == ["prednisone", "prednisolone"]
    assert all(term.classes == ("prednisone-or-prednisolone", "glucocorticoid") for term in found)


def test_every_document_answers_a_question_that_names_a_term_of_the_glossary() -> None:
    glossary = shipped_glossary()
    for document in documents():
        assert any(glossary.terms_in(question) for question in document.questions), document.path


def test_triage_rules_load_and_have_unique_ids() -> None:
    rules: tuple[TriageRule | Sign, ...] = (*shipped_rules().rules, *shipped_rules().signs)
    ids = [rule.id for rule in rules]
    assert len(ids) == len(set(ids))
    assert {rule.level for rule in rules} == {*URGENT, TriageLevel.PRESCRIPTION, TriageLevel.INJECTION}


def test_every_same_day_flag_says_what_it_means_to_a_family_and_to_a_clinician_and_never_a_dose() -> None:
    flags = [sign for sign in shipped_rules().signs if sign.level is TriageLevel.SAME_DAY]
    assert len(flags) >= 15
    for rule in flags:
        assert rule.say is not None, rule.id
        for sentence in (rule.say.family, rule.say.clinician):
            assert re.fullmatch(r"[A-Z][^.]+\.", sentence), rule.id
            assert not re.search(r"\d ?(mg|g|ml|µg|mcg)\b", sentence), rule.id
        assert "today" in rule.say.family, rule.id


@pytest.mark.parametrize("message", messages(), ids=lambda message: message["text"][:60])
def test_messages_are_sorted_as_labelled(message: dict[str, str]) -> None:
    assert sorted_as(message["text"]) == message["label"]


def test_no_question_of_the_library_itself_is_taken_for_an_emergency_or_an_attack() -> None:
    for document in documents():
        for question in document.questions:
            assert sorted_as(question) == "none", question


def test_endings_of_the_glossary_do_not_make_a_name_of_another_term() -> None:
    names = {re.sub(r"[\s-]+", "", fold(n)): t.id for t in shipped_glossary().terms for n in t.all_names}
    for name, term in names.items():
        for ending in ENDINGS[1:]:
            assert names.get(name + ending, term) == term, f"{name}{ending}"
