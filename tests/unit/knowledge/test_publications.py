"""What a curator is told about retractions and corrections, by registries that a local server plays."""

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.knowledge.checking import check_library
from bot.knowledge.publications import Outcome, check_publications, open_registries
from bot.knowledge.registries.memory import NAME
from tests.registry_server import Registry, serve, summary, update, work

TODAY = date(2026, 11, 22)
DOI = "10.1000/trial"


@dataclass
class Desk:
    """A library with one document, and how it is checked against the registry."""

    folder: Path
    registry: Registry
    waited: list[float] = field(default_factory=list)

    def check(self, fields: str = f"doi: {DOI}", *, today: date = TODAY, url: str = "", mailto: str = "") -> Outcome:
        library = self.folder / "library"
        library.mkdir(exist_ok=True)
        (library / "a.md").write_text(f"---\n{fields}\n---\nDrug X helped nine of 31 children.\n", encoding="utf-8")
        address = url or self.registry.url
        with open_registries(
            self.folder / "data", today, address, address, mailto=mailto, patience=0.3, sleep=self.waited.append
        ) as registries:
            return check_publications(check_library(library, today).examined, registries)

    def told(self, fields: str = f"doi: {DOI}") -> list[str]:
        return [str(fault) for fault in self.check(fields).faults]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with serve(Registry(works={DOI: work(DOI)})) as registry:
        yield Desk(tmp_path, registry)


def test_a_publication_to_which_nothing_happened_is_no_fault(desk: Desk) -> None:
    desk.registry.summaries = {"123": summary("123", ("Comment in", "Lancet. 2020 Jan 1;1:1", 9))}
    assert desk.check(f"doi: {DOI}\npmid: 123") == Outcome(publications=2, faults=(), handled=())


def test_retracted_in_updated_by_only(desk: Desk) -> None:
    desk.registry.works = {DOI: work(DOI, updated_by=[update("10.1000/note", source="retraction-watch")])}
    (fault,) = desk.check().faults
    told = f"DOI {DOI} was retracted, 2020-05-01 (Crossref: Retraction Watch; notice 10.1000/note)."
    assert (fault.path, fault.line, fault.what) == ("a.md", 2, told)
    assert fault.remedy.startswith("Set review_status to retired; if the document is to stay, say so in its text, then")


def test_retracted_in_the_update_to_of_the_publishers_notice_only(desk: Desk) -> None:
    desk.registry.notices = (
        work("10.1000/note", update_to=[update("10.1000/other"), update(DOI.upper()), update(DOI)]),
    )
    assert [one.partition(". ")[0] for one in desk.told()] == [
        f"a.md, line 2: DOI {DOI} was retracted, 2020-05-01 (Crossref: publisher; notice 10.1000/note)"
    ]


def test_retracted_in_the_update_to_of_its_own_record(desk: Desk) -> None:
    desk.registry.works = {DOI: work(DOI, update_to=[update(DOI, source="retraction-watch")])}
    assert f"was retracted, 2020-05-01 (Crossref: Retraction Watch; notice {DOI})" in desk.told()[0]


def test_a_notice_that_both_tell_of_is_told_once(desk: Desk) -> None:
    desk.registry.works = {DOI: work(DOI, updated_by=[update("10.1000/note", source="retraction-watch")])}
    desk.registry.notices = (work("10.1000/NOTE", update_to=[update(DOI)]),)
    assert len(desk.told()) == 1
    assert "(Crossref: Retraction Watch, Crossref: publisher; notice 10.1000/note)" in desk.told()[0]


@pytest.mark.parametrize(
    ("kind", "told", "remedy"),
    [
        ("correction", "was corrected, 2020-05-01", "mend what changed"),
        ("erratum", "was corrected (erratum), 2020", "mend what changed"),
        ("new_version", "was corrected (new version)", "mend what changed"),
        ("expression_of_concern", "has an expression of concern, 2020-05-01", "what it doubts"),
        ("partial_retraction", "was retracted (partial retraction)", "Set review_status to retired"),
        ("withdrawal", "was retracted (withdrawal)", "Set review_status to retired"),
    ],
)  # fmt: skip
def test_corrections_and_concerns_are_told_as_what_they_are(desk: Desk, kind: str, told: str, remedy: str) -> None:
    desk.registry.works = {DOI: work(DOI, updated_by=[update("10.1000/note", kind)])}
    assert told in desk.told()[0]
    assert remedy in desk.told()[0]


