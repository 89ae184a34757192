"""Is the claim surer than its passage: "should" for "may", "causes" for "is associated with", "all" for "some"?"""

from bot.answering.compared import Compared, place_of, says_exactly, unknown
from bot.answering.tokens import ALL, MAY, MUST
from bot.domain.answers import Verdict

HEDGES = frozenset(
    """
    suggest suggests suggested suggesting suggestive appear appears appeared seem seems seemed potential potentially
    likely probably presumably tend tends tended consider considered considering conditionally hypothesis hypothesize
    hypothesise possible could may might possibly perhaps sometimes occasionally preliminary tentative
    """.split()
)
CERTAIN = frozenset(
    """must should always recommended required mandatory needs proven proves prove proved proving definitely certainly
    never will does confirms confirmed establishes require requires strongly""".split()
)
CAUSAL = frozenset(
    """cause causes caused causing causal leads led induces induced because produces produced triggers triggered
    provokes""".split()
)
LINKED = frozenset(
    """associated association associations correlated correlation correlates linked link related relationship relation
    predictor predictors predicts predicted""".split()
)
ABSOLUTES = (
    frozenset("only sole solely exclusively alone".split()),
    frozenset("will shall certain certainly surely doubt undoubtedly inevitably invariably necessarily always".split()),
    frozenset("guarantee guarantees guaranteed ensure ensures ensured".split()),
    frozenset(
        "prove proves proved proven proving confirm confirms confirmed establishes established definitive"
        " definitively unequivocal unequivocally".split()
    ),
    frozenset("cure cures cured curing eliminates eliminated eradicates eradicated".split()),
    CAUSAL | {"due", "lead", "leading", "result", "results", "resulted"},
)
"""Groups of words each of which turns a finding into a certainty. Who quotes can't gain one of a group that the passage
has none of."""


def check_strength(it: Compared) -> Verdict | None:
    added = sorted((it.mine & CERTAIN) - it.theirs)
    weak = sorted(it.theirs & HEDGES)
    if added and weak and not it.mine & HEDGES:
        return unknown(f"The claim says “{added[0]}”, the passage only “{weak[0]}”.")
    if it.mine & CAUSAL and not it.whole & CAUSAL and it.theirs & LINKED:
        return unknown(f"The claim says “{min(it.mine & CAUSAL)}”, the passage only “{min(it.theirs & LINKED)}”.")
    if not it.quoting:
        for kind in (ALL, MUST):
            if (it.mine & kind) - {"any"} and not it.theirs & kind:
                return unknown(f"The claim says “{min(it.mine & kind)}”, the passage doesn't.")
        return None
    return _words_exchanged(it) or _operators_changed(it) or _certainty_gained(it)


def _certainty_gained(it: Compared) -> Verdict | None:
    for group in ABSOLUTES:
        gained = it.said & group
        if gained and not it.written & group:
            return unknown(f"The claim says “{min(gained)}”, the passage doesn't.")
    return None


def _words_exchanged(it: Compared) -> Verdict | None:
    """A weaker word of the passage in the place of a stronger one of the claim."""
    for index, token in enumerate(it.claim):
        if token.key not in CERTAIN | CAUSAL or says_exactly(it, index):
            continue
        against = HEDGES | LINKED if token.key in CAUSAL else HEDGES
        for position in place_of(it, index):
            other = it.passage[position]
            if weak := ({other.key} | other.operators) & against - it.mine:
                return unknown(f"The claim says “{token.written}”, the passage only “{min(weak)}”.")
    return None


def _operators_changed(it: Compared) -> Verdict | None:
    for index, theirs, between in it.joints:
        token = it.claim[index]
        mine = token.operators
        skipped = {it.passage[p].key for p in between[:-1]}
        if every := mine & ALL - theirs - {"any"}:
            return unknown(f"The claim says “{min(every)}”, the passage doesn't.")
        if must := mine & MUST - theirs:
            return unknown(f"The claim says “{min(must)}”, the passage doesn't.")
        weak = (theirs & MAY - {"can"}) | (skipped & HEDGES)
        if weak and not mine & MAY and not {token.key, it.claim[index - 1].key} & HEDGES:
            return unknown(f"The passage says so only with “{min(weak)}”.")
    for token, place in zip(it.claim, it.alignment.chosen, strict=True):
        if place is None and (added := token.operators & (ALL | MUST) - {"any"}):
            return unknown(f"The claim says “{min(added)}”, the passage doesn't.")
    return None
