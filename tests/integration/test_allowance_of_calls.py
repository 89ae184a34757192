"""What a call of a language model costs its user's allowance: what a provider did no work for costs nothing."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from bot.answering.composing import Task
from bot.answering.question import parse_question
from bot.bootstrap import load_words, open_allowance, open_composer, open_glossary
from bot.domain.spending import Spent
from bot.settings import SecretUrl, Settings
from tests.mixed_faults.plans import faulty
from tests.scripted_provider import Fails, Says, ScriptedProvider, always, serving

LINE = '{"text": "Rituximab may help children with dermatomyositis.", "sources": ["bcdf"], "quote": "may help"}\n'
WRITES = always(Says(LINE * 3))
REFUSED_AT_ONCE = ("429, late", "401", "context overflow", "502, a page")
PAID = ("hangs", "cut in the middle", "filtered at the end", "length")


@dataclass
class Ledger:
    """Remembers what was spent."""

    spendings: list[int] = field(default_factory=list)

    async def spent(self, user: str, day: date) -> Spent:
        return Spent(by_user=sum(self.spendings), by_all=sum(self.spendings))

    async def add(self, user: str, day: date, tokens: int) -> None:
        self.spendings.append(tokens)


async def spendings_of_a_question(tmp_path: Path, url: str) -> list[int]:
    settings = Settings(model="openai:any", model_url=SecretUrl(url), model_patience=1, data=tmp_path)
    glossary, ledger = open_glossary(settings), Ledger()
    composer, _ = open_composer(settings, glossary, load_words(settings), open_allowance(settings, ledger))
    task = Task(question=parse_question("Which dose?", glossary), evidence=(), ranked=(), user="somebody")
    await composer.compose(task, lambda _: None)
    return ledger.spendings


@pytest.mark.parametrize("name", REFUSED_AT_ONCE)
async def test_a_call_that_is_refused_costs_nothing(tmp_path: Path, name: str) -> None:
    async with serving(faulty(name, WRITES)) as provider:
        assert await spendings_of_a_question(tmp_path, provider.url) == []
        assert provider.asked


async def test_a_provider_that_is_away_costs_nothing(tmp_path: Path) -> None:
    gone = ScriptedProvider(WRITES)
    gone.start()
    gone.stop()
    assert await spendings_of_a_question(tmp_path, gone.url) == []


async def test_a_judge_that_is_refused_costs_nothing(tmp_path: Path) -> None:
    async with serving({"any": WRITES, "second": [Fails(401), Says("No, it doesn't say so.")]}) as provider:
        settings = Settings(
            model="openai:any", judge_model="openai:second", model_url=SecretUrl(provider.url), data=tmp_path
        )
        ledger = Ledger()
        _, (judge,) = open_composer(
            settings, open_glossary(settings), load_words(settings), open_allowance(settings, ledger)
        )
        assert await judge.objects("It helps.", ["It may help."], "somebody") is None
        assert ledger.spendings == []
        assert await judge.objects("It helps.", ["It may help."], "somebody")
    assert len(ledger.spendings) == 1


@pytest.mark.parametrize("name", PAID)
async def test_a_call_that_a_model_worked_on_costs_at_least_its_prompt(tmp_path: Path, name: str) -> None:
    async with serving(faulty(name, WRITES)) as provider:
        spendings = await spendings_of_a_question(tmp_path, provider.url)
    assert len(spendings) == len(provider.asked)
    assert min(spendings) > 500
