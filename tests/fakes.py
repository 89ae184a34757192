"""Small honest doubles with a memory. Each does what it says, only without files, models or networks."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from bot.answering.language import content
from bot.domain.documents import CuratedDocument, Passage, RetrievedPassage, SearchQuery, Sentence, Span
from bot.domain.errors import StoreError
from bot.domain.glossary import Glossary, Term, TermKind
from bot.domain.messages import History, Reply, Turn

GLOSSARY = Glossary(
    (
        Term(id="rituximab", name="rituximab", kind=TermKind.DRUG, brands=("MabThera",), classes=("biologic",)),
        Term(id="infliximab", name="infliximab", kind=TermKind.DRUG, classes=("tnf-inhibitor",)),
        Term(id="adalimumab", name="adalimumab", kind=TermKind.DRUG, brands=("Humira",), classes=("tnf-inhibitor",)),
        Term(id="methotrexate", name="methotrexate", kind=TermKind.DRUG, abbreviations=("MTX",)),
        Term(id="ivig", name="intravenous immunoglobulin", kind=TermKind.DRUG, abbreviations=("IVIG",)),
        Term(id="ciclosporin", name="ciclosporin", kind=TermKind.DRUG, names=("cyclosporine",)),
        Term(
            id="tnf-inhibitor",
            name="TNF inhibitor",
            kind=TermKind.DRUG_CLASS,
            abbreviations=("TNFi",),
            classes=("biologic",),
        ),
        Term(id="biologic", name="biologic", kind=TermKind.DRUG_CLASS, abbreviations=("bDMARD",)),
        Term(id="jak-inhibitor", name="JAK inhibitor", kind=TermKind.DRUG_CLASS, abbreviations=("JAKi",)),
        Term(id="jdm", name="juvenile dermatomyositis", kind=TermKind.DISEASE, abbreviations=("JDM",)),
        Term(id="ibm", name="inclusion body myositis", kind=TermKind.DISEASE, abbreviations=("IBM",)),
        Term(id="anti-mda5", name="anti-MDA5", kind=TermKind.ANTIBODY),
        Term(id="calcinosis", name="calcinosis", kind=TermKind.MANIFESTATION, names=("calcium deposits",)),
        Term(id="relapse", name="relapse", kind=TermKind.MEASURE, names=("relapsed",)),
        Term(id="dysphagia", name="dysphagia", kind=TermKind.MANIFESTATION, names=("trouble swallowing",)),
    )
)


def sentence(text: str, *, start: int = 0, lead: tuple[str, ...] = (), is_item: bool = False) -> Sentence:
    """A sentence whose quotation is its own text."""
    return Sentence(
        text=text,
        quote=text,
        spans=(Span(start=start, end=start + len(text)),),
        lead=lead,
        is_item=is_item or bool(lead),
    )


def passage(
    *sentences: Sentence | str, document: str = "a.md", headings: tuple[str, ...] = (), number: int = 0
) -> Passage:
    """A passage of a document; texts become sentences."""
    made = tuple(sentence(s) if isinstance(s, str) else s for s in sentences)
    return Passage(id=f"{document}#{number}", document=document, heading_path=headings, sentences=made)


def document(
    *passages: Passage, path: str = "a.md", title: str = "Treatment of juvenile dermatomyositis"
) -> CuratedDocument:
    """A document that holds these passages."""
    return CuratedDocument(path=path, id=path.partition(".")[0], title=title, passages=passages)


class FakeRetriever:
    """Scores passages by the share of the question's content words that they hold; remembers what it was asked."""

    def __init__(self, *documents: CuratedDocument, glossary: Glossary = GLOSSARY) -> None:
        self.documents = documents
        self.glossary = glossary
        self.asked: list[tuple[SearchQuery, ...]] = []

    def retrieve(self, queries: Sequence[SearchQuery], top_k: int) -> tuple[RetrievedPassage, ...]:
        """Every passage that shares a content word with the first query, best first."""
        self.asked.append(tuple(queries))
        found = []
        for doc in self.documents:
            for part in doc.passages:
                score = self._likeness(queries[0].text, f"{doc.title} {part.text}")
                if score > 0:
                    near = tuple(self._likeness(queries[0].text, s.text) for s in part.sentences)
                    found.append((score, doc, part, near))
        found.sort(key=lambda item: -item[0])
        return tuple(
            RetrievedPassage(
                passage=part, document=doc, rank=rank, score=score, dense=score, lexical=score, similarities=near
            )
            for rank, (score, doc, part, near) in enumerate(found[:top_k], 1)
        )

    def retrieve_from(
        self, documents: Sequence[str], queries: Sequence[SearchQuery], top_k: int
    ) -> tuple[RetrievedPassage, ...]:
        """The first passages of these documents, each as good as it is."""
        return tuple(
            RetrievedPassage(
                passage=part,
                document=doc,
                rank=rank,
                score=self._likeness(queries[0].text, f"{doc.title} {part.text}"),
                similarities=tuple(self._likeness(queries[0].text, s.text) for s in part.sentences),
            )
            for doc in self.documents
            if doc.id in documents
            for rank, part in enumerate(doc.passages[:top_k], 1)
        )

    def contested(self) -> tuple[CuratedDocument, ...]:
        """Those that say whom they contradict."""
        return tuple(each for each in self.documents if each.conflicts_with)

    def is_foreign(self, word: str) -> bool:
        """No word is foreign."""
        return False

    def is_common(self, word: str) -> bool:
        """Short words are common."""
        return len(word) < 9

    def weight(self, word: str) -> float:
        """Every word counts the same, and more than one that stands everywhere."""
        return 2.0

    def _likeness(self, question: str, text: str) -> float:
        wanted, held = set(content(question, self.glossary)), set(content(text, self.glossary))
        return len(wanted & held) / (len(wanted) or 1)


