"""The rules of the gate, in their order: each looks at one thing in which a claim may leave its passage."""

from collections.abc import Callable

from bot.answering.amounts import check_amounts
from bot.answering.compared import Compared
from bot.answering.names import check_names
from bot.answering.polarity import check_comparison, check_negation, check_opposites
from bot.answering.population import check_population
from bot.answering.strength import check_strength
from bot.domain.answers import Verdict

CHECKS: tuple[Callable[[Compared], Verdict | None], ...] = (
    check_amounts,
    check_names,
    check_negation,
    check_opposites,
    check_comparison,
    check_strength,
    check_population,
)
"""In the order of their weight; None means that the rule has nothing to object to."""
