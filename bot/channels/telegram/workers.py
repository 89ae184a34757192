"""Who works on the inbox: this process, by a name that tells later ones whether it still lives."""

import os
import socket
import uuid

from bot.channels.telegram.ports import Inbox


def this_worker() -> str:
    """A name of this process that no other one has."""
    return f"{socket.gethostname()}/{os.getpid()}/{uuid.uuid4().hex[:8]}"


async def free_the_dead(inbox: Inbox, me: str) -> int:
    """Give back what processes of this host had in work that are gone; returns how many rows. Raises StoreError.

    Claims of other hosts run out by themselves.
    """
    freed = 0
    for worker in await inbox.workers():
        if worker != me and _is_gone(worker):
            freed += await inbox.free(worker)
    return freed


def _is_gone(worker: str) -> bool:
    host, _, rest = worker.rpartition("/")[0].rpartition("/")
    if host != socket.gethostname() or not rest.isdigit():
        return False
    number = int(rest)
    if number == os.getpid():  # In a container every life of the program has the same number.
        return True
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
