"""A follow-up becomes a question that stands alone; what stands alone is left as it is."""

from dataclasses import replace

import pytest

from bot.domain.answers import Outcome
from bot.domain.messages import History
from tests.unit.conversation.talks import JOKE, UNKNOWN, answer, asked_back, resolve, standalone, talk

SAFE = "Is rituximab safe in JDM?"
TNF = ("which TNF inhibitors are there?", answer("Options include infliximab (3-5 mg/kg) or adalimumab."))
ORGANS = ("which organs matter?", answer("Monitor for cardiac, pulmonary, and GI involvement."))
NEXT = ("what is the next step after MTX?", answer("The best next step is to start IVIG."))
PITFALLS = (
    "what are the pitfalls in JDM?",
    answer("Pitfalls: Early tapering - wait for improvement.", "Pitfalls: Short treatment - go on.", "It is rare."),
)


@pytest.mark.parametrize(
    ("message", "turns", "understood"),
    [
        ("is it better than IVIG?", [SAFE], "Is rituximab better than IVIG?"),
        ("what are its limits?", [SAFE], "What are rituximab's limits?"),
        ("which pathway is blocked by them?", ["do JAKi act on skin?"], "Which pathway is blocked by JAK inhibitors?"),
        ("is it approved?", ["do JAKi act on skin?"], "Is the JAK inhibitor approved?"),
        ("is he too young?", ["what is next for our 3-year-old patient?"], "Is our 3-year-old patient too young?"),
        ("can they get vaccines?", ["which risks has rituximab?"], "Can they get vaccines (rituximab)?"),
        ("did it come back?", ["does calcinosis improve on rituximab?"], "Did calcinosis come back?"),
        (
            "What are the treatments for this condition?",
            ["What is Floating-Harbor syndrome?"],
            "What are the treatments for Floating-Harbor syndrome?",
        ),
        ("What causes it?", ["What is Floating-Harbor syndrome?"], "What causes Floating-Harbor syndrome?"),
        (
            "how long was she on the top dose",
            ["what happened to the girl of figure 1?"],
            "How long was the girl of figure 1 on the top dose?",
        ),
        (
            "how did they define response?",
            ["what did the single centre study find?"],
            "How did the authors of the single centre study define response?",
        ),
        ("were these children vaccinated?", ["what helps in JDM?"], "Were these children with JDM vaccinated?"),
    ],
)
def test_a_pronoun_becomes_what_it_stands_for(message: str, turns: list[str], understood: str) -> None:
    assert standalone(message, *turns) == understood


@pytest.mark.parametrize(
    ("message", "turns", "understood"),
    [
        ("and the dose?", [SAFE], "And the dose of rituximab in JDM?"),
        ("side effects?", ["how is rituximab given?"], "Side effects of rituximab?"),
        ("what is the usual dose?", ["how does rituximab work?"], "What is the usual dose of rituximab?"),
        (
            "prospective?",
            ["in which journal was the single centre study published?"],
            "Prospective (the single centre study)?",
        ),
        ("in how many?", ["did calcinosis improve on rituximab?"], "In how many: did calcinosis improve on rituximab?"),
        (
            "from what to what",
            ["did it improve on rituximab?", "in how many?"],
            "From what to what: did it improve on rituximab?",
        ),
        (
            "why?",
            [("stop the MTX?", answer("Continue methotrexate for its effect."))],
            "Why: Continue methotrexate for its effect?",
        ),
        ("is that from JDM or borrowed?", [SAFE], "Is that from JDM or borrowed (Is rituximab safe in JDM)?"),
    ],
)
def test_what_is_left_out_is_named_beside_the_message(message: str, turns: list[str], understood: str) -> None:
    assert standalone(message, *turns) == understood


@pytest.mark.parametrize(
    "message",
    [
        "what is first-line treatment of JDM?",
        "what next after MTX and IVIG in JDM?",
        "is there any role for infliximab after MTX failure?",
        "what to do about calcinosis that ulcerates",
        "can early treatment prevent calcinosis?",
        "how is relapse measured?",
        "which complications should be looked for in JDM?",
        "how do doctors decide that it is JDM?",
        "is it too early to lower the dose of infliximab?",
        "my daughter is weak although she takes infliximab, what helps?",
    ],
)
def test_a_question_with_a_subject_of_its_own_takes_no_other(message: str) -> None:
    assert standalone(message, SAFE) == message
    assert standalone(message, "Is calcinosis treated with adalimumab?") == message


