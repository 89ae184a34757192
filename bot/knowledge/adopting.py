"""Begins with an index that came with the program, so that a fresh data folder needn't wait for its first."""

import shutil
import uuid
from contextlib import suppress
from pathlib import Path


def adopt_index(data: Path, made: Path) -> None:
    """Copy an index into a data folder that has none, in one step; what fails here is built anew later."""
    if not made.is_dir() or (data / "index").exists():
        return
    fresh = data / f".index-{uuid.uuid4().hex}"
    try:
        with suppress(OSError, shutil.Error):
            shutil.copytree(made, fresh)
            fresh.rename(data / "index")  # Fails where another process was quicker.
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
