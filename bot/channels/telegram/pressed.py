"""A button that was pressed: where, by whom, and about which answer."""

from dataclasses import dataclass

from telegram import CallbackQuery, InlineKeyboardMarkup, Message
from telegram.constants import ChatType

from bot.channels.telegram.calls import tell_pressed
from bot.channels.telegram.messages import Place
from bot.channels.telegram.office import Office
from bot.domain.inbox import Claimed
from bot.domain.messages import Reply

MOST_DIGITS = 19
"""From so many digits on, a number may be too high to be looked for."""


@dataclass(frozen=True, kw_only=True)
class Pressed:
    """The press of a button. `value` is what its data say besides verb and answer."""

    office: Office
    claimed: Claimed
    query: CallbackQuery
    place: Place
    value: str = ""

    @property
    def user(self) -> str:
        """Who pressed it, such as `telegram:5`."""
        return f"telegram:{self.query.from_user.id}"

    @property
    def is_private(self) -> bool:
        """Is nobody else in this chat?"""
        return self.query.message is not None and self.query.message.chat.type == ChatType.PRIVATE

    @property
    def number(self) -> int:
        """The number that its data say; 0 where they say none, or one that we never wrote."""
        return int(self.value) if self.value.isdecimal() and len(self.value) < MOST_DIGITS else 0

    @property
    def buttons(self) -> tuple[str, ...]:
        """The data of all buttons under the message, as Telegram shows it; none where it's too old to tell."""
        markup = self.query.message.reply_markup if isinstance(self.query.message, Message) else None
        rows = markup.inline_keyboard if isinstance(markup, InlineKeyboardMarkup) else ()
        return tuple(str(button.callback_data) for row in rows for button in row if button.callback_data)

    async def tell(self, key: str = "", *, alert: bool = False, **values: object) -> None:
        """Confirm the press, at once and maybe with a sentence that Telegram shows for a moment."""
        await tell_pressed(self.query, self.office.wording.say(key, **values) if key else "", alert=alert)

    async def refuse(self) -> None:
        """The button does nothing any more, or not here."""
        await self.tell("command.old_button", alert=True)


@dataclass(frozen=True, kw_only=True)
class PressedOnAnswer(Pressed):
    """The press of a button that belongs to an answer which may be looked at in this chat."""

    reply: Reply

    @property
    def answer_id(self) -> str:
        """The answer's id."""
        return self.reply.provenance.answer_id