def test_what_is_asked_of_a_named_drug_is_asked_in_the_same_disease_and_for_nothing_else() -> None:
    before = "Does rituximab help calcinosis in JDM?"
    assert standalone("infliximab dose?", before) == "Infliximab dose in JDM?"
    assert standalone("side effects of IVIG?", before) == "Side effects of IVIG in JDM?"
    assert standalone("and IVIG?", "Does physiotherapy matter in JDM?") == "Does IVIG matter in JDM?"


def test_a_subject_that_the_glossary_does_not_know_is_no_drug() -> None:
    assert standalone("does diet help?", SAFE) == "Does diet help (JDM)?"
    assert standalone("what about rituximab?", "Does diet help?") == "Does rituximab help?"


@pytest.mark.parametrize(
    ("message", "understood"),
    [
        ("what about infliximab?", "Is infliximab safe in JDM?"),
        ("and infliximab?", "Is infliximab safe in JDM?"),
        ("infliximab?", "Is infliximab safe in JDM?"),
        ("infliximab too?", "Is infliximab safe in JDM?"),
        ("and in IBM?", "Is rituximab safe in IBM?"),
        ("and calcinosis?", "Is rituximab safe in calcinosis?"),
        ("no, I meant infliximab", "Is infliximab safe in JDM?"),
        ("no, infliximab", "Is infliximab safe in JDM?"),
        ("not rituximab, infliximab", "Is infliximab safe in JDM?"),
    ],
)
def test_another_thing_of_the_same_sort_takes_its_place(message: str, understood: str) -> None:
    assert standalone(message, SAFE) == understood


def test_what_is_named_in_the_question_is_exchanged_rather_than_what_its_story_names() -> None:
    turn = "My son takes rituximab. Can he have infliximab?"
    assert standalone("and adalimumab?", turn) == "My son takes rituximab. Can he have adalimumab?"


def test_what_is_asked_of_a_drug_takes_no_drugs_place() -> None:
    assert standalone("and the side effects?", "Does rituximab help calcinosis?").startswith(
        "And the side effects of rituximab"
    )


@pytest.mark.parametrize(
    ("turn", "drug"),
    [
        (("She is on MTX and rituximab. Is rituximab effective?", answer("Rituximab helps.")), "rituximab"),
        (("She is on MTX and we added rituximab. What can we expect?", answer("It helps.")), "rituximab"),
        (("She is on MTX and rituximab. Will she get well?", answer("Rituximab helps.")), "rituximab"),
        (("What if MTX fails?", answer("If infliximab can't be given, rituximab is next.")), "rituximab"),
        (("How do you treat calcinosis?", answer("Early is best.", "Infliximab helps.")), "infliximab"),
    ],
)
def test_the_dose_is_asked_of_what_was_most_centrally_spoken_of(turn: tuple[str, Outcome], drug: str) -> None:
    assert drug in standalone("and the dose?", turn)


def test_the_dose_of_one_of_two_is_asked_back_and_another_wish_is_no_answer_to_that() -> None:
    talked = ("rituximab or infliximab?", answer("Either is given."))
    context = resolve("dose?", talk(talked))
    assert context.choices == ("Dose of rituximab?", "Dose of infliximab?")
    then = talk(talked, ("dose?", asked_back(*context.choices)))
    assert resolve("the second", then).standalone == "Dose of infliximab?"
    assert "dose" not in resolve("side effects?", then).standalone.lower()


def test_what_was_is_asked_of_what_was_told_of() -> None:
    assert standalone("was there a placebo group?", SAFE) == "Was there a placebo group (rituximab)?"
    assert standalone("did infliximab help in JDM?", SAFE) == "did infliximab help in JDM?"


def test_a_question_put_beside_is_not_put_into_the_next_one() -> None:
    assert standalone("how many patients?", SAFE, "from what age?") == "How many patients (rituximab, JDM)?"


def test_another_step_takes_the_place_of_the_step() -> None:
    assert standalone("and step 2?", "what is step 1 of the treatment?") == "What is step 2 of the treatment?"


