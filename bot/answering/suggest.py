"""Questions to ask next: near the answer, not asked yet, and known to be answerable from the library.

Nothing is offered that wasn't tried: each goes through search and assessment as if it had been asked. What was tried is
remembered for as long as the library stays as it is.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.answering.assess import Sufficiency
from bot.answering.composing import Task
from bot.answering.language import content
from bot.answering.question import Aspect
from bot.answering.statements import gives
from bot.answering.steps import Question, Steps
from bot.domain.answers import Answer, SupportLabel
from bot.domain.documents import RetrievedPassage
from bot.domain.glossary import TermKind

MOST = 3
NEW_TRIES = 2
"""Questions that may be tried for one answer, so that an answer never waits long for its suggestions."""
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

    def suggest(self, answer: Answer, asked: Sequence[str], evidence: Sequence[RetrievedPassage]) -> tuple[str, ...]:
        """Up to three questions; `asked` are the conversation's own, newest included."""
        offered: list[str] = []
        tries = NEW_TRIES
        library = self.fingerprint()
        for question in self._near(answer, evidence):
            if len(offered) == MOST:
                break
            if any(self._alike(question, other) for other in (*asked, *offered)):
                continue
            if (library, question) not in self._tried:
                if not tries:
                    continue
                tries -= 1
                self._tried[library, question] = self._is_answerable(question)
            if self._tried[library, question]:
                offered.append(question)
        return tuple(offered)

    def _near(self, answer: Answer, evidence: Sequence[RetrievedPassage]) -> Iterator[str]:
        """The curators' own questions of the cited documents, then what is usually asked of the drugs named."""
        cited = {citation.document for citation in answer.citations}
        documents = {item.document.path: item.document for item in evidence if item.document.path in cited}
        for document in documents.values():
            yield from document.questions
        said = " ".join(claim.text for claim in answer.claims)
        drugs = [term for term in self.steps.glossary.terms_in(said) if term.kind is TermKind.DRUG]
        found = " . ".join(sentence.text for item in evidence for sentence in item.passage.sentences)
        for drug in drugs[:2]:
            for aspect, template in TEMPLATES.items():
                if gives(found, aspect):
                    yield template.format(name=drug.abbreviations[0] if drug.abbreviations else drug.name)

    def _alike(self, one: str, other: str) -> bool:
        mine, theirs = set(content(one, self.steps.glossary)), set(content(other, self.steps.glossary))
        return len(mine & theirs) >= ALIKE * min(len(mine), len(theirs))

    def _is_answerable(self, text: str) -> bool:
        question = Question(text=text)
        evidence = self.steps.retrieve(question)
        parsed, ranked, assessment = self.steps.assess(question, evidence)
        if assessment.sufficiency is not Sufficiency.SUFFICIENT:
            return False
        # By its best sentence: a language model isn't asked for what nobody has asked yet.
        best = self.steps.composer.quote(Task(question=parsed, evidence=evidence, ranked=ranked[:1]))
        judged = self.steps.verify(best, {item.passage.id: item for item in evidence})
        return any(verdict.support is SupportLabel.SUPPORTED for _, verdict in judged)
