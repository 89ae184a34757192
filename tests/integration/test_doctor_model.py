"""The doctor asks the language model for a word, and says what is wrong in a sentence with its remedy."""

import asyncio
from pathlib import Path

import pytest

from bot.doctor import Check, examine
from tests.scripted_provider import Says, always, serving, wrong_key


@pytest.fixture(autouse=True)
def small_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one.md").write_text("# Rituximab\n\nRituximab was given weekly.\n", encoding="utf-8")
    monkeypatch.setenv("FOOTNOTE_KNOWLEDGE", str(tmp_path))


async def the_model(monkeypatch: pytest.MonkeyPatch, url: str, **more: str) -> Check:
    settings = {"FOOTNOTE_MODEL": "openai:any", "FOOTNOTE_MODEL_URL": url, "FOOTNOTE_MODEL_KEY": "sk-secret", **more}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    checks = await asyncio.to_thread(lambda: {check.name: check for check in examine()})
    assert "sk-secret" not in "".join(check.says for check in checks.values())
    return checks["language model"]


async def test_a_model_that_answers_is_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(always(Says("Yes."))) as provider:
        check = await the_model(monkeypatch, provider.url, FOOTNOTE_JUDGE_MODEL="openai:second")
    assert check.fine
    assert check.says == "openai:any answers; each claim is read over by a second one"


async def test_a_wrong_key_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(always(wrong_key())) as provider:
        check = await the_model(monkeypatch, provider.url)
    assert not check.fine
    assert "did not accept our key" in check.says
    assert "FOOTNOTE_MODEL_URL" in check.says


async def test_without_a_model_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    check = await the_model(monkeypatch, "", FOOTNOTE_MODEL="extractive")
    assert check.fine
    assert "quote the documents" in check.says