def test_the_gravest_is_told_first(desk: Desk) -> None:
    kinds = ("correction", "expression_of_concern", "retraction")
    desk.registry.works = {DOI: work(DOI, updated_by=[update(f"10.1000/{kind}", kind) for kind in kinds])}
    assert [one.partition("notice 10.1000/")[2].partition(")")[0] for one in desk.told()] == [*reversed(kinds)]


def test_a_notice_named_instead_of_its_publication_is_told(desk: Desk) -> None:
    desk.registry.works = {DOI: work(DOI, update_to=[update("10.1000/other")])}
    assert (
        f"DOI {DOI} is itself a notice (retraction) of 10.1000/other (Crossref: publisher). Name the" in desk.told()[0]
    )


def test_an_unknown_doi_is_told_but_not_one_of_another_agency(desk: Desk) -> None:
    desk.registry.works = {}
    assert desk.told() == [
        f"a.md, line 2: Crossref doesn't know DOI {DOI}. Compare it with the publication and correct it."
    ]
    desk.registry.agencies = {DOI: "datacite"}
    assert desk.told() == []


def test_a_source_is_checked_like_the_document_with_its_own_line_and_advice(desk: Desk) -> None:
    desk.registry.works = {DOI: work(DOI, updated_by=[update("10.1000/note")])}
    told = desk.told(f"n: 3\nsources:\n- title: The trial\n  year: 2010\n  doi: {DOI}")
    assert told[0].startswith(f"a.md, line 6: its source DOI {DOI} (The trial) was retracted, 2020-05-01")
    assert "Take out what rests on it, or say in the text that it was retracted" in told[0]


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (
            summary("123", ("Retraction in", "Lancet. 2010 Feb 6;375(9713):445", 20), types=("Retracted Publication",)),
            "PMID 123 was retracted, 2010 Feb 6 (PubMed; notice 20).",
        ),
        (summary("123", types=("Journal Article", "Retracted Publication")), "was retracted (PubMed)."),
        (summary("123", ("Erratum in", "J. 2012 Mar;3", 21)), "was corrected (erratum), 2012 Mar (PubMed; notice 21)."),
        (
            summary("123", ("Expression of concern in", "BMJ. 2015;350:h1", 22)),
            "has an expression of concern, 2015 (PubMed; notice 22).",
        ),
    ],
)  # fmt: skip
def test_pubmed_is_asked_about_pmids(desk: Desk, record: dict[str, object], told: str) -> None:
    desk.registry.summaries = {"123": record}
    assert [one for one in desk.told("pmid: 123") if told in one] == desk.told("pmid: 123")


def test_an_unknown_pmid_is_told(desk: Desk) -> None:
    assert desk.told("pmid: 99999999")[0].startswith("a.md, line 2: PubMed doesn't know PMID 99999999.")


