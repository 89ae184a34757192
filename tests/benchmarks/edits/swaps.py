"""Another drug or antibody than the passage's, and other people than it studied."""

import re
from collections.abc import Iterator, Sequence
from random import Random

from bot.domain.glossary import Glossary, Term, TermKind
from tests.benchmarks.edits.strength import NEGATIVE
from tests.benchmarks.edits.wording import DRUG_LIKE, in_place

REAL = tuple(
    "methotrexate hydroxychloroquine ciclosporin tacrolimus mycophenolate azathioprine cyclophosphamide prednisolone "
    "prednisone methylprednisolone IVIG rituximab infliximab adalimumab etanercept abatacept tocilizumab tofacitinib "
    "ruxolitinib baricitinib upadacitinib anakinra".split()
)
ANTIBODIES = ("anti-MDA5", "anti-NXP2", "anti-TIF1γ", "anti-Mi-2", "anti-Jo-1", "anti-SRP", "anti-HMGCR")
CLASSES = ("JAK inhibitor", "TNF inhibitor", "IL-6 inhibitor", "calcineurin inhibitor")
ELSEWHERE = (
    "aspirin warfarin metformin heparin atorvastatin simvastatin omeprazole tamoxifen cisplatin paclitaxel doxorubicin "
    "dexamethasone morphine ketamine propofol metoprolol amlodipine clopidogrel gentamicin vancomycin amoxicillin "
    "ciprofloxacin fluoxetine haloperidol levothyroxine furosemide digoxin celecoxib ibuprofen sorafenib bevacizumab "
    "trastuzumab methadone naloxone fentanyl lidocaine bupivacaine misoprostol oxytocin zidovudine nevirapine "
    "ivermectin chloroquine artemether rapamycin imatinib lapatinib erlotinib rosiglitazone pioglitazone carvedilol "
    "losartan enalapril ramipril spironolactone aliskiren ezetimibe niacin melatonin donepezil memantine fluconazole "
    "azithromycin gemcitabine oxaliplatin enoxaparin sitagliptin alendronate zoledronate ondansetron midazolam "
    "diazepam lithium valproate gabapentin sildenafil salbutamol budesonide montelukast acetaminophen paracetamol "
    "letrozole anastrozole methylphenidate risperidone olanzapine clozapine pravastatin rosuvastatin candesartan "
    "atenolol propranolol nifedipine verapamil amiodarone"
).split()
SILENT = re.compile(
    r"\b(?:not recorded|recorded in|held in|in this library|no dose|no source|did not compare|cites no|does not show|"
    r"not part of|not among|do not appear|gives no|contradict|rather than|no document|traceable|missing|is about|"
    r"be judged|claim that)\b",
    re.IGNORECASE,
)


def swapped_drugs(claim: str, passages: Sequence[str], glossary: Glossary, random: Random) -> Iterator[str]:
    """Every mention of one drug, class or antibody replaced by another real one."""
    if SILENT.search(claim):
        return
    said = " ".join(passages)
    for group in random.sample([REAL, ANTIBODIES, CLASSES, ELSEWHERE], 4):
        here = [name for name in group if mentioned(name, claim)]
        if group is ELSEWHERE:
            here += [name for name in DRUG_LIKE.findall(claim) if name not in here and name not in REAL]
        for name in random.sample(here, len(here)):
            others = [other for other in group if not related(name, other, claim, glossary)]
            near = [other for other in others if mentioned(other, said)]  # the likelier mistake
            far = [other for other in others if not mentioned(other, said)]
            for other in [*random.sample(near, min(1, len(near))), *random.sample(far, min(1, len(far)))]:
                edited = re.sub(rf"(?<![\w-]){re.escape(name)}(?!\w*-\d)", other, claim, flags=re.IGNORECASE)
                first = re.search(rf"\b[Aa]n? (?={re.escape(other)})", edited)
                yield in_place(edited[: first.end()], edited[first.end() :], "") if first else edited


def mentioned(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}", text, re.IGNORECASE) is not None


def related(name: str, other: str, claim: str, glossary: Glossary) -> bool:
    """Whether swapping these would leave the claim true or muddled: the same thing, its class, or named beside it."""
    if (
        mentioned(other, claim)
        or {name, other} == {"prednisone", "prednisolone"}
        or {name, other} == {"rapamycin", "sirolimus"}
    ):
        return True
    mine, theirs = glossary.terms_in(name), glossary.terms_in(other)
    above = {term.id for term in [*glossary.terms_in(claim), *classes(glossary.terms_in(claim), glossary)]}
    return bool(theirs) and (mine == theirs or (theirs[0].kind is TermKind.DRUG_CLASS and theirs[0].id in above))


def classes(terms: Sequence[Term], glossary: Glossary) -> list[Term]:
    return [above for term in terms for above in glossary.ancestors(term)]


