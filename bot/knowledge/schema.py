"""The JSON Schema of front matter, for editors. `python -m bot.knowledge.schema` writes it beside the library."""

import json
from pathlib import Path
from typing import Any

from bot.knowledge.fields import FrontMatter
from bot.places import shipped

NAME = "front-matter.schema.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """What `bot.knowledge.fields` allows, each field by itself: which of them fit together, only the check knows."""
    return {"$schema": DIALECT, **FrontMatter.model_json_schema(), "title": "Front matter of a document"}


def written() -> str:
    """The whole text of the schema's file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    Path(shipped("knowledge"), NAME).write_text(written(), encoding="utf-8")
