from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.keyboards import (
    MOST_COPIED,
    MOST_DATA,
    MOST_SHOWN,
    Button,
    Keyboard,
    Reason,
    Verb,
    again_keyboard,
    audience_keyboard,
    callback,
    edited_keyboard,
    forget_keyboard,
    offered,
    reply_keyboard,
    shorten,
    source_keyboard,
    sources_link,
)
from bot.domain.answers import Abstention, Clarification, Direction, DirectionKind, Outcome
from bot.domain.messages import Audience, Reply
from tests.unit.channels.test_rendering import WORDING
from tests.unit.stores.replies import DISCLAIMER, a_citation, a_claim, a_reply, an_answer, replies

ANSWER = "0123456789ab"
QUESTIONS = ("what did the RIM trial show?", "was it negative?")


def reply_with(outcome: Outcome) -> Reply:
    return a_reply(conversation="0123456789", turn=1, outcome=outcome)


ID = reply_with(an_answer()).provenance.answer_id


def data(keyboard: Keyboard | None) -> list[list[str]]:
    """What each button does, row by row."""
    return [[each.data or each.url or each.copy for each in row] for row in keyboard.rows] if keyboard else []


def texts(keyboard: Keyboard | None) -> list[str]:
    return [each.text for row in keyboard.rows for each in row] if keyboard else []


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": " ", "data": "s:1"},
        {"text": "a"},
        {"text": "a", "data": "s:1", "url": "https://t.me/x"},
        {"text": "a", "data": "é" * (MOST_DATA // 2 + 1)},
        {"text": "a", "copy": "x" * (MOST_COPIED + 1)},
    ],
)
def test_a_button_that_telegram_would_refuse_cannot_be_made(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="button"):
        Button(**wrong)


@pytest.mark.parametrize("rows", [(), ((),), ((Button("a", "b"),), ())])
def test_a_keyboard_without_buttons_cannot_be_made(rows: tuple[tuple[Button, ...], ...]) -> None:
    with pytest.raises(ValueError, match="keyboard"):
        Keyboard(rows)


def test_callback_data_are_a_verb_and_its_keys() -> None:
    assert callback(Verb.SOURCE, ANSWER, 3) == "s:0123456789ab:3"
    assert callback(Verb.CONTINUE) == "k:"
    assert len({verb.value for verb in Verb}) == len(Verb)


def test_under_an_answer_stand_sources_detail_other_words_votes_and_questions() -> None:
    reply = reply_with(an_answer(suggested_questions=QUESTIONS))

    keyboard = reply_keyboard(reply, WORDING, audience=Audience.CLINICIAN)

    assert data(keyboard) == [
        [f"s:{ID}:1", f"d:{ID}"],
        [f"w:{ID}:family", f"u:{ID}", f"v:{ID}"],
        [f"f:{ID}:1"],
        [f"f:{ID}:2"],
    ]
    assert "Plain words" in texts(keyboard)
    assert texts(keyboard)[-2:] == ["What did the RIM trial show?", "Was it negative?"]


def test_who_reads_plain_words_is_offered_the_medical_ones_but_no_family() -> None:
    keyboard = reply_keyboard(reply_with(an_answer()), WORDING, audience=Audience.OTHER)
    assert f"w:{ID}:clinician" in data(keyboard)[1]
    assert "Medical terms" in texts(keyboard)
    assert "Medical terms" not in texts(reply_keyboard(reply_with(an_answer()), WORDING, audience=Audience.FAMILY))


def test_the_sources_begin_with_the_first_that_the_answer_has() -> None:
    recalled = an_answer(claims=(replace(a_claim(), citations=(2,)),), citations=(a_citation(2),))

    assert data(reply_keyboard(reply_with(recalled), WORDING))[0][0] == f"s:{ID}:2"


def test_a_group_gets_few_buttons_and_a_link_to_the_sources() -> None:
    reply = reply_with(an_answer(suggested_questions=QUESTIONS))

    keyboard = reply_keyboard(reply, WORDING, username="footnote_bot", private=False)

    link = f"https://t.me/footnote_bot?start=src_{ID}"
    assert data(keyboard) == [[link, f"d:{ID}"], [f"u:{ID}", f"v:{ID}"]]
    assert sources_link("footnote_bot", ID) == link
    assert len(f"src_{ANSWER}") <= 64


def test_a_vote_is_marked_and_reasons_follow_a_thumb_down_in_place_of_the_questions() -> None:
    reply = reply_with(an_answer(suggested_questions=QUESTIONS))

    keyboard = reply_keyboard(reply, WORDING, vote=-1, explaining=True)

    assert data(keyboard)[2:] == [
        [f"x:{ID}:wrong", f"x:{ID}:outdated"],
        [f"x:{ID}:missing", f"x:{ID}:unclear"],
        [f"c:{ID}", f"p:{ID}"],
    ]
    assert "✓ 👎" in texts(keyboard)
    assert "✓ 👍" in texts(reply_keyboard(reply, WORDING, vote=1))
    assert data(reply_keyboard(reply, WORDING, vote=1)) == data(reply_keyboard(reply, WORDING))
    assert {reason.value for reason in Reason} == {"wrong", "outdated", "missing", "unclear"}


