"""With every answer is kept which words made it, which model was told them, and what the gate said of each claim."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from bot.answering.graph import build_chain
from bot.answering.steps import Steps
from bot.conversation.answering import make_with
from bot.domain.answers import SupportLabel
from bot.domain.messages import IncomingMessage, ModelUse, Provenance
from bot.places import shipped
from bot.prompts import load_set
from tests.fake_language_model import PlayedModel
from tests.fakes import GLOSSARY, FakeRetriever
from tests.unit.answering.model_answers import ASKED, BOTTOM, COMPOSE, PAGES, Composing, line
from tests.unit.answering.test_nodes import Doubting
from tests.unit.conversation.test_service import make_service

WORDS = load_set(shipped("prompts"))
USES = {
    "compose": ModelUse(model="first", temperature=0.2),
    "repair": ModelUse(model="first", temperature=0.2),
    "judge": ModelUse(model="judge", max_tokens=50),
    "contextualize": ModelUse(model="small"),
}


class Judging(Doubting):
    """A judge that is told a prompt."""

    prompts: ClassVar[Mapping[str, str]] = {"judge": "sha256:judge"}


async def made_by(*models: PlayedModel, judged: bool = False, language: str = "en") -> Provenance:
    """What is kept of an answer that these models are asked for, in order."""
    wording = WORDS.for_language(language)
    judges = (Judging(),) if judged else ()
    steps = Steps(FakeRetriever(*PAGES), Composing(models).composer, GLOSSARY, wording, judges=judges)
    service, _, _ = make_service()
    service = replace(service, make=make_with(build_chain(steps), lambda *_: ()), wording=wording, models=USES)
    return (await service.respond(IncomingMessage(conversation="c", text=ASKED))).provenance


async def test_the_prompt_its_model_and_the_parameters_are_kept() -> None:
    made = await made_by(PlayedModel(BOTTOM))
    assert made.prompts == {"compose": COMPOSE.digest, "wording/en": WORDS.wording.digest}
    assert made.models == {"compose": USES["compose"]}
    assert [claim.support for claim in made.checked] == [SupportLabel.SUPPORTED]


async def test_a_model_that_stood_in_is_kept_as_the_one_that_wrote() -> None:
    made = await made_by(PlayedModel("", ""), PlayedModel(BOTTOM, name="second"))
    assert made.model == "second"
    assert made.models == {"compose": ModelUse(model="second", temperature=0.2)}


async def test_a_withheld_claim_is_kept_with_its_reasons() -> None:
    wrong = line("Rituximab was given to 77 children.", quote="Rituximab was effective for calcinosis")
    made = await made_by(PlayedModel(BOTTOM + wrong, wrong))
    assert set(made.models) == {"compose", "repair"}
    supported, refused = made.checked
    assert (supported.support, refused.text) == (SupportLabel.SUPPORTED, "Rituximab was given to 77 children.")
    assert refused.support is not SupportLabel.SUPPORTED
    assert refused.reasons


async def test_a_judge_that_was_asked_and_the_readers_language_are_kept() -> None:
    made = await made_by(PlayedModel(BOTTOM), judged=True, language="de")
    assert set(made.prompts) == {"compose", "judge", "wording/en", "wording/de"}
    assert made.models["judge"] == USES["judge"]
