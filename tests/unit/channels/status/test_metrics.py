"""Metrics hold kinds, counts and durations: whatever is said or done, no text, id or name becomes a label."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.channels.status.health import Finding, Health, Part, State
from bot.channels.status.metrics import Metrics
from bot.domain.answers import SupportLabel
from bot.domain.inbox import ArrivalKind
from bot.domain.messages import CheckedClaim, Provenance
from tests.prometheus import values
from tests.unit.stores.replies import a_reply, an_answer

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def reply(**more: Any) -> Any:
    checked = tuple(
        CheckedClaim(text="Secret words.", support=label, reasons=("Secret reason.",))
        for label in (SupportLabel.SUPPORTED, SupportLabel.SUPPORTED, SupportLabel.CONTRADICTED)
    )
    provenance = Provenance(answer_id="abc", model="openai:any", prompts={}, knowledge="x", checked=checked)
    timings = {"retrieve": 20.0, "compose": 3000.0, "total": 3100.0, "a new step": 1.0}
    return a_reply(outcome=an_answer(withheld=1), provenance=provenance, timings_ms=timings, **more)


def test_a_reply_is_counted_by_kind_steps_and_verdicts() -> None:
    metrics = Metrics()
    metrics.answered(reply())

    found = values(metrics)
    assert found["footnote_questions_total{answer,language_model}"] == 1
    assert found["footnote_questions_total{abstention,extractive}"] == 0
    assert found["footnote_answer_seconds_sum{}"] == pytest.approx(3.1)
    assert found["footnote_stage_seconds_sum{compose}"] == pytest.approx(3.0)
    assert found["footnote_stage_seconds_count{other}"] == 1
    assert found["footnote_gate_verdicts_total{SUPPORTED}"] == 2
    assert found["footnote_gate_verdicts_total{CONTRADICTED}"] == 1
    assert found["footnote_claims_withheld_total{}"] == 1


def test_however_much_happens_the_number_of_series_stays_bounded_and_no_word_gets_in() -> None:
    metrics = Metrics()
    for number in range(500):
        metrics.called_telegram(f"secret{number}", f"secret{number}", 0.1)
        metrics.asked_model("writer", f"secret{number}", 0.1)
        metrics.logged(f"secret{number}")
        metrics.answered(reply(question="secret", standalone_question="secret"))
    text = metrics.exposed().decode().lower()

    assert "secret" not in text
    assert len(text.splitlines()) < 1000
    assert values(metrics)["footnote_telegram_calls_total{other,other}"] == 500


def test_tokens_cost_what_the_settings_say() -> None:
    metrics = Metrics(million_tokens_cost=0.5)
    metrics.spent(2_000_000)

    assert values(metrics)["footnote_model_tokens_total{}"] == 2_000_000
    assert values(metrics)["footnote_model_cost_total{}"] == pytest.approx(1.0)


def test_the_inbox_is_told_by_depth_and_age_and_not_at_all_when_it_can_t_be_read() -> None:
    metrics = Metrics()
    metrics.inbox(3, NOW - timedelta(seconds=40), NOW)
    assert values(metrics)["footnote_inbox_depth{}"] == 3
    assert values(metrics)["footnote_inbox_oldest_age_seconds{}"] == 40
    metrics.inbox(0, None, NOW)
    assert values(metrics)["footnote_inbox_oldest_age_seconds{}"] == 0
    metrics.inbox(None, None, NOW)
    assert str(values(metrics)["footnote_inbox_depth{}"]) == "nan"


def test_only_a_poll_that_was_answered_is_a_sign_of_telegram() -> None:
    metrics = Metrics()
    metrics.called_telegram("getUpdates", "conflict", 1.0)
    assert values(metrics)["footnote_telegram_last_poll_timestamp_seconds{}"] == 0
    metrics.called_telegram("getUpdates", "ok", 10.0)

    found = values(metrics)
    assert found["footnote_telegram_last_poll_timestamp_seconds{}"] > 1_700_000_000
    assert found["footnote_telegram_call_seconds_count{}"] == 0, "a long poll isn't a slow call"


def test_parts_and_updates_and_what_was_given_up() -> None:
    metrics = Metrics()
    ill = Finding(part=Part.MODEL, state=State.DEGRADED, says="down")
    metrics.found(Health(findings=[ill]), documents=4)
    metrics.arrived(ArrivalKind.COMMAND)
    metrics.gave_up()

    found = values(metrics)
    assert found["footnote_ready{}"] == 1
    assert found["footnote_part_fine{model}"] == 0.5
    assert found["footnote_library_documents{}"] == 4
    assert found["footnote_updates_total{command}"] == 1
    assert found["footnote_inbox_given_up_total{}"] == 1
