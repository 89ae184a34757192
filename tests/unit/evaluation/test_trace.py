"""What is behind an answer is told whole, and what differs in a replay is told word by word."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.answers import Abstention, SupportLabel
from bot.domain.messages import Audience, CheckedClaim, ModelUse, RetrievedNote
from bot.domain.usage import WordsUsed
from bot.evaluation.trace import compare_replies, describe_trace, reader_of, trace
from bot.evaluation.words_history import tell_history
from bot.places import shipped
from bot.prompts import load_set
from bot.prompts.comparing import compare_texts, mark_words
from bot.prompts.past import PastText
from tests.unit.stores.replies import a_claim, a_reply, an_answer

WORDS = load_set(shipped("prompts"))
REPLY = a_reply()
MADE = replace(
    REPLY.provenance,
    prompts={"compose": WORDS.prompts["compose"].digest, "judge": "sha256:old"},
    models={"compose": ModelUse(model="openai:a", temperature=0.5, max_tokens=300)},
    checked=(
        CheckedClaim(text="It helps.", support=SupportLabel.SUPPORTED),
        CheckedClaim(text="It always helps.", support=SupportLabel.CONTRADICTED, reasons=("“always” isn't there.",)),
    ),
)


def test_a_trace_holds_everything_behind_an_answer() -> None:
    told = trace(replace(REPLY, provenance=MADE), WORDS)
    assert told["prompts"]["compose"]["present"] is True
    assert told["prompts"]["judge"]["present"] is False
    text = "\n".join(describe_trace(told))
    for part in (
        "openai:a, temperature 0.5, at most 300 tokens",
        "sha256:old  (not the present one)",
        "0.5000  jdm/rim.md  p1",
        "SUPPORTED  Rituximab was given at 750 mg/m2. [1]",
        "CONTRADICTED  It always helps.\n    withheld: “always” isn't there.",
        "total 12.5",
    ):
        assert part in text
    assert "understood" not in text
    assert "understood  Why?" in "\n".join(describe_trace(trace(replace(REPLY, standalone_question="Why?"), WORDS)))


def test_the_same_answer_again_differs_in_nothing() -> None:
    assert compare_replies(REPLY, replace(REPLY, timings_ms={"total": 99.0}, conversation="other")) == []


def test_what_differs_is_told_word_by_word() -> None:
    made = replace(
        MADE, knowledge="sha256:22", retrieved=(RetrievedNote(document="a.md", passage="p2", score=0.1),), model="ada"
    )
    outcome = an_answer(claims=(a_claim("Rituximab was given at 375 mg/m2."),), notices=(), withheld=1)
    assert compare_replies(REPLY, replace(REPLY, provenance=made, outcome=outcome)) == [
        "written by: extractive -> ada",
        "library: sha256:11 -> sha256:22",
        "withheld: 0 -> 1",
        f"prompt compose: none -> {MADE.prompts['compose'][:19]}",
        "prompt judge: none -> sha256:old",
        "prompt wording: sha256:00 -> none",
        "model of compose: none -> openai:a, temperature 0.5, at most 300 tokens",
        "passage no more found: p1",
        "passage newly found: p2",
        "claim: Rituximab was given at [-750-]{+375+} mg/m2.",
        "notice: [-Not reviewed yet.-]",
    ]
    silent = Abstention(text="Nothing.", nearest=(), notices=(), disclaimer=outcome.disclaimer)
    assert "kind: answer -> abstention" in compare_replies(REPLY, replace(REPLY, outcome=silent))


def test_the_reader_is_known_by_the_disclaimer() -> None:
    said = WORDS.for_language("de").say("disclaimer.family")
    assert reader_of(replace(REPLY, outcome=an_answer(disclaimer=said)), WORDS) is Audience.FAMILY
    assert reader_of(REPLY, WORDS) is Audience.CLINICIAN


def test_words_are_marked_where_they_stood() -> None:
    assert mark_words("one two three", "one 2 three four") == "one [-two-]{+2+} three{+ four+}"
    assert compare_texts("a\nb\nc\n", "a\nc\nd\n") == [(2, "[-b-]"), (3, "{+d+}")]
    assert compare_texts("same", "same") == []


def test_a_history_knows_texts_of_git_and_those_that_only_answers_remember() -> None:
    day = datetime(2026, 1, 5, tzinfo=UTC)
    texts = [
        PastText(text="version: 3\n"),
        PastText(text="version: 2\n", commit="c2", author="Ada", written=day),
        PastText(text="version: 1\n", commit="c1", author="Ada", written=day.replace(day=1)),
    ]
    lost = WordsUsed(name="compose", digest="sha256:lost", answers=4, first=day, last=day.replace(day=3))
    used = WordsUsed(name="compose", digest=texts[1].digest, answers=7, first=day, last=day)
    told = tell_history(texts, [lost, used])
    assert [(one.version, one.answers) for one in told] == [("3", 0), ("2", 7), ("", 4), ("1", 0)]
