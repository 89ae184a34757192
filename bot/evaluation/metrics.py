"""What is measured of one reply, each value with its reason in words. Nothing here asks a model."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.answers import EXTRACTIVE, Abstention, Answer, Direction, Outcome
from bot.domain.messages import Reply
from bot.evaluation.case_faults import flat
from bot.evaluation.cases import ANSWERED, Case, Kind
from bot.evaluation.readability import reading_grade


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """Something that is measured. `better` is 1 where more is better, -1 where less is, 0 where that depends."""

    name: str
    title: str
    says: str
    better: int = 1
    digits: int = 2


METRICS = (
    Metric(name="outcome", title="Right kind of reply", says="Replies of the kind that their case expects."),
    Metric(
        name="citation_precision",
        title="Citation precision",
        says="Share of the cited documents that the case names as carrying the answer.",
    ),
    Metric(name="citation_recall", title="Citation recall", says="Share of the documents to be cited that are cited."),
    Metric(
        name="groundedness",
        title="Groundedness",
        says="Share of the claims that the gate let pass, those withheld counted.",
    ),
    Metric(
        name="own_text", title="Model's text stands", says="Answers that the model wrote and nobody had to replace."
    ),
    Metric(name="facts", title="Facts said", says="Share of the words and numbers to be said that are said."),
    Metric(name="restraint", title="Nothing forbidden said", says="Replies without what must not be said or cited."),
    Metric(
        name="abstention_precision",
        title="Abstention precision",
        says="Of the abstentions, those where the library has no answer.",
    ),
    Metric(
        name="abstention_recall",
        title="Abstention recall",
        says="Of the questions without an answer, those that got none.",
    ),
    Metric(
        name="rewrite",
        title="Follow-up understood",
        says="Share of what the standalone question has to hold that it holds.",
    ),
    Metric(name="disagreement", title="Disagreement shown", says="Where sources differ, replies that show the sides."),
    Metric(
        name="disclaimer",
        title="Disclaimer",
        says="Does the disclaimer say that this isn't medical advice, and who decides?",
    ),
    Metric(name="words", title="Length", says="Words of the claims.", better=0, digits=0),
    Metric(
        name="reading_grade",
        title="Reading grade",
        says="School years needed to read the claims (Flesch-Kincaid grade level, 1975).",
        better=0,
        digits=1,
    ),
    Metric(
        name="latency_ms",
        title="Time",
        says="Milliseconds for the last reply, its search left out.",
        better=0,
        digits=0,
    ),
    Metric(name="tokens", title="Tokens", says="Tokens told to and written by language models.", better=0, digits=0),
    Metric(name="cost", title="Cost", says="US dollars at the prices that were given.", better=0, digits=4),
)
BY_NAME = {metric.name: metric for metric in METRICS}
DECIDING = tuple(metric.name for metric in METRICS if metric.better)
"""The metrics of which one that is worse makes a change worse."""
NOT_ADVICE = re.compile(r"\bnot (?:a |an )?(?:medical advice|substitute|diagnosis)\b")
DECIDES = re.compile(r"\b(?:treating team|doctor|help on the spot)\b")
"""The editorial policy asks both of every reply: that it isn't medical advice, and that the treating team decides."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """A value and its reason."""

    metric: str
    value: float
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A reply with what was measured beside it. `documents` are ids by path, `writer` who should have written it."""

    reply: Reply
    documents: Mapping[str, str]
    writer: str = EXTRACTIVE
    tokens: int = 0
    cost: float = 0.0

    @property
    def kind(self) -> str:
        """The kind of the reply, as `chat --jsonl` names it."""
        return kind_of(self.reply.outcome)

    @property
    def cited(self) -> tuple[str, ...]:
        """The ids of the cited documents."""
        outcome = self.reply.outcome
        paths = [citation.document for citation in outcome.citations] if isinstance(outcome, Answer) else []
        return tuple(dict.fromkeys(self.documents.get(path, path) for path in paths))

    @property
    def claims(self) -> tuple[str, ...]:
        """The sentences that it says."""
        outcome = self.reply.outcome
        return tuple(claim.text for claim in outcome.claims) if isinstance(outcome, Answer) else ()

    @property
    def text(self) -> str:
        """All that it says in its own words; quotations are the documents'."""
        outcome = self.reply.outcome
        own = self.claims if isinstance(outcome, Answer) else (outcome.text,)
        return "\n".join((*own, *outcome.notices, outcome.disclaimer))


def kind_of(outcome: Outcome) -> str:
    """The name of an outcome's kind."""
    return outcome.kind.value if isinstance(outcome, Direction) else outcome.kind


def measure(case: Case, seen: Seen) -> tuple[Score, ...]:
    """Every value that this case gives; what doesn't apply to it is left out."""
    return tuple(score for metric in MEASURES for score in metric(case, seen))


def _outcome(case: Case, seen: Seen) -> Iterator[Score]:
    right = seen.kind in case.expect
    yield Score(metric="outcome", value=float(right), reason=f"{seen.kind}; expected {_or(case.expect)}")


def _citations(case: Case, seen: Seen) -> Iterator[Score]:
    if case.named and seen.cited:
        fitting = [name for name in seen.cited if name in case.named]
        strange = [name for name in seen.cited if name not in case.named]
        reason = f"not named by the case: {', '.join(strange)}" if strange else "each one is named by the case"
        yield Score(metric="citation_precision", value=len(fitting) / len(seen.cited), reason=reason)
    if case.must_cite and case.expect <= ANSWERED:
        lacking = [_or(group) for group in case.must_cite if not set(group) & set(seen.cited)]
        reason = f"not cited: {'; '.join(lacking)}" if lacking else "all are cited"
        yield Score(metric="citation_recall", value=1 - len(lacking) / len(case.must_cite), reason=reason)


