"""Presidio beside the embedded finder, by a stand-in with the signature of its engine."""

import sys
from dataclasses import dataclass
from types import ModuleType

import pytest

from bot.answering.identifiers import IdentifierKind
from bot.domain.errors import ConfigurationError
from bot.providers.presidio import KINDS, SURE, PresidioFinder, open_presidio

TEXT = "Zork met Raynaud, SSN 219-09-9999, CK 1450"


@dataclass
class Result:
    entity_type: str
    start: int
    end: int
    score: float


class Engine:
    """Has the signature of `presidio_analyzer.AnalyzerEngine.analyze` and says what it was told."""

    def __init__(self, *results: Result) -> None:
        self.results = list(results)

    def analyze(
        self, text: str, language: str, entities: list[str] | None = None, score_threshold: float | None = None
    ) -> list[Result]:
        assert language == "en"
        assert entities == list(KINDS)
        return [result for result in self.results if result.score >= (score_threshold or 0)]


def of(word: str, sort: str, score: float = 0.85) -> Result:
    return Result(sort, TEXT.index(word), TEXT.index(word) + len(word), score)


def test_what_presidio_is_sure_of_is_found_and_terms_of_the_field_are_not() -> None:
    engine = Engine(
        of("Zork", "PERSON"),
        of("Raynaud", "PERSON"),
        of("219-09-9999", "US_SSN"),
        of("1450", "PHONE_NUMBER", SURE - 0.1),
        of("CK", "ORGANIZATION"),
    )
    found = PresidioFinder(engine, lambda word: word.startswith("Raynaud")).find(TEXT)
    assert [(TEXT[one.start : one.end], one.kind) for one in found] == [
        ("Zork", IdentifierKind.NAME),
        ("219-09-9999", IdentifierKind.INSURANCE_NUMBER),
    ]


def test_a_span_outside_of_the_text_is_ignored() -> None:
    assert PresidioFinder(Engine(Result("PERSON", 3, 999, 1.0))).find(TEXT) == []


def test_without_presidio_its_setting_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "presidio_analyzer", None)
    with pytest.raises(ConfigurationError, match=r"isn't installed.*footnote\[presidio\].*embedded"):
        open_presidio(lambda _: False)


def test_without_its_model_its_setting_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    class WithoutModel:
        def __init__(self) -> None:
            raise SystemExit(1)  # So ends spaCy's download without a network.

    module = ModuleType("presidio_analyzer")
    module.AnalyzerEngine = WithoutModel  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "presidio_analyzer", module)
    with pytest.raises(ConfigurationError, match="model could not be loaded"):
        open_presidio(lambda _: False)


def test_where_presidio_breaks_the_message_is_still_read_and_no_word_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Broken(Engine):
        def analyze(self, text: str, *_: object, **__: object) -> list[Result]:
            raise RuntimeError(text)

    assert PresidioFinder(Broken()).find(TEXT) == []
    assert "RuntimeError" in caplog.text
    assert "Zork" not in caplog.text
