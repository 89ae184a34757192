"""Whoever names a server of their own means it for every model: no question goes anywhere else."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.bootstrap import open_bot
from bot.domain.messages import IncomingMessage
from bot.settings import SecretUrl, Settings
from tests.scripted_provider import Says, always, honest, serving

KEY = "sk-of-our-own-server"
PAGE = """\
# Rituximab in JDM

Rituximab was given to children with juvenile dermatomyositis (JDM) at 375 mg/m² weekly for 4 weeks.
Rituximab was not effective for calcinosis in juvenile dermatomyositis.
"""


async def test_every_model_is_asked_at_the_given_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "rituximab.md").write_text(PAGE, encoding="utf-8")
    rewrite = always(Says('{"standalone": "Does rituximab help calcinosis in JDM?"}'))
    async with serving({"main": honest, "judge": always(Says("Yes.")), "small": rewrite}) as provider:
        settings = Settings(
            model="openai:main",
            judge_model="openai:judge",
            small_model="openai:small",
            model_url=SecretUrl(provider.url),
            model_key=SecretStr(KEY),
            knowledge=tmp_path / "library",
            data=tmp_path / "data",
        )
        async with open_bot(settings) as bot:
            for text in ("What is the dose of rituximab in JDM?", "and does it help calcinosis?"):
                reply = await bot.service.respond(IncomingMessage(conversation="c", text=text))
    assert reply.standalone_question == "Does rituximab help calcinosis in JDM?"
    assert set(provider.calls) == {"main", "judge", "small"}
    assert {request.key for request in provider.asked} == {KEY}
