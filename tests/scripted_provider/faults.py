"""Right answers in the wrong form, as weak models write them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from tests.scripted_provider.composing import Line, honest_lines, read_prompt, repairs_honestly, written
from tests.scripted_provider.scripts import Reply, Request, Says

Fault = Callable[[Sequence[Line]], str]


def code_fence(lines: Sequence[Line]) -> str:
    return f"```json\n{written(lines)}\n```"


def array(lines: Sequence[Line]) -> str:
    return json.dumps([line.value for line in lines], ensure_ascii=False, indent=2)


def object_of_claims(lines: Sequence[Line]) -> str:
    return json.dumps({"claims": [line.value for line in lines]}, ensure_ascii=False)


def pretty(lines: Sequence[Line]) -> str:
    return "\n".join(json.dumps(line.value, ensure_ascii=False, indent=2) for line in lines)


def prose_around(lines: Sequence[Line]) -> str:
    return f"Sure! Here is what the passages say:\n\n{written(lines)}\n\nLet me know if you need anything else."


def trailing_commas(lines: Sequence[Line]) -> str:
    return "\n".join(f"{line.json[:-1]},}}," for line in lines)


def single_quotes(lines: Sequence[Line]) -> str:
    return "\n".join(repr(line.value) for line in lines)


def bracketed_ids(lines: Sequence[Line]) -> str:
    return written(replace(line, sources=tuple(f"[{name}]" for name in line.sources)) for line in lines)


def sources_as_string(lines: Sequence[Line]) -> str:
    return _with(lines, sources=lambda line: ", ".join(line.sources))


def think_block(lines: Sequence[Line]) -> str:
    return f'<think>\nThe user asks something. A first idea: {{"text": "not this one"}}\n</think>\n{written(lines)}'


def missing_role(lines: Sequence[Line]) -> str:
    return "\n".join(
        json.dumps({key: value for key, value in line.value.items() if key != "role"}, ensure_ascii=False)
        for line in lines
    )


def unknown_role(lines: Sequence[Line]) -> str:
    return written(replace(line, role="Key Point") for line in lines)


def markdown(lines: Sequence[Line]) -> str:
    return _with(lines, text=lambda line: f"**{line.text}**")


def footnotes_in_text(lines: Sequence[Line]) -> str:
    return _with(lines, text=lambda line: f"{line.text} [{', '.join(line.sources)}]")


def half_of_the_last_line(lines: Sequence[Line]) -> str:
    return (whole := written(lines))[: len(whole) - len(lines[-1].json) // 2] if lines else ""


def duplicates(lines: Sequence[Line]) -> str:
    return written([*lines, *lines])


def forty_claims(lines: Sequence[Line]) -> str:
    return written((list(lines) * 40)[:40])


def _with(lines: Sequence[Line], **keys: Callable[[Line], str]) -> str:
    values = (line.value | {key: made(line) for key, made in keys.items()} for line in lines)
    return "\n".join(json.dumps(value, ensure_ascii=False) for value in values)


FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        fault.__name__: fault
        for fault in (
            code_fence,
            array,
            object_of_claims,
            pretty,
            prose_around,
            trailing_commas,
            single_quotes,
            bracketed_ids,
            sources_as_string,
            think_block,
            missing_role,
            unknown_role,
            markdown,
            footnotes_in_text,
            half_of_the_last_line,
            duplicates,
            forty_claims,
        )
    }
)
CUT_OFF = frozenset({"half_of_the_last_line"})  # what ends because the model may write no more


@dataclass(frozen=True)
class Faulty:
    """A player that answers honestly in a wrong form."""

    name: str

    def __call__(self, request: Request) -> Reply:
        prompt = read_prompt(request)
        if prompt.failed:
            return repairs_honestly(request)
        return Says(FAULTS[self.name](honest_lines(prompt)), finish="length" if self.name in CUT_OFF else "stop")
