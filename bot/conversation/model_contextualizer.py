"""A follow-up understood by a language model, within limits: what the guard refuses, or fails, is never searched."""

import ast
import asyncio
import json
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.answering.allowance import Allowance
from bot.answering.language_model import count_tokens
from bot.conversation.contextualize import QUALIFIER_SHARE, Contextualized
from bot.conversation.guard import check_additions, check_rewrite
from bot.domain.answers import Abstention, Answer, Clarification, Direction
from bot.domain.documents import SearchQuery
from bot.domain.glossary import Glossary
from bot.domain.messages import History, Turn
from bot.domain.text import fold
from bot.prompts import Prompt

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

log = logging.getLogger(__name__)

SHOWN_TURNS = 4
SHOWN_CLAIMS = 4
LONGEST_SHOWN = 400
"""Characters of a question or claim that the model sees."""
MOST = 3
VARIANT_SHARE = 0.25
KEYWORD_SHARE = 0.15
ATTEMPTS = 2
MOST_OBJECTS = 40
"""Opening braces of a reply from which an object is tried; each try costs as much as the rest is long."""
REPLY_TOKENS = 100
"""About what a rewrite costs beside its prompt."""
THINKING = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)


class Rewrite(BaseModel):
    """What the model is asked for. Lists that are too long are cut, a missing list is empty."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    standalone: str = Field(
        min_length=3,
        max_length=2000,
        validation_alias=AliasChoices("standalone", "standalone_question", "question"),
        description="The last message as one question that is understood without the conversation.",
    )
    variants: tuple[str, ...] = Field(default=(), description="Up to three other ways to ask the same.")
    keywords: tuple[str, ...] = Field(default=(), description="Up to three short search terms.")
    needs_clarification: bool = Field(default=False, description="Could it mean quite different things?")

    @field_validator("variants", "keywords", mode="before")
    @classmethod
    def _few(cls, value: object) -> object:
        if value is None or value == "":
            return ()
        items = [value] if isinstance(value, str) else value
        return tuple(items)[:MOST] if isinstance(items, Sequence) else items

    @field_validator("needs_clarification", mode="before")
    @classmethod
    def _unsaid(cls, value: object) -> object:
        return False if value is None else value


@dataclass(frozen=True, kw_only=True)
class ModelContextualizer:
    """Understands follow-ups with a language model.

    `topic` is what the library is about, `timeout` the seconds that both attempts may take together.
    """

    model: "BaseChatModel"
    prompt: Prompt
    glossary: Glossary
    topic: str
    timeout: float = 10.0
    allowance: Allowance | None = None

    @property
    def prompts(self) -> Mapping[str, str]:
        """The digest of what the model is told, by its name."""
        return {self.prompt.id: self.prompt.digest}

    async def rewrite(
        self, message: str, history: History, embedded: Contextualized, user: str = ""
    ) -> Contextualized | None:
        """A better reading than the embedded one; None where that stands.

        No call on a first turn, none where the embedded reading says that the message stands alone, none where it picks
        one of the choices that were offered. Never raises for what a model may do.
        """
        asked = [turn for turn in history.turns if not isinstance(turn.outcome, Direction)]
        last = asked[-1].outcome if asked else None
        if not embedded.depends or last is None:
            return None
        if isinstance(last, Clarification) and embedded.standalone in last.choices:
            return None
        shown = _shown(asked, embedded.returns_to)
        messages = self._messages(message, shown, embedded)
        cost = count_tokens(*(str(part.text) for part in messages)) + REPLY_TOKENS
        if self.allowance and not await self.allowance.permits(user, cost):
            return None
        try:
            async with asyncio.timeout(self.timeout):
                written = await self._ask(messages)
        except Exception as error:  # noqa: BLE001 - each vendor raises its own, and none may cost an answer
            # Only the kind of error: its text may hold the user's.
            log.warning("follow-up understood without the model: %s", type(error).__name__)
            return None
        finally:
            if self.allowance:
                await self.allowance.record(user, cost)
        known = (self.topic, embedded.standalone, *embedded.qualifiers, *embedded.choices, *_texts(shown))
        if written.needs_clarification:
            return None if isinstance(last, Clarification) else self._ask_back(message, written, known, embedded)
        return self._accept(message, written, known, embedded)

    def _accept(
        self, message: str, written: Rewrite, known: Sequence[str], embedded: Contextualized
    ) -> Contextualized | None:
        standalone = " ".join(written.standalone.split())
        if _same(standalone, message):
            return None  # the embedded reading found that it leans on something
        if reasons := check_rewrite(message, standalone, known, self.glossary):
            log.info("a model's rewrite was refused for %d reasons", len(reasons))
            return None
        queries = [SearchQuery(text=standalone)]
        for variant in written.variants:
            text = " ".join(variant.split())
            if text and not _same(text, standalone) and not check_rewrite(message, text, known, self.glossary):
                queries.append(SearchQuery(text=text, dense=VARIANT_SHARE, lexical=VARIANT_SHARE))
        keywords = [
            word
            for word in (" ".join(keyword.split()) for keyword in written.keywords)
            if 0 < len(word) <= 60 and not check_additions(word, message, known, self.glossary)
        ]
        if keywords:
            queries.append(SearchQuery(text=", ".join(keywords), dense=KEYWORD_SHARE, lexical=KEYWORD_SHARE))
        if embedded.qualifiers:
            patient = ", ".join(embedded.qualifiers)
            queries.append(SearchQuery(text=patient, dense=QUALIFIER_SHARE, lexical=QUALIFIER_SHARE))
        return Contextualized(
            standalone=standalone,
            queries=tuple(queries),
            depends=True,
            qualifiers=embedded.qualifiers,
            returns_to=embedded.returns_to,
        )

    def _ask_back(
        self, message: str, written: Rewrite, known: Sequence[str], embedded: Contextualized
    ) -> Contextualized | None:
        """The questions that may have been meant, each past the guard; None where fewer than two are left."""
        offered = dict.fromkeys(" ".join(variant.split()) for variant in written.variants)
        choices = tuple(text for text in offered if text and not check_rewrite(message, text, known, self.glossary))
        if len(choices) < 2:
            return None
        return Contextualized(
            standalone=message,
            queries=(SearchQuery(text=message),),
            depends=True,
            choices=choices,
            qualifiers=embedded.qualifiers,
        )

    def _messages(self, message: str, shown: Sequence[Turn], embedded: Contextualized) -> "list[BaseMessage]":
        from langchain_core.messages import HumanMessage, SystemMessage

        system, user = self.prompt.render(
            topic=self.topic,
            conversation="\n".join(_told(turn) for turn in shown),
            patient=", ".join(embedded.qualifiers) or "nothing",
            message=message,
        )
        return [SystemMessage(system), HumanMessage(user)]

    async def _ask(self, messages: "list[BaseMessage]") -> Rewrite:
        """What the model writes; asked a second time where the first reply is broken or the call fails."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._ask_once(messages, plainly=attempt > 1)
            except TimeoutError:
                raise
            except Exception as error:
                if attempt == ATTEMPTS:
                    raise
                log.info("asking the model for the follow-up again: %s", type(error).__name__)
        raise AssertionError("unreachable")

    async def _ask_once(self, messages: "list[BaseMessage]", *, plainly: bool) -> Rewrite:
        # Not part of the answer, so that nobody who streams the answer's tokens sees these.
        quiet: Any = {"tags": ["nostream"]}
        if (self.model.profile or {}).get("structured_output") and not plainly:
            native = self.model.with_structured_output(Rewrite.model_json_schema(), method="json_schema")
            return Rewrite.model_validate(await native.ainvoke(messages, config=quiet))
        reply = await self.model.ainvoke(messages, config=quiet)
        return read_rewrite(str(reply.text))


