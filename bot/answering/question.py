"""What a question asks for: its content words, its terms, and which kind of statement would answer it."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.answering.failing import find_failed, read_failed
from bot.answering.language import STOP_WORDS, content, every_word, stem
from bot.answering.meanings import read_meant
from bot.answering.outlook import Course, asking_words, of_results, read_courses
from bot.answering.phrasing import SOURCES, alternatives, asked_and_told, plainly, without_source
from bot.answering.quantities import NUMBER_WORDS
from bot.domain.glossary import DRUG_KINDS, Glossary, Term
from bot.domain.text import fold


class Aspect(StrEnum):
    """The kind of statement that a question wants."""

    DOSE = "dose"
    DURATION = "duration"
    COUNT = "count"
    SHARE = "share"
    AGE = "age"
    DATE = "date"
    PUBLICATION = "publication"
    MECHANISM = "mechanism"
    SAFETY = "safety"
    MONITORING = "monitoring"
    EFFICACY = "efficacy"
    REASON = "reason"
    CHOICE = "choice"
    LIMITS = "limits"
    DESIGN = "design"
    CONDITION = "condition"
    COMPARISON = "comparison"
    COST = "cost"
    REGULATORY_STATUS = "regulatory status"
    MEANING = "meaning"
    OUTLOOK = "outlook"


OF_ONE = frozenset({Aspect.DOSE, Aspect.MONITORING, Aspect.SAFETY})
"""Who asks for these of a drug doesn't choose between drugs."""
ASKS_COMPARISON = re.compile(
    r"\b(agree|disagree|conflict\w*|contradict\w*|differ\w*|consisten\w*|compar\w*|line up|say the same"
    rf"|same thing|different things|(all|every|each|both|two|the|your|ur) {SOURCES}|seen both)\b"
    r"|\bone\b.{3,70}\b(the other|another)\b|\bcontrast\b"
)
COMPARE_SOURCES = re.compile(
    rf"\b(please )?(do|does|did|are|is|check|compare|mention|tell me|say|show|seen)\b[^.?!,;]{{0,25}}"
    rf"\b((all|every|each|both|the|your|ur|these|those|different) {SOURCES}"
    rf"|both in|if they (say|differ|disagree)|different things|line up)\b[^.?!,;]*"
    rf"|\b(the )?(two|both) {SOURCES} please\b"
)
SOURCE_WORDS = frozenset(
    stem(word) for word in "source page paper study document doc article report letter text".split()
)
_NUMBER = rf"\d{{1,4}}|{'|'.join(NUMBER_WORDS)}"
COHORT = re.compile(
    rf"\b(?:of|in|among|from|for|the|those|these) (?:the |those |these )?(?P<of>{_NUMBER})"
    r"(?![\w%/.-]| (?:mg|g|kg|ml|weeks?|months?|days?|years?|hours?))"
    rf"|\b(?P<size>{_NUMBER})[- ](?:patients?|pts?|children|child|kids?|cases?|case|pt)\b"
)
POINTS_BACK = re.compile(r"\b(it|that|this|these|those|them|they|he|she|him|her)\b")
COUNTED_DOSES = re.compile(rf"\b(?:{_NUMBER}|several|a few|(?:the )?(?:first|second|third|last)) (?:\w+ly )?doses?\b")
"""Doses that were given: they ask for none."""
AMOUNT = re.compile(r"\bhow much (?P<of>[a-z][a-z-]*)")
DRUG_WORDS = frozenset("drug medicine medication med meds mg ml".split())
SORT_ASKED = re.compile(r"\b(?:which|what)(?: (?:kind|sort|type)s? of)? (?P<sort>[a-z][a-z-]{2,})\b")
"""The word that says of which sort the thing asked for is: “which diet”."""
OF_THE_COURSE = frozenset({Aspect.EFFICACY, Aspect.CHOICE, Aspect.CONDITION, Aspect.SAFETY})
"""What a question for the course of a disease seems to want by its words (“better”, “after”)."""
LEAST_CORE = 2
"""Content words that a question needs to stand without its story and its question words."""
AGE_TOLD = re.compile(r"\b\d{1,2}[\s-]?(?:yo|y/o|m/o|(?:yrs?|years?|months?)[\s-]olds?)\b")
"""How old the patient is tells of whom is spoken, and stands in no statement."""
HOW_IT_WORKS = re.compile(r"\bhow (?:do|does|did)\b.{1,60}\b(?:work|act)\b")
"""It asks for the mechanism; whether it works is another question."""
OF_SOMETHING = r" (?:dos\w+|regimens?|schedules?|amounts?|use of)\b"
ASKED: dict[Aspect, re.Pattern[str]] = {
    Aspect.DOSE: re.compile(
        r"(?<!high-)(?<!high )(?<!low-)(?<!low )(?<!top )(?<!full )\b(dos(e|es|ing|age|ages|ed)(?!-)|how much"
        r"|regimens?|posology|mg|milligrams?|how (often )?(is|are|should) .{1,40} (given|dosed|administered|infused)"
        r"|over how many (days|hours)"
        r"|(dosing |infusion |treatment )?schedul(e|es|ed|ing)|loading)\b"
    ),
    Aspect.DURATION: re.compile(
        r"\b(how (long|soon|quick|quickly|fast|often|rapidly|early|late)|duration|how many (days|weeks|months|years)"
        r"|time (to|until|before)|when (should|do|can|to|will|would) .{0,40}(judge|assess|see|evaluate|expect"
        r"|give up|switch|be (in|under|over|gone|inactive|reached)|better|improve|respond|work|help)|follow[- ]?up"
        r"|interval|every how)\b"
    ),
    Aspect.COUNT: re.compile(
        r"\b(how (many|often)|number of|percent|percentage|proportion|rates?|fraction|(the|what|which) share|share of"
        r"|count|sample size|n =|what % |values?|scores?|how (high|low|much (better|worse|lower|higher)))\b|%"
    ),
    Aspect.SHARE: re.compile(
        r"\b(percent|percentage|proportion|what % |(response|success|remission|relapse|failure|mortality|death|cure"
        r"|improvement|event|responder|infection) rates?|rates? of|(the|what|which) share|share of)(?!\w)"
    ),
    Aspect.DESIGN: re.compile(
        r"\b((trial|study)(['’]s)? design|designed|design of|randomi[sz]ed|rcts?|double[- ]blind|blinded|open[- ]label"
        r"|placebo|control(led (trials?|stud(y|ies)|evidence|data)| groups?| arms?)|primary end ?points?)\b"
    ),
    Aspect.AGE: re.compile(r"\b(how old|ages?|aged)\b"),
    Aspect.DATE: re.compile(
        r"\b(which years?|what years?|when (was|were|did)|what (date|period)|which period|in which (years|period)"
        r"|time ?frame)\b"
    ),
    Aspect.PUBLICATION: re.compile(
        r"\b(journals?|published|publication|publisher|doi|pmid|who (wrote|authored|reviewed|published)|written by"
        r"|reviewed by|(who|which|name|list) .{0,20}authors?|last updated|updated|up to date|how (recent|current) is"
        r"|review status|peer[- ]review(ed)?|reviewers?|(is|was|been|are) (it|this|that|the \w+) reviewed"
        r"|(list|cite|cites|cited|name) .{0,20}references?|reference list"
        rf"|(which|what) {SOURCES} (is|was) (it|this|that)"
        rf"|how old (is|are) (it|this|that|the|your|these)( \w+)? ?{SOURCES}?"
        r")\b"
    ),
    Aspect.MECHANISM: re.compile(
        r"\b(mechanisms?|moa|mode of action|how (do|does|did) .{1,60} (work|act|help)|target(s|ed|ing)?|pathways?"
        r"|act on|blocks?|blocked|inhibits?|works? by)\b"
    ),
    Aspect.SAFETY: re.compile(
        r"\b(safe(ty)?|side[- ]?effects?|adverse|s?aes?|risks?|risky|danger(s|ous)?|harm(s|ful)?|complications?"
        r"|infections?"
        r"|toler(ated|ability|ance)|toxic(ity)?|watch (out )?for|warnings?|contraindications?|worse|worsen(ed|ing)?"
        r"|bad reactions?|reactions?|pitfalls?|mistakes?|caution)\b"
    ),
    Aspect.MONITORING: re.compile(
        r"\b(monitor(ed|ing)?|screen(ed|ing)?"
        r"|(?<!can )(?<!could )(?<!may )(?<!might )(?<!would )follow(ed)?|check(s|ed|ing)?|tests?|bloods"
        r"|blood (tests?|counts?|work)"
        r"|labs?|laborator(y|ies)|assess(ed|ment)?|evaluat(e|ed|ion)|look at|baseline|work[- ]?up"
        r"|(do|done|needed|necessary|required|consider(ed)?)( \w+){0,2} before starting"
        r"|investigations?|measure[sd]?|keep an eye|look out for|watch(ed)?)\b"
    ),
    Aspect.EFFICACY: re.compile(
        r"\b(work(s|ed|ing)?(?!-?up)|help(s|ed|ful)?|effective(ness)?|efficacy"
        r"|(?<!side )(?<!side-)(?<!adverse )effects?|improv(e|es|ed|ement|ing)"
        r"|respon(d|ds|ded|se|ses|der|ders)|benefit(s)?|outcomes?|results?|remission|inactive disease|better"
        r"|(get|gets|got|getting|become|becomes|became) (stronger|well)|prevent(s|ed|ing|ion)?"
        r"|(can|could|should|may|might|do) (i|we|you|one|they|families|parents) expect|clear(s|ed|ance)?|success(ful)?"
        r"|good for|any (good|use)|useful|worth|do(es|ing)? well|did well|findings?"
        r"|(do|does|did) .{1,60} (find|show|report|conclude))\b"
    ),
    Aspect.REASON: re.compile(r"\b(why|reasons?|rationale|how come|because|basis|justif(y|ied|ication)|what for)\b"),
    Aspect.CHOICE: re.compile(
        r"\b(next|options?|alternatives?|choose|choice|choos(e|ing)|pick|prefer(red|ence)?|first[- ]line"
        r"|second[- ]line|after|instead|switch|fail(s|ed|ure)?"
        r"|(which|best) (drug|treatment|therapy|agent|biologic|one|medicine)|(drug|biologic|agent|medicine) first"
        r"|(would|do|should|could) (you|we|one) (also |still |ever )?use"
        r"|what (drug|treatment|therapy|can|should|would|else|now|if)|recommend(ed|s|ation|ations)?|contraindicated"
        r"|unavailable|add(ed|ing)?|combin(e|ed|ation)|place|role|fits?|used for|kept for|reserved"
        r"|indicat(ed|ion|ions))\b"
    ),
    Aspect.CONDITION: re.compile(
        r"\b(when (should|would|do|to|is|are|can|could) \w+|who (is|are|should|needs?|gets?|would)|for whom"
        r"|in (which|what) (patients|cases|situations?)|under (which|what))\b"
    ),
    Aspect.COMPARISON: re.compile(
        r"\b((better|worse|safer|faster|stronger|superior|inferior|more effective|cheaper) than|head[- ]to[- ]head"
        r"|compared? (to|with)|which is (better|safer|stronger)"
        r"|which (\w+ ){0,4}(did|does|do|is|was|were|works?|worked) (any )?(better|best|worse|safer|faster))\b"
    ),
    Aspect.COST: re.compile(
        r"\b(costs?|prices?|priced|expensive|cheap(er)?|insurance|reimburse\w*|afford\w*|pay|paid for)\b"
    ),
    Aspect.REGULATORY_STATUS: re.compile(
        # "The licensed dose" asks for a dose.
        rf"\b((un)?licen[cs]ed(?!{OF_SOMETHING})|licen[cs](e|es|ing)|(un)?approved(?!{OF_SOMETHING})|approv(e"
        rf"|es|ing|als?)"
        rf"|off[- ]label(?!{OF_SOMETHING})|on[- ]label|(un)?authori[sz]ed(?!{OF_SOMETHING})|authori[sz]ation"
        r"|regulatory status|registered for)(?!\w)"
    ),
    Aspect.LIMITS: re.compile(
        r"\b(limits?|limitations?|how (good|strong|solid|reliable) is|evidence|quality|weak(ness(es)?)? of|caveats?"
        r"|uncertain(ty)?|bias)\b"
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedQuestion:
    """A question with what it is about (`terms`), its content words (`stems`) and what it wants (`aspects`).

    `background` are stems that count less: those of the story around the question, and those that only say what kind of
    answer is wanted ("which years", "how many"); `wanting` are the latter, counted or not. `compares`: it asks whether
    sources agree. `cohort`: the number of patients by which it tells a study from others ("the 25 children"). `failed`
    are the ids of drugs that didn't work, where it asks what to do instead. `sort` is the stem of what is asked for
    ("which diet"); empty where no such word stands there. `told` are ids of terms that only the story names.
    `meant` are the terms (`§id`) or stems to be explained, `courses` is what of a disease's course is asked.
    """

    text: str
    stems: tuple[str, ...]
    terms: tuple[Term, ...]
    aspects: frozenset[Aspect]
    alternatives: tuple[str, ...] = ()
    background: frozenset[str] = frozenset()
    wanting: frozenset[str] = frozenset()
    compares: bool = False
    cohort: int | None = None
    failed: frozenset[str] = frozenset()
    sort: str = ""
    told: frozenset[str] = frozenset()
    meant: tuple[str, ...] = ()
    courses: frozenset[Course] = frozenset()

    def wants(self, aspect: Aspect) -> bool:
        """Is this one of the things asked for?"""
        return aspect in self.aspects


@lru_cache(maxsize=1024)
def parse_question(text: str, glossary: Glossary) -> ParsedQuestion:
    """Read a question. Pure; about 0.2 ms, and kept, since every step reads it."""
    folded = fold(text)
    compares = bool(ASKS_COMPARISON.search(folded))
    plain = plainly(folded)
    alone = COMPARE_SOURCES.sub(" ", plain)
    asked, told = asked_and_told(alone if len(content(alone, glossary)) >= LEAST_CORE else plain)
    asked, named = without_source(asked)
    told = f"{told} {named}".strip()
    wishes = COUNTED_DOSES.sub(" ", asked)
    aspects = {aspect for aspect, pattern in ASKED.items() if pattern.search(wishes)}
    if HOW_IT_WORKS.search(wishes) and not ASKED[Aspect.EFFICACY].search(HOW_IT_WORKS.sub(" ", wishes)):
        aspects.discard(Aspect.EFFICACY)
    if Aspect.COST in aspects or not ASKED[Aspect.DOSE].search(_without_other_amounts(wishes, glossary)):
        aspects.discard(Aspect.DOSE)
    terms = glossary.terms_in(text)
    courses = read_courses(wishes, glossary)
    meant = read_meant(asked, told, terms, glossary, wants_more=bool(aspects or courses))
    if meant:
        aspects, courses = {Aspect.MEANING}, frozenset()
    elif courses:
        aspects = (aspects if of_results(wishes, glossary) else aspects - OF_THE_COURSE) | {Aspect.OUTLOOK}
    gone = _circumstances(text, terms, aspects, glossary)
    stems = meant or _with_names(content(AGE_TOLD.sub(" ", f"{asked} . {told}"), glossary), terms)
    wanting = {
        stem
        for aspect in aspects
        if aspect in ASKED
        for match in ASKED[aspect].finditer(asked)
        for stem in every_word(match.group())
    }
    wanting |= {word for word in stems if word in SOURCE_WORDS}
    wanting |= {word for said in asking_words(asked, courses) for word in (*every_word(said), *content(said, glossary))}
    core = set(content(asked, glossary))
    points_back = len(core - wanting) < LEAST_CORE or POINTS_BACK.search(asked)
    story = set() if points_back else set(content(told, glossary)) - core
    return ParsedQuestion(
        text=text,
        stems=stems,
        background=frozenset(
            story | (wanting if courses or len(core - wanting) >= LEAST_CORE else set()) | {f"§{name}" for name in gone}
        ),
        wanting=frozenset(wanting),
        terms=tuple(term for term in terms if term.id not in gone),
        aspects=frozenset(aspects),
        alternatives=alternatives(folded),
        compares=compares,
        cohort=_cohort(folded),
        failed=read_failed(text, glossary),
        sort=_sort_asked(asked, stems),
        told=frozenset(term.id for term in glossary.terms_in(told)) - {term.id for term in glossary.terms_in(asked)},
        meant=meant,
        courses=courses,
    )


def _without_other_amounts(asked: str, glossary: Glossary) -> str:
    """The question without amounts of what isn't given: “how much weight”."""

    def plain(amount: re.Match[str]) -> str:
        of, rest = amount["of"], asked[amount.start("of") :]
        first = next(iter(glossary.mentions(rest)), None)
        is_drug = first is not None and not first.start and first.term.kind in DRUG_KINDS
        return amount.group() if is_drug or of in STOP_WORDS or of in DRUG_WORDS else of

    return AMOUNT.sub(plain, asked)


def _circumstances(
    text: str, terms: Sequence[Term], aspects: AbstractSet[Aspect], glossary: Glossary
) -> frozenset[str]:
    """Ids of the failed drugs of a question for the dose, tests or harms of another one: nobody asks for theirs."""
    if aspects.isdisjoint(OF_ONE):
        return frozenset()
    failed = find_failed(text, glossary)
    return failed if any(t.kind in DRUG_KINDS and t.id not in failed for t in terms) else frozenset()


def _with_names(stems: Sequence[str], terms: Sequence[Term]) -> tuple[str, ...]:
    """The stems once each, those terms in their place that are only known by their capitals (`SHARE`)."""
    exact = {word: f"§{term.id}" for term in terms for name in term.exact for word in every_word(name)}
    named = {f"§{term.id}" for term in terms}
    return tuple(dict.fromkeys(exact[item] if exact.get(item) in named else item for item in stems))


def _sort_asked(asked: str, stems: Sequence[str]) -> str:
    """The stem of the word that says what is asked for, where it isn't a common kind of answer (“which dose”)."""
    match = SORT_ASKED.search(asked)
    if not match or any(pattern.search(match["sort"]) for pattern in ASKED.values()):
        return ""
    named = stem(match["sort"])
    return named if named in stems else ""


def _cohort(folded: str) -> int | None:
    match = COHORT.search(folded)
    if not match:
        return None
    written = match["of"] or match["size"]
    return int(written) if written.isdigit() else NUMBER_WORDS[written]
