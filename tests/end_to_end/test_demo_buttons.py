"""What the demo's page does with buttons, commands, toasts and requests for a reply; the test plays the bot."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from bot.demo.page import GROUP, YOU, DemoServer
from tests.browser import NEEDS_BROWSER, choose, opened, write

pytestmark = NEEDS_BROWSER

LONG = 20
KEYBOARD = [
    [{"text": "[1]", "callback_data": "s:a1:1"}, {"text": "[2]", "callback_data": "s:a1:2"}],
    [{"text": "Copy citation", "copy_text": {"text": "Smith 2020"}}],
    [{"text": "Article", "url": "https://doi.example/10.1"}],
]


class Bot:
    """Calls the server as a bot would."""

    def __init__(self, server: DemoServer) -> None:
        self.server = server
        self._offset = 0

    def call(self, method: str, **arguments: Any) -> Any:
        url = f"{self.server.url}/bot{self.server.token}/{method}"
        answered = httpx.post(url, json=arguments, timeout=LONG, trust_env=False).json()
        assert answered["ok"], answered
        return answered["result"]

    def says(self, text: str, *, chat: int = YOU, **more: Any) -> int:
        return int(self.call("sendMessage", chat_id=chat, text=text, **more)["message_id"])

    def hears(self, kind: str) -> dict[str, Any]:
        """The next update of this kind."""
        while True:
            for update in self.call("getUpdates", offset=self._offset, timeout=LONG, limit=1):
                self._offset = update["update_id"] + 1
                if kind in update:
                    found: dict[str, Any] = update[kind]
                    return found


@pytest.fixture
def bot() -> Iterator[Bot]:
    with DemoServer() as server:
        yield Bot(server)


@pytest.fixture
def page(bot: Bot) -> Iterator[Page]:
    with opened(bot.server.url, permissions=["clipboard-read", "clipboard-write"]) as shown:
        yield shown


def test_a_press_reaches_the_bot_and_its_answer_is_shown(bot: Bot, page: Page) -> None:
    sent = bot.says("Answer", reply_markup={"inline_keyboard": KEYBOARD})
    page.get_by_role("button", name="[2]").click()
    press = bot.hears("callback_query")
    assert (press["data"], press["from"]["id"], press["message"]["message_id"]) == ("s:a1:2", YOU, sent)
    bot.call("answerCallbackQuery", callback_query_id=press["id"], text="Here it is.")
    expect(page.get_by_role("alert")).to_have_text("Here it is.")

    bot.call("editMessageText", chat_id=YOU, message_id=sent, text="The passage")
    expect(page.locator("article.bot")).to_contain_text("The passage")
    expect(page.get_by_role("button", name="[2]")).to_have_count(0)


def test_an_alert_is_shown_until_it_is_read(bot: Bot, page: Page) -> None:
    bot.says("Answer", reply_markup={"inline_keyboard": KEYBOARD})
    page.get_by_role("button", name="[1]").press("Enter")
    press = bot.hears("callback_query")
    bot.call("answerCallbackQuery", callback_query_id=press["id"], text="An older answer.", show_alert=True)

    expect(page.get_by_role("dialog")).to_contain_text("An older answer.")
    page.get_by_role("button", name="OK").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_citations_are_copied_and_links_lead_out(bot: Bot, page: Page) -> None:
    bot.says("Answer", reply_markup={"inline_keyboard": KEYBOARD})
    page.get_by_role("button", name="Copy citation").click()
    expect(page.get_by_role("alert")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == "Smith 2020"

    link = page.get_by_role("link", name="Article")
    expect(link).to_have_attribute("href", "https://doi.example/10.1")
    expect(link).to_have_attribute("target", "_blank")


def test_a_deep_link_in_the_group_leads_to_the_private_chat(bot: Bot, page: Page) -> None:
    choose(page, "Group")
    key = {"text": "Sources", "url": "https://t.me/footnote_bot?start=src_a1"}
    bot.says("Answer", chat=GROUP, reply_markup={"inline_keyboard": [[key]]})
    page.get_by_role("link", name="Sources").click()

    message = bot.hears("message")
    assert (message["text"], message["chat"]["id"], message["from"]["id"]) == ("/start src_a1", YOU, YOU)
    expect(page.get_by_role("radio", name="Private")).to_be_checked()


def test_the_bot_s_commands_are_offered_and_chosen_by_keyboard(bot: Bot, page: Page) -> None:
    commands = [{"command": name, "description": f"About {name}"} for name in ("start", "help", "sources")]
    bot.call("setMyCommands", commands=commands)
    bot.call("setMyDescription", description="Answers from a library.")
    expect(page.get_by_text("Answers from a library.")).to_be_visible()

    page.keyboard.type("/s")
    expect(page.get_by_role("option")).to_have_text(["/startAbout start", "/sourcesAbout sources"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert bot.hears("message")["text"] == "/sources"

    bot.says("0/6 improved; /help tells more, /unknown nothing.")
    page.locator("article.bot").get_by_role("button", name="/help").click()
    assert bot.hears("message")["text"] == "/help"
    expect(page.locator("article.bot").get_by_role("button", name="/")).to_have_count(1)

    choose(page, "Group")
    page.get_by_role("button", name="Commands").click()
    page.get_by_role("option", name="/help").click()
    assert bot.hears("message")["text"] == "/help@footnote_bot"


def test_who_is_asked_for_a_reply_writes_one(bot: Bot, page: Page) -> None:
    bot.says("Answer")
    expect(page.get_by_text("Answer")).to_be_visible()
    asked = bot.says("What was wrong?", reply_markup={"force_reply": True, "selective": True})
    expect(page.locator("#answering")).to_contain_text("What was wrong?")
    write(page, "The dose")

    message = bot.hears("message")
    assert (message["text"], message["reply_to_message"]["message_id"]) == ("The dose", asked)


def test_words_are_shown_as_they_are_with_their_entities(bot: Bot, page: Page) -> None:
    text = "😀 <b>if PaO2 <8 kPa</b>\nwords\nafter"
    entities = [
        {"type": "bold", "offset": 0, "length": 2},
        {"type": "italic", "offset": 3, "length": 3},
        {"type": "blockquote", "offset": text.index("words") + 1, "length": 5},
        {"type": "bold", "offset": text.index("words") + 2, "length": 2},
    ]
    bot.says(text, entities=entities)
    words = page.locator("article.bot .text")

    expect(words).to_have_text("😀 <b>if PaO2 <8 kPa</b>wordsafter")
    assert words.locator("strong").all_text_contents() == ["😀", "or"]
    expect(words.locator("em")).to_have_text("<b>")
    expect(words.get_by_role("blockquote")).to_have_text("words")


def test_a_text_is_edited_and_a_quotation_goes_with_a_reply(bot: Bot, page: Page) -> None:
    write(page, "frist")
    asked = bot.hears("message")["message_id"]
    page.get_by_role("button", name="Edit").click()
    write(page, "first")
    edited = bot.hears("edited_message")
    assert (edited["message_id"], edited["text"]) == (asked, "first")
    expect(page.locator("article.mine")).to_contain_text("edited")

    bot.says("One dose. Two doses.")
    page.locator("article.bot .text").evaluate(
        "box => getSelection().setBaseAndExtent(box.firstChild, 10, box.firstChild, 19)"
    )
    page.locator("article.bot").get_by_role("button", name="Reply").click()
    expect(page.locator("#answering")).to_contain_text("Two doses")
    write(page, "why?")
    message = bot.hears("message")
    assert message["quote"] == {"text": "Two doses", "position": 10, "is_manual": True}
