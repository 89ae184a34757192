"""What a word means: which questions ask for it, which statements say it, and how it is searched.

“Calcinosis shrank” is about calcinosis, and doesn't say what calcinosis is.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.answering.language import content, every_word
from bot.domain.glossary import DRUG_KINDS, Glossary, Term, TermKind
from bot.domain.text import fold, words

NAMED_THINGS = DRUG_KINDS | {TermKind.DISEASE, TermKind.ANTIBODY, TermKind.MEASURE}
"""Kinds that also “the” stands before: “the CMAS”. “The primary endpoint” asks which one a study had."""
BEGINS = r"(?:and |but |so |ok,? |hi,? |hello,? |sorry,? |please |can you |could you |tell me |do you know )*"
SAID_WHOLE = re.compile(
    rf"^{BEGINS}(?:(?:what|wat)(?: exactly)?(?:'s| is| are|s) (?:meant by |the (?:meaning|definition) of )?"
    r"(?:exactly |actually )?"
    r"|(?:define|explain|the meaning of|meaning of|the definition of|definition of) (?:to me )?(?:what is )?"
    r"|(?:what|which) (?:kind|sort|type) of \w+ (?:is|are) )(?P<thing>.+)$"
)
SAID_INSIDE = re.compile(
    rf"^{BEGINS}(?:explain |to me |tell me )*(?:what|wat) (?P<thing>(?!is\b|are\b|does\b|do\b).+?) (?:is|are|means?)$"
)
"""“Tell me what an X is.”"""
SAID_BEFORE = re.compile(
    rf"^{BEGINS}(?:(?:what|wat) (?:does|do|is)|how (?:is|are)|what's) (?P<thing>.+?)"
    r" (?:mean(?:ing|s)?|measure|stand for|short for|defined)(?P<to>(?: (?:exactly|for|to|in|by) .*)?)$"
)
SAID_AT_THE_END = re.compile(
    r"^(?P<thing>.+?)[,:;.?!\s-]+"
    r"(?:(?P<meaning>(?:what|wat) (?:does|do) (?:it|that|this|they|these) (?:mean|stand for))"
    r"|(?:what|wat)(?:'s| is| are) (?:it|that|this|they|these)|meaning|definition)"
    r"(?: exactly| please| for (?:me|us|him|her|them|my \w+))*$"
)
ARTICLE = re.compile(r"^(?:a|an|the) ")
WHEN_SO = re.compile(
    r"^(?:when|how (?:do|does|can|will) (?:i|we|you|one|they|doctors?) (?:know|tell|say|decide|see)"
    r" (?:that|if|when|whether)) (?P<whose>(?:is |are )?.+?(?: is| are)?)"
    r" (?:(?:in|called|regarded as|said to be) )?(?P<thing>[\w-]+(?: [\w-]+)?)$"
)
"""“When is JDM in remission” asks what remission is."""
POINTS_BACK = frozenset({"it", "that", "this", "these", "those", "they"})
TO_WHOM = re.compile(
    r"(?:me|us|you|him|her|them|(?:my|our|the|a|this|his|her) (?:\w+ ){0,2}?"
    r"(?:child|children|kids?|son|daughter|boy|girl|baby|toddler|teenager|patients?|famil(?:y|ies)))"
)
WHERE = re.compile(r" (?:in|with|of) (?:(?:my|our|the|a|children|kids|patients?|child|son|daughter|with|in) ?)*[\w-]*$")
FILLERS = frozenset(
    "a an the my your our his her their child children kid kids son daughter patient patients positive antibody"
    " antibodies test result score scale index exactly actually please medicine drug disease word term called and"
    " or".split()
)
STATES = frozenset({TermKind.MEASURE, TermKind.CONCEPT})
MOST_UNKNOWN = 2
"""Words of a name that the glossary doesn't know."""
GENUS = (
    r"(?:medicines?|drugs?|tablets?|biologics?|immunosuppressants?|steroids?|dmards?"
    r"|antibod(?:y|ies)|autoantibod(?:y|ies)|proteins?|enzymes?|messengers?|cells?|(?:blood )?vessels?|muscles?"
    r"|diseases?|conditions?|illness(?:es)?|syndromes?"
    r"|disorders?|infections?|inflammation|swelling|rash(?:es)?|colour|areas?|lumps?|build-up|deposits?|loss|lack|damage"
    r"|difficult(?:y|ies)|trouble|weakness|sores?|states?|time|return|groups?|class|kinds?|types?|forms?|names?|sets?"
    r"|collections?|tests?|scans?|scores?|scales?|ratings?|numbers?|questionnaires?|measures?|measurements?|rules?|methods?"
    r"|procedures?|exercises?|networks?|societ(?:y|ies)|organi[sz]ations?|authorit(?:y|ies)|warnings?"
    r"|\w*myositis|inhibitors?)"
)
"""Of what kind a thing is."""
OF_A_PLACE = r"(?:preferred|first|next|usual|best|main|recommended|only|most|one of|possible|option|alternative|part)"
"""What tells the place of a thing among others, not what it is."""
NOT_IN_IT = rf"(?:{OF_A_PLACE}|of|in|for|with|from|on|to|by|than|as|after|that|which)"
PREDICATE = rf"(?:is|are(?! the\b))(?! \w+ed\b)(?= (?:(?!{NOT_IN_IT}\b)[\w'’-]+ ){{0,6}}?{GENUS}\b)"
"""“Is a medicine”, “are tiny blood vessels”, but not “is the first of the medicines” or “is called effective”."""
SAYS = re.compile(rf"(?:,? that is,? |\b(?:means?|stands? for|is short for|refers? to|{PREDICATE}|works? by)\b)")
IN_PASSING, HOW = "that is", re.compile(r"\bworks? by\b")
SAYS_AFTER = re.compile(r"\b(?:is|are) (?:considered|called|regarded as|said to be)(?P<thing>(?: [\w-]+){1,3})")
"""“JDM is called inactive when …” says what inactive means."""
OUTSIDE = re.compile(r"\b(?:of|in|for|with|from|on|to|after|before|by|than|as)\b|[;:]")
"""What stands behind one of these isn't what the sentence is about."""
MOST_BEFORE = 12
DOCUMENTS_SAY = {
    **dict.fromkeys(DRUG_KINDS, "is a medicine that, how it works"),
    TermKind.ANTIBODY: "is a myositis antibody that goes with, what the antibody means",
    TermKind.MEASURE: "is a score or test that measures",
    TermKind.DISEASE: "is a disease in which",
    TermKind.MANIFESTATION: "is a sign of the disease, what the word means",
}


