"""A bad answer as the beginning of a case, to be completed by somebody who knows what should have been said."""

import re
from datetime import date

from bot.domain.answers import Abstention, Answer
from bot.domain.messages import Audience, Reply
from bot.evaluation.metrics import kind_of


def capture(reply: Reply, documents: dict[str, str], audience: Audience, today: date) -> str:
    """The answer as an entry for a file of cases. `documents` are ids by path.

    Identifiers of persons were taken out of the question before it was recorded. What can't be known from the answer
    stands there empty, so that the check asks for it.
    """
    outcome = reply.outcome
    asked = reply.standalone_question or reply.question
    cited = dict.fromkeys(c.document for c in outcome.citations) if isinstance(outcome, Answer) else {}
    kind = "unanswerable" if isinstance(outcome, Abstention) else "answerable"
    lines = [
        f"# From the answer {reply.provenance.answer_id}, which was of the kind {kind_of(outcome)}.",
        "# Complete what is empty, correct the rest: what should the reply have been, and which document says so?",
        f"- name: {_name(asked)}",
        f"  kind: {kind}",
        *([f"  audience: {audience.value}"] if audience is not Audience.CLINICIAN else []),
        f"  conversation: [{_quoted(asked)}]",
        *([f"  must_cite: [{', '.join(documents.get(path, path) for path in cited)}]"] if cited else []),
        *(["  must_say: []"] if cited else []),
        '  origin: ""',
        "  reviewer: none",
        f"  date: {today.isoformat()}",
    ]
    return "\n".join(lines) + "\n"


def _name(question: str) -> str:
    words = re.findall(r"[a-z0-9]+", question.lower())
    return "-".join(words[:8])[:70].strip("-") or "captured"


def _quoted(text: str) -> str:
    plain = " ".join(text.split())
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
