"""Whether a drug is licensed for something: of which drug a statement tells it, and how that is searched."""

from bot.answering.candidates import Candidate
from bot.answering.question import Aspect, ParsedQuestion
from bot.answering.statements import gives
from bot.domain.glossary import DRUG_KINDS, Glossary

DOCUMENTS_SAY = "licensed, approved, off-label"


def tells_status(candidate: Candidate, question: ParsedQuestion, glossary: Glossary) -> bool:
    """Does it say whether what was asked about, or its class, is licensed? Of what another drug is, nothing follows."""
    if not gives(candidate.body, Aspect.REGULATORY_STATUS):
        return False
    asked = [term for term in question.terms if term.kind in DRUG_KINDS]
    wanted = {each.id for term in asked for each in (term, *glossary.ancestors(term), *glossary.members(term))}
    named = [term.id for term in glossary.terms_in(candidate.body) if term.kind in DRUG_KINDS]
    return not asked or not wanted.isdisjoint(named or [term.id for term in glossary.terms_in(candidate.context)])


def in_words_of_status(question: ParsedQuestion, glossary: Glossary) -> str:
    """A question for it as documents say it, of a drug as of its class."""
    drugs = (term for term in question.terms if term.kind in DRUG_KINDS)
    classes = (above.name for term in drugs for above in glossary.ancestors(term) if above.kind in DRUG_KINDS)
    return f"{question.text} ({', '.join([*dict.fromkeys(classes), DOCUMENTS_SAY])})"
