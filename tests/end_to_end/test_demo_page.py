"""A person talks to the real bot on the demo's page, in a real browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import NEEDS_BROWSER, PHONE, answers, ask, choose, demo, opened, write

pytestmark = NEEDS_BROWSER

QUESTION = "What is the dose of rituximab in refractory juvenile dermatomyositis?"
FOLLOW_UP = "and of infliximab?"
DOSES = ("750 mg/m2", "6 mg/kg")
SOURCES = "Sources"
LIBRARY = {
    "rituximab.md": "# Rituximab in juvenile dermatomyositis\n\n"
    "Rituximab is given to children with refractory juvenile dermatomyositis at 750 mg/m2 in two infusions.\n",
    "infliximab.md": "# Infliximab in juvenile dermatomyositis\n\n"
    "Infliximab is given to children with refractory juvenile dermatomyositis at a dose of 6 mg/kg every four weeks.\n",
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("demo")
    library = folder / "library"
    library.mkdir()
    for name, text in LIBRARY.items():
        (library / name).write_text(text, encoding="utf-8")
    with demo(folder / "data", FOOTNOTE_KNOWLEDGE=str(library)) as served:
        yield served


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    with opened(address) as shown:
        problems: list[str] = []
        shown.on("pageerror", lambda error: problems.append(str(error)))
        shown.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
        yield shown
        assert problems == []


def test_a_question_its_sources_and_a_follow_up(page: Page) -> None:
    expect(page.get_by_text("A local demo, not Telegram.")).to_be_visible()
    answer = ask(page, QUESTION)
    expect(answer).to_contain_text(DOSES[0])
    expect(answer.locator("strong").first).to_contain_text(DOSES[0])

    quotation = answer.get_by_role("blockquote").filter(has_text=SOURCES)
    closed = quotation.bounding_box()
    quotation.get_by_role("button", name="Show all").click()
    less = quotation.get_by_role("button", name="Show less")
    expect(less).to_have_attribute("aria-expanded", "true")
    is_open = quotation.bounding_box()
    assert closed
    assert is_open
    assert is_open["height"] > closed["height"]
    less.press("Enter")
    expect(quotation.get_by_role("button", name="Show all")).to_be_focused()

    expect(ask(page, FOLLOW_UP)).to_contain_text(DOSES[1])


def test_a_reply_shows_what_it_answers_and_stays_in_its_conversation(page: Page) -> None:
    choose(page, "Colleague")
    first = ask(page, QUESTION)
    first.get_by_role("button", name="Reply").click()
    expect(page.locator("#answering")).to_contain_text("Reply to Footnote")

    expect(ask(page, FOLLOW_UP)).to_contain_text(DOSES[1])
    expect(page.locator("article.mine").last.locator(".cited")).to_contain_text("Footnote")


def test_in_the_group_the_bot_answers_who_mentions_it_and_each_person_sees_who_wrote(page: Page) -> None:
    choose(page, "Group")
    expect(page.get_by_role("heading", name="Ward round")).to_be_visible()
    write(page, "hello everybody")
    expect(ask(page, f"@footnote_bot {QUESTION}")).to_contain_text(DOSES[0])

    choose(page, "Colleague")
    expect(page.locator("article.other").first).to_contain_text("hello everybody")
    expect(page.locator("article.other").first).to_contain_text("You")


def test_on_a_phone_nothing_is_wider_than_the_screen_and_a_reload_keeps_the_chat(address: str) -> None:
    with opened(address, size=PHONE, dark=True) as page:
        choose(page, "Colleague")
        ask(page, "/help")
        count = answers(page).count()
        answers(page).last.get_by_role("button", name="Reply").click()
        expect(page.locator("#answering")).to_be_visible()
        wide = page.evaluate("document.documentElement.scrollWidth")
        page.reload()
        choose(page, "Colleague")

        expect(answers(page)).to_have_count(count)
        assert wide <= PHONE["width"]


def test_every_control_has_a_name_and_the_keyboard_is_enough(page: Page) -> None:
    for control in page.locator("button:visible, textarea:visible, input").all():
        expect(control).to_have_accessible_name(re.compile(r"\S"))
    expect(page.get_by_label("Message", exact=True)).to_be_focused()
    page.keyboard.type("/help")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")

    expect(page.locator("article.mine").last).to_contain_text("/help")


def test_another_site_s_page_gets_nothing(page: Page, address: str, tmp_path: Path) -> None:
    sent = page.request.post(f"{address}/say", data="{}", headers={"content-type": "text/plain"})
    assert sent.status == 415
    assert page.request.get(address, headers={"host": "elsewhere.example"}).status == 400
    assert page.request.get(f"{address}/events?chat=2&user=1").status == 404
