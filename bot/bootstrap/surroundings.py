"""What the bot needs of its machine: room on the disk, a clock that is right, ports that are free."""

import shutil
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx

from bot.channels.server import host_and_port, open_socket
from bot.domain.errors import ConfigurationError

LEAST_FREE = 500_000_000
"""Bytes. A rebuilt index stands beside the old one for a while, and SQLite's log grows before it shrinks."""
LARGEST_OFFSET_S = 60.0
"""Certificates, limits a day and the times of messages bear a minute, not much more."""
PATIENCE_S = 5.0
LOOPBACK = ("127.", "::1", "localhost")


def free_space(folder: Path) -> str:
    """How much room the data folder has. Raises ConfigurationError where that is too little."""
    free = shutil.disk_usage(folder).free
    told = f"{free / 1e9:.1f} GB are free for {folder}"
    if free < LEAST_FREE:
        raise ConfigurationError(
            f"Only {told}.", remedy=f"Free some: {LEAST_FREE / 1e9:.1f} GB should be, for the index and the database."
        )
    return told


def clock(data: Path, api_url: str = "") -> str:
    """Whether the clock is right: by Telegram's where that is used and answers, else by the data folder's newest file.

    Raises ConfigurationError where it isn't.
    """
    theirs = _time_of(api_url) if api_url else None
    now = time.time()
    if theirs is None:
        newest = max((path.stat().st_mtime for path in data.rglob("*") if path.is_file()), default=0.0)
        if newest > now + LARGEST_OFFSET_S:
            raise _wrong(now - newest, "the newest file of the data folder")
        return f"{_shown(now)}, not before the data folder's newest file; compared with no other clock"
    if abs(now - theirs) > LARGEST_OFFSET_S:
        raise _wrong(now - theirs, "Telegram's")
    return f"{_shown(now)}, as Telegram's"


def port(listen: str, setting: str, *, path: str = "/healthz", status: int = 200) -> str:
    """Whether an address is free, or has a running Footnote, which answers a GET of `path` with `status`.

    Raises ConfigurationError otherwise.
    """
    if not listen:
        return "none set; nothing is served there"
    host, number = host_and_port(listen)
    reach = "" if host.startswith(LOOPBACK) else "; it is open to other machines, so let a firewall stand before it"
    try:
        open_socket(listen, setting).close()
    except ConfigurationError:
        if number is not None and _is_footnote(host, number, path, status):
            return f"a running Footnote answers at {listen}{reach}"
        raise
    return f"{listen} is free{reach}"


def _time_of(url: str) -> float | None:
    """What the server's clock says; None where it doesn't answer."""
    try:
        told = httpx.head(url, timeout=PATIENCE_S).headers.get("date", "")
        return parsedate_to_datetime(told).timestamp()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return None


def _is_footnote(host: str, number: int, path: str, status: int) -> bool:
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - what is listened on, not what we do
    try:
        url = f"http://{f'[{here}]' if ':' in here else here}:{number}{path}"
        return httpx.get(url, timeout=PATIENCE_S, trust_env=False).status_code == status
    except (httpx.HTTPError, httpx.InvalidURL):
        return False


def _wrong(offset: float, by: str) -> ConfigurationError:
    way = "ahead of" if offset > 0 else "behind"
    return ConfigurationError(
        f"This machine's clock is {abs(offset):.0f} s {way} {by}.", remedy="Let it be set by NTP (`timedatectl`)."
    )


def _shown(now: float) -> str:
    return f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d %H:%M:%S} UTC"
