"""What composing is: from a question and its passages to a draft, whoever writes it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.answering.question import ParsedQuestion
from bot.answering.rank import Ranked
from bot.domain.answers import ClaimRole, Draft, DraftClaim, Verdict
from bot.domain.documents import RetrievedPassage
from bot.domain.errors import ModelFault
from bot.domain.messages import Audience

ROLE_ORDER = (
    ClaimRole.BOTTOM_LINE,
    ClaimRole.FINDING,
    ClaimRole.DOSE,
    ClaimRole.SAFETY,
    ClaimRole.DISAGREEMENT,
    ClaimRole.CAVEAT,
)


MORE, LESS = 2.0, 0.2
"""How long an answer in more detail is, and a brief one, compared with a common one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """What a composer works with. `ranked` are the statements of the passages, best first; `user` is who pays.

    `quotable`: the statements themselves are known to answer, so that quoting them is an answer. `share`: how long the
    answer is to be, compared with a common one.
    """

    question: ParsedQuestion
    evidence: tuple[RetrievedPassage, ...]
    ranked: tuple[Ranked, ...]
    audience: Audience = Audience.CLINICIAN
    patient: tuple[str, ...] = ()
    user: str = ""
    quotable: bool = True
    share: float = 1.0


HandOver = Callable[[DraftClaim | None], None]
"""Takes each claim as soon as it's written; None means that the writer starts afresh and those before don't count."""


class Composer(Protocol):
    """Who writes the draft. Never raises for what a provider may do."""

    @property
    def judges_evidence(self) -> bool:
        """Can it tell by itself that the passages hold no answer?"""
        ...

    async def compose(self, task: Task, hand_over: HandOver) -> Draft:
        """Propose claims for the question."""
        ...

    def quote(self, task: Task) -> Draft:
        """The documents' own statements; no claims where quoting them is no answer."""
        ...

    async def try_out(self) -> ModelFault | None:
        """Ask for a word: what is wrong with whoever writes first, None where nothing is."""
        ...

    async def repair(self, task: Task, draft: Draft, failed: Sequence[tuple[DraftClaim, Verdict]]) -> Draft:
        """The draft with the failed claims corrected where that can be done, left as they were where not."""
        ...


def in_order(claims: Iterable[DraftClaim]) -> tuple[DraftClaim, ...]:
    """The claims in the order in which an answer says them."""
    return tuple(sorted(claims, key=lambda claim: ROLE_ORDER.index(claim.role)))
