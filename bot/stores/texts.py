"""Text as a column of a database takes it."""


def storable(text: str) -> str:
    """The text without NUL and with a question mark for half a character: no column takes either."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
