"""The editorial policy as its readers see it: the curators' page without its marks."""

from pathlib import Path

from bot.domain.errors import DocumentError
from bot.knowledge.readers import decode, read_bytes


def load_policy(path: Path) -> str:
    """The page as plain text, a line a paragraph or item. Raises DocumentError where there is none to read."""
    lines: list[str] = []
    goes_on = False
    for line in decode(read_bytes(path, path.name), path.name).strip().splitlines():
        said = line.strip()
        if said.startswith("#"):
            lines.append(said.lstrip("# "))
        elif said.startswith("- "):
            lines.append(f"• {said[2:]}")
        elif said and goes_on:
            lines[-1] += f" {said}"
        else:
            lines.append(said)
        goes_on = bool(said) and not said.startswith("#")
    if not any(lines):
        raise DocumentError(path.name, "it says nothing.", remedy="Write the policy, or delete the file.")
    return "\n".join(lines)
