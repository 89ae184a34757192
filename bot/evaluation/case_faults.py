"""What can't be right about a case: documents that aren't there, statements nobody made, expectations that exclude
each other. A case is held to the library that it's about, never to what the bot says.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.evaluation.cases import ANSWERED, OUTCOMES, Case, Placed, load_cases
from bot.prompts.texts import Faults

POLICY, WORDING = "policy", "wording"
"""Origins that are no document."""
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
Fault = tuple[str, str, str]
"""A field, the problem, the remedy."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What cases may speak of: the library's documents by id, each as one text, its policy, the keys of the wording.

    `foreign` are digests of files of cases that are about another library.
    """

    documents: Mapping[str, str]
    policy: str
    sentences: AbstractSet[str]
    today: date
    foreign: AbstractSet[str] = frozenset()


def find_cases(folders: Sequence[Path], known: Known, faults: Faults) -> tuple[Case, ...]:
    """The cases of several folders of prompts by name, a later folder's in the place of an earlier one's."""
    found: dict[str, Case] = {}
    for folder in folders:
        for placed in load_cases(folder, faults, known.foreign):
            _examine(placed, known, faults)
            found[placed.case.name] = placed.case
    return tuple(found.values())


def _examine(placed: Placed, known: Known, faults: Faults) -> None:
    case = placed.case
    for check in CHECKS:
        for field, problem, remedy in check(case, known):
            faults.note(case.path, placed.lines.get(field, case.line), problem, remedy)


def _outcomes(case: Case, _: Known) -> Iterator[Fault]:
    for name in sorted(case.expect - set(OUTCOMES)):
        yield "expect", f"no reply is of the kind {name}.", f"Choose among: {', '.join(OUTCOMES)}."


def _documents(case: Case, known: Known) -> Iterator[Fault]:
    cited = {
        "must_cite": [name for group in case.must_cite for name in group],
        "may_cite": case.may_cite,
        "must_not_cite": case.must_not_cite,
    }
    for field, names in cited.items():
        for name in dict.fromkeys(names):
            if name not in known.documents:
                yield field, f"the library has no document {name}.", "Write the id from its front matter."


def _exclusions(case: Case, _: Known) -> Iterator[Fault]:
    """Expectations that no reply can meet."""
    for name in sorted(case.named & set(case.must_not_cite)):
        yield "must_not_cite", f"{name} must be cited and must not be.", "Take it out of one of the two."
    told = [text for group in case.must_say if len(group) == 1 for text in group]
    for text in case.must_not_say:
        if any(flat(text) in flat(wanted) for wanted in told):
            yield "must_not_say", f"“{text}” must be said and must not be.", "Take it out of one of the two."
    if not case.expect & ANSWERED:
        for field, wanted in (("must_cite", case.must_cite), ("disagreement", case.disagreement)):
            if wanted:
                kinds = " or ".join(sorted(case.expect))
                yield field, f"a reply that is {kinds} cites nothing.", f"Take {field} out, or expect an answer."
    if case.rewrite_must_contain and len(case.conversation) == 1:
        remedy = "Add the message that it leans on, or take the line out."
        yield "rewrite_must_contain", "a first message isn't rewritten.", remedy


def _numbers(case: Case, known: Known) -> Iterator[Fault]:
    """A number to be said has to stand in a document that may be cited."""
    texts = [known.documents[name] for name in sorted(case.named) if name in known.documents]
    if not texts:
        return
    held = [set(NUMBER.findall(text)) for text in texts]
    for group in case.must_say:
        for text in group:
            wanted = set(NUMBER.findall(text))
            if wanted and not any(wanted <= numbers for numbers in held):
                where = ", ".join(sorted(case.named))
                yield "must_say", f"“{text}” stands nowhere in {where}.", "Correct the number, or name its document."


def _origins(case: Case, known: Known) -> Iterator[Fault]:
    """Each expectation comes from a statement that stands where the case says so."""
    for origin in case.origin:
        name, colon, statement = (part.strip() for part in origin.partition(":"))
        if not colon or not statement:
            remedy = "Write a document's id, a colon and its statement; or policy: or wording: with theirs."
            yield "origin", "it doesn't say where the expectation comes from.", remedy
        elif name == WORDING:
            if statement not in known.sentences:
                yield "origin", f"there is no sentence called {statement}.", "Compare it with wording/en.yaml."
        elif name != POLICY and name not in known.documents:
            yield "origin", f"the library has no document {name}.", "Write the id from its front matter."
        elif flat(statement) not in flat(known.policy if name == POLICY else known.documents[name]):
            yield "origin", f"{name} doesn't state this.", "Copy the statement word for word."


def _dates(case: Case, known: Known) -> Iterator[Fault]:
    if case.written and case.written > known.today:
        yield "date", f"{case.written} has not come yet.", "Write the day on which the case was written."


CHECKS: Sequence[Callable[[Case, Known], Iterator[Fault]]] = (
    _outcomes,
    _documents,
    _exclusions,
    _numbers,
    _origins,
    _dates,
)


def flat(text: str) -> str:
    """Small letters, plain hyphens, single spaces: how texts are compared here."""
    return " ".join(re.sub(r"[‐‑‒–—−]", "-", text).replace("\u00a0", " ").replace("’", "'").lower().split())
