"""Whether the index in use fits: this library, this program, and all parts of it there."""

from collections.abc import Callable

from bot.domain.errors import IndexUnavailableError
from bot.knowledge.building import Source, is_intact
from bot.knowledge.embeddings import Embedder
from bot.knowledge.generations import FORMAT, Generation, Generations

Notice = Callable[[str], None]


def matching(generations: Generations, source: Source, *, shared: bool = False) -> Generation | None:
    """The generation in use, where it holds exactly this library and is whole."""
    try:
        current = generations.current()
    except IndexUnavailableError:
        return None
    fits = current and current.manifest.fingerprint == source.fingerprint and is_intact(current, shared=shared)
    return current if fits else None


def usable(generations: Generations, embedder: Embedder, notice: Notice, *, shared: bool = False) -> Generation | None:
    """The generation in use, where the next one can start from it; else `notice` is told why not."""
    try:
        current = generations.current()
    except IndexUnavailableError as error:
        notice(f"{error.problem} It's built anew from the library; nothing is lost.")
        return None
    if current is None:
        return None
    reason = mismatch(current, embedder) or damage(current, shared=shared)
    if reason:
        notice(f"The index can't be used, {reason}; it's built anew from the library, and nothing is lost.")
    return None if reason else current


def damage(generation: Generation, *, shared: bool) -> str:
    """What is wrong with its parts; empty where all are there."""
    if is_intact(generation, shared=shared):
        return ""
    if is_intact(generation, shared=True) and not generation.chroma.exists():
        return "its vectors are on a Chroma server, and FOOTNOTE_CHROMA_URL isn't set any more"
    return "parts of it are missing or damaged"


def mismatch(generation: Generation, embedder: Embedder) -> str:
    """Why this program can't search this generation; empty where it can."""
    manifest = generation.manifest
    if manifest.format != FORMAT:
        return f"it's of another version (format {manifest.format}, this version writes {FORMAT})"
    if manifest.model_digest != embedder.digest:
        return f"it was made with another embedding model ({manifest.model}, not this {embedder.name})"
    return ""
