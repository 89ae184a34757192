"""Do two words mean the same here? Exactly, by a shared stem, or as everyday and clinical words for one thing.

A question's "kids" are the document's "patients" or "children", and what a parent "watches for" is what a clinician
"monitors". Only general English stands here; the names of the field are the glossary's.
"""

from collections.abc import Iterable
from functools import cache, cached_property

from bot.answering.language import stem

EXACT, ALIKE, RELATED = 1.0, 0.75, 0.7
BEGINNING, IN_COMMON = 4, 0.66
"""Letters that two stems must share at least, and the share of the longer one that must be the same."""
EVERYDAY = (
    "child children kid son daughter boy girl toddler baby teenager pediatric paediatric juvenile childhood",
    "patient pt pts case subject people person participant individual child children kid",
    "watch monitor check follow surveillance observe",
    "check assess assessment evaluate evaluation look test examine examination measure screen screening",
    "work effective efficacy effect help helpful benefit improve improvement success",
    "better improve improvement improved response",
    "worse worsen worsening deteriorate deterioration progression",
    "stop discontinue withdraw withdrawal cease off quit end",
    "start begin began begun initiate initiation introduce introduction commence onset",
    "continue keep maintain ongoing remain stay",
    "reserve keep kept save restrict",
    "drug medicine medication treatment therapy med agent remedy",
    "reason indication rationale why because basis",
    "paper article study letter publication report series document page source text",
    "author researcher investigator team group",
    "danger risk dangerous risky hazard threat concern",
    "side adverse unwanted",
    "safe safety tolerate tolerance tolerability",
    "swelling edema oedema",
    "disappear clear clearance resolve resolution vanish gone",
    "increase rise raise up higher elevate elevated grow growth",
    "decrease reduce reduction lower drop fall decline down",
    "change differ difference shift",
    "return recur recurrence relapse flare back",
    "first initial earliest",
    "choose pick select selection choice option",
    "feature manifestation symptom sign characteristic finding",
    "before prior pre previous previously earlier pretreatment baseline",
    "after post following subsequent posttreatment",
    "fast rapid rapidly quick quickly soon speed early",
    "long duration lengthy prolonged",
    "often frequency frequent interval",
    "max maximum highest top upper limit ceiling",
    "min minimum lowest least",
    "average mean median typical",
    "male boy female girl sex gender",
    "cost price expensive",
    "hospital clinic centre center",
    "team specialist expert consultation",
    "blood laboratory lab count",
    "mix combine combination combo together concomitant add adding addition",
    "alone monotherapy stand-alone single only",
    "fail failure refractory resistant unresponsive inadequate insufficient nonresponse",
    "respond response responder",
    "taper wean reduce reduction",
    "proof evidence data support",
    "weak weakness strength",
    "tired fatigue exhaustion energy",
    "die death mortality fatal",
    "cure remission inactive recovery",
    "approve approved licence license licensed label indication",
    "target block inhibit inhibition act mechanism",
    "dose dosage dosing amount regimen",
    "avoid prevent prevention",
    "mistake pitfall error trap",
    "complication consequence harm danger risk lead",
    "suggest recommend advise propose advice recommendation guidance guideline",
    "borrow extrapolate apply transfer",
    "justify support back basis reason rationale evidence",
    "agent drug biologic option",
    "manage management look care treat handle collaboration",
    "run continue ongoing background carry",
    "week wk wks",
    "month mo mos",
    "year yr yrs",
    "second 2nd",
    "first 1st",
    "centre center expert specialist special specialised specialized",
    "swallow swallowing dysphagia dysphagic",
    "interval repeat repeated often every",
    "wrong mistake error pitfall",
    "share percentage percent proportion",
    "trial study",
    "find found finding show showed shown result conclude conclusion",
    "infant toddler child",
    "arm group cohort",
    "lesion rash skin",
    "strength muscle power",
    "licensed licence approved off-label unlicensed",
    "hurt pain ache",
    "quit stop discontinue",
    "wait delay",
    "permission consent",
    "kind type class form",
    "skin cutaneous dermal rash",
    "disease dz condition illness disorder",
    "treatment tx rx therapy treat",
    "symptom sx sign",
    "involvement involve involved affect affected",
    "newly new new-onset recent",
    "joint arthritis articular",
    "lung pulmonary respiratory",
    "heart cardiac",
    "gut gastrointestinal gi bowel",
    "kidney renal",
    "liver hepatic",
    "old age aged",
    "year date period time",
    "exercise sport football gym training swim swimming",
    "angry irritable irritability mood moody tantrum temper behaviour",
    "hungry hunger appetite",
    "fat weight",
    "sick nausea vomit vomiting nauseous",
    "pill tablet",
)


