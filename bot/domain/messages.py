"""What comes in and what goes out: messages, turns, histories, replies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.answers import Outcome, SupportLabel


class Audience(StrEnum):
    """Who is reading: it changes wording and safety text, never the facts."""

    CLINICIAN = "clinician"
    TRAINEE = "trainee"
    FAMILY = "family"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class IncomingMessage:
    """One message of one conversation, as its channel received it.

    `user` is who wrote it, as the channel knows them, such as `telegram:5`; empty where the channel doesn't say.
    It is never logged. `answer_id` becomes that of the reply's provenance, so that a second try finds what was
    answered; empty: a new one is made. `detail` asks for an answer about twice as long. `delayed`: it waited while
    Footnote wasn't running, and the reply says so. `language` is the code of the reader's language, for what is said in
    fixed sentences. `hurried`: others wait for their answers, so that nothing is done that this one can do without.
    """

    conversation: str
    text: str
    audience: Audience = Audience.CLINICIAN
    user: str = ""
    answer_id: str = ""
    detail: bool = False
    delayed: bool = False
    language: str = "en"
    hurried: bool = False

    @property
    def spender(self) -> str:
        """Whose allowance pays for the answer: the user's, or the conversation's where the user isn't known."""
        return self.user or self.conversation


@dataclass(frozen=True, kw_only=True, slots=True)
class RetrievedNote:
    """That a passage was found, for the record."""

    document: str
    passage: str
    score: float


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelUse:
    """A language model that was told a prompt, with its parameters. `max_tokens` is None for its provider's limit."""

    model: str
    temperature: float = 0.0
    max_tokens: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedClaim:
    """A claim of the draft with the gate's verdict and its reasons, for the record."""

    text: str
    support: SupportLabel
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Provenance:
    """What made an answer: who wrote it, from which words and which library.

    `prompts` holds the digest of each prompt and wording file that had a part in it, `models` who was told a prompt,
    both by the prompt's name; `checked` holds the claims of the last draft, those that were withheld as well.
    """

    answer_id: str
    model: str
    prompts: Mapping[str, str]
    knowledge: str
    retrieved: tuple[RetrievedNote, ...] = ()
    models: Mapping[str, ModelUse] = field(default_factory=dict)
    checked: tuple[CheckedClaim, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """The whole reply to one message. `timings_ms` holds milliseconds by step."""

    conversation: str
    turn: int
    question: str
    standalone_question: str
    outcome: Outcome
    provenance: Provenance
    timings_ms: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """A message and its reply, as the store remembers them. `answer_id` is that of the reply's provenance."""

    number: int
    question: str
    standalone_question: str
    outcome: Outcome
    asked_at: datetime
    answer_id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """The turns of a conversation, oldest first, and the number that the next one takes, from 1."""

    turns: tuple[Turn, ...] = ()
    next_turn: int = 1
