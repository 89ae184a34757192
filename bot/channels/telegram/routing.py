"""Hands each row of the inbox to whoever handles its kind."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from telegram import Update

from bot.channels.telegram.arrivals import Me, command_of, get_refused, update_in
from bot.channels.telegram.messages import language_of, place_of
from bot.channels.telegram.office import Command, Comment, Membership, Office, Press
from bot.domain.inbox import ArrivalKind, Claimed
from bot.prompts import Words


@dataclass(frozen=True, kw_only=True)
class Router:
    """Who handles what. A handler that raises is tried again; what it raised says when."""

    office: Office
    words: Words
    me: Callable[[], Me]
    commands: Mapping[str, Command]
    unknown: Command
    press: Press
    comment: Comment
    membership: Membership
    question: Callable[[Claimed], Awaitable[None]]
    question_given_up: Callable[[Claimed], Awaitable[None]]
    edited: Callable[[Office, Claimed, Update], Awaitable[None]]

    async def handle(self, claimed: Claimed) -> None:
        """Deal with one row."""
        match claimed.arrival.kind:
            case ArrivalKind.QUESTION:
                await self.question(claimed)
            case ArrivalKind.OTHER:
                await self._other(claimed)
            case ArrivalKind.UNREADABLE:
                await self.office.inbox.bury(claimed.arrival.id, "unreadable")
            case _:
                await self._update(claimed, update_in(claimed.arrival.payload, self.office.bot))

    async def give_up(self, claimed: Claimed) -> None:
        """Say that a row won't be dealt with, where somebody waits for it."""
        if claimed.arrival.kind is ArrivalKind.QUESTION:
            await self.question_given_up(claimed)
        elif claimed.arrival.kind is ArrivalKind.COMMAND:
            message = update_in(claimed.arrival.payload, self.office.bot).message
            assert message is not None
            office = self._for(language_of(message))
            await office.delivery.send(place_of(message), office.sentence("telegram.failed"))

    def _for(self, language: str) -> Office:
        """The office with the sentences of the moment in a language."""
        return replace(self.office, wording=self.words.for_language(language))

    async def _update(self, claimed: Claimed, update: Update) -> None:
        office = self._for(language_of(update))
        if claimed.arrival.kind is ArrivalKind.MEMBERSHIP:
            await self.membership(office, update)
        elif update.callback_query is not None:
            await self.press(office, claimed, update.callback_query, update.callback_query.data or "")
        elif update.edited_message is not None:
            await self.edited(office, claimed, update)
        elif claimed.arrival.kind is ArrivalKind.BUTTON and update.message is not None:
            await self.comment(office, claimed, update.message)
        elif update.message is not None and (command := command_of(update.message, self.me())) is not None:
            name, rest = command
            await self.commands.get(name, self.unknown)(office, update, update.message, rest)

    async def _other(self, claimed: Claimed) -> None:
        """What isn't answered: too many questions, and what can't be read."""
        if (refused := get_refused(claimed.arrival.payload)) is not None:
            place, key, language = refused
            await self.office.delivery.send(place, self._for(language).sentence(key))
            return
        update = update_in(claimed.arrival.payload, self.office.bot)
        assert update.message is not None
        await self.office.delivery.send(
            place_of(update.message), self._for(language_of(update)).sentence("telegram.not_text")
        )
