"""Where a message of a messenger belongs."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageNote:
    """What is known of a message besides its text, which isn't kept.

    `answer_id`: the answer that it asked for or is a part of. `purpose`: what a reply to it, or a button under it, is
    for: `comment`, `offer`, `ask`; empty for an ordinary message. `topic` is None outside of topics.
    """

    conversation: str
    answer_id: str | None
    by_user: bool
    purpose: str = ""
    topic: int | None = None
