"""A second model's word beside the gate's. It changes no score; what is told is how often both agree."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from bot.domain.answers import SupportLabel
from bot.evaluation.outcome import Judgement
from bot.evaluation.records import Record


class Judge(Protocol):
    """Somebody who reads a claim beside its passages."""

    async def objects(self, claim: str, passages: Sequence[str], user: str) -> str | None:
        """What the judge objects to; None where nothing. Never raises."""
        ...


async def ask_judge(
    model: str,
    judge: Judge,
    records: Sequence[Record],
    texts: Mapping[str, str],
    *,
    at_once: int,
    tell: Callable[[], None],
) -> Judgement:
    """Every claim that the gate saw, beside the passages that were found for it. `texts` are passages by their ids."""
    limit = asyncio.Semaphore(at_once)

    async def ask(record: Record, claim: Mapping[str, str]) -> tuple[bool, bool]:
        passages = [texts[note["passage"]] for note in record["retrieved"] if note["passage"] in texts]
        async with limit:
            objection = await judge.objects(claim["text"], passages, "")
        tell()
        return claim["support"] == SupportLabel.SUPPORTED.value, objection is None

    told = await asyncio.gather(*(ask(record, claim) for record in records for claim in record["checked"]))
    return Judgement(
        model=model,
        claims=len(told),
        both_support=told.count((True, True)),
        both_refuse=told.count((False, False)),
        only_gate=told.count((True, False)),
        only_judge=told.count((False, True)),
    )
