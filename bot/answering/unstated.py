"""What a stated dose doesn't say: route, interval or maximum, where the cited passages are silent on it."""

import re
from collections.abc import Iterable, Sequence

from bot.answering.doses import read_doses
from bot.answering.quantities import read_frequencies
from bot.domain.answers import Answer, Citation, Claim
from bot.domain.documents import RetrievedPassage
from bot.domain.glossary import Glossary, Term
from bot.domain.text import fold
from bot.prompts import Wording

ROUTE = re.compile(
    r"\b(iv|i\.v|sc|s\.c|im|i\.m|po|p\.o|intravenous\w*|subcutaneous\w*|intramuscular\w*|oral\w*|by mouth|topical\w*"
    r"|infus\w+|inject\w+|tablets?|capsules?|drip|under the skin|into (a|the) (vein|muscle))\b"
)
MAXIMUM = re.compile(
    r"\b(max\w*|at most|up to|not more than|no more than|not exceed\w*|capped?|ceiling|upper limit|highest)\b"
)
INTERVAL = re.compile(r"\b(single|once|apart|intervals?|cycles?|consecutive|daily|weekly|monthly|every|per|each)\b")
BY_SIZE = re.compile(r"/\s?(kg|m2)")


def tell_unstated(
    answer: Answer, asked: Sequence[Term], passages: Sequence[RetrievedPassage], glossary: Glossary, wording: Wording
) -> tuple[str, ...]:
    """A notice for each asked drug whose dose is given without its route, interval or maximum."""
    found = find_unstated(answer.claims, answer.citations, asked, passages, glossary) if asked else ()
    listed = ((drug, [wording.say(f"unstated.{name}") for name in names]) for drug, names in found)
    return tuple(wording.say("notice.unstated", drug=drug, what=" or ".join(names)) for drug, names in listed)


def find_unstated(
    claims: Iterable[Claim],
    citations: Sequence[Citation],
    asked: Sequence[Term],
    passages: Iterable[RetrievedPassage],
    glossary: Glossary,
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """For each asked drug whose dose the claims state: its name, and which of route, interval and maximum is lacking.

    Only what none of the drug's cited passages holds in any words counts as lacking; a maximum only where the dose goes
    by the patient's size. A drug that lacks nothing isn't named.
    """
    by_id = {item.passage.id: item for item in passages}
    cited = {citation.number: by_id.get(citation.passage) for citation in citations}
    found = []
    for term in asked:
        held, units = "", ""
        for claim in claims:
            context = " . ".join(item.document.title for n in claim.citations if (item := cited.get(n)) is not None)
            amounts = [q.unit for owner, q in read_doses(claim.text, context, glossary) if owner == term.id]
            if amounts:
                units += " ".join(amounts) + " "
                held += " . ".join((claim.text, *(i.passage.text for n in claim.citations if (i := cited.get(n)))))
        folded = fold(held)
        # An interval that stands in the unit itself (`mg/kg/day`) is stated as well.
        interval = INTERVAL.search(folded) or read_frequencies(folded) or re.search(r"/\s?(d|day|week|wk|mo)", units)
        lacking = (
            ("route", ROUTE.search(f"{folded} . {fold(' . '.join(term.all_names))}") is None),
            ("interval", interval is None or not interval),
            ("maximum", BY_SIZE.search(units) is not None and MAXIMUM.search(folded) is None),
        )
        if units and (named := tuple(name for name, lacks in lacking if lacks)):
            found.append((term.name, named))
    return tuple(found)
