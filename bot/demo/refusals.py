"""What the server answers instead of a result."""


class RefusalError(Exception):
    """An error as the Bot API tells it: a status, a description, and sometimes parameters."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.description = description


def bad_request(problem: str) -> RefusalError:
    """The request itself is wrong."""
    return RefusalError(400, f"Bad Request: {problem}")
