"""What a conversation is about fades with distance, and knows what was left behind."""

from bot.conversation.focus import entities, find_focus
from bot.conversation.listed import enumerated
from bot.conversation.phrases import defined_topic, find_documents, find_patient, find_study
from tests.fakes import GLOSSARY
from tests.unit.conversation.talks import JOKE, answer, talk


def names(*turns: object) -> list[str]:
    return [item.name for item in find_focus(talk(*turns).turns, GLOSSARY)]  # type: ignore[arg-type]


def test_the_last_thing_asked_about_comes_first() -> None:
    assert names("Is rituximab safe?", "Is infliximab safe?") == ["infliximab", "rituximab"]


def test_something_asked_about_twice_outlives_something_asked_about_once() -> None:
    assert (
        names("Is rituximab safe?", "dose of rituximab?", "Is ciclosporin safe?", "how is rituximab given?")[0]
        == "rituximab"
    )


def test_a_turn_about_nothing_is_no_distance() -> None:
    near = find_focus(talk("Is rituximab safe?").turns, GLOSSARY)[0].salience
    far = find_focus(talk("Is rituximab safe?", ("tell me a joke", JOKE)).turns, GLOSSARY)[0].salience
    assert far == near


def test_a_treatment_that_failed_is_left_behind() -> None:
    assert names("what does rituximab do when MTX has not worked?")[0] == "rituximab"
    (failed,) = entities("what is next after JAK inhibitor failure?", GLOSSARY)
    assert failed.left_behind


def test_asked_for_the_next_treatment_the_answer_is_the_focus() -> None:
    turn = ("what is the next step after MTX?", answer("Despite methotrexate, the best next step is IVIG."))
    assert names(turn)[0] == "intravenous immunoglobulin"


def test_a_thing_goes_by_the_name_that_the_user_gave_it() -> None:
    assert names("is Humira safe?") == ["Humira"]


def test_the_topic_of_a_definition_is_a_focus_without_a_glossary() -> None:
    assert defined_topic("What is Floating-Harbor syndrome?") == "Floating-Harbor syndrome"
    assert defined_topic("What are the symptoms of sleep apnea?") == "sleep apnea"
    assert defined_topic("What is it?") == ""
    assert names("What is Floating-Harbor syndrome?") == ["Floating-Harbor syndrome"]


def test_a_patient_and_a_study_go_by_the_users_words() -> None:
    turns = talk("how old was the girl in the figure?", "what did the single centre study find?").turns
    assert find_patient(turns) == "the girl in the figure"
    assert find_study(turns) == "the single centre study"


def test_documents_come_in_the_order_of_the_answer() -> None:
    turns = talk(("is it?", answer("One.", "Two.", titles=("First title", "Second title")))).turns
    assert find_documents(turns) == ("First title", "Second title")


def test_a_list_inside_a_sentence_has_its_items() -> None:
    assert enumerated("Monitor for cardiac, pulmonary, and GI involvement.", GLOSSARY) == ("cardiac", "pulmonary", "GI")
    assert enumerated("Options include infliximab (3-5 mg/kg) or adalimumab.", GLOSSARY) == ("infliximab", "adalimumab")
    assert enumerated("Rituximab depletes B cells.", GLOSSARY) == ()
