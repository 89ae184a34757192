"""A Chroma server that several replicas share, spoken to with time limits.

Each index has a collection of its own, named after its fingerprint: replicas of different versions or libraries never
meet. Ids and vectors follow from the fingerprint, so whoever puts them in writes the same, and two at once do no harm.
A collection is searched only once whoever has put in all of it has said so in its metadata. Texts never go there.
"""

import re
import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urlsplit, urlunsplit

from bot.domain.addresses import without_credentials
from bot.knowledge.vectors import GRAPH

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

T = TypeVar("T")
PREFIX = "footnote-"
OURS = re.compile(f"{PREFIX}[0-9a-f]{{64}}")
WHILE_SEARCHING_S, WHILE_BUILDING_S = 1.5, 30.0
"""Seconds for an answer: who searches has another way, who builds has not."""
CONNECT_S = 1.0
MOST_COLLECTIONS, MOST_TOLD = 1_000, 200
LATEST = 2**33
"""Seconds since 1970, and passages: no number that a server tells is taken for more."""
REFUSED = {401: "it refuses the token", 403: "it refuses the token", 404: "nobody there knows Chroma's API"}


class ServerAwayError(RuntimeError):
    """The server can't be reached or used; the text says why, without address and secrets."""


class CollectionGoneError(ServerAwayError):
    """The server is there, but the collection isn't, or not all of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerAddress:
    """Where a Chroma server is. `url` may hold user and password; `token` is one that a proxy before it asks for."""

    url: str
    token: str = ""

    def __str__(self) -> str:
        return without_credentials(self.url)

    @property
    def place(self) -> str:
        """The address without user and password."""
        parts = urlsplit(self.url)
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])).rstrip("/")

    @property
    def headers(self) -> dict[str, str]:
        """What each request carries. Chroma's own server asks for nothing; Chroma Cloud and proxies do."""
        parts = urlsplit(self.url)
        if self.token:
            return {"Authorization": f"Bearer {self.token}", "X-Chroma-Token": self.token}
        if parts.username is None:
            return {}
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How a collection is, as its metadata tell. `used` is in seconds since 1970."""

    name: str
    is_complete: bool
    passages: int
    used: int


class ChromaServer:
    """A connection, opened at the first call. Any thread may use it; every method raises ServerAwayError."""

    def __init__(self, address: ServerAddress, patience: float = WHILE_BUILDING_S) -> None:
        self.address = address
        self._patience = patience
        self._lock = Lock()
        self._opened: Any = None

    def version(self) -> str:
        """The version of the server's API."""
        return str(self.call(lambda api: api.get_version()))

    def collections(self) -> tuple[Standing, ...]:
        """Footnote's collections, whichever index they belong to."""
        found = self.call(lambda api: api.list_collections(limit=MOST_COLLECTIONS))
        return tuple(standing(model) for model in found if OURS.fullmatch(model.name))

    def find(self, fingerprint: str) -> "SharedVectors":
        """The collection of an index, complete or not. Raises CollectionGoneError where there is none."""
        return SharedVectors(self, self.call(lambda api: api.get_collection(PREFIX + fingerprint)))

    def create(self, fingerprint: str, now: float) -> "SharedVectors | None":
        """A new collection, which is ours to fill; None where somebody else was first."""
        metadata = {"complete": False, "passages": 0, "used": int(now)}

        def create(api: Any) -> Any:
            return api.create_collection(PREFIX + fingerprint, configuration={"hnsw": GRAPH}, metadata=metadata)

        try:
            return SharedVectors(self, self.call(create))
        except ServerAwayError:
            self.find(fingerprint)  # Raises where creating failed for another reason than that it exists.
            return None

    def drop(self, name: str) -> None:
        """Delete a collection; one that is gone is fine."""
        try:
            self.call(lambda api: api.delete_collection(name))
        except CollectionGoneError:
            return

    def call(self, step: Callable[[Any], T]) -> T:
        """Ask the server; once more where the connection broke, as it does when a server was started anew."""
        import httpx
        from chromadb.errors import ChromaError, NotFoundError

        for is_last in (False, True):
            try:
                return step(self._api())
            except NotFoundError as error:
                raise CollectionGoneError("the index's collection isn't there") from error
            except httpx.TimeoutException as error:
                raise ServerAwayError("it doesn't answer in time") from error
            except httpx.TransportError as error:
                if is_last:
                    raise ServerAwayError("it can't be reached") from error
            except ChromaError as error:
                raise ServerAwayError(f"it says: {str(error)[:MOST_TOLD]}") from error
            except (ValueError, LookupError, TypeError, AttributeError, RuntimeError) as error:
                raise ServerAwayError(f"it answers unlike a Chroma server ({type(error).__name__})") from error
            except Exception as error:
                # What isn't Chroma's own error, chromadb raises as plain `Exception` with the page that came.
                if type(error) is not Exception:
                    raise
                response = getattr(error.__context__, "response", None)
                status = getattr(response, "status_code", 0)
                raise ServerAwayError(f"{REFUSED.get(status, 'it fails')} (HTTP {status})") from error
        raise AssertionError("unreachable")

    def _api(self) -> Any:
        """Chroma's own client for HTTP, without its façade: that one asks three questions first, with no time limit."""
        import httpx
        from chromadb.api import ServerAPI
        from chromadb.config import Settings, System

        with self._lock:
            if self._opened is None:
                parts = urlsplit(self.address.place)
                settings = Settings(
                    _env_file=None,  # type: ignore[call-arg]
                    anonymized_telemetry=False,
                    chroma_otel_collection_endpoint="",
                    chroma_api_impl="chromadb.api.fastapi.FastAPI",
                    chroma_server_host=self.address.place,
                    chroma_server_http_port=parts.port or (443 if parts.scheme == "https" else 80),
                    chroma_server_ssl_enabled=parts.scheme == "https",
                    chroma_server_headers=self.address.headers,
                )
                system = System(settings)
                api: Any = system.instance(ServerAPI)  # type: ignore[type-abstract]
                api._session.timeout = httpx.Timeout(self._patience, connect=CONNECT_S)  # noqa: SLF001
                system.start()
                self._opened = (system, api)
            return self._opened[1]

    def close(self) -> None:
        """Close the connection; the next call opens it again."""
        with self._lock:
            opened, self._opened = self._opened, None
        if opened is not None:
            opened[1]._session.close()  # noqa: SLF001
            opened[0].stop()


