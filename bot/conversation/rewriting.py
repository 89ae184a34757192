"""Writing a follow-up so that it stands alone: pronouns replaced where that's certain, else the focus beside it."""

import re
from collections.abc import Sequence

from bot.answering.failing import asks_what_next
from bot.answering.language import content, split_sentences
from bot.conversation.focus import Focus, is_left_behind
from bot.conversation.pointers import (
    ALONE,
    EXPLETIVE,
    NUMBERED,
    ORDINALS,
    OTHER,
    OWN_SUBJECT,
    PAIR,
    PLACE,
    POINTED,
    is_elliptic,
)
from bot.domain.glossary import DRUG_KINDS, Glossary, Term, TermKind
from bot.domain.text import fold, words

OF_IT = re.compile(
    r"^(?:the |any |its |their )?(?:\w+[ -])?(?:dos(?:e|es|age|ing)|side[- ]effects?|adverse (?:effects?|events?)"
    r"|mechanisms?|risks?|benefits?|limits?|limitations?|drawbacks?|indications?"
    r"|contraindications?|duration|evidence|route|interval|efficacy|effectiveness|safety|advantages?"
    r"|disadvantages?|pitfalls?|cost|price|half-life|regimen|schedule|symptoms?"
    r"|causes?|treatments?|prognosis|outcomes?|results?|definition|monitoring|moa|mechanism of action"
    r"|mode of action|pros and cons|complications?|alternatives?)\s*[?.!]*$",
    re.IGNORECASE,
)
WHAT_IS = re.compile(r"^(?:(?:and |but )?what(?:'s| is| are| was| were)|how (?:is|are))\s+", re.IGNORECASE)
THAT_FAILS = re.compile(
    r"^\s+(?:fail|work|help)(?:s|ed)?\b|^\s+(?:does|did|is|was|has)(?:n't| not) (?:work|help|enough|tolerat)\w*",
    re.IGNORECASE,
)
IT = re.compile(r"\b(?:it's|its|(?<!by )itself|it)\b", re.IGNORECASE)
THEY = re.compile(r"\b(?:they're|their|theirs|themselves|them|they)\b", re.IGNORECASE)
SHE = re.compile(
    r"\b(?:she|he|him)\b|\b(?:her)\b(?=\s*(?:[?.!,]|$)|\s+(?:on|in|with|to|for|at|from|after|when|if)\b)", re.IGNORECASE
)
LEADING_PREPOSITION = re.compile(r"^(?:for|with|in|of|on|about|to|after|despite|without)\s+(?:the\s+)?", re.IGNORECASE)
AFTER = re.compile(r"(?:after|despite|without|for|with|in|on|of)\b", re.IGNORECASE)
WITHOUT_ARTICLE = re.compile(r"\s|(?:osis|itis|ia|ness|ing|ion|ma|[^s]s)$", re.IGNORECASE)
TRAILING = re.compile(r"\s+(?:too|as well|also|then|instead|though)$", re.IGNORECASE)
FAMILIES = (
    {TermKind.DRUG, TermKind.DRUG_CLASS, TermKind.PROCEDURE},
    {TermKind.DISEASE, TermKind.MANIFESTATION, TermKind.ANTIBODY},
)
"""Sorts of things that can take each other's place in a question."""
NUMBERED_THING = re.compile(r"^(?:the\s+)?(?P<noun>[a-z]{3,20})\s+(?P<n>\d{1,2})\s*[?.!]*$", re.IGNORECASE)
ASKED_FOR = re.compile(r"\b(?:which|what)\s+$")
"""“Which antibodies” are what the answer names: no antibody takes their place in the question."""
SUBJECT_THAT = re.compile(
    r"(?:^|\b(?:is|are|was|were|does|do|did|can|could|will|would|should|why|how|and|if|when|but)\s+)$", re.IGNORECASE
)


def finish(text: str) -> str:
    """A capital first and a mark at the end."""
    text = text.strip(" ,;:-–")
    if not text:
        return text
    return text[0].upper() + text[1:] + ("" if text[-1] in "?.!" else "?")


def led_in(lead: str, text: str) -> str:
    """The text behind the words that joined it to the conversation: `And …`, `What about …`."""
    if not lead or not text:
        return text
    start = text[0].lower() if text[1:2].islower() or text[1:2] == " " else text[0]
    return f"{lead} {start}{text[1:]}"


def bare(question: str) -> str:
    """A question without its end mark, and without the short question that was put before it with a colon."""
    question = question.strip().rstrip("?.! ")
    head, colon, rest = question.partition(": ")
    return rest if colon and rest and len(head.split()) <= 5 and is_elliptic(head) else question