def read_meant(
    asked: str, told: str, terms: Sequence[Term], glossary: Glossary, *, wants_more: bool
) -> tuple[str, ...]:
    """The terms (`§id`) or else the stems of what is to be explained; empty where a question asks something else.

    `terms` are those of the question as it was written, `wants_more`: it has words that ask for something else, too.
    """
    asked = asked.strip(" ?.!,")
    if match := SAID_AT_THE_END.match(asked):
        pure = _pure(match["thing"], terms, glossary, wants_more=wants_more)
        return pure or (_terms(match["thing"], glossary) if match["meaning"] else ())
    if so := _when_so(asked, glossary):
        return so
    if match := SAID_BEFORE.match(asked):
        to, wants_more = match["to"].strip(), False
        if to.startswith(("for ", "to ")) and not TO_WHOM.fullmatch(to.partition(" ")[2]):
            return ()
    else:
        match = SAID_INSIDE.match(asked) or SAID_WHOLE.match(asked)
    if not match:
        return ()
    thing = match["thing"].strip()
    if thing in POINTS_BACK:
        return _terms(told, glossary)
    return _pure(thing, terms, glossary, wants_more=wants_more)


def _pure(thing: str, terms: Sequence[Term], glossary: Glossary, *, wants_more: bool) -> tuple[str, ...]:
    """What is meant, where nothing but its name stands there."""
    bare = ARTICLE.sub("", WHERE.sub("", thing))
    if as_written := [term for term in terms if bare in {fold(name) for name in term.exact}]:
        return tuple(f"§{term.id}" for term in as_written)
    for name in dict.fromkeys((thing, WHERE.sub("", thing))):
        mentions = glossary.mentions(name)
        rest = name
        for mention in reversed(mentions):
            rest = rest[: mention.start] + " " + rest[mention.end :]
        if set(words(rest)) - FILLERS:
            continue
        if mentions and name.startswith("the ") and not any(m.term.kind in NAMED_THINGS for m in mentions):
            return ()
        if not mentions:
            break
        if wants_more and not name.startswith(("a ", "an ")) and all(m.term.kind is TermKind.CONCEPT for m in mentions):
            return ()
        return _terms(name, glossary)
    return _unknown(thing, glossary, wants_more=wants_more)


