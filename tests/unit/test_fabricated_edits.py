"""The committed forms keep their rules. Remake them with `python -m tests.benchmarks.fabricated_edits --remake`."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from bot.domain.glossary import Glossary
from bot.knowledge.glossary import load_glossary
from bot.places import shipped
from tests.benchmarks.edits import faithful, numbers, strength, swaps
from tests.benchmarks.edits.forms import FORMS, HALVES, KINDS, PASSAGES, Form, lines_in, read_forms, write_forms
from tests.benchmarks.edits.making import MOST_OF_A_KIND, make_forms, thinned
from tests.benchmarks.edits.sources import gather, half_of, read_abstracts
from tests.benchmarks.edits.tails import TAILS
from tests.benchmarks.fabricated_edits import Judged, print_misses, print_table
from tests.benchmarks.retrieval import document_of

LEAST = 25
TEXT = (
    "In the trial, methotrexate was given at 15–20 mg/m² once a week to 48 children with refractory JDM. "
    "Rash improved in 24 of 48 children after 12 weeks, whereas calcinosis did not change. "
    "Rituximab may be considered in adults with dermatomyositis, according to SHARE. "
    "No serious infection was seen over 6 months (p<0.001)."
)


@pytest.fixture(scope="module")
def forms() -> list[Form]:
    return read_forms()


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return load_glossary(shipped("knowledge") / "glossary.yaml")


def test_every_kind_has_enough_forms_in_each_half(forms: list[Form]) -> None:
    counts = Counter((form.kind, form.half) for form in forms)
    assert {place: counts[place] for kind in KINDS for half in HALVES if counts[place := (kind, half)] < LEAST} == {}
    assert {form.kind for form in forms} == set(KINDS)


def test_there_are_four_hundred_claims(forms: list[Form]) -> None:
    assert len({form.claim for form in forms if form.kind == "verbatim"}) >= 400


def test_ids_are_unique_and_the_file_says_which_forms_are_faithful(forms: list[Form]) -> None:
    assert len({form.id for form in forms}) == len(forms)
    assert [line["faithful"] for line in lines_in(FORMS)] == [form.faithful for form in forms]


def test_halves_share_no_document_and_no_passage(forms: list[Form]) -> None:
    shown: dict[str, set[str]] = {half: set() for half in HALVES}
    for form in forms:
        assert form.half == half_of(form.document)
        shown[form.half] |= {passage.id for passage in form.passages}
    assert shown["tuning"] & shown["test"] == set()


def test_what_is_verbatim_stands_in_the_cited_passage(forms: list[Form]) -> None:
    for form in forms:
        cited = [passage.text for passage in form.passages if passage.id in form.citations]
        if form.kind in {"verbatim", "quoted_part", "invented_quotation"}:
            assert any(form.claim in text for text in cited), form.id
        if form.kind != "invented_quotation":
            assert all(any(quotation in text for text in cited) for quotation in form.quotations), form.id


def test_what_is_wrong_stands_in_no_passage(forms: list[Form]) -> None:
    for form in forms:
        texts = {passage.id: passage.text for passage in form.passages}
        if form.kind == "wrong_passage":
            assert any(form.claim in text for text in texts.values()), form.id
            assert form.claim not in texts[form.citations[0]], form.id
        elif form.kind == "unknown_id":
            assert form.citations[0] not in texts, form.id
        elif form.kind == "invented_quotation":
            assert not any(form.quotations[0] in text for text in texts.values()), form.id
        elif not form.faithful:
            assert not any(form.claim in text for text in texts.values()), form.id


def test_no_form_is_both_faithful_and_corrupted(forms: list[Form]) -> None:
    told: dict[bool, set[tuple[object, ...]]] = {True: set(), False: set()}
    for form in forms:
        told[form.faithful].add((form.claim, form.passages, form.citations, form.quotations))
    assert told[True] & told[False] == set()


def test_every_passage_is_in_use_and_the_files_stay_small(forms: list[Form]) -> None:
    used = {passage.id for form in forms for passage in form.passages}
    assert {line["id"] for line in lines_in(PASSAGES)} == used
    assert FORMS.stat().st_size < 1_400_000


def test_the_tails_are_many_and_differ() -> None:
    assert len(set(TAILS)) == len(TAILS) >= 60


def test_the_same_claims_give_the_same_forms(glossary: Glossary, tmp_path: Path) -> None:
    names = ["a", "b", "c", "d", "e", "f", "g", "h", "k"]
    material = gather(
        [document_of(name, "", TEXT.replace("48", str(30 + at))) for at, name in enumerate(names)], only=None
    )
    made = make_forms(material, glossary)
    assert made == make_forms(material, glossary)
    assert {form.kind for form in made} >= {"verbatim", "number", "range_end", "negation", "modality", "population"}
    write_forms(made, tmp_path)
    assert read_forms(tmp_path) == made


def test_a_large_library_gives_no_more_than_the_file_can_carry(forms: list[Form]) -> None:
    many = [*forms, *(replace(form, id=f"{form.id}x") for form in forms)]
    counts = Counter((form.kind, form.half) for form in thinned(many) if form.kind != "verbatim")
    assert max(counts.values()) == MOST_OF_A_KIND
    assert thinned(forms) == forms


def test_two_passages_with_one_id_are_refused(forms: list[Form], tmp_path: Path) -> None:
    one, two = forms[0], forms[-1]
    clash = replace(two, passages=(replace(two.passages[0], id=one.passages[0].id),))
    with pytest.raises(ValueError, match=one.passages[0].id):
        write_forms([one, clash], tmp_path)


def test_abstracts_are_read_from_the_readers_folder(glossary: Glossary, tmp_path: Path) -> None:
    for name in ("pubmedqa", "scifact"):
        (tmp_path / name).mkdir()
        lines = [
            f'{{"_id": "{n}", "title": "", "text": "Of {n} women, 12 (40%) were given aspirin daily."}}'
            for n in range(20, 32)
        ]
        (tmp_path / name / "corpus.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    material = read_abstracts(tmp_path, 10)
    assert len(material.passages) == 20
    made = make_forms(material, glossary)
    assert {form.kind for form in made} >= {"verbatim", "units", "number", "drug", "population"}


def test_a_bound_moves_only_to_where_it_is_wrong() -> None:
    for seed in range(30):
        for text in numbers.wrong_numbers("More than 150 patients improved.", ["-"], [], Random(seed)):
            assert int(text.split()[2]) > 150
        for text in numbers.wrong_numbers("It fell within 12 weeks (p<0.001).", ["-"], [], Random(seed)):
            weeks, p = text.split()[3], text.split("p<")[1].removesuffix(").")
            assert (int(weeks), float(p)) != (12, 0.001)
            assert int(weeks) <= 12
            assert float(p) <= 0.001


def test_years_dates_and_names_keep_their_numbers() -> None:
    text = "On 1 September 2021 the FDA named type 2 and IL-6 in Ding 2021."
    assert list(numbers.wrong_numbers(text, ["-"], [], Random(0))) == []


def test_a_drug_is_not_swapped_with_its_class_or_with_its_neighbour(glossary: Glossary) -> None:
    claim = "Infliximab or adalimumab helped, as TNF inhibitors may."
    for seed in range(30):
        for text in swaps.swapped_drugs(claim, [claim], glossary, Random(seed)):
            assert text != claim
            assert text.lower().count("infliximab") <= 1
            assert text.lower().count("adalimumab") <= 1


@pytest.mark.parametrize(
    ("claim", "edited"),
    [
        ("The drug was not effective.", "The drug was effective."),
        ("Rash improved in 12 children.", "Rash did not improve in 12 children."),
        ("Earlier treatment had been ineffective.", "Earlier treatment had been effective."),
        ("No trial was found.", "A trial was found."),
    ],
)
def test_a_negation_is_dropped_or_added(claim: str, edited: str) -> None:
    assert edited in list(strength.negated(claim, Random(0)))


@pytest.mark.parametrize(
    ("claim", "edited"),
    [
        ("It may lead to pneumonia.", "It will lead to pneumonia."),
        ("These results suggest that it works.", "These results prove that it works."),
        ("The rise was associated with death.", "The rise caused death."),
    ],
)
def test_a_claim_is_made_stronger(claim: str, edited: str) -> None:
    assert edited in list(strength.strengthened(claim, Random(0)))


def test_a_sample_is_not_widened_but_a_result_is() -> None:
    result = "Rash improved in 75% of children with refractory JDM on tofacitinib."
    assert any("patients with myositis" in text for text in swaps.other_people(result, Random(0)))
    sample = "The study enrolled children with refractory JDM."
    assert not any("patients with myositis" in text for text in swaps.other_people(sample, Random(0)))


def test_the_same_quantity_is_written_differently() -> None:
    made = set(faithful.rewritten_units("It was given at 1–2 mg/kg/day, at most 1 g, to 60% for 12 months.", Random(0)))
    assert {"1 to 2 mg/kg/day", "mg/kg per day", "1000 mg", "60 per cent", "1 year", "≤ 1 g"} <= {
        part for part in ("1 to 2 mg/kg/day", "mg/kg per day", "1000 mg", "60 per cent", "1 year", "≤ 1 g")
        if any(part in text for text in made)
    }  # fmt: skip


def test_clauses_and_lists_are_turned(glossary: Glossary) -> None:
    made = list(faithful.reordered("In this series, rash improved on infliximab or adalimumab.", glossary, Random(0)))
    assert "Rash improved on infliximab or adalimumab in this series." in made
    assert "In this series, rash improved on adalimumab or infliximab." in made


def test_names_are_abbreviated_and_expanded(glossary: Glossary) -> None:
    pairs = faithful.pairs(glossary)
    assert "It is MTX." in faithful.abbreviated("It is methotrexate.", pairs, Random(0))
    assert "It is juvenile dermatomyositis." in faithful.expanded("It is JDM.", pairs, Random(0))
    assert faithful.defined_in("The body mass index (BMI) rose.") == [("body mass index", "BMI")]


def test_two_sentences_become_one() -> None:
    one, two = "The warning names cancer on the drug.", "The warning names blood clots on the drug."
    assert list(faithful.joined(one, [two], Random(0))) == [
        ("The warning names cancer and blood clots on the drug.", two)
    ]


def test_the_table_counts_both_sorts(forms: list[Form], capsys: pytest.CaptureFixture[str]) -> None:
    right = next(form for form in forms if form.kind == "number")
    wrong = next(form for form in forms if form.kind == "verbatim")
    judged = [Judged(form=form, support="CONTRADICTED", reasons=["the numbers differ"]) for form in (right, wrong)]
    print_table({"library": judged})
    print_misses(judged, 1)
    told = capsys.readouterr().out
    assert "| number | 100.0% (1/1) |" in told
    assert "| **false alarms, mean of the kinds** | **100.0%** |" in told
    assert wrong.claim in told
    assert right.claim not in told
