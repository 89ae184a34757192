"""Where sources differ, the library holds both sides, each as a plain sentence of the document that carries it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.documents import PassageKind
from bot.knowledge.documents import read_library

HERE = Path(__file__).parent
LIBRARY = read_library(HERE.parent / "knowledge")


def differences() -> list[dict[str, Any]]:
    read: dict[str, list[dict[str, Any]]] = yaml.safe_load((HERE / "data" / "differences.yaml").read_text("utf-8"))
    return read["differences"]


@pytest.mark.parametrize("difference", differences(), ids=lambda difference: difference["topic"])
def test_each_side_is_a_sentence_of_a_document_that_is_no_overview(difference: dict[str, Any]) -> None:
    told = {
        document.id: {s.text for p in document.passages if p.kind is PassageKind.BODY for s in p.sentences}
        for document in LIBRARY.documents
        if "/overviews/" not in document.path
    }
    assert len(difference["sides"]) >= 2
    for side in difference["sides"]:
        assert side["says"] in told[side["document"]]


def test_all_known_differences_are_listed() -> None:
    topics = [difference["topic"] for difference in differences()]
    assert len(topics) == len(set(topics)) == 19