@pytest.mark.parametrize(
    ("message", "turns", "understood"),
    [
        ("dose of the first?", [TNF], "Dose of infliximab?"),
        ("which of them is best?", ["is rituximab or infliximab safer?"], "Which of rituximab and infliximab is best?"),
        (
            "and the first?",
            [("next after MTX failure?", answer("After methotrexate failure: JAK inhibitors or IVIG."))],
            "Next after MTX failure (JAK inhibitor)?",
        ),
        ("and of the second one?", [TNF, "dose of the first?"], "Dose of adalimumab?"),
        ("how do I check the second one?", [ORGANS], "How do I check pulmonary?"),
        ("what about the last two?", [ORGANS], "Pulmonary and GI?"),
        ("is option 1 safe?", [TNF], "Is infliximab safe?"),
        ("why the first one?", [PITFALLS], "Why Early tapering?"),
        (
            "why the last one?",
            [("which organs?", answer("Pitfalls: Neglect - monitor heart, lung, and gut.", "Pitfalls: Haste."))],
            "Why gut?",
        ),
        ("and the second one, how long?", [PITFALLS, "why the first one?"], "Short treatment, how long?"),
        ("why not the other one?", ["dose of rituximab?", "and infliximab?"], "Why not rituximab?"),
        (
            "which of those two is safer?",
            ["dose of rituximab?", "and infliximab?"],
            "Which of rituximab and infliximab is safer?",
        ),
    ],
)
def test_positions_and_alternatives_mean_what_was_listed(message: str, turns: list[str], understood: str) -> None:
    assert standalone(message, *turns) == understood


def test_the_other_two_are_those_that_the_answer_did_not_single_out() -> None:
    asked = ("rituximab, infliximab or ciclosporin?", answer("Rituximab is preferred."))
    assert standalone("why not the other two?", asked) == "Why not infliximab and ciclosporin?"


def test_a_long_reason_gives_way_to_the_question() -> None:
    asked = ("stop the MTX?", answer("Continue methotrexate " + "for its effect " * 12))
    assert standalone("why?", asked) == "Why: stop the MTX?"


@pytest.mark.parametrize(
    ("message", "understood"),
    [
        ("how old is that study?", "How old is that study (First title)?"),
        ("how old is the second source?", "How old is the second source (Second title)?"),
        ("what do they recommend?", "What do they recommend (rituximab, JDM)?"),
    ],
)
def test_a_source_goes_by_its_title_where_the_user_gave_no_name(message: str, understood: str) -> None:
    assert standalone(message, (SAFE, answer("One.", "Two.", titles=("First title", "Second title")))) == understood


def test_children_that_were_spoken_of_belong_to_the_study() -> None:
    turns = ("did calcinosis improve on rituximab in JDM?",)
    assert standalone("were those children vaccinated?", *turns) == (
        "Were those children with JDM vaccinated (rituximab)?"
    )


def test_what_if_that_fails_is_about_what_was_recommended() -> None:
    assert standalone("what if that fails?", NEXT) == "What if intravenous immunoglobulin fails?"
    assert standalone("and if it fails?", NEXT) == "And if intravenous immunoglobulin fails?"
    assert standalone("why that one?", NEXT) == "Why intravenous immunoglobulin?"


@pytest.mark.parametrize(
    "message",
    [
        "How is calcinosis treated with infliximab?",
        "by the way, what is the dose?",
        "tell me a joke",
        "ok thanks",
        "what's the weather tomorrow?",
        "weather in paris?",
        "who won the bicycles cup in paris?",
        "Is infliximab safe, and how is it given?",
    ],
)
def test_a_message_that_stands_alone_is_left_as_it_is(message: str) -> None:
    context = resolve(message, talk(SAFE))
    assert (context.standalone, context.depends) == (message, False)


def test_an_announced_switch_is_searched_without_what_came_before() -> None:
    (query,) = resolve("by the way, what is the dose of IVIG?", talk(SAFE)).queries
    assert query.text == "by the way, what is the dose of IVIG?"


def test_after_a_switch_the_old_topic_is_gone() -> None:
    assert standalone("and the dose?", SAFE, "by the way, how does IVIG work?") == "And the dose of IVIG?"


@pytest.mark.parametrize("between", [JOKE, UNKNOWN])
def test_small_talk_and_other_subjects_do_not_hide_the_topic(between: Outcome) -> None:
    turns = ("do JAKi act on skin?", ("tell me a joke", between))
    assert standalone("ok. which pathway is blocked by them?", *turns) == "Which pathway is blocked by JAK inhibitors?"


def test_a_return_picks_up_the_earlier_turn() -> None:
    history = talk("how is IVIG given?", "Is rituximab safe?", "and infliximab?")
    context = resolve("back to the IVIG question, what is the dose?", history)
    assert (context.standalone, context.returns_to) == ("What is the dose of IVIG?", 1)


