"""A text with entities: words as they are, and how stretches of them are shown. Nothing is ever parsed as markup."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum


class EntityKind(StrEnum):
    """How a stretch of text is shown, in the names of the Bot API."""

    BOLD = "bold"
    ITALIC = "italic"
    BLOCKQUOTE = "blockquote"
    EXPANDABLE_BLOCKQUOTE = "expandable_blockquote"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entity:
    """A stretch of a text. `offset` and `length` count UTF-16 units."""

    kind: EntityKind
    offset: int
    length: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RichText:
    """A text and how its parts are shown. Its last `tail` UTF-16 units belong together when it is split."""

    text: str
    entities: tuple[Entity, ...] = ()
    tail: int = 0


def utf16_length(text: str) -> int:
    """How many UTF-16 units a text has; the messenger counts in them."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class RichTextBuilder:
    """Puts a text together piece by piece and knows where each entity belongs."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._entities: list[Entity] = []
        self._length = 0
        self._tail = 0

    def add(self, text: str, kind: EntityKind | None = None) -> None:
        """Append a text. What no message can hold is replaced: carriage returns, NULs, halves of characters."""
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        encoded = text.encode("utf-16-le", "surrogatepass")
        text = encoded.decode("utf-16-le", "replace")
        start = self._length
        self._pieces.append(text)
        self._length += len(encoded) // 2
        self._mark(kind, start, blank=not text.strip())

    def line(self, text: str = "", kind: EntityKind | None = None) -> None:
        """Append a text and end the line."""
        self.add(text, kind)
        self.add("\n")

    @contextmanager
    def block(self, kind: EntityKind) -> Iterator[None]:
        """Wrap everything that is added inside in one entity."""
        start, first = self._length, len(self._pieces)
        yield
        self._mark(kind, start, blank=not "".join(self._pieces[first:]).strip())

    @contextmanager
    def tail(self) -> Iterator[None]:
        """Keep together what is added inside, the end of the text."""
        start = self._length
        yield
        self._tail = self._length - start

    def build(self) -> RichText:
        """The text, outer entities before inner ones."""
        ordered = sorted(self._entities, key=lambda entity: (entity.offset, -entity.length))
        return RichText(text="".join(self._pieces), entities=tuple(ordered), tail=self._tail)

    def _mark(self, kind: EntityKind | None, start: int, *, blank: bool) -> None:
        if kind is not None and not blank:
            self._entities.append(Entity(kind=kind, offset=start, length=self._length - start))


def visible_length(rich: RichText) -> int:
    """UTF-16 units of what is seen before anything is unfolded."""
    folded = (entity.length for entity in rich.entities if entity.kind is EntityKind.EXPANDABLE_BLOCKQUOTE)
    return utf16_length(rich.text) - sum(folded)