def read_rewrite(text: str) -> Rewrite:
    """The first JSON object of a model's reply that holds a rewrite: fenced, talked around or with a comma too many.

    Raises ValueError where there is none.
    """
    text = THINKING.sub("", text)
    for opened in islice(re.finditer(r"\{", text), MOST_OBJECTS):
        found = _object_at(text, opened.start())
        if found is None:
            continue
        try:
            return Rewrite.model_validate({str(key).strip().lower(): value for key, value in found.items()})
        except ValidationError:
            continue
    raise ValueError("the reply holds no rewrite")


def _object_at(text: str, start: int) -> dict[object, Any] | None:
    try:
        found, _ = json.JSONDecoder(strict=False).raw_decode(text, start)
    except ValueError:
        end = text.rfind("}")
        mended = re.sub(r",\s*([}\]])", r"\1", text[start : end + 1])
        try:
            found = json.loads(mended, strict=False)
        except RecursionError:
            return None
        except ValueError:
            try:
                found = ast.literal_eval(mended)  # single quotes, True and False
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                return None
    except RecursionError:
        return None
    return cast("dict[object, Any]", found) if isinstance(found, dict) else None


def _shown(asked: Sequence[Turn], returns_to: int | None) -> tuple[Turn, ...]:
    """The last turns, and the one that the message returns to."""
    recent = asked[-SHOWN_TURNS:]
    return tuple(turn for turn in asked if turn in recent or turn.number == returns_to)


def _told(turn: Turn) -> str:
    """A turn as the model sees it: the question and the claims with their footnotes, no prose around them."""
    lines = [f"Q: {_short(turn.standalone_question or turn.question)}"]
    match turn.outcome:
        case Answer(claims=claims):
            lines += [
                f"A: {_short(claim.text)} {''.join(f'[{number}]' for number in claim.citations)}"
                for claim in claims[:SHOWN_CLAIMS]
            ]
        case Clarification(choices=choices):
            lines.append(f"A: (asked back) {' / '.join(map(_short, choices))}")
        case Abstention():
            lines.append("A: (the library has no answer to this)")
        case _:
            pass
    return "\n".join(lines)


def _texts(shown: Sequence[Turn]) -> list[str]:
    """Everything that the conversation said and a rewrite may draw on."""
    texts = []
    for turn in shown:
        texts += [turn.question, turn.standalone_question]
        if isinstance(turn.outcome, Answer):
            texts += [claim.text for claim in turn.outcome.claims]
            texts += [citation.title for citation in turn.outcome.citations]
        elif isinstance(turn.outcome, Clarification):
            texts += turn.outcome.choices
    return texts


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN].rsplit(" ", 1)[0] + " …"


def _same(text: str, other: str) -> bool:
    return fold(text).strip(" ?.!") == fold(other).strip(" ?.!")