def test_an_abstention_offers_votes_and_questions() -> None:
    outcome = Abstention(
        text="No.", nearest=(), notices=(), disclaimer=DISCLAIMER, suggested_questions=("what is JDM?",)
    )

    assert data(reply_keyboard(reply_with(outcome), WORDING)) == [[f"u:{ID}", f"v:{ID}"], [f"f:{ID}:1"]]


@pytest.mark.parametrize("private", [True, False])
def test_a_question_back_offers_its_choices_everywhere(private: bool) -> None:
    outcome = Clarification(text="Which?", choices=("IVIG", "rituximab"), notices=(), disclaimer=DISCLAIMER)

    keyboard = reply_keyboard(reply_with(outcome), WORDING, private=private)

    assert data(keyboard) == [[f"f:{ID}:1"], [f"f:{ID}:2"]]
    assert offered(outcome) == ("IVIG", "rituximab")


def test_more_choices_than_suggestions_find_a_place() -> None:
    many = tuple(f"choice {number}" for number in range(1, 11))
    asked_back = Clarification(text="Which?", choices=many, notices=(), disclaimer=DISCLAIMER)

    assert len(data(reply_keyboard(reply_with(asked_back), WORDING))) == 8
    assert len(data(reply_keyboard(reply_with(an_answer(suggested_questions=many)), WORDING))) == 2 + 3


@pytest.mark.parametrize("kind", [DirectionKind.EMERGENCY, DirectionKind.CRISIS])
def test_nothing_stands_under_an_emergency(kind: DirectionKind) -> None:
    outcome = Direction(
        kind=kind, text="Call now.", notices=(), disclaimer=DISCLAIMER, suggested_questions=("what is JDM?",)
    )

    assert reply_keyboard(reply_with(outcome), WORDING) is None


def test_a_greeting_offers_questions_or_nothing() -> None:
    outcome = Direction(
        kind=DirectionKind.SMALL_TALK, text="Hi.", notices=(), disclaimer=DISCLAIMER, suggested_questions=("a b?",)
    )
    silent = Direction(kind=DirectionKind.SMALL_TALK, text="Hi.", notices=(), disclaimer=DISCLAIMER)

    assert data(reply_keyboard(reply_with(outcome), WORDING)) == [[f"f:{ID}:1"]]
    assert reply_keyboard(reply_with(silent), WORDING) is None


@pytest.mark.parametrize(
    ("number", "pages"),
    [
        (1, [f"s:{ANSWER}:1", f"s:{ANSWER}:2"]),
        (2, [f"s:{ANSWER}:1", f"s:{ANSWER}:2", f"s:{ANSWER}:4"]),
        (4, [f"s:{ANSWER}:2", f"s:{ANSWER}:4"]),
    ],
)
def test_sources_are_leafed_through(number: int, pages: list[str]) -> None:
    keyboard = source_keyboard(ANSWER, number, (1, 2, 4), WORDING, citation="A. B.", link="https://doi.org/10.1/x")

    assert data(keyboard) == [pages, ["A. B.", "https://doi.org/10.1/x"], [f"p:{ANSWER}"]]
    assert f"{(1, 2, 4).index(number) + 1}/3" in texts(keyboard)


def test_a_single_source_without_address_has_neither_pages_nor_link() -> None:
    assert data(source_keyboard(ANSWER, 1, (1,), WORDING)) == [[f"p:{ANSWER}"]]


def test_the_other_keyboards_send_what_they_say() -> None:
    assert data(audience_keyboard(WORDING, Audience.FAMILY)) == [
        ["a:clinician"],
        ["a:trainee"],
        ["a:family"],
        ["a:other"],
    ]
    assert [text[0] == "✓" for text in texts(audience_keyboard(WORDING, Audience.FAMILY))] == [
        False,
        False,
        True,
        False,
    ]
    assert data(again_keyboard(ANSWER, Audience.FAMILY, WORDING)) == [[f"r:{ANSWER}"]]
    assert data(edited_keyboard(2**63, WORDING)) == [[f"e:{2**63}"]]
    assert data(forget_keyboard(WORDING)) == [["y:", "z:"]]


def test_a_long_question_is_cut_after_a_word() -> None:
    question = "best next step in JDM with proximal weakness and dysphagia despite methylprednisolone pulses?"

    assert shorten(question) == "Best next step in JDM with proximal weakness and dysphagia …"
    assert shorten("rituximab, or IVIG?") == "Rituximab, or IVIG?"
    assert shorten("pH in JDM?") == "pH in JDM?"


@given(st.text(max_size=200))
def test_no_question_is_longer_than_a_button_shows(question: str) -> None:
    assert len(shorten(question)) <= MOST_SHOWN


@given(reply=replies, audience=st.sampled_from(Audience), private=st.booleans(), explaining=st.booleans())
def test_any_reply_has_a_keyboard_or_none(reply: Reply, audience: Audience, private: bool, explaining: bool) -> None:
    identified = a_reply(conversation="0123456789", outcome=reply.outcome)

    keyboard = reply_keyboard(
        identified, WORDING, audience=audience, username="b", private=private, explaining=explaining
    )

    followed = [each for row in data(keyboard) for each in row if each.startswith("f:")]
    assert all(offered(reply.outcome)[int(each.rpartition(":")[2]) - 1].strip() for each in followed)
