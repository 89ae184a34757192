"""Takes the README's picture of the chat page, with the shipped library.

python -m tests.tools.screenshot
"""

import tempfile
from pathlib import Path

from playwright.sync_api import ViewportSize

from tests.browser import ROOT, ask, demo, opened

PICTURE = ROOT / "bot" / "demo" / "screenshot.png"
SIZE: ViewportSize = {"width": 760, "height": 900}
QUESTION = "Does rituximab help calcinosis in JDM?"


def main() -> None:
    """One question and its answer, with the buttons under it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        demo(Path(folder) / "data") as address,
        opened(address, size=SIZE, timezone_id="UTC", locale="en-GB") as page,
    ):
        ask(page, QUESTION)
        page.evaluate("document.activeElement.blur(); document.getElementById('scroll').scrollTop = 0")
        page.screenshot(path=PICTURE)
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