def _groundedness(_: Case, seen: Seen) -> Iterator[Score]:
    outcome = seen.reply.outcome
    withheld = outcome.withheld if isinstance(outcome, Answer | Abstention) else 0
    written = len(seen.claims) + withheld
    if written:
        reasons = [
            f"“{claim.text}”: {' '.join(claim.reasons)}" for claim in seen.reply.provenance.checked if claim.reasons
        ]
        failed = [reason for reason in reasons if withheld]
        reason = f"{withheld} of {written} claims withheld. {' '.join(failed[:3])}".strip()
        yield Score(metric="groundedness", value=len(seen.claims) / written, reason=reason)


def _own_text(case: Case, seen: Seen) -> Iterator[Score]:
    """Only where an answer came and a model was to write it."""
    if seen.writer == EXTRACTIVE or not seen.claims or case.kind is Kind.UNANSWERABLE:
        return
    wrote = seen.reply.provenance.model
    reason = "the model's text" if wrote != EXTRACTIVE else "the documents were quoted in its place"
    yield Score(metric="own_text", value=float(wrote != EXTRACTIVE), reason=reason)


def _facts(case: Case, seen: Seen) -> Iterator[Score]:
    if case.must_say:
        lacking = [_or(group) for group in case.must_say if not any(holds(seen.text, text) for text in group)]
        reason = f"not said: {'; '.join(lacking)}" if lacking else "all are said"
        yield Score(metric="facts", value=1 - len(lacking) / len(case.must_say), reason=reason)


def _restraint(case: Case, seen: Seen) -> Iterator[Score]:
    if case.must_not_say or case.must_not_cite:
        private = (seen.reply.question, seen.reply.standalone_question) if case.kind is Kind.PRIVACY else ()
        whole = "\n".join((seen.text, *private))
        said = [f"“{text}”" for text in case.must_not_say if holds(whole, text)]
        said += [name for name in case.must_not_cite if name in seen.cited]
        reason = f"said or cited: {', '.join(said)}" if said else "none of it"
        yield Score(metric="restraint", value=float(not said), reason=reason)


def _abstention(case: Case, seen: Seen) -> Iterator[Score]:
    abstained = isinstance(seen.reply.outcome, Abstention)
    reason = "abstained" if abstained else f"replied with {seen.kind}"
    if abstained:
        right = "abstention" in case.expect
        told = reason if right else f"abstained; expected {_or(case.expect)}"
        yield Score(metric="abstention_precision", value=float(right), reason=told)
    if case.must_abstain:
        yield Score(metric="abstention_recall", value=float(abstained), reason=reason)


def _rewrite(case: Case, seen: Seen) -> Iterator[Score]:
    wanted, meant = case.rewrite_must_contain, seen.reply.standalone_question
    if wanted:
        lacking = [_or(group) for group in wanted if not any(holds(meant, text) for text in group)]
        reason = f"“{meant}” lacks {'; '.join(lacking)}" if lacking else f"“{meant}”"
        yield Score(metric="rewrite", value=1 - len(lacking) / len(wanted), reason=reason)


def _disagreement(case: Case, seen: Seen) -> Iterator[Score]:
    if case.disagreement:
        outcome = seen.reply.outcome
        shown = [one.topic for one in outcome.disagreements] if isinstance(outcome, Answer) else []
        reason = f"shown: {', '.join(shown)}" if shown else "no sides are shown"
        yield Score(metric="disagreement", value=float(bool(shown)), reason=reason)


def _disclaimer(_: Case, seen: Seen) -> Iterator[Score]:
    said = flat(seen.reply.outcome.disclaimer)
    lacking = [
        what
        for what, form in (("that it isn't medical advice", NOT_ADVICE), ("who decides", DECIDES))
        if not form.search(said)
    ]
    reason = f"it doesn't say {' or '.join(lacking)}" if lacking else "it says both"
    yield Score(metric="disclaimer", value=1 - len(lacking) / 2, reason=reason)


def _sizes(_: Case, seen: Seen) -> Iterator[Score]:
    told = " ".join(seen.claims)
    grade = reading_grade(told)
    if grade is not None:
        yield Score(metric="words", value=len(told.split()), reason="")
        yield Score(metric="reading_grade", value=grade, reason="")
    took = seen.reply.timings_ms
    # The passages that one side found are handed to the other, so the search is no part of the comparison.
    yield Score(metric="latency_ms", value=round(took.get("total", 0.0) - took.get("retrieve", 0.0), 1), reason="")
    if seen.tokens:
        yield Score(metric="tokens", value=seen.tokens, reason="")
    if seen.cost:
        yield Score(metric="cost", value=round(seen.cost, 6), reason="")


MEASURES: Sequence[Callable[[Case, Seen], Iterator[Score]]] = (
    _outcome,
    _citations,
    _groundedness,
    _own_text,
    _facts,
    _restraint,
    _abstention,
    _rewrite,
    _disagreement,
    _disclaimer,
    _sizes,
)


def holds(text: str, wanted: str) -> bool:
    """Does a text hold this one? A number isn't found inside a longer one."""
    needle = flat(wanted)
    before = r"(?<![\d.,])(?<!\d[-/])" if needle[:1].isdigit() else ""
    after = r"(?![.,]?\d)" if needle[-1:].isdigit() else ""
    return re.search(f"{before}{re.escape(needle)}{after}", flat(text)) is not None


def _or(names: Sequence[str] | frozenset[str]) -> str:
    return " or ".join(sorted(names) if isinstance(names, frozenset) else names)
