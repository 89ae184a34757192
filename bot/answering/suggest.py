"""Questions to ask next: near the answer, not asked yet, and known to be answerable from the library.

Nothing is offered that wasn't tried: each goes through search and assessment as if it had been asked. What was tried is
remembered for as long as the library stays as it is. While a language model writes, what its answer will likely offer
is tried ahead.
"""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from bot.answering.assess import Sufficiency
from bot.answering.composing import Task
from bot.answering.language import content
from bot.answering.meanwhile import IsOver
from bot.answering.question import Aspect
from bot.answering.rank import Ranked
from bot.answering.statements import gives
from bot.answering.steps import Question, Steps
from bot.domain.answers import Answer, SupportLabel
from bot.domain.documents import RetrievedPassage
from bot.domain.glossary import TermKind

MOST = 3
ENOUGH, NEW_TRIES = 2, 2
"""So many questions known to be answerable are enough; an answer with fewer waits until so many others were tried."""
AHEAD, LEADING = 3, 5
"""Questions tried ahead at the most, and the statements that they are chosen by: an answer says the best ones."""
ALIKE = 0.6
"""Share of the shorter question's content words from which two questions are one."""
TEMPLATES = {
    Aspect.DOSE: "What is the dose of {name}?",
    Aspect.SAFETY: "What are the side effects of {name}?",
    Aspect.EFFICACY: "How effective is {name}?",
    Aspect.MONITORING: "What should be monitored on {name}?",
}


@dataclass(frozen=True)
class Suggester:
    """Keeps what it tried by the library's fingerprint."""

    steps: Steps
    fingerprint: Callable[[], str]
    _tried: dict[tuple[str, str], bool] = field(default_factory=dict)

    def suggest(
        self, answer: Answer, asked: Sequence[str], evidence: Sequence[RetrievedPassage], tries: int = NEW_TRIES
    ) -> tuple[str, ...]:
        """Up to three questions; `asked` are the conversation's own, newest included.

        Besides those known to be answerable up to `tries` others are tried.
        """
        cited = {citation.document for citation in answer.citations}
        said = " ".join(claim.text for claim in answer.claims)
        offered: list[str] = []
        unknown: list[str] = []
        library = self.fingerprint()
        for question in self._near(cited, said, evidence):
            if len(offered) == MOST:
                break
            if self._is_new(question, (*asked, *offered)):
                known = self._tried.get((library, question))
                if known is None:
                    unknown.append(question)
                elif known:
                    offered.append(question)
        self._add_new(offered, unknown, library, tries)
        return tuple(offered)

    def _add_new(self, offered: list[str], unknown: Sequence[str], library: str, tries: int) -> None:
        """Try a few that nobody has tried yet."""
        for question in unknown:
            if len(offered) >= ENOUGH or not tries:
                break
            if self._is_new(question, offered):
                tries -= 1
                if self._try(library, question):
                    offered.append(question)

    def look_ahead(
        self, asked: str, ranked: Sequence[Ranked], evidence: Sequence[RetrievedPassage], is_over: IsOver
    ) -> None:
        """Try what an answer from the best statements would offer, until `is_over`, so that nobody waits then."""
        leading = [item.candidate for item in ranked[:LEADING]]
        said = " ".join(candidate.text for candidate in leading)
        library = self.fingerprint()
        tries = AHEAD
        for question in self._near({candidate.document for candidate in leading}, said, evidence):
            if is_over() or not tries:
                break
            if (library, question) not in self._tried and self._is_new(question, (asked,)):
                tries -= 1
                self._try(library, question)

    def _try(self, library: str, question: str) -> bool:
        found = self._tried[library, question] = self._is_answerable(question)
        return found

    def _near(self, cited: AbstractSet[str], said: str, evidence: Sequence[RetrievedPassage]) -> Iterator[str]:
        """The curators' own questions of the cited documents, then what is usually asked of the drugs named."""
        documents = {item.document.path: item.document for item in evidence if item.document.path in cited}
        for document in documents.values():
            yield from document.questions
        drugs = [term for term in self.steps.glossary.terms_in(said) if term.kind is TermKind.DRUG]
        found = [sentence.text for item in evidence for sentence in item.passage.sentences]
        for drug in drugs[:2]:
            for aspect, template in TEMPLATES.items():
                if any(gives(text, aspect) for text in found):
                    yield template.format(name=drug.abbreviations[0] if drug.abbreviations else drug.name)

    def _is_new(self, question: str, others: Sequence[str]) -> bool:
        return not any(self._alike(question, other) for other in others)

    def _alike(self, one: str, other: str) -> bool:
        mine, theirs = set(content(one, self.steps.glossary)), set(content(other, self.steps.glossary))
        return len(mine & theirs) >= ALIKE * min(len(mine), len(theirs))

    def _is_answerable(self, text: str) -> bool:
        question = Question(text=text)
        evidence = self.steps.glance(question)
        parsed, ranked, assessment = self.steps.assess(question, evidence)
        if assessment.sufficiency is not Sufficiency.SUFFICIENT:
            return False
        # By its best sentence: a language model isn't asked for what nobody has asked yet.
        best = self.steps.composer.quote(Task(question=parsed, evidence=evidence, ranked=ranked[:1]))
        judged = self.steps.verify(best, {item.passage.id: item for item in evidence})
        return any(verdict.support is SupportLabel.SUPPORTED for _, verdict in judged)
