"""Serve a demo: `python -m tests.scripted_provider --port 8089 [--script FILE.yaml]`; without a script, honestly."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from tests.scripted_provider.composing import honest
from tests.scripted_provider.reading import ScriptError, read_scripts
from tests.scripted_provider.server import ScriptedProvider


def main() -> int:
    """Serve until Ctrl-C or SIGTERM. Returns 2 for a script or port that can't be used."""
    parser = argparse.ArgumentParser(prog="python -m tests.scripted_provider", description=__doc__)
    parser.add_argument("--port", type=int, default=8089, help="0 takes a free one (default: 8089)")
    parser.add_argument("--script", type=Path, help="a YAML file; see tests/scripted_provider/reading.py")
    given = parser.parse_args()
    try:
        provider = ScriptedProvider(read_scripts(given.script) if given.script else honest, given.port)
        provider.start()
    except (ScriptError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    ended = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: ended.set())
    print(f"{provider.url} serves {', '.join(provider.models)}. Ctrl-C ends it.", flush=True)
    ended.wait()
    provider.stop()
    print(f"Calls: {len(provider.asked)}, beyond the script: {provider.unscripted}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
