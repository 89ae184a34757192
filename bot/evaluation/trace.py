"""Everything behind one answer, and what differs when its question is asked again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bot.domain.answers import Abstention, Answer, Outcome
from bot.domain.messages import Audience, Provenance, Reply
from bot.prompts import PromptSet
from bot.prompts.comparing import mark_words


def trace(reply: Reply, words: PromptSet) -> dict[str, Any]:
    """The answer and what made it, as JSON takes it. Each prompt is told to be the present one or an older one."""
    made, outcome = reply.provenance, reply.outcome
    answer = outcome if isinstance(outcome, Answer) else None
    present = words.digests
    return {
        "answer_id": made.answer_id,
        "turn": reply.turn,
        "kind": _kind(outcome),
        "question": reply.question,
        "standalone_question": reply.standalone_question,
        "rewritten": reply.question != reply.standalone_question,
        "retrieved": [asdict(note) for note in made.retrieved],
        "prompts": {
            name: {"digest": digest, "present": present.get(name) == digest} for name, digest in made.prompts.items()
        },
        "model": made.model,
        "models": {name: asdict(use) for name, use in made.models.items()},
        "knowledge": made.knowledge,
        "claims": [
            {"text": claim.text, "support": claim.support.value, "citations": list(claim.citations)}
            for claim in (answer.claims if answer else ())
        ],
        "checked": [
            {"text": claim.text, "support": claim.support.value, "reasons": list(claim.reasons)}
            for claim in made.checked
        ],
        "withheld": outcome.withheld if isinstance(outcome, Answer | Abstention) else 0,
        "notices": list(outcome.notices),
        "disclaimer": outcome.disclaimer,
        "timings_ms": {step: round(took, 1) for step, took in reply.timings_ms.items()},
    }


def describe_trace(traced: Mapping[str, Any]) -> Iterator[str]:
    """A trace as lines to read."""
    yield f"answer      {traced['answer_id']}  ({traced['kind']}, turn {traced['turn']})"
    yield f"question    {traced['question']}"
    if traced["rewritten"]:
        yield f"understood  {traced['standalone_question']}"
    yield f"written by  {traced['model']}"
    yield f"library     {traced['knowledge']}"
    yield "\nprompts and sentences"
    for name, told in traced["prompts"].items():
        use = traced["models"].get(name)
        to = f"  to {_described(use)}" if use else ""
        yield f"  {name}  {told['digest']}{'' if told['present'] else '  (not the present one)'}{to}"
    yield f"\nretrieved ({len(traced['retrieved'])})"
    for note in traced["retrieved"]:
        yield f"  {note['score']:.4f}  {note['document']}  {note['passage']}"
    yield f"\nclaims ({len(traced['claims'])}, {traced['withheld']} withheld)"
    for claim in traced["claims"]:
        yield f"  {claim['support']}  {claim['text']} {''.join(f'[{number}]' for number in claim['citations'])}"
    for claim in traced["checked"]:
        if claim["support"] != "SUPPORTED":
            yield f"  {claim['support']}  {claim['text']}\n    withheld: {' '.join(claim['reasons'])}"
    yield "\nnotices"
    yield from (f"  {notice}" for notice in (*traced["notices"], traced["disclaimer"]))
    yield "\nmilliseconds"
    yield "  " + ", ".join(f"{step} {took:g}" for step, took in traced["timings_ms"].items())


def compare_replies(old: Reply, new: Reply) -> list[str]:
    """What differs between an answer and its replay, a line each; empty where nothing does."""
    before, after = old.provenance, new.provenance
    lines = []
    for what, was, now in (
        ("kind", _kind(old.outcome), _kind(new.outcome)),
        ("written by", before.model, after.model),
        ("library", before.knowledge, after.knowledge),
        ("withheld", _withheld(old.outcome), _withheld(new.outcome)),
    ):
        if was != now:
            lines.append(f"{what}: {was} -> {now}")
    lines += _prompts(before, after)
    lines += _listed("passage", [note.passage for note in before.retrieved], [note.passage for note in after.retrieved])
    lines += _texts("claim", _claims(old.outcome), _claims(new.outcome))
    lines += _texts("notice", list(old.outcome.notices), list(new.outcome.notices))
    lines += _texts("disclaimer", [old.outcome.disclaimer], [new.outcome.disclaimer])
    return lines


def reader_of(reply: Reply, words: PromptSet) -> Audience:
    """For whom the answer was, told from its disclaimer; a clinician where these words know it no more."""
    for wording in words.wordings.values():
        for audience in Audience:
            if wording.say(f"disclaimer.{audience.value}") == reply.outcome.disclaimer:
                return audience
    return Audience.CLINICIAN


def _prompts(before: Provenance, after: Provenance) -> Iterator[str]:
    for name in sorted({*before.prompts, *after.prompts}):
        was, now = before.prompts.get(name, "none"), after.prompts.get(name, "none")
        if was != now:
            yield f"prompt {name}: {was[:19]} -> {now[:19]}"
    for name in sorted({*before.models, *after.models}):
        used, uses = before.models.get(name), after.models.get(name)
        if used != uses:
            told = (_described(asdict(use)) if use else "none" for use in (used, uses))
            yield f"model of {name}: {' -> '.join(told)}"


def _listed(what: str, before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    yield from (f"{what} no more found: {item}" for item in before if item not in after)
    yield from (f"{what} newly found: {item}" for item in after if item not in before)


def _texts(what: str, before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """Texts that changed, in their order; equal ones are left out."""
    gone = [text for text in before if text not in after]
    come = [text for text in after if text not in before]
    for number in range(max(len(gone), len(come))):
        old = gone[number] if number < len(gone) else ""
        new = come[number] if number < len(come) else ""
        yield f"{what}: {mark_words(old, new)}"


def _claims(outcome: Outcome) -> list[str]:
    return [claim.text for claim in outcome.claims] if isinstance(outcome, Answer) else [getattr(outcome, "text", "")]


def _withheld(outcome: Outcome) -> int:
    return outcome.withheld if isinstance(outcome, Answer | Abstention) else 0


def _kind(outcome: Outcome) -> str:
    return str(outcome.kind)


def _described(use: Mapping[str, Any]) -> str:
    most = f", at most {use['max_tokens']} tokens" if use["max_tokens"] else ""
    return f"{use['model']}, temperature {use['temperature']:g}{most}"
