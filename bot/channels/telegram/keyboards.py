"""The buttons under a message, as values: what each says, and the short key that it sends back.

A phone shows little at once, so each keyboard holds what is wanted next and nothing else. Reasons and "report" come
after a 👎 only, "report" also under a source; a group gets no follow-up questions, since one member's wish would stand
under everybody's answer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.answers import Abstention, Answer, Clarification, Direction, DirectionKind, Outcome
from bot.domain.messages import Audience, Reply
from bot.prompts import Wording

MOST_DATA = 64
"""Bytes of a callback's data, the Bot API's limit."""
MOST_COPIED = 256
"""Characters that a button can put on the clipboard, the Bot API's limit."""
MOST_SHOWN = 60
"""Characters of a question on a button; a phone cuts what is longer."""
MOST_SUGGESTED, MOST_CHOICES = 3, 8
PLAIN_READERS = (Audience.FAMILY, Audience.OTHER)


class Verb(StrEnum):
    """What a button does: the first part of its data."""

    SOURCE = "s"
    DETAIL = "d"
    WORDS = "w"
    AGAIN = "r"
    UP = "u"
    DOWN = "v"
    REASON = "x"
    COMMENT = "c"
    FOLLOW = "f"
    REPORT = "p"
    EDITED = "e"
    AUDIENCE = "a"
    CONTINUE = "k"
    FORGET = "y"
    KEEP = "z"


class Reason(StrEnum):
    """What may be wrong with an answer."""

    WRONG = "wrong"
    OUTDATED = "outdated"
    MISSING = "missing"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Button:
    """One button: it sends `data`, opens `url`, or copies `copy`; exactly one of them."""

    text: str
    data: str = ""
    url: str = ""
    copy: str = ""

    def __post_init__(self) -> None:
        """Refuse a button that Telegram would refuse."""
        if not self.text.strip():
            raise ValueError("a button needs a text")
        if sum(map(bool, (self.data, self.url, self.copy))) != 1:
            raise ValueError("a button does exactly one thing: data, url or copy")
        if len(self.data.encode()) > MOST_DATA:
            raise ValueError(f"a button's data may have {MOST_DATA} bytes at most: {len(self.data.encode())}")
        if len(self.copy) > MOST_COPIED:
            raise ValueError(f"a button can copy {MOST_COPIED} characters at most: {len(self.copy)}")


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Rows of buttons, from the top."""

    rows: tuple[tuple[Button, ...], ...]

    def __post_init__(self) -> None:
        """Refuse a keyboard or a row without buttons."""
        if not self.rows or not all(self.rows):
            raise ValueError("a keyboard needs a button in each row; without buttons there is no keyboard")


def callback(verb: Verb, *parts: object) -> str:
    """The data of a button: `f:0123456789ab:2`; a verb without parts ends in a colon."""
    return ":".join([verb.value, *(str(part) for part in parts)] if parts else [verb.value, ""])


def offered(outcome: Outcome) -> tuple[str, ...]:
    """The questions behind the buttons `f:<answer>:<n>`, n from 1: what the outcome suggests, or its choices."""
    if isinstance(outcome, Clarification):
        return outcome.choices
    return outcome.suggested_questions


def reply_keyboard(
    reply: Reply,
    wording: Wording,
    *,
    audience: Audience = Audience.OTHER,
    username: str = "",
    private: bool = True,
    vote: int = 0,
    explaining: bool = False,
) -> Keyboard | None:
    """What stands under a reply; None where nothing fits, as under an emergency.

    `username` is the bot's, for links from a group (`private=False`) to the private chat. `vote` (-1, 0, 1) marks what
    was voted; leave it 0 in a group. `explaining`: a 👎 was given, and its reasons stand in place of the questions.
    """
    answer_id, outcome = reply.provenance.answer_id, reply.outcome
    rows: list[tuple[Button, ...]] = []
    match outcome:
        case Answer():
            rows.append((_sources(answer_id, outcome, wording, username, private=private), _detail(answer_id, wording)))
            rows.append((*_words(answer_id, audience, wording, private=private), *_votes(answer_id, wording, vote)))
        case Abstention():
            rows.append(_votes(answer_id, wording, vote))
        case Direction(kind=DirectionKind.EMERGENCY | DirectionKind.CRISIS):
            return None
        case Clarification() | Direction():
            pass
    if explaining:
        rows += _reasons(answer_id, wording)
    elif private or isinstance(outcome, Clarification):
        most = MOST_CHOICES if isinstance(outcome, Clarification) else MOST_SUGGESTED
        rows += _questions(answer_id, offered(outcome)[:most])
    return Keyboard(tuple(rows)) if rows else None


def source_keyboard(
    answer_id: str,
    number: int,
    numbers: Sequence[int],
    wording: Wording,
    *,
    citation: str = "",
    link: str = "",
) -> Keyboard:
    """Under source `number` of an answer's `numbers`: ‹ 2/4 ›, copy the citation, open the source, report."""
    at = numbers.index(number)
    pages = [Button(f"{at + 1}/{len(numbers)}", callback(Verb.SOURCE, answer_id, number))]
    if at > 0:
        pages.insert(0, Button("‹", callback(Verb.SOURCE, answer_id, numbers[at - 1])))
    if at + 1 < len(numbers):
        pages.append(Button("›", callback(Verb.SOURCE, answer_id, numbers[at + 1])))
    tools = []
    if citation:
        tools.append(Button(wording.say("button.copy"), copy=citation))
    if link:
        tools.append(Button(wording.say("button.open"), url=link))
    rows = [pages if len(numbers) > 1 else [], tools, [_report(answer_id, wording)]]
    return Keyboard(tuple(tuple(row) for row in rows if row))


