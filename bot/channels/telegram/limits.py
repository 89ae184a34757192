"""How many questions are answered, of one user and in one chat: in a minute, and in a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.telegram.ports import Inbox


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How many questions are answered; 0 for no limit a day."""

    user_a_minute: int = 6
    chat_a_minute: int = 20
    user_a_day: int = 200

    @property
    def of_user(self) -> int:
        """Updates of any kind that one user may cause in a minute: as fast as somebody turns pages, and no faster."""
        return max(60, 2 * self.user_a_minute)

    @property
    def of_group(self) -> int:
        """The same for all members of a group together."""
        return max(120, 2 * self.chat_a_minute)


async def over_limit(limits: Limits, inbox: Inbox, *, user: str, chat: int, now: datetime) -> str | None:
    """The key of the sentence for one question too many; None where it may be asked. Raises StoreError."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    by_user, in_chat, today = await inbox.asked_lately(user, chat, lately=now - timedelta(minutes=1), day=midnight)
    if by_user >= limits.user_a_minute:
        return "telegram.too_many_now"
    if in_chat >= limits.chat_a_minute:
        return "telegram.too_many_here"
    if limits.user_a_day and today >= limits.user_a_day:
        return "telegram.too_many_today"
    return None
