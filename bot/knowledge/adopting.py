"""Begins with an index that came with the program, so that a fresh data folder needn't wait for its first."""

import logging
import shutil
import uuid
from pathlib import Path

logger = logging.getLogger(__name__)


def adopt_index(data: Path, made: Path) -> None:
    """Copy an index into a data folder that has none, in one step; what fails here is built anew later."""
    if not made.is_dir() or (data / "index").exists():
        return
    fresh = data / f".index-{uuid.uuid4().hex}"
    try:
        shutil.copytree(made, fresh)
        fresh.rename(data / "index")
    except OSError as error:  # Another process may have been quicker; then there is nothing to tell.
        if not (data / "index").exists():
            logger.warning("The index that came with the program can't be copied, and is built anew: %s", error)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