def audience_keyboard(wording: Wording, chosen: Audience | None = None) -> Keyboard:
    """Who is reading, one a row; the present choice carries a mark."""
    return Keyboard(
        tuple(
            (_marked(wording.say(f"button.audience.{each}"), callback(Verb.AUDIENCE, each), marked=each is chosen),)
            for each in Audience
        )
    )


def again_keyboard(answer_id: str, audience: Audience, wording: Wording) -> Keyboard:
    """After another audience was chosen: the last answer once more, for it."""
    for_whom = wording.say(f"button.again.{audience}")
    return Keyboard(((Button(for_whom, callback(Verb.AGAIN, answer_id)),),))


def edited_keyboard(update_id: int, wording: Wording) -> Keyboard:
    """After a question was edited: answer it anew."""
    return Keyboard(((Button(wording.say("button.edited"), callback(Verb.EDITED, update_id)),),))


def continue_keyboard(wording: Wording) -> Keyboard:
    """After a new conversation was begun: back to the one before?"""
    return Keyboard(((Button(wording.say("button.continue"), callback(Verb.CONTINUE)),),))


def forget_keyboard(wording: Wording) -> Keyboard:
    """Delete everything, or keep it?"""
    forget = Button(wording.say("button.forget"), callback(Verb.FORGET))
    return Keyboard(((forget, Button(wording.say("button.keep"), callback(Verb.KEEP))),))


def sources_link(username: str, answer_id: str) -> str:
    """Opens the bot's private chat, which then shows the sources of this answer."""
    return f"https://t.me/{username}?start=src_{answer_id}"


def shorten(question: str, limit: int = MOST_SHOWN) -> str:
    """The question as it fits on a button: whole words, the first with a capital, … where it was cut."""
    words = question.split()
    if words and words[0].rstrip(",;:?").isalpha() and words[0].islower():
        words[0] = words[0].capitalize()
    text = " ".join(words)
    if len(text) <= limit:
        return text
    kept = text[: limit - 1].rpartition(" ")[0] or text[: limit - 2]
    return f"{kept.rstrip(' ,;:–-')} …"


def _sources(answer_id: str, answer: Answer, wording: Wording, username: str, *, private: bool) -> Button:
    label = wording.say("button.sources")
    if private or not username:
        return Button(label, callback(Verb.SOURCE, answer_id, answer.citations[0].number))
    return Button(label, url=sources_link(username, answer_id))


def _detail(answer_id: str, wording: Wording) -> Button:
    return Button(wording.say("button.detail"), callback(Verb.DETAIL, answer_id))


def _words(answer_id: str, audience: Audience, wording: Wording, *, private: bool) -> Iterable[Button]:
    """The other way to say it; a group has one audience, chosen by its admins.

    A family isn't one tap away from doses: who wants those of clinicians chooses so with /audience.
    """
    if private and audience is not Audience.FAMILY:
        other = Audience.CLINICIAN if audience in PLAIN_READERS else Audience.FAMILY
        yield Button(wording.say(f"button.words.{other}"), callback(Verb.WORDS, answer_id, other))


def _votes(answer_id: str, wording: Wording, vote: int) -> tuple[Button, ...]:
    return (
        _marked(wording.say("button.up"), callback(Verb.UP, answer_id), marked=vote > 0),
        _marked(wording.say("button.down"), callback(Verb.DOWN, answer_id), marked=vote < 0),
    )


def _reasons(answer_id: str, wording: Wording) -> list[tuple[Button, ...]]:
    reasons = [Button(wording.say(f"button.reason.{each}"), callback(Verb.REASON, answer_id, each)) for each in Reason]
    comment = Button(wording.say("button.comment"), callback(Verb.COMMENT, answer_id))
    return [tuple(reasons[:2]), tuple(reasons[2:]), (comment, _report(answer_id, wording))]


def _report(answer_id: str, wording: Wording) -> Button:
    return Button(wording.say("button.report"), callback(Verb.REPORT, answer_id))


def _questions(answer_id: str, questions: Sequence[str]) -> list[tuple[Button, ...]]:
    return [
        (Button(shorten(question), callback(Verb.FOLLOW, answer_id, number)),)
        for number, question in enumerate(questions, 1)
        if question.strip()
    ]


def _marked(text: str, data: str, *, marked: bool) -> Button:
    return Button(f"✓ {text}" if marked else text, data)
