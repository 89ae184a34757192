"""People who write to the bot and press its buttons, with the real stores and everything but questions handled."""

import itertools
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from telegram import Bot, Update

from bot.channels.telegram import buttons, commands, edits, feedback, membership
from bot.channels.telegram.arrivals import Me, arrival_of, kind_of
from bot.channels.telegram.delivery import Delivery
from bot.channels.telegram.office import Asked, Office
from bot.channels.telegram.payload import sparing
from bot.channels.telegram.routing import Router
from bot.channels.telegram.threads import Threads
from bot.domain.documents import CuratedDocument, RetrievedPassage
from bot.domain.inbox import ArrivalKind, ArrivalState, Claimed
from bot.places import shipped
from bot.prompts import load_wording
from bot.stores.answers import Answers
from bot.stores.conversations import Conversations
from bot.stores.database import Database
from bot.stores.exporting import Exporting
from bot.stores.feedback import Feedback
from bot.stores.forgetting import Forgetting
from bot.stores.inbox import Inbox
from bot.stores.messages import Messages
from bot.stores.readers import Readers
from bot.stores.reviews import ReviewQueue
from bot.stores.usage import Usage
from tests.affairs import affairs, nothing
from tests.fakes import document, passage
from tests.telegram_in_process import ME, InProcess
from tests.unit.stores.replies import a_citation, a_reply, an_answer

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
ANN, BEN, ADMIN = 5, 6, 9
GROUP, OTHER_GROUP = -100, -200
WORDING = load_wording(shipped("prompts"))
ADMINISTRATOR_RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
    "can_edit_stories", "can_delete_stories",
)  # fmt: skip
QUOTE = "Rituximab was given at 750 mg/m2."


class LibraryOfOne:
    """One document with one passage."""

    fingerprint = "sha256:one"

    def __init__(self) -> None:
        self.held: CuratedDocument | None = document(
            passage("Forty children took part.", QUOTE, document="jdm/rim.md"), path="jdm/rim.md"
        )

    def documents(self) -> tuple[CuratedDocument, ...]:
        return (self.held,) if self.held else ()

    def passage(self, document: str, passage: str) -> RetrievedPassage | None:
        if self.held is None or document != self.held.path:
            return None
        return RetrievedPassage(passage=self.held.passages[0], document=self.held, rank=1, score=1.0)


