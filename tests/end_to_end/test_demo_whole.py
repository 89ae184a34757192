"""Sources, feedback and a suggested question on the demo's page, with the real bot and the shipped library."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import NEEDS_BROWSER, PATIENCE_MS, answered, answers, ask, demo, opened

pytestmark = NEEDS_BROWSER

QUESTION = "Does rituximab help calcinosis in JDM?"
FOLLOW_UP = "and infliximab?"
SOURCES, DOWN = "📚 Sources", "👎"
SOURCE = "Source [1]"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("whole")
    with demo(folder / "data") as served:
        yield served


def test_a_whole_conversation(address: str) -> None:
    with opened(address) as page:
        expect(page.get_by_text("not medical advice")).to_be_visible(timeout=PATIENCE_MS)
        answer = ask(page, QUESTION)
        expect(answer).to_contain_text("[1]")
        answer.get_by_role("button", name=SOURCES).click()
        source = answered(page, 2)
        expect(source).to_contain_text(SOURCE)
        source.get_by_role("button", name="›").click()
        expect(answers(page).last).not_to_contain_text(SOURCE)

        follow_up = ask(page, FOLLOW_UP)
        expect(follow_up).to_contain_text("infliximab", ignore_case=True)
        follow_up.get_by_role("button", name=DOWN).click()
        expect(page.get_by_role("alert")).to_be_visible()