def _when_so(asked: str, glossary: Glossary) -> tuple[str, ...]:
    """The state of which it is asked when somebody is in it."""
    match = WHEN_SO.match(asked)
    if not match or not re.search(r"\b(?:is|are)\b", match["whose"]):
        return ()
    whose = [word for word in words(match["whose"]) if word.removesuffix("'s") not in FILLERS | {"is", "are"}]
    terms = glossary.terms_in(match["whose"])
    told = all(term.kind is TermKind.DISEASE for term in terms) and len(whose) <= len(terms)
    found = _terms(match["thing"], glossary) if told else ()
    return found if all((t := glossary.term(i[1:])) and t.kind in STATES for i in found) else ()


def _unknown(thing: str, glossary: Glossary, *, wants_more: bool) -> tuple[str, ...]:
    """The stems of a short name that the glossary doesn't hold."""
    named = [word for word in words(thing) if word not in {"a", "an"}]
    told = [word for word in named if not re.fullmatch(GENUS, word)] or named
    if wants_more or glossary.mentions(thing) or not 0 < len(told) <= MOST_UNKNOWN or told[0] in FILLERS:
        return ()
    return tuple(content(" ".join(told), glossary))


def _terms(text: str, glossary: Glossary) -> tuple[str, ...]:
    """The terms of a text; a class only without its members, the disease only where nothing else is named."""
    found = glossary.terms_in(text)
    above = {ancestor.id for term in found for ancestor in glossary.ancestors(term)}
    closer = tuple(term for term in found if term.kind is not TermKind.DISEASE and term.id not in above)
    return tuple(f"§{term.id}" for term in closer or found)


def in_words_of_meaning(meant: Sequence[str], glossary: Glossary) -> str:
    """The things by their names, as a document that explains them has it."""
    terms = [term for item in meant if (term := glossary.term(item[1:]))]
    kinds = dict.fromkeys(DOCUMENTS_SAY.get(term.kind, "means") for term in terms)
    return f"{', '.join(term.name for term in terms) or ' '.join(meant)} {' '.join(kinds) or 'means'}"


@lru_cache(maxsize=32_768)
def says_meaning(body: str, meant: tuple[str, ...], glossary: Glossary) -> bool:
    """Does a statement say what one of these things is? `meant` as `read_meant` gives it."""
    folded = fold(body)
    subjects = [(0, verb.start()) for verb in SAYS.finditer(folded)]
    subjects = [(start, end) for start, end in subjects if len(words(folded[start:end])) <= MOST_BEFORE]
    subjects += [match.span("thing") for match in SAYS_AFTER.finditer(folded)]
    return any(_is_about(body, folded, span, meant, glossary) for span in subjects)


def _is_about(body: str, folded: str, span: tuple[int, int], meant: Sequence[str], glossary: Glossary) -> bool:
    """Is this part of a statement the name of one of these?"""
    start, end = span
    for mention in glossary.mentions(body):
        named = start <= mention.start and mention.end <= end
        if named and f"§{mention.term.id}" in meant and not OUTSIDE.search(folded[start : mention.start]):
            return True
    inside = OUTSIDE.split(folded[start:end].strip(), maxsplit=1)[0]
    if any(_shortens(inside, term, glossary) for item in meant if (term := glossary.term(item[1:]))):
        return True
    unknown = {item for item in meant if not item.startswith("§")}
    return bool(unknown) and unknown <= {*content(inside, glossary), *every_word(inside)}


def _shortens(said: str, term: Term, glossary: Glossary) -> bool:
    """Is it the telling part of a name: “refractory” for refractory disease?"""
    own = [word for word in words(said) if word not in {"a", "an", "the"}]
    diseases = {word for mention in glossary.mentions(said) for word in words(said[mention.start : mention.end])}
    telling = [word for word in own if word not in diseases and not re.fullmatch(GENUS, word)]
    return bool(telling) and any(set(own) <= set(words(name)) for name in term.all_names)


@lru_cache(maxsize=32_768)
def only_explains(body: str, glossary: Glossary) -> bool:
    """Does a statement say what something is and no more? One that says it in passing, or how it works, says more."""
    folded = fold(body)
    verb = SAYS.search(folded)
    if verb is None or IN_PASSING in verb.group() or HOW.search(folded):
        return False
    subject = folded[: verb.start()]
    inside = OUTSIDE.split(subject, maxsplit=1)[0]
    return len(words(subject)) <= MOST_BEFORE and bool(glossary.terms_in(inside))
