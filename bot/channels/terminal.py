"""The terminal: replies as plain text, and as JSON for scripts (the public interface of `chat --jsonl`)."""

from collections.abc import Iterator
from typing import Any, assert_never

from bot.channels.differing import claims_elsewhere, head, reasons, side_lines, why
from bot.channels.rendering import HEADINGS
from bot.domain.answers import Abstention, Answer, Claim, ClaimRole, Clarification, Direction, Outcome
from bot.domain.messages import Reply
from bot.prompts import Wording


def render_plain(reply: Reply, wording: Wording) -> str:
    """The whole reply as text: answer with [1] markers, sources with quotations, notices, disclaimer."""
    parts: list[str] = []
    if reply.standalone_question != reply.question and not isinstance(reply.outcome, Direction):
        parts.append(wording.say("answer.understood", question=reply.standalone_question))
    outcome = reply.outcome
    match outcome:
        case Answer():
            parts += _answer(outcome, wording)
        case Abstention():
            parts.append(outcome.text)
            if outcome.nearest:
                titles = "; ".join(f"“{title}”" for title in outcome.nearest)
                parts.append(wording.say("abstention.nearest", titles=titles))
        case Clarification():
            parts.append("\n".join([outcome.text, *(f"• {choice}" for choice in outcome.choices)]))
        case Direction():
            parts.append(outcome.text)
        case _:
            assert_never(outcome)
    if isinstance(outcome, Answer | Abstention | Direction) and outcome.suggested_questions:
        lines = "\n".join(f"• {question}" for question in outcome.suggested_questions)
        parts.append(f"{wording.say('answer.ask_next')}:\n{lines}")
    parts.append("\n".join(outcome.notices))
    parts.append(outcome.disclaimer)
    return "\n\n".join(part for part in parts if part)


def _answer(answer: Answer, wording: Wording) -> Iterator[str]:
    claims = claims_elsewhere(answer)
    if answer.preface:
        yield answer.preface
    for claim in claims:
        if claim.role is ClaimRole.BOTTOM_LINE:
            yield _marked(claim)
    for disagreement in answer.disagreements:
        lines = side_lines(disagreement, answer, wording)
        yield "\n".join(
            [head(disagreement, wording), *(f"• {line}" for line in lines), why(reasons(disagreement, lines), wording)]
        )
    for role, key in HEADINGS.items():
        lines = [f"• {_marked(claim)}" for claim in claims if claim.role is role]
        if lines:
            yield "\n".join([f"{wording.say(key)}:", *lines])
    if answer.explained:
        hard = (f"• {each.term}: {each.plain}" for each in answer.explained)
        yield "\n".join([f"{wording.say('explain.heading')}:", *hard])
    sources = []
    for citation in answer.citations:
        about = ", ".join(part for part in (citation.evidence, str(citation.year or "")) if part)
        status = wording.say(f"status.{citation.review_status.value}")
        sources.append(
            f"[{citation.number}] {citation.title}{f' ({about})' if about else ''}; {citation.locator}; {status}\n"
            f"    “{citation.quote}”"
        )
    yield "\n".join([f"{wording.say('answer.sources')}:", *sources])


def _marked(claim: Claim) -> str:
    return f"{claim.text} {''.join(f'[{number}]' for number in claim.citations)}"


def reply_to_json(reply: Reply, wording: Wording) -> dict[str, Any]:
    """The reply as `chat --jsonl` gives it. Field names are a public interface."""
    outcome: Outcome = reply.outcome
    answer = outcome if isinstance(outcome, Answer) else None
    suggested = () if isinstance(outcome, Clarification) else outcome.suggested_questions
    return {
        "conversation": reply.conversation,
        "turn": reply.turn,
        "kind": outcome.kind if not isinstance(outcome, Direction) else outcome.kind.value,
        "question": reply.question,
        "standalone_question": reply.standalone_question,
        "text": render_plain(reply, wording),
        "claims": [
            {"text": c.text, "role": c.role.value, "support": c.support.value, "citations": list(c.citations)}
            for c in (answer.claims if answer else ())
        ],
        "citations": [
            {
                "number": c.number,
                "document": c.document,
                "title": c.title,
                "quote": c.quote,
                "start": c.start,
                "end": c.end,
                "locator": c.locator,
                "evidence": c.evidence,
                "year": c.year,
                "review_status": c.review_status.value,
            }
            for c in (answer.citations if answer else ())
        ],
        "disagreements": [
            {
                "topic": d.topic,
                "sides": [
                    {
                        "who": s.who,
                        "evidence": s.evidence,
                        "directness": s.directness,
                        "year": s.year,
                        "citation": s.citation,
                    }
                    for s in d.sides
                ],
                "reasons": list(d.reasons),
            }
            for d in (answer.disagreements if answer else ())
        ],
        "preface": answer.preface if answer else "",
        "explained": [{"term": e.term, "plain": e.plain} for e in (answer.explained if answer else ())],
        "withheld": outcome.withheld if isinstance(outcome, Answer | Abstention) else 0,
        "notices": list(outcome.notices),
        "disclaimer": outcome.disclaimer,
        "suggested_questions": list(suggested),
        "provenance": {
            "answer_id": reply.provenance.answer_id,
            "model": reply.provenance.model,
            "prompts": dict(reply.provenance.prompts),
            "knowledge": reply.provenance.knowledge,
            "retrieved": [
                {"document": r.document, "passage": r.passage, "score": r.score} for r in reply.provenance.retrieved
            ],
        },
        "timings_ms": {step: round(took, 3) for step, took in reply.timings_ms.items()},
    }
