"""Faults of front matter in the words of a curator: what is wrong, and what to do."""

import difflib
from typing import Any

from bot.knowledge.fields import ENTRIES, RULE, FrontMatter

PATTERNS = {
    "doi": "Write it without https://doi.org/, such as 10.1002/art.37754.",
    "pmid": "Write its digits only, such as 27515057.",
    "url": "Write the whole address, beginning with https://.",
    "publication": "Write a DOI, such as 10.1002/art.37754, or the digits of a PMID.",
    "notice": "Write a DOI, such as 10.1002/art.37754, or the digits of a PMID.",
}
IDENTIFIER = "Use lower-case letters, digits and single hyphens, such as rituximab-jdm."
REMEDIES = {
    "tuple_type": "Write it as a list, one `- …` a line.",
    "string_too_short": "Write it, or delete the line.",
    "string_type": "Write a text.",
    "int_parsing": "Write the number in digits.",
    "int_type": "Write the number in digits.",
    "int_from_float": "Write a whole number.",
    "greater_than_equal": "Write the number that is meant.",
    "less_than_equal": "Write the number that is meant.",
    "bool_parsing": "Write true or false.",
    "bool_type": "Write true or false.",
}


def in_words(detail: Any) -> tuple[str, str]:
    """Problem and remedy for one error of pydantic."""
    path = [str(step) for step in detail["loc"]]
    field, shown = ".".join(path), _shown(detail["input"])
    match detail["type"]:
        case "rule":
            said = detail["ctx"]["problem"]
            own = said.startswith((path[-1], "an "))
            return f"{said if own else f'{field}: {said}'}.", detail["ctx"]["remedy"]
        case "extra_forbidden":
            known = ENTRIES[path[0]].model_fields if len(path) > 1 else FrontMatter.model_fields
            close = difflib.get_close_matches(path[-1], known, n=1)
            remedy = f"Did you mean {close[0]}?" if close else f"Known fields: {', '.join(known)}."
            return f"unknown field {path[-1]!r}.", remedy
        case "missing":
            return f"{field} is missing.", f"Add {path[-1]}."
        case "enum":
            return f"{field} can't be {shown}.", f"Use {detail['ctx']['expected']}."
        case "date_from_datetime_parsing" | "date_parsing":
            return f"{field}: there is no day {shown}.", "Write year, month and day, such as 2026-03-31."
        case "string_pattern_mismatch":
            return f"{field} can't be {shown}.", PATTERNS.get(path[-1], IDENTIFIER)
        case "model_type":
            names = ", ".join(ENTRIES[path[0]].model_fields)
            return f"{field} can't be {shown}: it isn't a list of fields.", f"Write its fields one a line: {names}."
        case "int_parsing" | "bool_parsing" as kind:  # The remedy says it all.
            return f"{field} can't be {shown}.", REMEDIES[kind]
        case kind:
            message = detail["msg"][0].lower() + detail["msg"][1:]
            return f"{field} can't be {shown}: {message}.", REMEDIES.get(kind, "Correct it, or delete the line.")


def place(detail: Any) -> list[str]:
    """Which field's line is told: the faulty one's, or the one's beside it that asks for it."""
    path = [str(step) for step in detail["loc"]]
    beside = detail["ctx"]["beside"] if detail["type"] == RULE else ""
    return [beside] if beside and detail["input"] is None else path


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}…"