class SharedVectors:
    """The vectors of one index on the server."""

    def __init__(self, server: ChromaServer, model: Any) -> None:
        self._server = server
        self._model = model

    @property
    def standing(self) -> Standing:
        """How the collection was when it was looked up."""
        return standing(self._model)

    def size(self) -> int:
        """The number of vectors."""
        return self._ask(lambda collection: int(collection.count()))

    def put(self, ids: Sequence[str], vectors: "NDArray[np.float32]", extras: Sequence[Mapping[str, str]]) -> None:
        """Put vectors (n, dimension) under their ids, each with what else is to be kept of it."""
        self._ask(
            lambda collection: collection.upsert(ids=list(ids), embeddings=vectors, metadatas=[*map(dict, extras)])
        )

    def held(self, ids: Sequence[str]) -> set[str]:
        """Which of these are there."""
        return self._ask(lambda collection: set(collection.get(ids=list(ids), include=[])["ids"]))

    def extras(self, ids: Sequence[str]) -> dict[str, Mapping[str, object]]:
        """What was kept with these, by id."""

        def read(collection: Any) -> dict[str, Mapping[str, object]]:
            found = collection.get(ids=list(ids), include=["metadatas"])
            return {name: extra or {} for name, extra in zip(found["ids"], found["metadatas"], strict=True)}

        return self._ask(read)

    def nearest(self, vector: "NDArray[np.float32]", k: int) -> list[str]:
        """The ids of the nearest `k`, best first."""
        if k < 1:
            return []

        def search(collection: Any) -> list[str]:
            found = collection.query(query_embeddings=vector[None], n_results=k, include=[])
            return [str(name) for name in found["ids"][0]]

        return self._ask(search)

    def mark_used(self, passages: int, now: float) -> None:
        """Say that all of it is there, and that it is in use. Only for who knows: nobody takes it back."""
        metadata = {"complete": True, "passages": passages, "used": int(now)}
        self._ask(lambda collection: collection.modify(metadata=metadata))

    def _ask(self, step: Callable[[Any], T]) -> T:
        from chromadb.api.models.Collection import Collection

        return self._server.call(lambda api: step(Collection(client=api, model=self._model, embedding_function=None)))


def standing(model: Any) -> Standing:
    """What the metadata of a collection tell; whatever else stands there means that it isn't complete."""
    metadata = model.metadata or {}

    def number(name: str) -> int:
        value = metadata.get(name)
        return int(min(max(value, 0), LATEST)) if isinstance(value, int | float) else 0

    return Standing(
        name=model.name,
        is_complete=metadata.get("complete") is True,
        passages=number("passages"),
        used=number("used"),
    )


def now() -> float:
    """Seconds since 1970; only compared over hours, so that clocks needn't agree."""
    return time.time()
