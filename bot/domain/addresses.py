"""Addresses as they may be shown: they often carry a user, a password or a key."""


def without_credentials(address: str) -> str:
    """The address without user, password and query; where they can't be told apart from it, only its kind.

    No parser decides here: a password may hold any character, also one that ends a host for a parser.
    """
    kind, separator, rest = address.partition("://")
    if not separator:
        return "…" if "@" in address else address
    credentials, at, place = rest.rpartition("@")
    if "?" in credentials or "#" in credentials:
        return f"{kind}://…"
    place = place if at else rest
    for mark in "?#":
        place, cut, _ = place.partition(mark)
        place += "?…" if cut else ""
    return f"{kind}://{'…@' if at else ''}{place}"
