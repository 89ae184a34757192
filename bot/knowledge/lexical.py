"""The words of the passages, searched by BM25 in tantivy.

A compound is indexed in its parts and as one: `anti-MDA5` is found by `mda5`, and by `antimda5`, which is also what
`anti MDA5` looks for. `TNF-α`, `TNFα` and `tnf alpha` meet at `tnfalpha`. All words are stemmed, so `responding` finds
`response`. Queries are built from terms; what a user writes never reaches a query parser.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.domain.text import words

if TYPE_CHECKING:
    import tantivy

Terms = Mapping[str, float]

FIELD = "stems"

STOP_WORDS = frozenset(
    """
    a about after again all also am an and any are as at be been before being between both but by can could did do does
    doing down during each few for from further get gets give given gives had has have having he her here him his how i
    if in into is it its itself just may me might more most much my of off on once only or other our out over own please
    same shall she should so some such tell than that the their them then there these they this those through to too
    under until up upon us very was we were what when where whether which while who whom whose why will with would you
    your
    """.split()
)
JOINT = re.compile(r"[-/+'.]")
PARTING = re.compile(r"[-/+']")
COMPOUND = re.compile(r"[^\s/+'-]*[-/+']\S*")
HEAP = 32 << 20
SATURATION = 2.2  # k1 + 1 of tantivy's BM25: what a term scores at most, over its idf


class LexicalIndex:
    """A finished index in a folder. Any thread may search it."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        index = tantivy.Index.open(str(folder))
        register(index)
        index.reload()
        self._schema = index.schema
        self._searcher = index.searcher()
        self._analyzer = stemmer()
        self._names: dict[str, Terms] = {}

    @classmethod
    def build(cls, folder: Path, passages: Iterable[tuple[str, str]]) -> None:
        """Write an index into an empty folder, of ids with folded words that have a space between them."""
        import tantivy

        folder.mkdir(parents=True, exist_ok=True)
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field(FIELD, tokenizer_name="stems", index_option="freq")
        index = tantivy.Index(builder.build(), path=str(folder))
        register(index)
        writer = index.writer(HEAP, 1)
        for passage, found in passages:
            forms = COMPOUND.sub(lambda match: " ".join(forms_of(match.group())), found)
            writer.add_document(tantivy.Document(id=passage, stems=forms))
        writer.commit()
        writer.wait_merging_threads()

    @cached_property
    def size(self) -> int:
        """The number of passages."""
        return int(self._searcher.num_docs)

    def search(self, asked: str | Terms, k: int) -> list[tuple[str, float]]:
        """The best `k` passage ids with their BM25 scores, best first."""
        import tantivy

        terms = self.terms(asked) if isinstance(asked, str) else asked
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.boost_query(self._look_up(term), weight))
            for term, weight in terms.items()
        ]
        if not clauses or k < 1:
            return []
        hits = self._searcher.search(tantivy.Query.boolean_query(clauses), k, count=False).hits
        return [(self._searcher.doc(address)["id"][0], score) for score, address in hits]

    def terms(self, text: str) -> Terms:
        """What is looked up for a text, with weights; what the index doesn't hold isn't in it."""
        found = words(text)
        telling = [word for word in found if word not in STOP_WORDS] or found
        pairs = {f"{left}{right}" for left, right in pairwise(found) if left.isalpha()} - set(telling)
        wanted = Counter(self._stems([*(form for word in telling for form in forms_of(word)), *pairs]))
        return {term: float(count) for term, count in wanted.items() if self._frequency(term)}

    def terms_of_name(self, name: str) -> Terms:
        """The same of a name of the glossary, kept: there are few, and they are looked up again and again."""
        if name not in self._names:
            self._names[name] = self.terms(name)
        return self._names[name]

    def idf(self, word: str) -> float:
        """BM25's inverse document frequency of a word, however it's spelt: ln(1 + (N - n + 0.5) / (n + 0.5))."""
        folded = "-".join(words(word))
        if not folded:
            return 0.0
        (stem,) = self._stems([whole_of(folded)]) or [folded]
        return self._inverse(self._frequency(stem))

    def knows(self, text: str) -> bool:
        """Does the library use each of these words in some form?"""
        stems = [self._stems([whole_of(word)]) for word in words(text)]
        return bool(stems) and all(any(self._frequency(stem) for stem in forms) for forms in stems)

    def ceiling(self, terms: Terms) -> float:
        """The score that no passage exceeds: every term there, and often."""
        return sum(weight * SATURATION * self._inverse(self._frequency(term)) for term, weight in terms.items())

    def _stems(self, folded: Iterable[str]) -> list[str]:
        return list(self._analyzer.analyze(" ".join(folded)))

    def _inverse(self, frequency: int) -> float:
        return math.log(1 + (self.size - frequency + 0.5) / (frequency + 0.5))

    def _frequency(self, term: str) -> int:
        return int(self._searcher.doc_freq(FIELD, term))

    def _look_up(self, term: str) -> "tantivy.Query":
        import tantivy

        return tantivy.Query.term_query(self._schema, FIELD, term, index_option="freq")


def forms_of(word: str) -> list[str]:
    """What a folded word is indexed and found as: its parts and, where it has several, itself as one."""
    parts = [part for part in PARTING.split(word) if part]
    return parts if parts == [word] else [*parts, whole_of(word)]


def whole_of(word: str) -> str:
    """`il-6` and `il6` are one; `2-5` stays, since it isn't `25`."""
    return JOINT.sub("", word) if any(character.isalpha() for character in word) else word


def stemmer() -> Any:
    """Words split at spaces and stemmed; used for passages and queries alike."""
    import tantivy

    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    return builder.filter(tantivy.Filter.stemmer("english")).build()


def register(index: Any) -> None:
    """Tokenizers aren't stored in an index: they're given anew at each opening."""
    index.register_tokenizer("stems", stemmer())
