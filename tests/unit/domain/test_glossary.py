"""Names are found as they are written, whole, the longest first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.glossary import Glossary, Term, TermKind
from bot.domain.text import fold

SHARE = Term(id="share", name="SHARE initiative", kind=TermKind.CONCEPT, exact=("SHARE",))
JDM = Term(id="jdm", name="juvenile dermatomyositis", kind=TermKind.DISEASE, abbreviations=("JDM",))
DM = Term(id="dm", name="dermatomyositis", kind=TermKind.DISEASE)
MDA5 = Term(id="mda5", name="anti-MDA5", kind=TermKind.ANTIBODY)
DRUG = Term(id="drug", name="infliximab", kind=TermKind.DRUG, brands=("Remicade",), classes=("tnfi", "gone"))
TNFI = Term(id="tnfi", name="TNF inhibitor", kind=TermKind.DRUG_CLASS, classes=("biologic",))
BIOLOGIC = Term(id="biologic", name="biologic", kind=TermKind.DRUG_CLASS)
GLOSSARY = Glossary((SHARE, JDM, DM, MDA5, DRUG, TNFI, BIOLOGIC))


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Juvenile dermatomyositis and JDM", ["jdm"]),
        ("dermatomyositis of the juvenile", ["dm"]),
        ("anti-MDA5, anti MDA5 and antiMDA5", ["mda5"]),
        ("two biologics and TNF inhibitors", ["biologic", "tnfi"]),
        ("a TNF. Inhibitor", []),
        ("remicadeX", []),
        ("They share a view", []),
        ("The SHARE recommendations", ["share"]),
        ("share the SHARE initiative", ["share"]),
        ("", []),
    ],
)
def test_terms_are_found_by_every_name(text: str, ids: list[str]) -> None:
    assert [term.id for term in GLOSSARY.terms_in(text)] == ids


def test_a_mention_says_where_it_stands_in_the_folded_text() -> None:
    text = "Give  Remicade to JDM"
    assert [fold(text)[m.start : m.end] for m in GLOSSARY.mentions(text)] == ["remicade", "jdm"]


def test_classes_are_known_upwards_and_members_downwards() -> None:
    assert GLOSSARY.ancestors(DRUG) == (TNFI, BIOLOGIC)
    assert GLOSSARY.members(BIOLOGIC) == (DRUG, TNFI)
    assert GLOSSARY.term("drug") is DRUG
    assert GLOSSARY.term("unheard of") is None


def test_synonyms_are_all_names_of_all_terms_once() -> None:
    assert GLOSSARY.synonyms([DRUG, JDM, DRUG]) == ("infliximab", "Remicade", "juvenile dermatomyositis", "JDM")


@given(st.text(max_size=200))
def test_mentions_never_overlap_in_any_text(text: str) -> None:
    ends = 0
    for mention in GLOSSARY.mentions(text):
        assert ends <= mention.start < mention.end <= len(fold(text))
        ends = mention.end
