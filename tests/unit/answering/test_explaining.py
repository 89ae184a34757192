"""Hard words are explained in the glossary's sentences; everyday ones, and what everybody here knows, aren't."""

from bot.answering.explaining import MOST_WORDS, explain_words
from bot.domain.answers import Explained
from bot.domain.glossary import Glossary, Term, TermKind

DRUG, ILLNESS, CONCEPT = TermKind.DRUG, TermKind.MANIFESTATION, TermKind.CONCEPT
GLOSSARY = Glossary(
    (
        Term(id="ivig", name="intravenous immunoglobulin", kind=DRUG, abbreviations=("IVIG",), plain="Donated."),
        Term(id="rash", name="rash", kind=ILLNESS, plain="Red skin."),
        Term(id="zoster", name="herpes zoster", kind=ILLNESS, names=("shingles",), plain="Shingles: sore."),
        Term(id="control", name="control group", kind=CONCEPT, plain="Patients without the medicine."),
        Term(
            id="dysphagia",
            name="dysphagia",
            kind=ILLNESS,
            names=("trouble swallowing",),
            plain="Choking.",
        ),
        Term(
            id="jdm", name="juvenile dermatomyositis", kind=TermKind.DISEASE, abbreviations=("JDM",), plain="A disease."
        ),
        Term(id="silent", name="calcinosis", kind=ILLNESS),
        *(Term(id=f"t{n}", name=f"tzorp{n}", kind=CONCEPT, plain=f"Thing {n}.") for n in range(9)),
    )
)
COMMON = frozenset("rash herpes shingles control group trouble swallowing groups".split())


def explained(*texts: str) -> list[tuple[str, str]]:
    found = explain_words(texts, "JDM and its treatment", GLOSSARY, COMMON.__contains__)
    assert all(isinstance(each, Explained) for each in found)
    return [(each.term, each.plain) for each in found]


def test_abbreviations_and_words_that_general_english_lacks_are_explained_as_the_answer_writes_them() -> None:
    assert explained("IVIG helped dysphagia.") == [("IVIG", "Donated."), ("dysphagia", "Choking.")]


def test_a_term_of_the_trade_is_explained_though_its_words_are_everyday_ones() -> None:
    assert explained("No control groups were used.") == [("control group", "Patients without the medicine.")]


def test_everyday_words_are_not_explained() -> None:
    assert explained("The rash and trouble swallowing went away.") == []


def test_a_word_that_its_own_explanation_uses_is_none() -> None:
    assert explained("Shingles came.") == []


def test_what_the_library_is_about_and_what_has_no_plain_sentence_is_left_out() -> None:
    assert explained("Calcinosis in JDM.") == []


def test_each_word_is_explained_once_and_not_too_many() -> None:
    texts = [f"tzorp{n} and tzorp{n} again" for n in range(9)]
    assert [term for term, _ in explained(*texts)] == [f"tzorp{n}" for n in range(MOST_WORDS)]