def test_a_return_in_other_words_is_found_by_likeness() -> None:
    history = talk("why is swallow so hard?", "Is rituximab safe?")
    assert resolve("back to the swallowing part: who checks it?", history).returns_to == 1


def test_without_anything_to_refer_to_we_ask_back() -> None:
    context = resolve("which one?", starters=("What is JDM?", "Is IVIG safe?", "a", "b"))
    assert context.choices == ("What is JDM?", "Is IVIG safe?", "a")
    assert resolve("and the dose?", starters=("What is JDM?",)).choices == ("What is JDM?",)


def test_a_first_question_that_can_be_searched_is_not_asked_back() -> None:
    assert resolve("MoA of rituximab?", starters=("What is JDM?",)).choices == ()
    assert resolve("How long does it take until treatment works?", starters=("What is JDM?",)).choices == ()


def test_what_was_asked_back_about_is_completed_as_it_was_put() -> None:
    assert standalone("rituximab", ("and the dose?", asked_back("x"))) == "And the dose of rituximab?"


def test_a_question_that_led_nowhere_is_not_taken_up_again() -> None:
    turns = (SAFE, ("what is the capital of the weather?", UNKNOWN))
    assert standalone("what about infliximab?", *turns) == "Is infliximab safe in JDM?"


def test_the_other_one_of_many_is_asked_back() -> None:
    many = ("what is there?", answer("Options are rituximab, infliximab, ciclosporin and methotrexate."))
    context = resolve("why not the other one?", talk(many))
    assert context.choices == ("Why not rituximab?", "Why not infliximab?", "Why not ciclosporin?")


def test_a_treatment_that_failed_is_not_what_it_stands_for() -> None:
    assert "methotrexate" not in standalone("is it dangerous?", "what helps after methotrexate failure?")


def test_we_never_ask_back_twice_in_a_row() -> None:
    history = talk(("which one?", asked_back("Is IVIG safe?", "Is MTX safe?")))
    assert resolve("huh?", history, starters=("What is JDM?",)).choices == ()


@pytest.mark.parametrize(
    ("message", "understood"),
    [("is MTX safe", "Is MTX safe?"), ("the first one", "Is IVIG safe?"), ("2", "Is MTX safe?")],
)
def test_a_choice_is_taken_by_its_words_or_its_number(message: str, understood: str) -> None:
    history = talk(("which one?", asked_back("Is IVIG safe?", "Is MTX safe?")))
    assert resolve(message, history).standalone == understood


def test_the_missing_part_completes_the_question_that_was_asked_back() -> None:
    assert standalone("infliximab", ("what is the dose of it?", asked_back("x"))) == "What is the dose of infliximab?"


def test_the_patient_stays_in_force_and_is_searched_with_the_question() -> None:
    context = resolve("is rituximab safe?", talk("my patient is an 8-year-old girl, 22 kg"))
    assert context.qualifiers == ("8-year-old", "22 kg")
    assert context.queries[-1].text == "8-year-old, 22 kg"
    assert context.queries[-1].dense < 0.2


def test_a_guess_shares_its_weight_with_the_message_as_it_was_put() -> None:
    queries = resolve("is it better than IVIG in calcinosis?", talk(SAFE)).queries
    assert [query.text for query in queries[:2]] == [
        "Is rituximab better than IVIG in calcinosis?",
        "is it better than IVIG in calcinosis?",
    ]
    assert queries[0].lexical + queries[1].lexical == pytest.approx(1.0)


def test_a_swapped_question_is_searched_alone_so_that_the_old_thing_does_not_come_along() -> None:
    (query,) = resolve("what about infliximab?", talk(SAFE)).queries
    assert query.text == "Is infliximab safe in JDM?"


def test_a_message_that_says_little_takes_more_of_its_context() -> None:
    little = resolve("how many weeks?", talk(SAFE)).queries
    much = resolve(
        "which laboratory controls before treatment with infliximab for severe calcinosis?", talk(SAFE)
    ).queries
    assert max(query.dense for query in little if SAFE in query.text) > sum(q.dense for q in much if SAFE in q.text)


def test_a_message_in_which_the_topic_changes_keeps_all_its_words() -> None:
    message = "thanks, rituximab is clear now. What is the dose of IVIG in IBM?"
    assert resolve(message, talk(SAFE)).standalone == message


def test_five_hundred_turns_are_no_more_than_the_last_few() -> None:
    template = talk("dose of rituximab?").turns[0]
    old = [replace(template, number=number) for number in range(1, 500)]
    last = replace(template, number=500, question="Is infliximab safe?", standalone_question="Is infliximab safe?")
    history = History(turns=(*old, last))
    assert resolve("is it approved?", history).standalone == "Is infliximab approved?"