def beside(core: str, names: Sequence[str]) -> str:
    """The focus named beside the message: `The dose of rituximab in JDM?`, `Prospective (the JAKi study)?`."""
    core = core.strip().rstrip("?.! ")
    fresh = [name for name in names if name and fold(name) not in fold(core)]
    if not fresh:
        return finish(core)
    if asks_of_something(core):
        return finish(f"{core} of {' in '.join(fresh)}")
    return finish(f"{core} ({', '.join(fresh)})")


def in_disease(core: str, names: Sequence[str]) -> str:
    """A question about a drug with the disease that is spoken of: `Infliximab dose in JDM?`."""
    return finish(f"{core.strip().rstrip('?.! ')} in {names[0]}") if names else ""


def join(names: Sequence[str]) -> str:
    """`a, b and c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def before(core: str, question: str) -> str:
    """A bare question word with what it asks about: `In how many: did the CMAS improve?`."""
    return finish(f"{core.strip().rstrip('?.! ')}: {bare(question)}")


def singular(focus: Focus) -> str:
    """As the subject of "is": a class or a thing takes its article."""
    countable = focus.kind in {TermKind.MANIFESTATION, TermKind.MEASURE} and not WITHOUT_ARTICLE.search(focus.name)
    if focus.kind is TermKind.DRUG_CLASS or countable:
        return f"the {focus.name}"
    return focus.name


def plural(focus: Focus) -> str:
    """As the subject of "are"; empty where the name has no plural."""
    if focus.kind is TermKind.DRUG_CLASS:
        return f"{focus.name}s"
    return focus.name if focus.kind is None and re.search(r"[^sui]s$", focus.name) else ""


def replace_pronouns(core: str, focus: Focus) -> str:
    """The core with its pronoun replaced by the focus; unchanged where that wouldn't be grammatical."""
    idle = [match.span() for match in EXPLETIVE.finditer(core)]
    its = [match for match in IT.finditer(core) if not any(start <= match.start() < end for start, end in idle)]
    if its:
        name = singular(focus)
        for match in reversed(its):
            written = {"its": f"{name}'s", "it's": f"{name} is"}.get(match.group().lower(), name)
            core = core[: match.start()] + written + core[match.end() :]
        return core
    if THEY.search(core) and (name := plural(focus)):
        return THEY.sub(lambda m: {"their": f"{name}'", "they're": f"{name} are"}.get(m.group().lower(), name), core)
    for match in ALONE.finditer(core):
        given = focus.is_drug and THAT_FAILS.match(core[match.end("it") :])
        if given or not SUBJECT_THAT.search(core[: match.start("it")]):
            return core[: match.start("it")] + singular(focus) + core[match.end("it") :]
    for match in POINTED.finditer(core):
        if (match["drugs"] and (focus.is_drug or focus.kind is None)) or (
            match["diseases"] and focus.kind in {None, TermKind.DISEASE, TermKind.MANIFESTATION}
        ):
            return core[: match.start()] + focus.name + core[match.end() :]
    return core


def replace_authors(core: str, study: str) -> str:
    """`they` by `the study` that says so."""
    named = re.sub(r"^(?:a|this|that)\s+", "the ", study, flags=re.IGNORECASE)
    return re.sub(r"\bthey\b", f"the authors of {named}", core, count=1, flags=re.IGNORECASE)


def replace_person(core: str, person: str) -> str:
    """`she` by `the girl of figure 1`."""
    named = re.sub(r"^(?:an?|the|this|that|his|her)\s+", "the ", person, flags=re.IGNORECASE)
    return SHE.sub(re.sub(r"^(?:My|Our|One)\b", lambda m: m.group().lower(), named), core, count=1)


def replace_place(core: str, items: Sequence[str]) -> str:
    """An ordinal or a number by the item that it points at; empty where the list is too short."""
    for pattern in (PLACE, NUMBERED):
        if match := pattern.search(core):
            place = ORDINALS.get(match["n"].lower()) or int(match["n"])
            if abs(place) > len(items):
                return ""
            head = match.groupdict().get("head") or ""
            if head in {"two", "three"}:
                count = {"two": 2, "three": 3}[head]
                named = join(items[:count] if place > 0 else items[-count:])
            else:
                named = items[place - 1 if place > 0 else place]
            return core[: match.start()] + short(named) + core[match.end() :]
    return ""


def replace_other(core: str, items: Sequence[str], settled: Sequence[str]) -> str:
    """`the other one` by what was listed and wasn't singled out; empty where that leaves nothing."""
    rest = [item for item in items if not any(fold(name) in fold(item) or fold(item) in fold(name) for name in settled)]
    if not rest or (len(rest) == len(items) > 1 and settled):
        rest = list(items[1:])
    match = OTHER.search(core)
    if not match or not rest or len(rest) > most_of(match.group()):
        return ""
    return core[: match.start()] + join([short(item) for item in rest]) + core[match.end() :]