SAMPLE = re.compile(
    r"\b(?:enrolled|collected|reported|reports|surveyed|randomised|included|including|reviewed|followed|described|studied|"
    r"analysed|treated|met the|derived from|studies|covers?|cohort of|series of|trial of|among|rests? on|limited to|"
    r"tested|was given to|addresses|concerns|consensus|recruited|"
    r"were (?:\w+ )?(?:enrolled|included|randomi[sz]ed|recruited))\b",
    re.IGNORECASE,
)
AGE_OR_KIND = [
    # Other people: wrong in a sample's description too.
    (r"\badults\b(?! and|, | or)", ["children"], True),
    (r"\badult(?= (?:dermatomyositis|patients))", ["juvenile"], True),
    (r"\bchildren with (?:refractory |new-onset |severe )?JDM\b", ["adults with dermatomyositis"], True),
    (r"\bpatients with refractory JDM\b", ["patients with new-onset JDM"], True),
    (r"\bchildren with refractory JDM\b", ["children with new-onset JDM"], True),
    (r"\bnew-onset JDM\b", ["refractory JDM"], True),
    (r"\bin women\b", ["in men"], True),
    (r"\bin men\b", ["in women"], True),
    (r"\b(?:in|of) (?:the )?elderly patients\b", ["in young patients"], True),
    (r"\bin vitro\b", ["in patients"], True),
    (r"\bin mice\b", ["in humans", "in patients"], True),
    (r"\bmice\b", ["patients"], True),
    (r"\brats\b", ["patients"], True),
    (r"\bin rats\b", ["in humans"], True),
    (r"\bwomen\b", ["men"], True),
    (r"(?<!wo)\bmen\b", ["women"], True),
    (r"\bchildren\b(?! with JDM)", ["adults"], True),
    (r"\bgirls\b", ["boys"], True),
    (r"\bone boy of 12 years\b", ["one man of 42 years"], True),
    (r"\b(?:infants|newborns|neonates)\b", ["adults"], True),
    # More people than were studied: wrong where something is said about them, true of a sample's description.
    (
        r"\badults with (?:refractory )?(?:dermatomyositis|myositis)(?: or polymyositis)?\b",
        ["patients with myositis of any age"],
        False,
    ),
    (
        r"\bchildren with (?:refractory |new-onset |severe |severe or refractory )?JDM\b",
        ["all patients with myositis", "patients with myositis"],
        False,
    ),
    (r"\bpatients with refractory JDM\b", ["all patients with myositis", "patients with JDM at any stage"], False),
    (r"\bpatients with JDM\b", ["patients with any form of myositis"], False),
    (r"\b(in|for) refractory JDM\b", [r"\1 JDM", r"\1 JDM of any severity"], False),
    (r"\b(in|for) new-onset JDM\b", [r"\1 JDM", r"\1 JDM at any stage"], False),
    (r"\b(?:in|of|for) (?:resistant |severe |moderate |skin-predominant )JDM\b", ["in every form of JDM"], False),
    (r"\bin JDM\b", ["in all forms of myositis"], False),
    (r"\bfor JDM\b", ["for all forms of myositis"], False),
    (r"\bof JDM\b(?! (?:is|are|was))", ["of all forms of myositis"], False),
    (r"\banti-MDA5-positive JDM\b", ["JDM of every kind"], False),
    (r",? (?:all )?aged (?:7|\d+) years (?:or|and) (?:older|over|above)", [" of any age"], False),
    (r" with reduced strength\b", [" with or without weakness"], False),
    (r"\b[Cc]hildren under 25 kg(?: \(n=11\))?", ["Children of any weight"], False),
    (r"\b[Cc]hildren of 25 kg or more(?: \(n=14\))?", ["Children of any weight"], False),
    (
        r"\b(?:elderly|older|pregnant|\w+menopausal|hospitali[sz]ed|critically ill|obese|diabetic) (patients|women)\b",
        [r"\1 of every kind"],
        False,
    ),
    (r"\bin patients with (?=[a-z])", ["in healthy people and in patients with ", "in people without "], False),
    (r"\bamong patients with (?=[a-z])", ["among people without "], False),
    (r"\bin children and adults\b", ["in adults only"], False),
    (r"\bresponders\b(?! and)", ["patients"], False),
    (
        r"\bchildren who resisted corticosteroids\b",
        ["children who had never taken corticosteroids", "all children"],
        False,
    ),
    (r"\bchildren with rheumatic diseases\b", ["all children and adults"], False),
]


def other_people(claim: str, random: Random) -> Iterator[str]:
    """Others than were studied, or more than were."""
    sample = SAMPLE.search(claim) is not None
    made = []
    for pattern, replacements, always in AGE_OR_KIND:
        matches = list(re.finditer(pattern, claim))
        if len(matches) != 1 or SILENT.search(claim) or (not always and (sample or NEGATIVE.search(claim))):
            continue
        for other in replacements:
            if other.split()[0] in {
                "adults",
                "children",
                "men",
                "women",
                "patients",
            } and f" {other.split()[0]}" in claim.replace(matches[0][0], ""):
                continue
            counted = re.search(r"\b(?:\d+|of|two|three|four|six|nine|ten|the) $", claim[: matches[0].start()])
            if other.startswith("all ") and counted:
                continue
            made.append(claim[: matches[0].start()] + matched_case(matches[0], other) + claim[matches[0].end() :])
    yield from random.sample(made, len(made))


def matched_case(match: re.Match[str], other: str) -> str:
    other = match.expand(other)
    return other[0].upper() + other[1:] if match[0][0].isupper() else other
