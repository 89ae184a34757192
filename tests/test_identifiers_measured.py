"""What redaction finds and spares: on the half of the labelled set that no rule was made on, and on other messages."""

import re
from dataclasses import replace
from pathlib import Path

from bot.answering.identifiers import redact
from bot.domain.messages import IncomingMessage
from tests.benchmarks.identifiers import Measured, measure, shipped_finder
from tests.safety_data import Half, private_messages
from tests.unit.conversation.test_service import make_service

OTHER_STYLE = Path(__file__).parent / "data" / "safety" / "identifiers_other_style.txt"
MARKED = re.compile(r"\[\[(.*?)\]\]")
TEST: Measured = measure(Half.TEST)


def test_of_the_test_half_most_identifiers_are_found() -> None:
    assert TEST.identifiers["all"] > 150
    assert TEST.found_share >= 0.935


def test_of_the_test_half_hardly_a_clinical_fact_is_lost() -> None:
    assert TEST.kept_share >= 0.99
    assert TEST.bare_touched / TEST.bare <= 0.06


async def test_what_was_found_is_echoed_nowhere_in_a_reply() -> None:
    finder = shipped_finder()
    service = replace(make_service()[0], identifiers=finder, max_length=4000)
    echoed = []
    for message in private_messages():
        if message.half is Half.TEST and message.identifiers:
            left = message.left_in(redact(message.text, finder).text)
            reply = await service.respond(IncomingMessage(conversation="c", text=message.text))
            said = str(reply)
            gone = [one.text for one in message.identifiers if one not in left and len(one.text) > 4]
            echoed += [1 for one in gone if re.search(rf"(?<!\w){re.escape(one)}(?!\w)", said)]
    assert echoed == []


def test_messages_of_another_style_are_read_as_well() -> None:
    lines = [line for line in OTHER_STYLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert len(lines) >= 400
    marked, left, touched = 0, [], []
    for line in lines:
        wanted, text = MARKED.findall(line), MARKED.sub(r"\1", line)
        told = redact(text, shipped_finder())
        for one in wanted:
            marked += 1
            if any(re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", told.text) for piece in re.findall(r"\w{2,}", one)):
                left.append(line)
        if not wanted and told.found:
            touched.append(line)
    assert len(left) <= 0.03 * marked, left
    assert touched == []
