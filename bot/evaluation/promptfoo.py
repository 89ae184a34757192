"""The cases in the format of promptfoo, for those who use that tool with a provider of their own.

Each test asks `{{question}}`, the last message, with the earlier ones in `{{history}}`. What only Footnote knows (which
document was cited, what the gate said) can't be asserted there and is left out.
"""

from collections.abc import Sequence
from typing import Any

from bot.evaluation.cases import Case

SCHEMA = "https://promptfoo.dev/config-schema.json"


def export_cases(cases: Sequence[Case]) -> str:
    """A whole promptfoo configuration as YAML."""
    import yaml

    told = {
        "description": "Footnote's cases",
        "prompts": ["{{history}}{{question}}"],
        "providers": ["exec: footnote ask"],
        "tests": [_test(case) for case in cases],
    }
    text = yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=120)
    return f"# yaml-language-server: $schema={SCHEMA}\n{text}"


def _test(case: Case) -> dict[str, Any]:
    *earlier, question = case.conversation
    asserted: list[dict[str, Any]] = [
        {"type": "icontains-any", "value": list(group)} if len(group) > 1 else {"type": "icontains", "value": group[0]}
        for group in case.must_say
    ]
    asserted += [{"type": "not-icontains", "value": text} for text in case.must_not_say]
    return {
        "description": case.name,
        "vars": {"question": question, "history": "".join(f"{text}\n" for text in earlier)},
        "metadata": {"kind": case.kind.value, "audience": case.audience.value, "origin": list(case.origin)},
        "assert": asserted,
    }
