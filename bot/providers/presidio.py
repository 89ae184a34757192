"""Microsoft Presidio as a finder of identifiers, beside the embedded one."""

import logging
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from bot.answering.identifiers import Found, IdentifierKind
from bot.domain.errors import ConfigurationError

log = logging.getLogger(__name__)

KINDS = {
    "PERSON": IdentifierKind.NAME,
    "EMAIL_ADDRESS": IdentifierKind.MAIL,
    "PHONE_NUMBER": IdentifierKind.PHONE,
    "URL": IdentifierKind.LINK,
    "IP_ADDRESS": IdentifierKind.DEVICE,
    "MAC_ADDRESS": IdentifierKind.DEVICE,
    "MEDICAL_LICENSE": IdentifierKind.RECORD_NUMBER,
    "CREDIT_CARD": IdentifierKind.INSURANCE_NUMBER,
    "IBAN_CODE": IdentifierKind.INSURANCE_NUMBER,
    "US_SSN": IdentifierKind.INSURANCE_NUMBER,
    "US_PASSPORT": IdentifierKind.INSURANCE_NUMBER,
    "US_ITIN": IdentifierKind.INSURANCE_NUMBER,
    "UK_NHS": IdentifierKind.INSURANCE_NUMBER,
    "UK_NINO": IdentifierKind.INSURANCE_NUMBER,
}
"""What of Presidio's sorts identifies a person; dates and places as it finds them are clinical facts, too."""
SURE = 0.6
"""Presidio's score from which it is believed: below stand mere patterns of digits, such as laboratory values."""
LANGUAGE = "en"


class Analyzer(Protocol):
    """What is used of Presidio's `AnalyzerEngine`."""

    def analyze(
        self, text: str, language: str, entities: list[str] | None = None, score_threshold: float | None = None
    ) -> list[Any]:
        """What it finds, with `entity_type`, `start`, `end` and `score`."""
        ...


class PresidioFinder:
    """Asks Presidio. `is_term` knows the field's words, which its models take for names."""

    def __init__(self, analyzer: Analyzer, is_term: Callable[[str], bool] = lambda _: False) -> None:
        self._analyzer = analyzer
        self._is_term = is_term

    def find(self, text: str) -> list[Found]:
        """Every identifier that Presidio is sure of; none where it breaks: the embedded finder has read the text."""
        try:
            results = self._analyzer.analyze(text, LANGUAGE, entities=list(KINDS), score_threshold=SURE)
        except Exception as error:  # noqa: BLE001 - whatever breaks in it, a message must still be kept and answered
            log.error("Presidio could not read a message: %s", type(error).__name__)  # noqa: TRY400 - may hold words
            return []
        return list(self._read(text, results))

    def _read(self, text: str, results: list[Any]) -> Iterator[Found]:
        for result in results:
            kind = KINDS.get(result.entity_type)
            if kind is None or not 0 <= result.start < result.end <= len(text):
                continue
            if kind is IdentifierKind.NAME and any(map(self._is_term, text[result.start : result.end].split())):
                continue
            yield Found(start=result.start, end=result.end, kind=kind, lead=result.start)


def open_presidio(is_term: Callable[[str], bool]) -> PresidioFinder:
    """Presidio with its English model. Raises ConfigurationError where it, or the model, isn't installed."""
    try:
        from presidio_analyzer import AnalyzerEngine
    except ImportError as error:
        raise ConfigurationError(
            "FOOTNOTE_IDENTIFIERS is presidio, but Presidio isn't installed.",
            remedy="Run `pip install footnote[presidio]`, or set FOOTNOTE_IDENTIFIERS=embedded.",
        ) from error
    try:
        return PresidioFinder(AnalyzerEngine(), is_term)
    except (Exception, SystemExit) as error:
        raise ConfigurationError(
            "Presidio is installed, but its English model could not be loaded.",
            remedy="Run `python -m spacy download en_core_web_lg`, or set FOOTNOTE_IDENTIFIERS=embedded.",
        ) from error
