"""What administrators may ask of the bot, in their private chat with it. To others these commands don't exist."""

import textwrap
from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta

from telegram import Message, Update

from bot.channels.about import count_documents, count_statuses
from bot.channels.rich_text import RichText
from bot.channels.telegram.information import unknown
from bot.channels.telegram.messages import is_private, place_of
from bot.channels.telegram.office import Command, Office
from bot.domain.errors import FootnoteError
from bot.prompts import Wording

LISTED, LONGEST = 10, 160
"""Entries of a list, and characters of one line in it: what fits into one message."""
GAP_DAYS = 30
UNITS = (("days", timedelta(days=1)), ("hours", timedelta(hours=1)), ("minutes", timedelta(minutes=1)))


def for_admins(tell: Callable[[Office], Awaitable[str]]) -> Command:
    """A command that tells administrators something; for everybody else, and in groups, there is none."""

    async def command(office: Office, update: Update, message: Message, arguments: str) -> None:
        if writes_as_admin(message, office.admins):
            await office.delivery.send(place_of(message), RichText(text=await tell(office)))
        else:
            await unknown(office, update, message, arguments)

    return command


def writes_as_admin(message: Message, admins: Collection[int]) -> bool:
    """Did an administrator write this command, with their own hands and in their private chat?

    Only the sender's number tells: names and usernames can be changed. What somebody forwards, or has another bot write
    for them, are that other's words; a bot, a group or a channel is nobody who could be asked afterwards.
    """
    sender = message.from_user
    own = message.sender_chat is None and message.forward_origin is None and message.via_bot is None
    return is_private(message) and own and sender is not None and not sender.is_bot and sender.id in admins


async def tell_status(office: Office) -> str:
    """`/status`: what waits, what was asked and answered today, who writes, what the library holds, the last poll."""
    now, say, affairs = office.now(), office.wording.say, office.affairs
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    waiting, oldest = await office.inbox.depth()
    waiting -= 1  # This command is being dealt with too.
    kinds = await affairs.answers_since(midnight)
    counted = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in sorted(kinds.items()))
    documents, silent = affairs.documents(), affairs.silent()
    lines = [
        say("admin.status", version=affairs.version, at=f"{now:%Y-%m-%d %H:%M}"),
        say("admin.inbox", count=waiting, age=_age(now - oldest, office.wording))
        if oldest and waiting > 0
        else say("admin.inbox_empty"),
        say("admin.today", count=await office.inbox.asked(since=midnight)),
        say("admin.answers", kinds=counted) if counted else say("admin.no_answers"),
        say("admin.model", model=", ".join(affairs.models) or say("admin.without_model")),
        say(
            "admin.library",
            documents=count_documents(documents, office.wording),
            statuses=count_statuses(documents, office.wording) or "–",
        ),
        say("admin.poll", age=_age(silent, office.wording)) if silent is not None else say("admin.no_poll"),
    ]
    return "\n".join(lines)


async def tell_reviews(office: Office) -> str:
    """`/review`: the answers that wait for a decision, and how to decide."""
    say = office.wording.say
    pending = await office.reviews.pending()
    if not pending:
        return say("admin.no_reviews")
    lines = [say("admin.reviews", count=len(pending))]
    for one in pending[:LISTED]:
        reason = f" {say('admin.review_reason', reason=_short(one.reason))}" if one.reason else ""
        lines.append(say("admin.review", id=one.answer_id, question=_short(one.question)) + reason)
    lines += _rest(len(pending), office.wording)
    return "\n".join([*lines, "", say("admin.how_to_decide")])


async def tell_gaps(office: Office) -> str:
    """`/gaps`: what the library could not answer, what was asked most first."""
    say = office.wording.say
    gaps = await office.affairs.gaps(office.now() - timedelta(days=GAP_DAYS))
    if not gaps:
        return say("admin.no_gaps", days=GAP_DAYS)
    lines = [say("admin.gaps", days=GAP_DAYS, count=len(gaps))]
    for gap in gaps[:LISTED]:
        lines.append(
            say("admin.gap", count=gap.count, last=f"{gap.last_asked:%Y-%m-%d}", question=_short(gap.question))
        )
        if gap.nearest:
            lines.append(f"    {say('admin.nearest', titles=_short('; '.join(gap.nearest)))}")
    return "\n".join([*lines, *_rest(len(gaps), office.wording)])


async def tell_reload(office: Office) -> str:
    """`/reload`: library and wording are read now. A fault leaves what is in use."""
    say = office.wording.say
    try:
        faults = await office.affairs.reload()
    except FootnoteError as error:
        return say("admin.reload_failed", fault=_short(str(error)))
    lines = [say("admin.reloaded", documents=count_documents(office.affairs.documents(), office.wording))]
    lines += [say("admin.left_out", fault=_short(fault)) for fault in faults[:LISTED]]
    return "\n".join([*lines, *_rest(len(faults), office.wording)])


def _short(text: str) -> str:
    return textwrap.shorten(text, LONGEST, placeholder=" …")


def _rest(count: int, wording: Wording) -> list[str]:
    return [wording.say("admin.more", count=count - LISTED)] if count > LISTED else []


def _age(passed: timedelta, wording: Wording) -> str:
    """A time that has passed, in the largest unit of which there are at least two."""
    for name, unit in UNITS:
        if passed >= 2 * unit:
            return wording.say(f"admin.age.{name}", count=passed // unit)
    return wording.say("admin.age.seconds", count=max(0, int(passed.total_seconds())))