class FakeLibrary:
    """What a conversation asks of a library, over a FakeRetriever's documents. Vectors count content words."""

    fingerprint = "sha256:library"
    is_empty = False
    is_barred = False

    def __init__(self, retriever: FakeRetriever) -> None:
        self.retriever = retriever

    def embed(self, text: str) -> np.ndarray:
        """A unit vector in which each content word has its place."""
        vector = np.zeros(384, dtype=np.float32)
        for word in content(text, self.retriever.glossary):
            vector[sum(map(ord, word)) % 384] += 1
        return vector / (float(np.linalg.norm(vector)) or 1.0)

    def weight(self, word: str) -> float:
        """Every word counts the same."""
        return self.retriever.weight(word)

    def knows(self, text: str) -> bool:
        """Does a document use each of these words?"""
        held = " ".join(p.text for d in self.retriever.documents for p in d.passages)
        return set(content(text, self.retriever.glossary)) <= set(content(held, self.retriever.glossary))

    def respell(self, text: str) -> str:
        """Everything is spelt right."""
        return text

    def holds(self, document: str, passage: str) -> bool:
        """Is the passage in one of the documents?"""
        return any(p.id == passage for d in self.retriever.documents if d.path == document for p in d.passages)

    def passage(self, document: str, passage: str) -> RetrievedPassage | None:
        """The passage, if one of the documents has it."""
        held = [(d, p) for d in self.retriever.documents if d.path == document for p in d.passages if p.id == passage]
        return RetrievedPassage(document=held[0][0], passage=held[0][1], rank=1, score=1.0) if held else None

    def starters(self) -> tuple[str, ...]:
        """Two questions."""
        return ("What is the dosing of rituximab?", "Does rituximab help calcinosis?")


class MemoryConversations:
    """Turns in a list."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.users: list[str] = []

    async def add_turn(self, reply: Reply, *, asked_at: datetime, user: str = "") -> None:
        """Keep it."""
        self.replies.append(reply)
        self.users.append(user)

    async def history(self, conversation: str, limit: int) -> History:
        """The last turns of this conversation."""
        turns = [
            Turn(
                number=r.turn,
                question=r.question,
                standalone_question=r.standalone_question,
                outcome=r.outcome,
                asked_at=datetime(2026, 1, 1, tzinfo=UTC),
                answer_id=r.provenance.answer_id,
            )
            for r in self.replies
            if r.conversation == conversation
        ]
        return History(turns=tuple(turns[-limit:]), next_turn=1 + len(turns))

    async def start_afresh(self, conversation: str) -> None:
        """Forget that conversation's turns."""
        self.replies = [reply for reply in self.replies if reply.conversation != conversation]


class BrokenConversations(MemoryConversations):
    """A database that is away."""

    async def add_turn(self, reply: Reply, *, asked_at: datetime, user: str = "") -> None:
        """Fail."""
        raise StoreError("The database is away.")

    async def history(self, conversation: str, limit: int) -> History:
        """Fail."""
        raise StoreError("The database is away.")