@dataclass
class Scene:
    """The bot's office over a real database. `asked` are the questions that buttons put in line."""

    bot: Bot
    telegram: InProcess
    database: Database
    admins: frozenset[int] = frozenset({ADMIN})
    allowed_chats: frozenset[int] = frozenset()
    asked: list[Asked] = field(default_factory=list)
    cancelled: list[tuple[int, str | None]] = field(default_factory=list)
    waiting: int = 0
    now: datetime = NOW
    retention_days: int = 0
    library: LibraryOfOne = field(default_factory=LibraryOfOne)

    def __post_init__(self) -> None:
        self._ids = itertools.count(70_000)
        self._numbers = itertools.count(1)
        self.messages, self.feedback = Messages(self.database), Feedback(self.database)
        self.reviews, self.readers = ReviewQueue(self.database), Readers(self.database)
        self.inbox = Inbox(self.database, now=lambda: self.now)
        self.affairs = affairs(documents=self.library.documents, answers_since=Usage(self.database).kinds)

    @property
    def office(self) -> Office:
        delivery = Delivery(self.bot, self.inbox)
        return Office(
            bot=self.bot,
            delivery=delivery,
            threads=Threads(self.messages, lambda: self.now),
            inbox=self.inbox,
            messages=self.messages,
            answers=Answers(self.database),
            readers=self.readers,
            feedback=self.feedback,
            reviews=self.reviews,
            wording=WORDING,
            library=self.library,
            forgetting=Forgetting(self.database),
            exporting=Exporting(self.database),
            affairs=self.affairs,
            admins=self.admins,
            allowed_chats=self.allowed_chats,
            retention_days=self.retention_days,
            now=lambda: self.now,
            ask=self._ask,
            ask_edited=self._ask_edited,
            cancel=self._cancel,
        )

    async def answer(
        self, answer_id: str = "0123456789ab", *, chat: int = ANN, topic: int | None = None, **changes: Any
    ) -> int:
        """An answer stands in a chat, with a button of each kind under it; gives its message's number."""
        conversation = changes.pop("conversation", f"telegram:{chat}:1")
        outcome = changes.pop("outcome", None) or an_answer(
            citations=(a_citation(1, QUOTE), a_citation(2, "Forty children took part.")),
            suggested_questions=("What about side effects?", "How long?"),
        )
        turns = Conversations(self.database)
        number = (await turns.history(conversation, 1)).next_turn
        made = a_reply(conversation, number, outcome=outcome, **changes)
        provenance = replace(made.provenance, answer_id=answer_id)
        await turns.add_turn(replace(made, provenance=provenance), asked_at=self.now)
        sent = await self.bot.send_message(chat, f"The answer {answer_id}.")
        markup = [[{"text": f"{v}", "callback_data": f"{v}:{answer_id}"} for v in "uv"]]
        self.telegram.messages[chat, sent.message_id]["reply_markup"] = {"inline_keyboard": markup}
        await self.messages.remember(
            chat, next(self._numbers), conversation, said_at=self.now, topic=topic, by_user=True, answer_id=answer_id
        )
        await self.messages.remember(
            chat, sent.message_id, conversation, said_at=self.now, topic=topic, answer_id=answer_id
        )
        return sent.message_id

    async def says(
        self, text: str | None, *, chat: int = ANN, user: int = ANN, to: int | None = None, **more: Any
    ) -> None:
        """Somebody writes, maybe as a reply."""
        number = next(self._numbers)
        person = {"id": user, "is_bot": False, "first_name": "Somebody"}
        message: dict[str, Any] = {"message_id": number, "date": 1_790_000_000, "from": person, "chat": chat_of(chat)}
        if text is not None:
            message["text"] = text
            if text.startswith("/"):
                length = len(text.split(maxsplit=1)[0])
                message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        if to is not None:
            message["reply_to_message"] = self.telegram.messages[chat, to]
        message |= more
        self.telegram.messages[chat, number] = message
        await self.receives({"message": message})

    async def presses(self, data: str, *, on: int | None = None, chat: int = ANN, user: int | None = None) -> None:
        """Somebody presses a button under a message of the bot, or sends the like of it."""
        number = on or self.telegram.last()
        shown = self.telegram.messages.get((chat, number))
        person = {"id": user or (chat if chat > 0 else ANN), "is_bot": False, "first_name": "Somebody"}
        message = shown or {"message_id": number, "date": 0, "chat": chat_of(chat)}
        query = {"id": "1", "from": person, "chat_instance": "1", "data": data, "message": message}
        await self.receives({"callback_query": query})

    async def receives(self, update: dict[str, Any], *, kind: ArrivalKind | None = None) -> None:
        """The bot deals with an update; what isn't meant for it, or is a question, it leaves."""
        me = Me(id=ME["id"], username=ME["username"])  # type: ignore[arg-type]
        read = Update.de_json({"update_id": next(self._ids), **update}, self.bot)
        kind = kind or kind_of(read, me)
        if kind in (None, ArrivalKind.QUESTION):
            earlier = read.message.reply_to_message if read.message else None
            note = await self.messages.about(earlier.chat.id, earlier.message_id) if earlier else None
            if note is None or note.purpose != "comment":
                return
            kind = ArrivalKind.BUTTON
        assert kind is not None
        masked = sparing(me.username, self.office.affairs.masked)
        arrival = arrival_of(read, kind, answer_id="f" * 12, received_at=self.now, masked=masked)
        await self.inbox.accept(arrival)
        await self._router(me).handle(Claimed(arrival=arrival, attempts=1, state=ArrivalState.NEW))

    def _router(self, me: Me) -> Router:
        return Router(
            office=self.office,
            words=WORDING,
            me=lambda: me,
            commands=commands.COMMANDS,
            unknown=commands.UNKNOWN,
            press=buttons.press,
            comment=feedback.comment,
            membership=membership.changed,
            edited=edits.edited,
            question=nothing,  # type: ignore[arg-type]
            question_given_up=nothing,  # type: ignore[arg-type]
        )

    async def _ask(self, _: Claimed, asked: Asked) -> None:
        self.asked.append(asked)

    async def _ask_edited(self, row: int, _: int, user: str, language: str) -> str:
        return "" if row == 77 else "command.old_button"

    async def _cancel(self, chat: int, user: str | None) -> int:
        self.cancelled.append((chat, user))
        return self.waiting

    def later(self, passed: timedelta) -> None:
        self.now += passed


def chat_of(chat: int) -> dict[str, Any]:
    return {"id": chat, "type": "private" if chat > 0 else "group", "title": "A group"}
