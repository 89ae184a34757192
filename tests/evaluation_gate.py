"""`make eval`: the cases on the embedded composer and on a scripted model that obeys its prompt, against the baseline.

    python -m tests.evaluation_gate [--renew]

No language model is used and nothing leaves this computer. Exit 1 where either loses something for real.
"""

import asyncio
import os
import subprocess
import sys

from tests.scripted_provider.obedient import obedient
from tests.scripted_provider.server import serving

SCRIPTED = "openai:obedient"


def main(arguments: list[str]) -> int:
    """Both runs, one after the other, with the same further arguments of `footnote eval`."""
    wanted = arguments if "--renew" in arguments else ["--gate", *arguments]
    print("The embedded composer", flush=True)
    embedded = _evaluate(["--model", "extractive", *wanted], {})
    print("\nA scripted model that obeys its prompt", flush=True)
    return max(embedded, asyncio.run(_scripted(wanted)))


async def _scripted(wanted: list[str]) -> int:
    async with serving({"obedient": obedient()}) as provider:
        server = {"FOOTNOTE_MODEL_URL": provider.url, "FOOTNOTE_MODEL_KEY": "none"}
        return await asyncio.to_thread(_evaluate, ["--model", SCRIPTED, "--yes", *wanted], server)


def _evaluate(arguments: list[str], more: dict[str, str]) -> int:
    # What the operator's own environment says of models is none of the gate's business.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")}
    kept |= {"FOOTNOTE_DATA": os.environ.get("FOOTNOTE_DATA", "data")}
    return subprocess.run([sys.executable, "-m", "bot", "eval", *arguments], env=kept | more, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
