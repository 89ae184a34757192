"""Asks a registry politely: who is asking, a pause between requests, second tries where they may help, a time limit."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from bot import __version__
from bot.knowledge.registries.findings import RegistryError

ATTEMPTS = 3
PAUSE = 0.35
"""Seconds between requests: PubMed allows three a second."""
LONGEST_WAIT = 30.0
GIVE_UP_AFTER = 2
"""Failures in a row after which a registry isn't asked again."""
AGAIN = "Run the same command again later; what is known by then isn't asked again."


def open_client(mailto: str, patience: float) -> httpx.Client:
    """A client that says who asks. `patience`: seconds that a registry may stay silent."""
    who = f"Footnote/{__version__}" + (f" (mailto:{mailto})" if mailto else "")
    return httpx.Client(timeout=patience, follow_redirects=True, headers={"User-Agent": who})


class Asker:
    """GET requests to one registry through an open client, whose time limit holds for each silence."""

    def __init__(
        self, name: str, address: str, client: httpx.Client, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.name = name
        self._address = address.rstrip("/")
        self._client = client
        self._sleep = sleep
        self._asked = False
        self._failed = 0
        self._failure = RegistryError("")

    def get(self, path: str, parameters: Mapping[str, str]) -> Any:
        """The JSON of a reply; None where the registry has nothing of that name. Raises `RegistryError`."""
        if self._failed >= GIVE_UP_AFTER:
            raise self._failure
        for attempt in range(ATTEMPTS):
            if self._asked:
                self._sleep(PAUSE)
            self._asked = True
            wait = 2.0**attempt
            try:
                reply = self._client.get(f"{self._address}/{path}", params=parameters)
            except httpx.TimeoutException:
                self._failure = self._error(f"didn't answer within {self._client.timeout.read:g} seconds", AGAIN)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                remedy = "Check the network, or run the check without --online."
                self._failure = self._error(f"can't be reached ({type(error).__name__})", remedy)
            else:
                if reply.status_code != httpx.codes.TOO_MANY_REQUESTS and reply.status_code < 500:
                    self._failed = 0
                    return self._read(reply)
                self._failure = self._error(f"is overloaded or out of order (status {reply.status_code})", AGAIN)
                after = reply.headers.get("Retry-After", "")
                wait = min(float(after), LONGEST_WAIT) if after.isdigit() else wait
            if attempt + 1 < ATTEMPTS:
                self._sleep(wait)
        self._failed += 1
        raise self._failure

    def malformed(self) -> RegistryError:
        """What to raise where a reply isn't what this registry is known to send."""
        remedy = "Open its address in a browser: a proxy or a login page may stand in between."
        return self._error("sent a reply that can't be understood", remedy)

    def _read(self, reply: httpx.Response) -> Any:
        if reply.status_code in {httpx.codes.NOT_FOUND, httpx.codes.GONE}:
            return None
        if not reply.is_success:
            raise self._error(f"refused the request (status {reply.status_code})", "Check the address and the proxy.")
        try:
            return reply.json()
        except ValueError:
            raise self.malformed() from None

    def _error(self, what: str, remedy: str) -> RegistryError:
        return RegistryError(f"{self.name} {what}.", remedy=remedy)
