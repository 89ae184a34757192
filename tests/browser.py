"""A real browser on the demo's chat page, and what a person does there."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect, sync_playwright

ROOT = Path(__file__).parents[1]
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS, ACTION_MS = 120_000, 15_000
"""How long an answer may take, and how long anything else."""
SHOWN = re.compile(r"\d")
"""The page names the chat that it shows, once it is there."""
DESKTOP: ViewportSize = {"width": 1000, "height": 860}
PHONE: ViewportSize = {"width": 390, "height": 844}


def installed() -> str | None:
    """Where Chromium is, if it is anywhere."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


NEEDS_BROWSER = pytest.mark.skipif(
    installed() is None and os.environ.get("FOOTNOTE_TEST_BROWSER") != "required",
    reason="no Chromium is installed; FOOTNOTE_TEST_BROWSER=required makes that a failure",
)


@contextmanager
def demo(data: Path, **settings: str) -> Iterator[str]:
    """`footnote demo` as its users run it; gives the address of the page."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "FOOTNOTE_DATA": str(data)} | settings
    command = [sys.executable, "-m", "bot", "demo"]
    with subprocess.Popen(command, cwd=data.parent, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split()[1]
        finally:
            process.terminate()


@contextmanager
def opened(address: str, *, size: ViewportSize = DESKTOP, dark: bool = False, **more: Any) -> Iterator[Page]:
    """The page in a browser without a past."""
    expect.set_options(timeout=ACTION_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=list(ARGUMENTS))
        context = browser.new_context(viewport=size, color_scheme="dark" if dark else "light", **more)
        context.set_default_timeout(ACTION_MS)
        page = context.new_page()
        page.goto(address)
        try:
            yield page
        finally:
            context.close()
            browser.close()


def write(page: Page, text: str) -> None:
    """Write something and send it."""
    field = page.get_by_label("Message", exact=True)
    field.fill(text)
    field.press("Enter")


def ask(page: Page, text: str) -> Locator:
    """Write something; the bot's message to it, as soon as no placeholder stands there any more."""
    expect(page.locator("body")).to_have_attribute("data-ready", SHOWN)
    count = answers(page).count()
    write(page, text)
    return answered(page, count + 1)


def answered(page: Page, count: int) -> Locator:
    """The last of this many messages of the bot, as soon as no placeholder stands there any more."""
    expect(answers(page)).to_have_count(count, timeout=PATIENCE_MS)
    expect(page.locator("article.waiting")).to_have_count(0, timeout=PATIENCE_MS)
    return answers(page).last


def choose(page: Page, *names: str) -> None:
    """Switch to a chat or person, and wait until their chat is shown."""
    for name in names:
        page.get_by_role("radio", name=name).check()
    expect(page.locator("body")).to_have_attribute("data-ready", SHOWN)


def answers(page: Page) -> Locator:
    """The bot's messages, oldest first."""
    return page.locator("article.bot")