@cache
def _relatives() -> dict[str, frozenset[str]]:
    """By stem: the stems of the lines that it stands in, its own included."""
    found: dict[str, set[str]] = {}
    for line in EVERYDAY:
        stems = {stem(word) for word in line.split()}
        for item in stems:
            found.setdefault(item, set()).update(stems)
    return {item: frozenset(stems) for item, stems in found.items()}


def alike(one: str, other: str) -> bool:
    """Two stems with one long common beginning: `fail` and `failur`, `wors` and `worsen`."""
    if one[:BEGINNING] != other[:BEGINNING] or one.startswith("§"):
        return False
    longest = max(len(one), len(other))
    if longest < BEGINNING:
        return False
    shared = _needed(longest)
    return one[:shared] == other[:shared]


@cache
def _needed(longest: int) -> int:
    """Letters that two stems must share where the longer one has so many."""
    return next(letters for letters in range(longest + 1) if letters / longest >= IN_COMMON)


class Vocabulary:
    """The words of one text, ready to be asked for."""

    def __init__(self, stems: Iterable[str]) -> None:
        self.stems = frozenset(stems)

    @cached_property
    def _by_beginning(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for item in self.stems:
            found.setdefault(item[:BEGINNING], []).append(item)
        return found

    def credit(self, wanted: str) -> float:
        """1 for the word itself, less for a relative, 0 for none."""
        if wanted in self.stems:
            return EXACT
        for item in self._by_beginning.get(wanted[:BEGINNING], ()):
            if alike(wanted, item):
                return ALIKE
        related = _relatives().get(wanted)
        return RELATED if related and not self.stems.isdisjoint(related) else 0.0

    def any_of(self, wanted: Iterable[str]) -> bool:
        """Does it hold one of these words exactly?"""
        return not self.stems.isdisjoint(wanted)


class Sought:
    """Words that are looked for in many texts: what in these texts is like them is found once for all."""

    def __init__(self, wanted: Iterable[str], among: Iterable[Vocabulary]) -> None:
        sought = dict.fromkeys(wanted)
        beginnings = {word[:BEGINNING] for word in sought}
        near: dict[str, list[str]] = {}
        for item in frozenset[str]().union(*(held.stems for held in among)):
            if item[:BEGINNING] in beginnings:
                near.setdefault(item[:BEGINNING], []).append(item)
        none: frozenset[str] = frozenset()
        self._words = tuple(
            (
                word,
                frozenset(item for item in near.get(word[:BEGINNING], ()) if alike(word, item)),
                _relatives().get(word, none),
            )
            for word in sought
        )

    def credits(self, held: Vocabulary) -> dict[str, float]:
        """By word, what `Vocabulary.credit` says of one of the texts; words that get nothing aren't in it."""
        found = {}
        stems = held.stems
        for word, like, related in self._words:
            if word in stems:
                found[word] = EXACT
            elif like and not stems.isdisjoint(like):
                found[word] = ALIKE
            elif related and not stems.isdisjoint(related):
                found[word] = RELATED
        return found
