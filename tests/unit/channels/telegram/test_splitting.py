import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.channels.rendering import render_telegram
from bot.channels.rich_text import Entity, EntityKind, RichText, RichTextBuilder, utf16_length
from bot.channels.telegram.splitting import LIMIT, MAX_ENTITIES, split
from bot.domain.messages import Reply
from tests.unit.channels.test_rendering import WORDING
from tests.unit.stores.replies import replies

NUMBERING = re.compile(r"\n\n\((\d+)/(\d+)\)\Z")
PEOPLE = "👩‍⚕️👨🏽‍🔬🇩🇪🇫🇷é̂👍🏿"

pieces = st.lists(
    st.tuples(
        st.text(max_size=60) | st.sampled_from(["Give 5 mg. ", "\n\n", "\n", PEOPLE, "😀" * 30, "x" * 300, " \n \n "]),
        st.none() | st.sampled_from(EntityKind),
    ),
    max_size=60,
)


def compose(parts: list[tuple[str, EntityKind | None]], block: bool = False) -> RichText:
    page = RichTextBuilder()
    for text, kind in parts:
        page.add(text, kind)
    if block:
        with page.block(EntityKind.EXPANDABLE_BLOCKQUOTE):
            for text, kind in parts:
                page.add(text, kind)
    return page.build()


def without_number(message: RichText, place: int, total: int) -> str:
    if total == 1:
        return message.text
    match = NUMBERING.search(message.text)
    assert match is not None
    assert match.groups() == (str(place), str(total))
    return message.text[: match.start()]


def visible(text: str) -> str:
    return "".join(text.split())


def styles(rich: RichText, text: str) -> list[tuple[str, frozenset[EntityKind]]]:
    """Every visible character of `text` with the kinds of the entities over it."""
    found, unit = [], 0
    for character in text:
        kinds = frozenset(e.kind for e in rich.entities if e.offset <= unit < e.offset + e.length)
        if not character.isspace():
            found.append((character, kinds))
        unit += utf16_length(character)
    return found


def check(rich: RichText, limit: int) -> list[RichText]:
    """Split, and hold the result against everything that is promised."""
    messages = split(rich, limit)
    bare = [without_number(message, place, len(messages)) for place, message in enumerate(messages, 1)]
    assert visible("".join(bare)) == visible(rich.text)
    after = [style for message, text in zip(messages, bare, strict=True) for style in styles(message, text)]
    assert after == styles(rich, rich.text)
    for message, text in zip(messages, bare, strict=True):
        assert text == text.strip() != ""
        assert utf16_length(message.text) <= limit
        assert len(message.entities) <= MAX_ENTITIES
        borders, unit = {0}, 0
        for character in text:
            unit += utf16_length(character)
            borders.add(unit)
        for entity in message.entities:
            assert entity.length > 0
            assert {entity.offset, entity.offset + entity.length} <= borders
    return messages


@settings(max_examples=300, deadline=None)
@given(parts=pieces, block=st.booleans(), limit=st.sampled_from([64, 500, 4096]))
@example(parts=[("é̂" * 40, None)], block=False, limit=64)
@example(parts=[("a" + "\u0301" * 200, None)], block=False, limit=64)
@example(parts=[("word ", EntityKind.BOLD)] * 130, block=True, limit=4096)
def test_no_part_is_too_long_no_character_is_lost_and_no_offset_is_bad(
    parts: list[tuple[str, EntityKind | None]], block: bool, limit: int
) -> None:
    check(compose(parts, block), limit)


@settings(max_examples=150, deadline=None)
@given(reply=replies, limit=st.sampled_from([64, 500, 4096]))
def test_any_reply_is_split_without_loss(reply: Reply, limit: int) -> None:
    check(render_telegram(reply, WORDING), limit)


def test_a_text_that_fits_is_one_message_without_a_number() -> None:
    assert split(RichText(text="a" * LIMIT)) == [RichText(text="a" * LIMIT)]


def test_one_unit_more_makes_two_messages() -> None:
    assert len(check(RichText(text="a" * (LIMIT + 1)), LIMIT)) == 2
    assert len(check(RichText(text="😀" * (LIMIT // 2) + "."), LIMIT)) == 2


@pytest.mark.parametrize("nothing", ["", " \n\t "])
def test_nothing_visible_gives_no_message(nothing: str) -> None:
    assert split(RichText(text=nothing)) == []


def test_the_ends_are_trimmed_and_the_offsets_follow() -> None:
    rich = RichText(text="\n  bold \n", entities=(Entity(kind=EntityKind.BOLD, offset=1, length=8),))

    (message,) = split(rich)

    assert message == RichText(text="bold", entities=(Entity(kind=EntityKind.BOLD, offset=0, length=4),))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One two.\nThree four five.\n\nSix seven eight nine.", "One two.\nThree four five."),
        ("One two three.\nFour five six seven. Eight nine ten.", "One two three."),
        ("One two. Three four five. Six seven eight nine ten elev", "One two. Three four five."),
        ("One two three; four five six; seven eight nine ten elev", "One two three; four five six;"),
        ("One two three four five six seven eight nine ten eleven", "One two three four five six seven"),
    ],
)
def test_paragraphs_are_kept_together_then_lines_then_sentences_then_words(text: str, first: str) -> None:
    messages = check(RichText(text=text), 45)

    assert without_number(messages[0], 1, len(messages)) == first


def test_a_number_and_its_unit_joined_by_a_no_break_space_stay_together() -> None:
    messages = check(RichText(text="x" * 30 + " 5\u00a0mg of the drug"), 41)

    assert without_number(messages[0], 1, len(messages)) == "x" * 30


@pytest.mark.parametrize("whole", ["👩‍⚕️", "👍🏿", "🇩🇪", "é̂", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "❤️"])
def test_what_a_reader_sees_as_one_character_is_never_cut(whole: str) -> None:
    for shift in range(30):
        messages = check(RichText(text="x" * shift + whole * 30), 64)
        for place, message in enumerate(messages, 1):
            assert without_number(message, place, len(messages)).replace(whole, "").strip("x") == ""


def test_more_than_a_hundred_entities_are_spread_over_messages() -> None:
    rich = compose([("word ", EntityKind.BOLD)] * 250)

    assert [len(message.entities) for message in check(rich, LIMIT)] == [100, 100, 50]


def test_a_hundred_and_one_entities_over_one_character_are_cut_to_a_hundred() -> None:
    rich = RichText(text="word", entities=(Entity(kind=EntityKind.BOLD, offset=0, length=4),) * 101)

    assert [len(message.entities) for message in split(rich)] == [100]


def test_more_than_nine_messages_leave_room_for_their_numbers() -> None:
    assert len(check(RichText(text="word " * 300), 40)) > 9


def test_the_tail_stays_in_one_message() -> None:
    for words in range(60):
        page = RichTextBuilder()
        page.add("word " * words)
        with page.tail():
            page.add("One. Two. Three four five.", EntityKind.ITALIC)

        messages = check(page.build(), 64)

        last = without_number(messages[-1], len(messages), len(messages))
        assert last.endswith("One. Two. Three four five.")


def test_a_tail_that_is_longer_than_a_message_is_cut_like_any_text() -> None:
    rich = RichText(text=f"Head. {'word ' * 40}", tail=200)

    assert len(check(rich, 64)) > 3
