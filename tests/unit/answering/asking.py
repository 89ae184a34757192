"""A question asked of a few documents, as far as each step of the chain."""

from bot.answering.assess import Assessment, assess
from bot.answering.candidates import list_candidates
from bot.answering.compose import ExtractiveComposer
from bot.answering.differences import note_differences
from bot.answering.question import parse_question
from bot.answering.rank import Ranked, rank
from bot.domain.answers import Draft
from bot.domain.documents import CuratedDocument, SearchQuery
from tests.fakes import GLOSSARY, FakeRetriever

every_word_counts_the_same = FakeRetriever().weight


def ranked_for(text: str, *documents: CuratedDocument) -> tuple[Ranked, ...]:
    evidence = FakeRetriever(*documents).retrieve([SearchQuery(text=text)], 10)
    question, candidates = parse_question(text, GLOSSARY), list_candidates(evidence, GLOSSARY)
    return rank(question, candidates, GLOSSARY, every_word_counts_the_same)


def judged_for(text: str, *documents: CuratedDocument) -> Assessment:
    question = parse_question(text, GLOSSARY)
    return assess(question, ranked_for(text, *documents), GLOSSARY, every_word_counts_the_same)


def draft_for(text: str, *documents: CuratedDocument, answer_words: int = 170) -> Draft:
    found, question = ranked_for(text, *documents), parse_question(text, GLOSSARY)
    draft = ExtractiveComposer(GLOSSARY, answer_words).choose(question, found)
    return note_differences(draft, question, found, GLOSSARY)


def said(draft: Draft) -> list[str]:
    return [claim.text for claim in draft.claims]
