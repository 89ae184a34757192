"""A message taken apart: courtesies, what joins it to the conversation, what it asks, how it points back.

Everything here looks at one message alone; what it points at is looked for elsewhere.
"""

import re
from dataclasses import dataclass

from bot.conversation.pointers import VERBS, Pointer, find_pointers
from bot.domain.text import words


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A message, taken apart.

    `core` is what is asked, without its lead-in ("ok, and what about"); of that, `lead` is the part that joins it to
    what was said ("And", "What about"). `topic` is what a return or a correction names, `replaced` what a correction
    takes back. `switches` says that the message announces another subject.
    """

    text: str
    core: str
    lead: str = ""
    pointers: frozenset[Pointer] = frozenset()
    topic: str = ""
    replaced: str = ""
    switches: bool = False

    def has(self, *pointers: Pointer) -> bool:
        """Does the message lean on what was said in any of these ways?"""
        return not self.pointers.isdisjoint(pointers)


COURTESY = re.compile(
    r"^(?:(?:ok(?:ay)?|thanks?(?: (?:you|a lot|so much))?|thx|hm+|wow|oh|ah|aha|uh|huh|yes|yeah|yep|sure|please|so"
    r"|well|alright|all right)\b"
    r"(?:[\s,.!;:…-]+|$)"
    r"|(?:great|good|fine|nice|cool|interesting|right|really|i see|got it|good to know|makes sense|understood"
    r"|perfect|sorry|excuse me)\s*[,.!;:?…-]+\s*)+",
    re.IGNORECASE,
)
SWITCH = re.compile(
    r"^(?:btw|by the way|(?:a )?(?:different|another|new|next|separate|unrelated)(?: (?:question|topic|subject"
    r"|thing))\b|"
    r"(?:on|changing|change|to change|switching) (?:a different|the|another) (?:note|topic|subject)"
    r"|something (?:else|different)\b|unrelated)"
    r"[\s,:.;!?-]*",
    re.IGNORECASE,
)
CORRECTION = re.compile(
    r"^(?:(?:no|nope|nah|sorry|wait|actually|hm+|not (?:that|quite|really)(?: one)?)[\s,.!;:-]+)*"
    r"(?:i|we) (?:actually |really |rather )?(?:mean|meant|was (?:asking|talking|thinking) (?:about|of)|(?:am"
    r"|'m) (?:asking|talking) about|asked about)"
    r"[\s,:]+(?:(?:is|was) )?(?P<topic>.+)$",
    re.IGNORECASE,
)
REFUSAL = re.compile(
    r"^(?:no|nope|nah|sorry|wait|actually|rather|not that(?: one)?)[\s,.!;:-]+(?P<topic>[^,;]{2,60}?)[.?!]*$",
    re.IGNORECASE,
)
INSTEAD = re.compile(
    r"^(?:no[\s,.;:-]+)?not (?P<replaced>[^,;]{2,50}?)\s*(?:[,;:-]+\s*(?:but\s+)?"
    r"|\sbut\s)(?P<topic>[^,;]{2,60}?)[.?!]*$",
    re.IGNORECASE,
)
RETURN = re.compile(
    r"\b(?:(?:(?:go|going|come|coming|jump|jumping|get|getting|turning|switching)\s+)?back to|return(?:ing)? to"
    r"|to return to)\s+"
    r"(?:the |my |our |your |that |this )?(?P<topic>[^,;:.?!]{2,80}?)"
    r"(?:\s+(?:question|thing|topic|issue|part|one|point|discussion|stuff|story|case))?\s*(?:[,;:.?!]+|\s[–-]\s|$)",
    re.IGNORECASE,
)
SWAP = re.compile(
    r"^(?:and |but |so |or )?(?:(?:what|how) about|same (?:question |thing )?(?:for|with|about)|what of|(?:and|or"
    r"|but)(?: then)?(?= (?:for|with|in|on|of|to|at|after|before|without|under|during)\b)|and what about"
    r"|likewise for)\s*",
    re.IGNORECASE,
)
CONNECTIVE = re.compile(r"^(?:and|but|or|also|plus|then|&)\b[\s,:-]*", re.IGNORECASE)


def read_message(message: str) -> Reading:
    """Take a message apart. Pure; about 0.1 ms."""
    text = " ".join(message.replace("\u2019", "'").replace("\u2018", "'").split())
    core = COURTESY.sub("", text)
    if not core:
        return Reading(text=text, core=text)
    pointers: set[Pointer] = set()
    switched = SWITCH.sub("", core)
    switches = switched != core and bool(switched)
    core = switched or core
    if corrected := _correction(text, core):
        topic, replaced = corrected
        pointers.add(Pointer.CORRECTION)
        return Reading(text=text, core=topic, pointers=frozenset(pointers), topic=topic, replaced=replaced)
    topic = lead = ""
    if returned := RETURN.search(core):
        pointers.add(Pointer.RETURN)
        topic = returned["topic"].strip()
        core = (core[: returned.start()] + core[returned.end() :]).strip(" ,;:-–") or topic
        core = CONNECTIVE.sub("", core) or topic
    elif swapped := SWAP.match(core):
        pointers.add(Pointer.SWAP)
        lead = "What about" if "about" in swapped.group().lower() else "And"
        core = core[swapped.end() :].strip() or core
    elif joined := CONNECTIVE.match(core):
        pointers.add(Pointer.CONNECTIVE)
        lead = "And"
        core = core[joined.end() :].strip() or core
    pointers |= find_pointers(core)
    return Reading(text=text, core=core, lead=lead, pointers=frozenset(pointers), topic=topic, switches=switches)


def _correction(text: str, core: str) -> tuple[str, str] | None:
    """What a correction puts in place of what, the latter often empty; None where the message corrects nothing."""
    if match := INSTEAD.match(text):
        return match["topic"].strip(), match["replaced"].strip()
    if match := CORRECTION.match(text) or CORRECTION.match(core):
        topic, _, replaced = re.sub(r"[.?!\s]+$", "", match["topic"]).partition(", not ")
        return topic.strip(), replaced.strip()
    if (match := REFUSAL.match(text)) and len(words(match["topic"])) <= 4 and not VERBS.search(match["topic"]):
        return match["topic"].strip(), ""
    return None
