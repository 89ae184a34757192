"""The real program with a collector of its operator's: every step of an answer, and no word of anybody."""

import json
from pathlib import Path

from tests.collector import Collector, attributes
from tests.end_to_end.operated import serving
from tests.fake_telegram import TOKEN, FakeTelegram

QUESTION = "My patient Xaverine weighs 21 kg: what is the dose of rituximab?"
STEPS = {"triage", "contextualize", "retrieve", "assess", "compose", "verify", "conclude"}


def test_a_question_in_telegram_is_a_trace_of_its_steps_under_the_id_of_the_log(
    tmp_path: Path, telegram: FakeTelegram
) -> None:
    with Collector() as collector:
        settings = {"FOOTNOTE_TRACES_URL": collector.url, "FOOTNOTE_LOG_FORMAT": "json"}
        with serving(tmp_path, telegram, settings) as bot:
            telegram.wait(lambda: telegram.polls)
            telegram.says(QUESTION, sender=987654321)
            line = bot.says(lambda line: '"answered"' in line)
            assert bot.ends() == 0
        collector.waits(lambda: any(span.name == "question" for span in collector.spans()))
    (root,) = [span for span in collector.spans() if span.name == "question"]
    steps = [span for span in collector.spans() if span is not root]
    assert {span.name for span in steps} == STEPS
    assert {span.parent_span_id for span in steps} == {root.span_id}
    assert attributes(root)["footnote.answer_id"] == json.loads(line)["question"]
    for span in steps:
        assert root.start_time_unix_nano <= span.start_time_unix_nano
        assert span.end_time_unix_nano <= root.end_time_unix_nano
    sent = b"".join(collector.bodies)
    assert [word for word in (b"Xaverine", b"rituximab", b"21 kg", b"987654321", TOKEN.encode()) if word in sent] == []
