"""On what machine something was measured, and how much memory a process has; no name of a host, no path."""

import os
import platform
import resource
from importlib.metadata import version
from pathlib import Path

ENGINES = ("chromadb", "tantivy", "numpy", "onnxruntime")


def describe_machine() -> str:
    """Architecture, processors, Python and the versions of what does the work."""
    engines = ", ".join(f"{name} {version(name)}" for name in ENGINES)
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{platform.machine()}, {processors} processors, Python {platform.python_version()}, {engines}"


def memory_mb() -> dict[str, float]:
    """Resident and proportional memory of this process in MB; of the latter nothing where the system doesn't tell."""
    wanted = {"Rss:": "rss", "Pss:": "pss"}
    try:
        lines = Path("/proc/self/smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {"rss": peak_mb()}
    found = (line.split() for line in lines)
    return {wanted[parts[0]]: int(parts[1]) / 1024 for parts in found if parts[0] in wanted}


def peak_mb() -> float:
    """The most that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
