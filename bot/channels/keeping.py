"""Says what is kept, why, and for how long, from the one declaration of it; and what is kept of one user."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.keeping import KINDS, Kind, Rule
from bot.prompts import Wording


def describe_kept(wording: Wording, retention_days: int) -> tuple[str, ...]:
    """One sentence for each kind of record. `retention_days`: 0 where conversations have no end."""
    return tuple(
        wording.say(
            "privacy.kept",
            what=wording.say(f"privacy.what.{kind.name}"),
            why=wording.say(f"privacy.why.{kind.name}"),
            rule=how_long(kind, wording, retention_days),
        )
        for kind in KINDS
    )


def how_long(kind: Kind, wording: Wording, retention_days: int) -> str:
    """For how long a kind of record is kept."""
    name = "approved" if kind.name == "approved" else kind.rule.value
    # What a review or an approval keeps longer goes no sooner than conversations do.
    goes_with_turns = kind.rule in {Rule.RETENTION, Rule.REVIEW} or kind.name == "approved"
    if goes_with_turns and not retention_days:
        return wording.say("privacy.rule.open")
    if kind.rule is Rule.LONGEST and not retention_days:
        return wording.say("privacy.rule.endless")
    days = retention_days if kind.rule is Rule.RETENTION else kind.days
    is_longer = goes_with_turns or kind.rule is Rule.LONGEST
    return wording.say(f"privacy.rule.{name}", days=max(days, retention_days) if is_longer else days)


def table_of_kept(wording: Wording, retention_days: int) -> Sequence[str]:
    """The lines of a Markdown table: what, where, why, how long."""
    rows = ["| what | where | why | how long |", "|---|---|---|---|"]
    for kind in KINDS:
        where = ", ".join(f"`{table}`" for table in kind.tables or filter(None, [kind.among])) or "–"
        told = (wording.say(f"privacy.what.{kind.name}"), where, wording.say(f"privacy.why.{kind.name}"))
        rows.append(f"| {' | '.join(told)} | {how_long(kind, wording, retention_days)} |")
    return rows


def described(held: Mapping[str, Sequence[Mapping[str, Any]]], wording: Wording) -> dict[str, Any]:
    """The records with a title for each kind, as JSON takes them; kinds of which there is nothing are left out."""
    return {
        kind: {"title": wording.say(f"privacy.kind.{kind}"), "records": list(records)}
        for kind, records in held.items()
        if records
    }