def most_of(written: str) -> int:
    """How many things `the other one`, `the other two` and `the others` can be."""
    found = OTHER.search(written)
    said = found.group().lower() if found else ""
    return {"two": 2, "three": 3}.get(said.split()[-1] if said else "", 3 if said.endswith("s") else 1)


def replace_pair(core: str, items: Sequence[str]) -> str:
    """`those two` by the two."""
    match = PAIR.search(core)
    if not match or len(items) < 2:
        return ""
    written = match.group().lower()
    count = 3 if "three" in written else 2 if "two" in written or "both" in written else len(items)
    named = join([short(item) for item in items[-count:]])
    lead = next((f"{word} " for word in ("of", "between") if written.startswith(f"{word} ")), "")
    lead = lead or next((f"{word} of " for word in ("either", "neither") if written.startswith(word)), "")
    return core[: match.start()] + lead + named + core[match.end() :]


def short(item: str, limit: int = 12) -> str:
    """An item of a list in at most so many words."""
    parts = item.strip().rstrip(".").split()
    return " ".join(parts) if len(parts) <= limit else f"{' '.join(parts[:limit])} …"


def swap(question: str, fragment: str, glossary: Glossary, *, failed_too: bool = False) -> str:
    """The question with the fragment in place of what is like it: a drug for a drug, step 2 for step 1; else empty.

    A treatment that the question calls failed is replaced only where the fragment is about that.
    """
    question = " ".join(question.split())
    fragment = TRAILING.sub("", fragment.strip().rstrip("?.! "))
    if numbered := NUMBERED_THING.match(fragment):
        pattern = re.compile(rf"\b{re.escape(numbered['noun'])}\s+\d{{1,2}}\b", re.IGNORECASE)
        return (
            finish(pattern.sub(f"{numbered['noun']} {numbered['n']}", question, count=1))
            if pattern.search(question)
            else ""
        )
    terms = glossary.terms_in(fragment)
    if not terms or len(fold(question)) != len(question):
        return ""
    new = LEADING_PREPOSITION.sub("", fragment)
    folded = fold(question)
    story = len(question) - len(split_sentences(question)[-1])
    mentions = [m for m in glossary.mentions(question) if m.term.id not in {term.id for term in terms}]
    kindred = [m for m in mentions if any({m.term.kind, terms[0].kind} <= family for family in FAMILIES)]
    alike = [m for m in mentions if m.term.kind is terms[0].kind] or kindred
    subject = OWN_SUBJECT.match(question)
    if subject and not any(m.start < subject.end("subject") for m in mentions):
        return finish(question[: subject.start("subject")] + new + question[subject.end("subject") :])
    alike = [m for m in alike if m.start >= story] or [m for m in kindred if m.start >= story] or alike
    standing = [m for m in alike if not is_left_behind(folded, m)]
    alike = standing or (alike if failed_too or AFTER.match(fragment) else [])
    if story and asks_what_next(question[story:]) and all(m.start < story for m in alike):
        return ""  # what the patient takes isn't what the question was about
    if terms[0].kind is TermKind.CONCEPT and not _is_nothing_but(terms, fragment, glossary):
        return ""  # "primary endpoint met?" isn't another trial
    alike = [m for m in alike if not ASKED_FOR.search(folded[: m.start])]
    if not alike or any(m.term.id == terms[0].id for m in glossary.mentions(question)):
        return ""
    place = alike[0]
    return finish(question[: place.start] + new + question[place.end :])


def _is_nothing_but(terms: Sequence[Term], fragment: str, glossary: Glossary) -> bool:
    return set(content(fragment, glossary)) <= {f"§{term.id}" for term in terms}


def is_bare_entity(fragment: str, glossary: Glossary) -> bool:
    """Does the fragment name something and hardly more?"""
    mentions = glossary.mentions(fragment)
    covered = sum(len(words(fold(fragment)[m.start : m.end])) for m in mentions)
    bare_enough = len(words(LEADING_PREPOSITION.sub("", fragment))) - covered <= 1
    asks = asks_of_a_drug(fragment, glossary) or asks_of_something(fragment)
    return bool(mentions) and bare_enough and not asks


def asks_of_something(fragment: str) -> bool:
    """`the dose`, `what are the side effects`: a thing asked of something that isn't named."""
    return OF_IT.match(WHAT_IS.sub("", fragment.strip())) is not None


def asks_of_a_drug(fragment: str, glossary: Glossary) -> bool:
    """`infliximab dose`, `side effects of IVIG`: a whole question, though it has no verb."""
    drugs = [mention for mention in glossary.mentions(fragment) if mention.term.kind in DRUG_KINDS]
    rest = fold(fragment)
    for mention in reversed(drugs):
        rest = rest[: mention.start] + rest[mention.end :]
    return bool(drugs) and bool(
        OF_IT.match(" ".join(re.sub(r"\s+(?:of|for|with|on|in)\s*[?.!]*\s*$", "", rest.strip()).split()))
    )
