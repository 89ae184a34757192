"""The throughput benchmark asks each question once, and no more at once than a process answers."""

from itertools import count
from typing import Any

from bot.domain.messages import IncomingMessage
from tests.benchmarks.throughput import ask, made
from tests.fakes import GLOSSARY


class Service:
    """Remembers what it was asked, and how many waited for it at once."""

    def __init__(self) -> None:
        self.asked: list[IncomingMessage] = []
        self.now = self.most = 0

    async def respond(self, message: IncomingMessage) -> None:
        import asyncio

        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.asked.append(message)
        self.now -= 1


async def test_each_question_is_asked_once_in_a_conversation_of_its_own() -> None:
    service: Any = Service()
    questions = [f"question {number}" for number in range(40)]
    measured = await ask(service, questions, 8, 2, count())
    assert sorted(message.text for message in service.asked) == sorted(questions)
    assert len({message.conversation for message in service.asked}) == len(questions)
    assert len(measured.each) == len(questions)
    assert service.most == 2


def test_the_made_questions_are_all_different() -> None:
    questions = list(made(GLOSSARY))
    assert len(questions) == len(set(questions)) > 8
