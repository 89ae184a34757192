"""Stored names that don't tell whose they are: keyed hashes of users and chats, the same for the same key.

Numbers of users are few enough to be tried one after the other, so a plain hash would hide nothing. The key is kept
apart from what is stored: beside a SQLite file, or in the environment.
"""

import hashlib
import hmac
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from bot.domain.errors import StoreError

LENGTH = 32
"""Hexadecimal digits that are kept of an HMAC-SHA256: 128 bits."""
HASHED = re.compile(rf"(?:[^:]*:)?#[0-9a-f]{{{LENGTH}}}")
PLACED = re.compile(r"(?P<chat>[^:]*:(?:-?\d+))(?P<rest>:.*)?", re.DOTALL)
CHECK = "Footnote"


class Pseudonyms:
    """The stored names under one key. A name that is stored already stays as it is."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    @property
    def check(self) -> str:
        """What tells this key from any other one, without telling the key."""
        return self._hash(CHECK)

    def secret(self, purpose: str) -> str:
        """A secret that everybody with this key has, and nobody else; another one for each purpose."""
        return hmac.new(self._key, f"secret: {purpose}".encode(), hashlib.sha256).hexdigest()

    def user(self, user: str) -> str:
        """A user such as `telegram:5` as it is stored; nobody stays nobody."""
        if not user or HASHED.fullmatch(user):
            return user
        channel, colon, _ = user.partition(":")
        return f"{channel}{colon}#{self._hash(user)}" if colon else f"#{self._hash(user)}"

    def conversation(self, name: str) -> str:
        """A conversation or lane such as `telegram:5:17` as it is stored; one that names no chat stays as it is."""
        placed = PLACED.fullmatch(name)
        return name if placed is None else f"{self.user(placed['chat'])}{placed['rest'] or ''}"

    def scope(self, scope: str) -> str:
        """Whose choice it is, such as `user:telegram:5` or `chat:-100`, as it is stored."""
        kind, _, name = scope.partition(":")
        return f"{kind}:{self.user(name)}"

    def known(self, stored: str, name: str) -> str:
        """`name` where it is whom the stored name stands for, else the stored name."""
        return name if name and stored == self.user(name) else stored

    def known_in(self, stored: str, chat: int) -> str:
        """The name of a conversation whose chat is known to whoever asks, as it was before it was stored."""
        channel, _, rest = stored.partition(":")
        hashed, colon, rest = rest.partition(":")
        name = f"{channel}:{chat}"
        return f"{name}{colon}{rest}" if f"{channel}:{hashed}" == self.user(name) else stored

    def _hash(self, text: str) -> str:
        return hmac.new(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:LENGTH]


def read_key(file: Path) -> tuple[str, bool]:
    """The key in a file, and whether it was made just now: 256 random bits that only their owner may read.

    Raises:
        StoreError: the file can't be read or made, or holds no key.

    """
    try:
        if made := not file.exists():
            _make(file)
        key = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise StoreError(
            f"The key {file} can't be used: {reason}.", remedy="Give this user the right to read and write it."
        ) from error
    if len(key) < LENGTH:
        raise StoreError(f"The file {file} holds no key.", remedy="Restore it from a backup, or delete an empty one.")
    return key, made


def _make(file: Path) -> None:
    """Whole or not at all, and once, whoever else makes it at the same moment."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(opened, "w", encoding="ascii") as out:
            out.write(secrets.token_hex(32))
            out.flush()
            os.fsync(out.fileno())
        with suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink()