def test_many_pmids_are_one_request(desk: Desk) -> None:
    desk.check("sources:\n" + "".join(f"- title: a\n  pmid: {number}\n" for number in range(1, 31)).rstrip())
    assert len(desk.registry.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_registry_is_asked_again_after_the_wait_that_it_names(desk: Desk, status: int) -> None:
    desk.registry.instead = {DOI: [status, status]}
    assert desk.told() == []
    assert desk.waited.count(0.0) == 2


@pytest.mark.parametrize(
    ("replies", "told"),
    [
        ([429] * 3, "Crossref is overloaded or out of order (status 429). Run the same command again later"),
        ([None] * 3, "Crossref didn't answer within 0.3 seconds. Run the same command again later"),
        (["<html>Please log in</html>"], "Crossref sent a reply that can't be understood. Open its"),
        (['{"message": {"DOI": 5}}'], "Crossref sent a reply that can't be understood."),
        ([403], "Crossref refused the request (status 403). Check the address and the proxy."),
    ],
)  # fmt: skip
def test_what_could_not_be_found_out_is_told_and_asked_again(
    desk: Desk, replies: list[int | str | None], told: str
) -> None:
    desk.registry.instead = {DOI: [*replies]}
    assert [one for one in desk.told() if f"a.md, line 2: what became of DOI {DOI} isn't known: {told}" in one]
    assert len(desk.registry.asked) == len(replies)
    assert desk.told() == []


def test_a_malformed_reply_of_pubmed_is_told(desk: Desk) -> None:
    desk.registry.instead = {"123": ['{"esummaryresult": ["Invalid uid"]}']}
    assert "PMID 123 isn't known: PubMed sent a reply that can't be understood." in desk.told("pmid: 123")[0]


@pytest.mark.parametrize("url", ["no-address", "http://a:b", "http://127.0.0.1:0"])
def test_a_wrong_address_is_told(desk: Desk, url: str) -> None:
    assert "Crossref can't be reached" in str(desk.check(url=url).faults[0])


def test_offline_each_publication_is_told_soon_and_once(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    sources = "".join(f"- title: a\n  doi: 10.1000/{number}\n" for number in range(9)) + f"- title: b\n  doi: {DOI}"
    faults = desk.check(f"doi: {DOI}\nsources:\n{sources}", url=url).faults
    assert len(faults) == 10
    assert all("Crossref can't be reached (ConnectError). Check the network" in str(fault) for fault in faults)
    assert len(desk.waited) <= 9


def test_what_was_found_is_kept_for_thirty_days(desk: Desk) -> None:
    desk.registry.works = {DOI: work(DOI, updated_by=[update("10.1000/note")])}
    first = desk.told()
    asked = len(desk.registry.asked)
    assert [str(fault) for fault in desk.check(today=TODAY + timedelta(days=29)).faults] == first
    assert len(desk.registry.asked) == asked
    assert [str(fault) for fault in desk.check(today=TODAY + timedelta(days=30)).faults] == first
    assert len(desk.registry.asked) == 2 * asked


@pytest.mark.parametrize("text", ["", "[]", '{"doi:10.1000/trial": {"asked": "soon"}}', '{"doi:10.1000/trial": []}'])
def test_a_damaged_memory_is_no_fault(desk: Desk, text: str) -> None:
    (desk.folder / "data").mkdir()
    (desk.folder / "data" / NAME).write_text(text, encoding="utf-8")
    assert desk.told() == []
    assert DOI in json.dumps(json.loads((desk.folder / "data" / NAME).read_text(encoding="utf-8")))


def test_what_was_dealt_with_is_no_fault_but_a_new_notice_is(desk: Desk) -> None:
    desk.registry.works = {DOI: work(DOI, updated_by=[update("10.1000/one", "correction")])}
    notices = f"notices:\n- {{publication: {DOI}, kind: correction, notice: 10.1000/ONE, handled: n mended.}}"
    outcome = desk.check(f"doi: {DOI}\n{notices}")
    assert outcome.faults == ()
    assert outcome.handled[0].endswith("(Crossref: publisher; notice 10.1000/one). Dealt with: n mended.")
    (desk.folder / "data" / NAME).unlink()
    both = [update("10.1000/one", "correction"), update("10.1000/two", "correction")]
    desk.registry.works = {DOI: work(DOI, updated_by=both)}
    assert ["10.1000/two" in one for one in desk.told(f"doi: {DOI}\n{notices}")] == [True]


def test_a_text_without_front_matter_is_asked_about_as_well(desk: Desk) -> None:
    desk.registry.works = {DOI: work(DOI, updated_by=[update("10.1000/note")])}
    (desk.folder / "library").mkdir()
    text = f"Drug X in vasculitis\n\ndoi: {DOI}\n\nDrug X helped nine of 31 children with vasculitis.\n"
    (desk.folder / "library" / "b.txt").write_text(text, encoding="utf-8")
    assert [fault.path for fault in desk.check().faults] == ["a.md", "b.txt"]


def test_retired_documents_are_left_alone_and_files_are_never_changed(desk: Desk) -> None:
    desk.registry.works = {DOI: work(DOI, updated_by=[update("10.1000/note")])}
    assert desk.told(f"doi: {DOI}\nreview_status: retired") == []
    desk.check()
    assert "retired" not in (desk.folder / "library" / "a.md").read_text(encoding="utf-8")


def test_registries_learn_who_asks(desk: Desk) -> None:
    desk.check(f"doi: {DOI}\npmid: 1", mailto="curator@example.org")
    assert all("curator%40example.org" in path for path in desk.registry.asked)
    assert {agent.partition("/")[0] for agent in desk.registry.agents} == {"Footnote"}
    assert all("(mailto:curator@example.org)" in agent for agent in desk.registry.agents)