@pytest.mark.parametrize(
    "message", ["?", "and", "it", "…", "the second one" * 50, "a" * 4000, "(((", "no, I meant", "back to"]
)
def test_odd_messages_are_survived(message: str) -> None:
    for history in (History(), talk(SAFE), talk(TNF, ("x", UNKNOWN))):
        context = resolve(message, history)
        assert context.queries[0].text == context.standalone
        assert context.standalone


def test_nobody_asks_for_the_dose_of_an_antibody() -> None:
    assert "MDA5" not in standalone("and the dose?", "my child is anti-MDA5 positive, what now?")
    assert standalone("and the dose?", "does rituximab help in anti-MDA5 disease?").startswith(
        "And the dose of rituximab"
    )


@pytest.mark.parametrize("message", ["What is the dose?", "What are the side effects?"])
def test_a_first_question_for_a_kind_of_answer_to_nothing_in_particular_is_asked_back(message: str) -> None:
    starters = (
        "What is JDM?",
        "What is the dose of IVIG?",
        "Is the dose of IVIG fixed?",
        "Which side effects has rituximab?",
    )
    choices = resolve(message, starters=starters).choices
    assert ("dose" in choices[0]) == ("dose" in message)
    assert len({each for each in choices if "IVIG" in each}) <= 1


def test_how_much_to_give_is_asked_of_the_drug_that_is_spoken_of() -> None:
    assert standalone("How much should I give her exactly, 23 kg?", SAFE) == (
        "How much should I give her exactly, 23 kg (rituximab)?"
    )


HELPED = (
    "does rituximab help calcinosis?",
    answer("Rituximab helped calcinosis.", titles=("Rituximab in nine children",)),
)


@pytest.mark.parametrize(
    ("message", "last", "understood"),
    [
        ("how many children were in it?", HELPED, "How many children were in it (Rituximab in nine children)?"),
        ("how old were the kids in that", HELPED, "How old were the kids in that (Rituximab in nine children)?"),
        (
            "how many children were in it?",
            ("what did the French study find?", HELPED[1]),
            "How many children were in the French study?",
        ),
    ],
)
def test_people_are_in_a_study_and_not_in_a_drug(message: str, last: tuple[str, Outcome], understood: str) -> None:
    assert standalone(message, last) == understood


@pytest.mark.parametrize("message", ["what helps", "and what works?", "do they go away"])
def test_what_helps_and_what_goes_away_is_asked_of_the_complaint_and_not_of_a_drug(
    message: str,
) -> None:
    turn = ("my child has calcinosis, is it bad", answer("Rituximab helped calcinosis."))
    assert standalone(message, turn) == f"{message[0].upper()}{message[1:].rstrip('?')} (calcinosis)?"


@pytest.mark.parametrize(
    ("message", "turns", "understood"),
    [
        ("does rituximab help?", ["calcinosis despite IVIG, options?"], "Does rituximab help in calcinosis?"),
        ("does rituximab help?", ["is IVIG safe in JDM?"], "does rituximab help?"),
        ("does rituximab help dysphagia?", ["calcinosis despite IVIG, options?"], "does rituximab help dysphagia?"),
    ],
)
def test_whether_a_drug_helps_is_asked_of_the_complaint_that_was_spoken_of(
    message: str, turns: list[str], understood: str
) -> None:
    assert standalone(message, *turns) == understood


@pytest.mark.parametrize(
    ("message", "turns", "understood"),
    [
        ("IVIG?", ["Rash again. On MTX. Options?"], "Rash again. On MTX. Options (IVIG)?"),
        ("anti-MDA5?", ["which IBM predicts success?"], "Which IBM predicts success (anti-MDA5)?"),
        ("dysphagia?", ["premed (rituximab)?"], "Dysphagia (rituximab)?"),
    ],
)
def test_a_fragment_takes_nobodys_place_where_that_would_say_something_else(
    message: str, turns: list[str], understood: str
) -> None:
    assert standalone(message, *turns) == understood


def test_a_whole_question_gets_no_score_beside_it_that_has_no_part_in_it() -> None:
    assert standalone("what would you give first?", "is a relapse likely?") == "what would you give first?"


def test_a_question_that_says_at_which_stage_is_not_asked_back() -> None:
    assert not resolve("what comes after first-line fails?", History()).choices
