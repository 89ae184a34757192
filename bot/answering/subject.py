"""Is a statement about what was asked? A fact about another drug doesn't answer, however alike the words are."""

import re
from dataclasses import dataclass

from bot.answering.candidates import Candidate
from bot.answering.failing import asks_what_next, find_failed, find_preceding, find_proposed, find_tried
from bot.answering.matching import Vocabulary
from bot.answering.question import OF_ONE, Aspect, ParsedQuestion
from bot.answering.reading import known
from bot.domain.glossary import DRUG_KINDS, Glossary, Term, TermKind

KINDS = DRUG_KINDS | {TermKind.ANTIBODY, TermKind.MEASURE}
ONLY_WHAT_FAILED, BESIDE_OTHERS, AFTER_OTHERS, AFTER_ANOTHER, NO_DRUG, NOT_AFTER = 0.6, 0.7, 0.85, 0.75, 0.7, 0.92
RATHER_THAN = re.compile(r"\b(rather than|instead of|in place of)\b[^.;:]*", re.IGNORECASE)
PASSED_OVER = 0.8
"""A statement that prefers something else to what was asked about, or tells what follows it, says little of it."""
AMONG_OTHERS = 0.75
"""For a statement about another drug under a heading or title that names several."""
MISSED = 0.2
"""What a statement loses that names none of several things asked about, by share."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """The drugs, antibodies and measures that a question names.

    `each` holds the stems that stand for one of them (a drug's own, and that of the drug it is a form of), `stems` all
    of these; `above` are the classes of all, `standing` those that may stand for each (`class_beside`). `kinds` are the
    kinds of term that could be mistaken for them. `failed` were tried in vain, `kin` are these and their classes.
    `is_asked`: it is these that the question is about, and not what follows them.
    """

    each: tuple[frozenset[str], ...]
    stems: frozenset[str]
    above: frozenset[str]
    standing: tuple[frozenset[str], ...]
    kinds: frozenset[TermKind]
    chooses: bool
    is_asked: bool = True
    failed: frozenset[str] = frozenset()
    kin: frozenset[str] = frozenset()


def read_subject(question: ParsedQuestion, glossary: Glossary) -> Subject:
    """What the question is about; without `stems` where it names nothing of these kinds."""
    given = [term for term in question.terms if term.id in question.failed]
    kin = question.failed | {above.id for term in given for above in glossary.ancestors(term)}
    # The class by which a failed drug is searched isn't what is asked about, unless the question names it itself.
    asked = {term.id for term in glossary.terms_in(question.text)} - question.failed
    terms = [term for term in question.terms if term.kind in KINDS and (term.id not in kin or term.id in asked)]
    if question.failed:
        terms = [term for term in terms if term.kind is not TermKind.MEASURE]  # how the failure showed
    above = {term.id: glossary.ancestors(term) for term in terms}
    each = tuple(
        frozenset(f"§{each.id}" for each in (t, *(a for a in above[t.id] if a.kind is TermKind.DRUG))) for t in terms
    )
    return Subject(
        each=each,
        stems=frozenset().union(*each),
        above=frozenset(ancestor.id for ancestors in above.values() for ancestor in ancestors),
        standing=tuple(class_beside(term, question, glossary)[0] for term in terms),
        kinds=frozenset(kind for t in terms for kind in (DRUG_KINDS if t.kind in DRUG_KINDS else {t.kind})),
        chooses=bool(question.wants(Aspect.CHOICE) or find_failed(question.text, glossary))
        and not question.aspects & OF_ONE,
        is_asked=not asks_what_next(question.text)
        and find_tried(question.text, glossary).isdisjoint(term.id for term in terms),
        failed=question.failed,
        kin=kin,
    )


def class_beside(term: Term, question: ParsedQuestion, glossary: Glossary) -> tuple[frozenset[str], frozenset[str]]:
    """What stands for a drug beside something of quite another kind that was asked about, and what that is, as stems.

    Of a vaccine on one of the medicines that damp the immune system is told for all of these. Drugs that have a class
    in common are asked about each for itself, and so are doses. Nothing where nothing else is asked about.
    """
    classes = {above.id for above in glossary.ancestors(term)}
    others = [
        other.id
        for other in question.terms
        if other.id != term.id
        and other.kind in DRUG_KINDS
        and classes.isdisjoint({other.id, *(above.id for above in glossary.ancestors(other))})
    ]
    if not others or term.kind is not TermKind.DRUG or question.wants(Aspect.DOSE):
        return frozenset(), frozenset()
    return frozenset(f"§{name}" for name in classes), frozenset(f"§{name}" for name in others)


def belonging(candidate: Candidate, passage: Vocabulary, subject: Subject, glossary: Glossary) -> float:
    """1 for a statement that names what was asked about, less the further away it is named; `passage` is its words."""
    return _after_failure(candidate, subject, glossary) * _nearness(candidate, passage, subject, glossary)


def _after_failure(candidate: Candidate, subject: Subject, glossary: Glossary) -> float:
    """What a statement loses that, asked what to do after a drug has failed, speaks of that drug alone."""
    if not subject.failed:
        return 1.0
    named = [term for term in glossary.terms_in(candidate.body) if term.kind in DRUG_KINDS]
    tried = find_tried(candidate.body, glossary)
    gone = subject.failed | tried
    # Another member of the failed drug's class is something else, the class itself isn't.
    open_ = (term for term in named if term.id not in subject.kin)
    others = [term for term in open_ if not gone & {term.id, *(a.id for a in glossary.ancestors(term))}]
    if others:
        # What is done when another drug fails isn't what is done when this one does, whatever the headings say.
        own = find_failed(candidate.body, glossary)
        found = own or find_failed(f"{candidate.context} . {candidate.body}", glossary)
        if named[0].id in subject.failed - tried - own:
            return BESIDE_OTHERS  # "Steroids are tapered faster on …" tells what becomes of what failed.
        # "A, and B after A has failed" begins with A.
        if found and not found <= find_proposed(candidate.body, glossary):
            return 1.0 if found & subject.kin else AFTER_ANOTHER
        # One that counts it among the others speaks of what it does, not of what follows it.
        return AFTER_OTHERS if subject.failed & ({term.id for term in named} - tried) else NOT_AFTER
    spoken_of = named or [term for term in glossary.terms_in(candidate.context) if term.id in subject.failed]
    return ONLY_WHAT_FAILED if spoken_of else NO_DRUG


def _only_precedes(body: str, subject: Subject, glossary: Glossary) -> bool:
    """Does it name what was asked about only as what came before something else?"""
    named = {term.id for term in glossary.terms_in(body) if term.kind in DRUG_KINDS}
    gone = find_preceding(body, glossary)
    own = {f"§{term}" for term in named} & subject.stems
    return bool(own) and gone < named and own <= {f"§{term}" for term in gone}


def _nearness(candidate: Candidate, passage: Vocabulary, subject: Subject, glossary: Glossary) -> float:
    if not subject.stems:
        return 1.0
    own = known(candidate.body, glossary).stems
    if not own.isdisjoint(subject.stems):
        if (subject.is_asked or not subject.chooses) and _only_precedes(candidate.body, subject, glossary):
            return PASSED_OVER
        preferred = RATHER_THAN.sub("", candidate.body)
        if preferred != candidate.body and not subject.chooses and not known(preferred, glossary).any_of(subject.stems):
            return PASSED_OVER
        each = zip(subject.each, subject.standing, strict=True)
        return 1 - MISSED * sum(own.isdisjoint(one | classes) for one, classes in each) / len(subject.each)
    named = [term for term in glossary.terms_in(candidate.body) if term.kind in subject.kinds]
    strangers = any(term.id not in subject.above for term in named)
    if known(candidate.context, glossary).any_of(subject.stems):
        if not strangers or subject.chooses:
            return 0.97
        return (
            0.9
            if len([t for t in glossary.terms_in(candidate.context) if t.kind in subject.kinds]) == 1
            else AMONG_OTHERS
        )
    if not strangers and (named or passage.any_of(subject.stems)):
        return 0.88 if named else 0.93
    if subject.chooses:
        return 0.82
    return 0.55 if strangers else 0.8
