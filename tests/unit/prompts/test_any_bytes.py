"""Whatever bytes stand in a file of one's own, loading gives a complete set or says what is wrong. Nothing else."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.errors import WordingError
from bot.domain.messages import Audience
from bot.places import shipped
from bot.prompts import PromptSet, load_set
from bot.prompts.loading import FILLED

SHIPPED = shipped("prompts")
BASE = load_set(SHIPPED)
FILES = ("compose.md", "judge.md", "wording/en.yaml", "wording/de.yaml", "wording/fr.yaml", "versions.yaml")
PIECES = (
    b"{{",
    b"}}",
    b"\n",
    b": ",
    b"---\n",
    b"# User\n",
    b"- ",
    b'"',
    b"&a",
    b"*a",
    b"!!",
    b"[",
    b"{",
    b"\xff",
    b"version: 2\n",
)


@st.composite
def contents(draw: st.DrawFn, name: str) -> bytes:
    """Any bytes, or the shipped file with something cut out and something put in."""
    if draw(st.booleans()):
        return draw(st.binary(max_size=200))
    file = SHIPPED / name
    content = file.read_bytes() if file.is_file() else b"terminal:\n  goodbye: x\n"
    start = draw(st.integers(0, len(content)))
    gone = draw(st.integers(0, 80))
    put = draw(st.binary(max_size=20) | st.lists(st.sampled_from(PIECES), max_size=4).map(b"".join))
    changed = content[:start] + put + content[start + gone :]
    return changed.replace(b"version: 1\n", b"version: 2\n", 1) if draw(st.booleans()) else changed


files = st.sampled_from(FILES).flatmap(lambda name: st.tuples(st.just(name), contents(name)))


def is_complete(words: PromptSet) -> bool:
    """Can the program say everything with it?"""
    spoken = all(
        wording.sentences.keys() >= BASE.wording.sentences.keys()
        and all(any(map(str.isalnum, wording.say(f"disclaimer.{one.value}"))) for one in Audience)
        for wording in words.wordings.values()
    )
    told = all(
        all(prompt.render(**dict.fromkeys(FILLED[name], "x")))
        for name, prompt in words.prompts.items()
        if name in FILLED
    )
    return spoken and told and words.prompts.keys() >= FILLED.keys()


@settings(max_examples=150, deadline=None)
@given(files)
@example(("wording/en.yaml", b"a: " + b"[" * 5000))
@example(("wording/en.yaml", b"a: &x [*x]"))
@example(("wording/en.yaml", b"? [a]\n: b\n"))
@example(("compose.md", b"---\nversion: " + b"9" * 5000 + b"\n---\n# System\n# User\n"))
@example(("compose.md", b"---\n---\n"))
@example(("versions.yaml", b"versions: {compose: {a: b}}"))
def test_any_bytes_give_a_complete_set_or_a_wording_error(file: tuple[str, bytes]) -> None:
    name, content = file
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        with suppress(WordingError):
            assert is_complete(load_set(SHIPPED, Path(folder)))
