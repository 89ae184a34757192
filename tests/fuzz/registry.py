"""All targets by name."""

from tests.fuzz import channels, documents, gate, imports, messages, models, patterns, words
from tests.fuzz.target import Target

MODULES = (documents, imports, gate, models, channels, words, messages, patterns)
TARGETS: dict[str, Target] = {target.name: target for module in MODULES for target in module.TARGETS}
