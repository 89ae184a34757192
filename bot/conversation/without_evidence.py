"""What can be said without looking anything up: fixed replies, and cautions that go with any reply."""

import re
from collections.abc import Mapping, Sequence

from bot.answering.conclude import conclude_direction
from bot.answering.triage import Triage, TriageLevel
from bot.conversation.reading_message import is_link, is_other_script
from bot.conversation.urgent import PROFESSIONAL, Urgent
from bot.domain.answers import Direction, DirectionKind, Outcome
from bot.domain.glossary import Glossary
from bot.domain.messages import Audience, History
from bot.domain.text import fold
from bot.prompts import Wording

AFRESH = "/new"
"""What a user writes to leave what was said so far behind."""

POLICY = "/policy"
"""What a user writes to see how the library is made."""

HOW_GRAVE = re.compile(
    r"\b(danger\w*|serious|grave|bad|normal|urgent|urgently|emergency|hospital|ambulance|a&e|er|wait|tomorrow|tonight|112|911"
    r"|999|are you sure|really|what (do|should|can|must) (i|we)|(should|do|must|can) (i|we) (call|go|drive|take|bring)"
    r"|die|dying|(call|see|ring) (the|a|her|his|our) (doctor|team|clinic))\b"
)
"""Of a message after an emergency: that it asks how grave that is, or what to do."""
SMALL_TALK: Mapping[TriageLevel, str] = {
    TriageLevel.GREETING: "small_talk.greeting",
    TriageLevel.THANKS: "small_talk.thanks",
    TriageLevel.ABOUT: "small_talk.about",
    TriageLevel.DATA: "small_talk.data",
    TriageLevel.WORRY: "small_talk.worry",
    TriageLevel.UNREADABLE: "refusal.unreadable",
    TriageLevel.COMPLAINT: "small_talk.complaint",
    TriageLevel.NOTHING: "refusal.empty",
}
CAUTIONS: Mapping[TriageLevel, str] = {
    TriageLevel.SAME_DAY: "notice.same_day",
    TriageLevel.SOON: "notice.soon",
    TriageLevel.PRESCRIPTION: "notice.personal",
    TriageLevel.INJECTION: "notice.injection",
}


def reply_without_evidence(
    text: str,
    sorted_: Triage,
    audience: Audience,
    notices: Sequence[str],
    *,
    glossary: Glossary,
    urgent: Urgent,
    policy: str,
) -> Outcome | None:
    """Replies that need no search, most urgent first; None when the question goes on to the library."""
    wording = urgent.wording

    def direct(kind: DirectionKind, said: str) -> Outcome:
        return conclude_direction(kind, said, wording, audience, notices)

    if text == AFRESH:
        return direct(DirectionKind.SMALL_TALK, wording.say("telegram.new"))
    if text == POLICY and policy:
        return direct(DirectionKind.SMALL_TALK, policy)
    if sorted_.is_(TriageLevel.EMERGENCY):
        return direct(DirectionKind.EMERGENCY, urgent.emergency(sorted_))
    if sorted_.is_(TriageLevel.CRISIS):
        return direct(DirectionKind.CRISIS, urgent.crisis())
    topic = wording.say("topic")
    for level, key in SMALL_TALK.items():
        if sorted_.is_(level):
            said = wording.say(key, topic=topic)
            return conclude_direction(
                DirectionKind.SMALL_TALK, said, wording, audience, [*notices, *cautions(sorted_, wording)]
            )
    if not any(c.isalnum() for c in text):
        return direct(DirectionKind.REFUSAL, wording.say("refusal.empty"))
    if is_link(urgent.text) and not glossary.terms_in(text):
        return direct(DirectionKind.REFUSAL, wording.say("refusal.unreadable"))
    if is_other_script(text):
        return reply_in_other_language(sorted_, audience, notices, wording)
    if sorted_.is_(TriageLevel.INJECTION) and not glossary.terms_in(text):
        return direct(DirectionKind.REFUSAL, wording.say("refusal.injection", topic=topic))
    return None


def reply_in_other_language(sorted_: Triage, audience: Audience, notices: Sequence[str], wording: Wording) -> Direction:
    """That library and search are English: nothing was looked up, so nothing is said of what the library holds.

    Cautions stand first, since they may be the only sentences in the asker's language that tell of a red flag.
    """
    said = [*cautions(sorted_, wording), red_flags(sorted_, audience), wording.say("refusal.language")]
    told = [*notices, wording.say("review.no_source")]
    return conclude_direction(DirectionKind.REFUSAL, "\n".join(filter(None, said)), wording, audience, told)


def still_urgent(text: str, history: History, glossary: Glossary) -> Direction | None:
    """What an emergency called for, said again where the next message only asks how grave it is or what to do.

    “Is that dangerous?” and “Do we need to go to hospital?” name nothing else, and no library answers them.
    """
    last = history.turns[-1].outcome if history.turns else None
    if not isinstance(last, Direction) or last.kind is not DirectionKind.EMERGENCY or glossary.terms_in(text):
        return None
    return last if HOW_GRAVE.search(fold(text)) else None


def cautions(sorted_: Triage, wording: Wording) -> list[str]:
    """What an answer to this message has to say beside itself."""
    seen_today = sorted_.is_(TriageLevel.SAME_DAY)
    return [
        wording.say(key)
        for level, key in CAUTIONS.items()
        if sorted_.is_(level) and not (seen_today and level is TriageLevel.SOON)
    ]


def red_flags(sorted_: Triage, audience: Audience) -> str:
    """What the red flags of a message call for, in words for its reader; empty where there are none."""
    professional = audience in PROFESSIONAL
    return " ".join(dict.fromkeys(each.clinician if professional else each.family for each in sorted_.advice))
