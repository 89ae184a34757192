"""A prompt as a value: what a language model is told, and with which parameters."""

from dataclasses import dataclass
from enum import StrEnum

from bot.prompts.wording import VARIABLE


class Role(StrEnum):
    """Which of the configured language models a prompt is for."""

    MAIN = "main"
    SMALL = "small"
    JUDGE = "judge"


@dataclass(frozen=True, kw_only=True)
class Guard:
    """A text that a prompt must hold, why, and the name of the case that showed it."""

    text: str
    reason: str
    case: str = ""


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """What a language model is told, in two parts. `digest` tells which words they were, `role` whose.

    `max_tokens`: the most that a model may write; its provider's own limit where that is None.
    """

    id: str
    version: int
    system: str
    user: str
    variables: tuple[str, ...]
    digest: str
    role: str = Role.MAIN
    temperature: float = 0.0
    max_tokens: int | None = None
    description: str = ""
    output: str = ""
    guards: tuple[Guard, ...] = ()

    def render(self, **values: str) -> tuple[str, str]:
        """Both parts with their variables filled; what a value holds is never substituted again."""
        system, user = (VARIABLE.sub(lambda match: values[match.group(1)], part) for part in (self.system, self.user))
        return system, user
