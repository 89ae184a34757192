"""Claims that say the opposite, and claims that say it more strongly than the passage does."""

import re
from collections.abc import Iterator
from random import Random

from tests.benchmarks.edits.wording import in_place

DROPPED = [
    (r"^No (?=[aeio])", "An "),
    (r"\bdid not differ\b", "differed"),
    (r"\bdid not improve\b", "improved"),
    (r"\bdid not increase\b", "increased"),
    (r"\bdid not support\b", "supported"),
    (r"\bdid not compare\b", "compared"),
    (r"\bdid not have\b", "had"),
    (r"\bdid not use\b", "used"),
    (r"\bdid not\b", "did"),
    (r"\bdoes not split\b", "splits"),
    (r"\bdoes not (cover|mention|show|support|mean|say|exclude)\b", r"\1s"),
    (r"\bdoesn't mention\b", "mentions"),
    (r"\bdo not\b(?! appear)", "do"),
    (r"\bdo not appear\b", "appear"),
    (r"\bdoes not\b(?! by itself)", "does"),
    (r"\b(was|were|is|are|has|have|had|could|should|can|will|would|may|might|must) not\b(?! only)", r"\1"),
    (r"\b(is|are|was|were)n't\b", r"\1"),
    (r"\bcannot\b", "can"),
    (r"\bcan't\b", "can"),
    (r"\bno better than\b", "better than"),
    (r"\bno faster than\b", "faster than"),
    (r"\bno significant\b", "a significant"),
    (r",? \bwithout (cit|giv)ing (?=a )", r" and \1es "),
    (r"\b[Ww]ithout (?=control group|a set target|adjustment|any|the)", "with "),
    (r"\bhad no control group\b", "had a control group"),
    (
        r"^No (dose|study|trial|source|document|patient|separate|controlled|child|thromb\w+)\b",
        r"A \1",
    ),
    (r"\bno (dose|study|trial|source|document|counted|frequencies|thrombosis|visible|obvious|doses|children)\b", r"\1"),
    (r"\bineffective\b", "effective"),
    (r"\buncontrolled\b", "controlled"),
    (r"\bunknown\b", "known"),
    (r"\bhad failed\b", "had worked"),
    (r"\bhas failed\b", "has worked"),
    (r"\bfailed to\b", "managed to"),
    (r"\b(?:withheld)\b", "given"),
    (r"\bNon-live\b", "Live"),
    (r"\bnon-live\b", "live"),
    (r"\bunable\b", "able"),
    (r"\bunlikely\b", "likely"),
    (r"\bunrelated\b", "related"),
    (r"\bnot (significantly|statistically|associated|significant)\b", r"\1"),
    (r"\bnever\b", "always"),
    (r"\boff-label\b", "on-label"),
    (r", not about (?=\w+ JDM)", " and about "),
    (r"\bnor\b", "and"),
]
PAST = {
    "improved": "improve", "fell": "fall", "rose": "rise", "met": "meet", "received": "receive", "reached": "reach",
    "took": "take", "gave": "give", "lessened": "lessen", "recovered": "recover", "disappeared": "disappear",
    "predicted": "predict", "developed": "develop", "occurred": "occur", "tested": "test", "found": "find",
    "randomised": "randomise", "enrolled": "enrol", "stopped": "stop", "resisted": "resist", "relapsed": "relapse",
    "increased": "increase", "decreased": "decrease", "reduced": "reduce", "showed": "show", "revealed": "reveal",
    "differed": "differ", "inhibited": "inhibit", "induced": "induce", "led": "lead", "resulted": "result",
    "prevented": "prevent", "required": "require", "caused": "cause", "contributed": "contribute", "became": "become",
    "had": "have", "studied": "study", "agreed": "agree", "judged": "judge", "adjusted": "adjust", "used": "use",
}  # fmt: skip
PRESENT = {
    "recommends": "recommend", "gives": "give", "names": "name", "proposes": "propose", "marks": "mark",
    "covers": "cover", "includes": "include", "warns": "warn", "prefers": "prefer", "regards": "regard",
    "requires": "require", "reports": "report", "supports": "support", "favours": "favour", "suggests": "suggest",
    "measures": "measure", "grades": "grade", "uses": "use", "means": "mean", "advises": "advise", "allows": "allow",
    "reduces": "reduce", "lowers": "lower", "expects": "expect", "sets": "set", "counts": "count", "rests": "rest",
    "calls": "call", "keeps": "keep", "lists": "list", "increases": "increase", "improves": "improve",
    "inhibits": "inhibit", "induces": "induce", "promotes": "promote", "plays": "play", "leads": "lead",
}  # fmt: skip
STATED = (
    r"(?= (?:\w+ly )?(?:\w+ed|given|seen|found|met|the|a|an|better|lower|higher|more|less|limited|raised|present|"
    r"weaker|clearest|held|built|made|effective|safe|similar|due|used|off-label|common|compatible|known|at|in|useful|independent|"
    r"feasible|able|associated|significantly)\b)"
)
ADDED = [
    (
        rf"\b(was|were|is|are){STATED}",
        r"\1 not",
    ),
    (r"\b(should|must|will)(?! not)(?= (?!also)\w)", r"\1 not"),
    (r"\bcan(?= (?:be|lead|reach|weaken|go|count|worsen)\b)", "cannot"),
    (r"\bcould(?= (?:be lowered|stop|be given)\b)", "could not"),
    (r"\beffective\b", "ineffective"),
    (r"\bcontrolled\b(?= (?:study|trial))", "uncontrolled"),
    (r"\bhave(?= (?:been|shown|published)\b)", "have not"),
    (r"\bhas(?= (?:been|shown|published)\b)", "has not"),
    (r"(?<=[a-z] )significantly (?=\w)", "not significantly "),
]
NEGATIVE = re.compile(
    r"\b(?:not?|never|without|none|neither|nor|cannot|no longer|hardly|rarely|failed|lack\w*|absence|against|only|if|"
    r"whether|except|unless|rather|than|few|little)\b|n't\b|\b(?:un|in)(?:known|able|effective|controlled)",
    re.IGNORECASE,
)


