"""What the stores need of a connection, whichever database it leads to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:
    import sqlalchemy
    from sqlalchemy import CursorResult, Dialect, Executable, ScalarResult

P = ParamSpec("P")
T = TypeVar("T")


class Connection(Protocol):
    """The part of SQLAlchemy's asynchronous connection that is used."""

    @property
    def dialect(self) -> Dialect:
        """Which SQL this is."""
        ...

    async def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[*tuple[Any, ...]]:
        """The result of a statement."""
        ...

    async def exec_driver_sql(self, statement: str) -> CursorResult[*tuple[Any, ...]]:
        """The result of a statement in the database's own words."""
        ...

    async def scalar(self, statement: Executable, parameters: Any = None) -> Any:
        """The first value of a statement's first row."""
        ...

    async def scalars(self, statement: Executable) -> ScalarResult[Any]:
        """The first values of a statement's rows."""
        ...

    async def run_sync(
        self, work: Callable[Concatenate[sqlalchemy.Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What `work` does with the connection."""
        ...
