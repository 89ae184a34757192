"""The errors that people see, as one tree.

FootnoteError                  everything we raise on purpose; `str()` is a sentence for its reader
├── ConfigurationError         a setting or folder is wrong: exit code 2
├── DocumentError              one file of the library can't be read; names file, line and remedy
├── WordingError               a prompt or wording file is broken; names file and line
├── IndexUnavailableError      the index can't be built or opened
├── StoreError                 the database can't be opened or written
├── ModelError                 a language model gave no usable text; `fault` says which of the known ways
└── ChannelError               the messenger refuses us (a wrong token, no network)

Not knowing an answer isn't an error but a value: `bot.domain.answers.Abstention`.
"""

from enum import StrEnum


class FootnoteError(Exception):
    """Carries what is wrong and, in `remedy`, what its reader can do about it."""

    def __init__(self, problem: str, *, remedy: str = "") -> None:
        super().__init__(f"{problem} {remedy}".strip())
        self.problem = problem
        self.remedy = remedy


class ConfigurationError(FootnoteError):
    """A setting, folder or token that keeps us from starting."""


class DocumentError(FootnoteError):
    """One file of the library that can't be used; the rest still is."""

    def __init__(self, path: str, problem: str, *, line: int | None = None, remedy: str = "") -> None:
        where = f"{path}, line {line}" if line else path
        super().__init__(f"{where}: {problem}", remedy=remedy)
        self.path = path
        self.line = line
        self.what = problem


class WordingError(FootnoteError):
    """A prompt or wording file that can't be used. Without a line the problem itself names the file."""

    def __init__(self, problem: str, *, remedy: str = "", path: str = "", line: int | None = None) -> None:
        super().__init__(f"{path}, line {line}: {problem}" if line else problem, remedy=remedy)
        self.path = path
        self.line = line
        self.what = problem


class IndexUnavailableError(FootnoteError):
    """The search index can't be built or opened."""


class StoreError(FootnoteError):
    """The database can't be opened or written. `passes`: what was to be stored isn't at fault."""

    def __init__(self, problem: str, *, remedy: str = "", passes: bool = False) -> None:
        super().__init__(problem, remedy=remedy)
        self.passes = passes


class ModelFault(StrEnum):
    """How a language model's provider can fail. A fault is never shown raw; the wording has a sentence for it."""

    TIMEOUT = "timeout"
    RATE_LIMITED = "rate_limited"
    SERVER = "server"
    CUT = "cut"
    REFUSED = "refused"
    EMPTY = "empty"
    MALFORMED = "malformed"
    TOO_LONG = "too_long"
    WRONG_KEY = "wrong_key"
    GONE = "gone"
    UNREACHABLE = "unreachable"
    SPENT = "spent"
    OTHER = "other"


class ModelError(FootnoteError):
    """A language model gave no usable text. `retry_after`: seconds that its provider asks to wait."""

    def __init__(self, fault: ModelFault, *, retry_after: float | None = None) -> None:
        super().__init__(f"The language model failed: {fault.value}.")
        self.fault = fault
        self.retry_after = retry_after


class ChannelError(FootnoteError):
    """The messenger can't be reached or refuses us."""