def negated(claim: str, random: Random) -> Iterator[str]:
    """A negation left out, or one put in where there was none."""
    made = []
    for pattern, replacement in DROPPED:
        match = re.search(pattern, claim)
        if match:
            made.append(replaced(claim, match, match.expand(replacement)))
    yield from random.sample(made, len(made))
    if NEGATIVE.search(claim) or has_half(claim):
        return
    made = []
    for pattern, replacement in ADDED:
        match = re.search(pattern, claim)
        if match and "may" not in claim[max(0, match.start() - 5) : match.start()]:
            made.append(replaced(claim, match, match.expand(replacement)))
    for verb, base in PAST.items():
        # A main verb: after its noun or name, not a participle ("patients treated with"), not "was reported".
        match = re.search(
            rf"(?<=[a-z0-9)] ){verb}(?= (?:an? |the |in |on |after |from |by |to |at |\d|of |[A-Z]|than |with )|[.,])",
            claim,
        )
        if match and is_main_verb(claim, match.start(), verb):
            made += [replaced(claim, match, f"{no} {base}") for no in ("did not", "did not", "failed to")]
            made.append(replaced(claim, match, f"never {verb}"))
    for verb, base in PRESENT.items():
        match = re.search(rf"(?<=[A-Za-z0-9)] ){verb}\b", claim)
        if match and not claim[: match.start()].endswith((" and ", " or ")):
            made.append(replaced(claim, match, f"does not {base}"))
    yield from random.sample(made, len(made))


def has_half(claim: str) -> bool:
    """Whether a share is told of which the opposite may hold too: what half of them did, the other half didn't."""
    shares = re.findall(r"(\d+)(?:/| of (?:the )?)(\d+)", claim)
    return any(2 * int(n) == int(m) for n, m in shares) or VAGUE_SHARE.search(claim) is not None


def is_main_verb(claim: str, at: int, verb: str) -> bool:
    before = claim[:at].rstrip().split(" ")
    helped = re.search(
        r"\b(?:is|are|was|were|be|been|being|has|have|had|the|a|an|of|by|and|or|in|with|as|\w+ly|who|that|which|on)$",
        " ".join(before),
    )
    finite = not re.search(r"\b(?:was|were|is|are|had|has|have)\b", claim) or verb in {
        "fell",
        "rose",
        "became",
        "gave",
        "took",
    }
    modal = re.search(r"\b(?:may|might|can|could|will|would|should|must|to \w+|involves?)\b", claim[:at])
    return helped is None and modal is None and finite


def replaced(claim: str, match: re.Match[str], other: str) -> str:
    if match.start() == 0:
        other = other[0].upper() + other[1:]
    return in_place(claim[: match.start()], other, claim[match.end() :])


