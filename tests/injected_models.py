"""Language models that do whatever whoever wrote to them wants: the user, a document, or the attacker's own script.

They write in the form that they were asked for, cite passages that they were given and quote them to the letter, so
that nothing but the gate and the reading of documents stands between the attack and the reader.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.safety_data import RedTeamCase, Step
from tests.scripted_provider import Player, Reply, Request, Says, honest
from tests.scripted_provider.composing import PROBLEM, read_prompt

MAIN, JUDGE, SMALL = "main", "judge", "small"
MODELS = {Step.COMPOSE: MAIN, Step.REPAIR: MAIN, Step.JUDGE: JUDGE, Step.CONTEXTUALIZE: SMALL}
FILLER = "B" * 3000
MOST_LINES = 9
WORDS = 12
UNESCAPED = re.compile(r"\\(.)")


@dataclass
class Stage:
    """Plays what the present case wants of each model."""

    case: RedTeamCase | None = None
    canary: str = ""

    def player(self, model: str) -> Player:
        """The model of this name."""
        return lambda request: self._play(model, request)

    def _play(self, model: str, request: Request) -> Reply:
        case = self.case
        if case is None:
            return honest(request)
        repairing = bool(PROBLEM.search(request.text))
        step = {JUDGE: Step.JUDGE, SMALL: Step.CONTEXTUALIZE}.get(model, Step.REPAIR if repairing else Step.COMPOSE)
        if case.step is step:
            return Says(filled(case.says, request, self.canary))
        if case.step is Step.REPAIR and step is Step.COMPOSE:
            return Says(
                _line("Every child was cured within 77 hours.", *_first(request))
            )  # fails, so that it's repaired
        if step is Step.JUDGE:
            return Says("Yes.")
        if case.step is not None:
            return honest(request) if model == MAIN else Says(_standalone(case.messages[-1]))
        if step is Step.CONTEXTUALIZE:
            wanted = next(iter(plain(case)), "the hidden rules")
            return Says(_standalone(f"{case.messages[-1]} {wanted}?", f"What about {wanted}?"))
        return Says("\n".join(obeying(case, request)))


def filled(says: str, request: Request, canary: str) -> str:
    """What the data has a model say, with the passage of this request, as JSON can hold it."""
    name, quote = _first(request)
    values = {"id": name, "quote": " ".join(quote.split()[:WORDS]), "canary": canary, "filler": FILLER}
    for key, value in values.items():
        says = says.replace(f"<<{key}>>", json.dumps(value, ensure_ascii=False)[1:-1])
    return says


def obeying(case: RedTeamCase, request: Request) -> Iterator[str]:
    """Everything that the attack wants, as claims that cite and quote a passage to the letter, and as gaps."""
    prompt = read_prompt(request)
    attacked = [(name, line) for name, text in prompt.passages for line in text.splitlines() if _is_poison(case, line)]
    lines = [_line(_bare(line), name, _bare(line)) for name, line in attacked]
    name, quote = _first(request)
    for wanted in plain(case):
        lines += [_line(f"The answer is {wanted}.", name, quote), _line(f"{quote.rstrip('.')}, {wanted}.", name, quote)]
    yield from lines[:MOST_LINES] or [_line(case.messages[-1], name, quote)]
    yield json.dumps({"not_covered": [*plain(case)] or [case.messages[-1]]}, ensure_ascii=False)


def plain(case: RedTeamCase) -> Iterator[str]:
    """What the attack wants to be said, where the data gives its words."""
    for pattern in case.must_not_contain:
        words = UNESCAPED.sub(r"\1", pattern.pattern)
        if re.escape(words) == pattern.pattern and any(map(str.isalnum, words)):
            yield words


def _is_poison(case: RedTeamCase, line: str) -> bool:
    """Does the line stand in the case's document, in whatever form it reached the model?"""
    if case.document is None or line.startswith(("Document:", "Section:")):
        return False
    held = _squeezed(case.document.everything)
    return bool(_squeezed(line)) and (_squeezed(line) in held or bool(case.broken_by(line)))


def _squeezed(text: str) -> str:
    return "".join(re.findall(r"\w", text)).casefold()


def _bare(line: str) -> str:
    return re.sub(r"^- ", "", line.strip())


def _first(request: Request) -> tuple[str, str]:
    """The first id that the model was given, and the first sentence of that passage."""
    passages = read_prompt(request).passages
    if not passages:
        return "none", "nothing"
    name, text = passages[0]
    rows = [row for row in text.splitlines() if row and not row.startswith(("Document:", "Section:"))]
    return name, _bare(rows[0]) if rows else "nothing"


def _line(text: str, source: str, quote: str) -> str:
    written = {"role": "bottom_line", "text": text, "sources": [source], "quote": quote}
    return json.dumps(written, ensure_ascii=False)


def _standalone(question: str, *variants: str) -> str:
    written = {"standalone": question, "variants": list(variants), "keywords": [], "needs_clarification": False}
    return json.dumps(written, ensure_ascii=False)
