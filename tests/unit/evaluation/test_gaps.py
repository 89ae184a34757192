"""Questions that ask the same are one gap, whatever the order they came in."""

from datetime import UTC, datetime, timedelta
from random import Random

from bot.answering.language import content
from bot.domain.usage import Unanswered
from bot.evaluation.gaps import find_gaps
from tests.fake_embedder import HashEmbedder
from tests.fakes import GLOSSARY

START = datetime(2026, 1, 1, tzinfo=UTC)
ASKED = [
    ("What is the dose of anakinra?", ("On IL-1",)),
    ("dose of anakinra", ("On IL-1", "On doses")),
    ("What is the dose of anakinra?", ()),
    ("Is swimming allowed with calcinosis?", ("On calcinosis",)),
    ("What is the dose of abatacept?", ("On doses",)),
]
QUESTIONS = [
    Unanswered(question=question, asked_at=START + timedelta(days=n), nearest=nearest)
    for n, (question, nearest) in enumerate(ASKED)
]


def embed(text: str) -> object:
    return HashEmbedder().embed_query(" ".join(content(text, GLOSSARY)))


def test_like_questions_are_one_gap_and_others_stay_apart() -> None:
    first, *others = find_gaps(QUESTIONS, embed, lambda text: content(text, GLOSSARY))  # type: ignore[arg-type]
    assert (first.question, first.others) == ("What is the dose of anakinra?", ("dose of anakinra",))
    assert (first.count, first.last_asked) == (3, START + timedelta(days=2))
    assert first.nearest == ("On IL-1", "On doses")
    assert [(gap.question, gap.count) for gap in others] == [
        ("What is the dose of abatacept?", 1),
        ("Is swimming allowed with calcinosis?", 1),
    ]


def test_the_order_of_questions_changes_nothing() -> None:
    expected = find_gaps(QUESTIONS, embed, lambda text: content(text, GLOSSARY))  # type: ignore[arg-type]
    for seed in range(5):
        shuffled = Random(seed).sample(QUESTIONS, len(QUESTIONS))
        assert find_gaps(shuffled, embed, lambda text: content(text, GLOSSARY)) == expected  # type: ignore[arg-type]


def test_no_question_is_no_gap() -> None:
    assert find_gaps([], embed, lambda text: content(text, GLOSSARY)) == ()  # type: ignore[arg-type]
