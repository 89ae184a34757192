"""What Footnote says of itself: what it is for, how an answer is made, where its limits are, what was measured."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.answers import EXTRACTIVE
from bot.domain.documents import CuratedDocument, ReviewStatus
from bot.domain.validation import Figure
from bot.prompts import Wording

SHOWN = (
    *("outcome", "facts", "citation_recall", "restraint", "abstention_recall"),
    *("red_flags", "no_false_alarm", "identifiers", "clinical_facts"),
)
"""The figures that readers are told first; those of other benchmarks follow by name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A part of it. One that is `folded` needn't be seen at once."""

    title: str
    text: str
    folded: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What is so at present. `models` are the language models that are sent questions; `external`: not all run here."""

    version: str
    models: Sequence[str]
    external: bool = False
    documents: Sequence[CuratedDocument]
    figures: Sequence[Figure]


def introduce(version: str, wording: Wording) -> str:
    """What it is, in a few sentences."""
    return wording.say("command.about", version=version, topic=wording.say("topic"))


def sections(facts: Facts, wording: Wording) -> tuple[Section, ...]:
    """The whole page, what matters most first."""
    return (
        *intended_use(wording),
        Section(
            title=wording.say("about.library_title"),
            text="\n".join([describe_library(facts.documents, wording), _writers(facts, wording)]),
        ),
        Section(
            title=wording.say("about.figures_title"),
            text=describe_figures(of_writer(facts.figures, facts.models), wording),
            folded=True,
        ),
    )


def intended_use(wording: Wording) -> tuple[Section, ...]:
    """What is so whatever library is read and whoever writes."""
    return (
        Section(title=wording.say("about.for_title"), text=wording.say("about.for", topic=wording.say("topic"))),
        Section(title=wording.say("about.not_title"), text=wording.say("about.not")),
        Section(title=wording.say("about.how_title"), text=wording.say("command.about_how"), folded=True),
        Section(title=wording.say("about.limits_title"), text=wording.say("command.about_limits")),
        Section(title=wording.say("about.basis_title"), text=wording.say("about.basis"), folded=True),
        Section(title=wording.say("about.operators_title"), text=wording.say("about.operators"), folded=True),
    )


def of_writer(figures: Sequence[Figure], models: Sequence[str] = ()) -> list[Figure]:
    """The figures of whoever writes with these models, and those that hold whoever writes."""
    writers = {"", models[0] if models else EXTRACTIVE}
    return [one for one in figures if one.writer in writers]


def describe_figures(figures: Sequence[Figure], wording: Wording) -> str:
    """A line for each figure that has a sentence, and how they were measured; what has none isn't told."""
    told = [one for one in figures if f"figure.{one.name}" in wording.sentences]
    if not told:
        return wording.say("about.no_figures")
    order = {name: place for place, name in enumerate(SHOWN)}
    told = sorted(told, key=lambda one: (order.get(one.name, len(order)), one.name, one.writer))
    newest = max(one.date for one in told)
    measured = wording.say("about.figures_measured", date=newest)
    return "\n".join([measured, *(f"• {_figure(one, wording)}" for one in told)])


def _figure(figure: Figure, wording: Wording) -> str:
    said = wording.say(f"figure.{figure.name}")
    if figure.low is None or figure.high is None:
        return wording.say("about.figure", what=said, value=_percent(figure.value), n=figure.n)
    low, high = _percent(figure.low), _percent(figure.high)
    return wording.say("about.figure_interval", what=said, value=_percent(figure.value), low=low, high=high, n=figure.n)


def _percent(share: float) -> str:
    """In whole numbers, and never more than there is: 99.6 % isn't all."""
    return str(int(share * 100 + 0.5) if share < 0.99 else int(share * 100))


def describe_library(documents: Sequence[CuratedDocument], wording: Wording) -> str:
    """How many documents there are, how far they are reviewed, and how new the newest is."""
    if not documents:
        return wording.say("command.about_empty")
    newest = max((document.year for document in documents if document.year), default=None)
    return wording.say(
        "command.about_library" if newest else "command.about_library_undated",
        documents=count_documents(documents, wording),
        statuses=count_statuses(documents, wording),
        newest=newest,
    )


def count_documents(documents: Sequence[CuratedDocument], wording: Wording) -> str:
    """How many documents there are, in words."""
    key = "command.one_document" if len(documents) == 1 else "command.many_documents"
    return wording.say(key, count=len(documents))


def count_statuses(documents: Sequence[CuratedDocument], wording: Wording) -> str:
    """How many documents have which review status, those that are furthest first."""
    counted = Counter(document.review_status for document in documents)
    order = (ReviewStatus.APPROVED, ReviewStatus.UNDER_REVIEW, ReviewStatus.SUBMITTED)
    return ", ".join(f"{counted[status]} {wording.say(f'status.{status}')}" for status in order if counted[status])


def _writers(facts: Facts, wording: Wording) -> str:
    """Who writes, and where that happens."""
    if not facts.models:
        return wording.say("command.about_no_model")
    where = wording.say("privacy.model_external" if facts.external else "privacy.model_own")
    return f"{wording.say('command.about_model', model=', '.join(facts.models))} {where}"