VAGUE_SHARE = re.compile(
    r"\b(?:half|50(?:\.\d)?%|50 per cent|two of (?:the )?four|one of two|three of six|five of ten|some|part of|several|"
    r"many|others|certain|various)\b",
    re.IGNORECASE,
)
STRONGER = [
    (r"\bmay (?=be considered|be given)", ["should ", "must "]),
    (r"\bmay be\b(?! considered| given)", ["will certainly be", "must be"]),
    (r"\bmay have\b", ["has"]),
    (r"\bmay not\b", ["will never"]),
    (r"\bmay (?=\w)(?!be |have |not )", ["will ", "will always "]),
    (r"\bmight be\b", ["will be", "must be"]),
    (r"\bmight (?=\w)(?!be )", ["will "]),
    (r"\bcould be (?!lowered|given)", ["must be "]),
    (r"\bcould have\b", ["must have"]),
    (r"\bcould (?=contribute|help|improve|lead|reduce|provide|serve|prevent|explain|result|play)", ["will "]),
    (r"\bcan (?=lead|weaken|reach|worsen|count)", ["will always ", "will "]),
    (r"\bcan be given\b", ["should be given", "must be given"]),
    (r"\bcan be reduced\b", ["must be reduced"]),
    (r"\bsuggest(?= that)", ["prove"]),
    (r"\bsuggests(?= that)", ["proves"]),
    (r"\bsuggesting(?= that)", ["proving"]),
    (r"\bsuggested(?= that)", ["proved"]),
    (r"\bindicat(e|es|ed|ing)(?= that)", [r"prov\1"]),
    (r"\bsuggests considering\b", ["requires", "strongly recommends"]),
    (r"\badvises considering\b", ["requires", "strongly recommends"]),
    (
        r"\bregards (.{3,40}?) as a possible add-on\b",
        [r"regards \1 as the standard add-on", r"requires \1 as an add-on"],
    ),
    (r"\bregards (.{3,40}?) as possibly useful\b", [r"regards \1 as proven to work", r"regards \1 as essential"]),
    (r"\ba possible treatment\b", ["the treatment of choice", "a proven treatment"]),
    (
        r"\bOne unreviewed web overview \(2025\) (?:proposes|advises)\b",
        ["Controlled trials prove the benefit of", "International guidelines require"],
    ),
    (
        r"\bone unreviewed web overview \(2025\) (?:proposes|advises)\b",
        ["controlled trials prove the benefit of", "international guidelines require"],
    ),
    (r"\bone unreviewed web overview \(2025\) gives\b", ["international guidelines prescribe"]),
    (
        r"\b([Oo])ne unreviewed web overview \(2025\) (?:warns|says|states) that\b",
        [r"\1ne randomised trial proved that"],
    ),
    (r"\bproposes?\b(?! (?:to|that))", ["requires"]),
    (r"\bproposes to\b", ["says that clinicians must"]),
    (r"\bprobably\b", ["certainly", "without doubt"]),
    (r"\bpossibly\b", ["certainly"]),
    (r"\bprobable\b", ["certain"]),
    (r"\blikely to\b", ["certain to"]),
    (r"\bshould generally be\b", ["must always be"]),
    (r"\bgenerally withheld\b", ["strictly forbidden"]),
    (r"\bconsidered safe\b", ["proven safe in trials"]),
    (r"\btend to be\b", ["are always"]),
    (r"\btends? to\b", ["always"]),
    (r"\bwas followed by\b", ["directly caused", "was proven to cause"]),
    (r"\bwent with\b", ["caused", "was proven to bring about"]),
    (r"\bpredicted\b", ["guaranteed", "caused"]),
    (r"\bwas associated with\b", ["caused", "was proven to cause"]),
    (r"\bwere associated with\b", ["caused", "were proven to cause"]),
    (r"\bis associated with\b", ["causes"]),
    (r"\bare associated with\b", ["cause"]),
    (r"\b(seems?|appears?|appeared|seemed) to be\b", ["is definitely"]),
    (r"\bpotential (?=benefit|role|target|marker|biomarker|treatment|therap|mechanism)", ["proven "]),
    (r"\bpossible (?=role|association|link|mechanism|explanation|cause)", ["proven "]),
    (r"\bfavours\b", ["proves the superiority of"]),
    (r"\bis limited to\b", ["is conclusive and includes"]),
    (r"\bcan be compared\b", ["must be compared"]),
    (r"\bshould be (?=decided|managed|stepped)", ["must always be ", "must without exception be "]),
    (r"\bis indirect evidence for\b", ["is direct proof for"]),
    (r"\bis a main cause of\b", ["is the only cause of"]),
    (r"\bwas preferred to\b", ["was proven superior to"]),
    (r"\bsays that\b", ["proves that"]),
    (r"\bexpects\b", ["guarantees"]),
    (r"\bshould\b(?! generally| check)", ["must always"]),
    (r"\bincluding (?=possible)", [""]),
    (r"\bis said to\b", ["is proven to"]),
    (r"\bdepends on\b(?= falling)", ["is guaranteed by"]),
]


def strengthened(claim: str, random: Random) -> Iterator[str]:
    """May, could, suggests -> should, will, proves; an unreviewed page -> guidelines; with -> because of."""
    made = []
    if claim.startswith(("No ", "Neither ")):
        return
    for pattern, replacements in STRONGER:
        for match in re.finditer(pattern, claim):
            made += [replaced(claim, match, match.expand(other)) for other in replacements]
    yield from random.sample(made, len(made))
