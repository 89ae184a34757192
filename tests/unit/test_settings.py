"""Settings that take more than one value."""

import pytest

from bot.domain.errors import ConfigurationError
from bot.settings import load_settings


def test_numbers_of_administrators_and_chats_stand_with_commas_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_ADMINS", " 12, 34,")
    monkeypatch.setenv("FOOTNOTE_ALLOWED_CHATS", "-1001234567890")
    settings = load_settings()
    assert settings.admins == {12, 34}
    assert settings.allowed_chats == {-1001234567890}


def test_without_a_word_nobody_is_administrator_and_every_chat_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FOOTNOTE_ADMINS", "FOOTNOTE_ALLOWED_CHATS"):
        monkeypatch.setenv(name, "")
    settings = load_settings()
    assert settings.admins == settings.allowed_chats == frozenset()


def test_a_home_that_nobody_has_is_told_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_DATA", "~nobody-of-this-name/data")
    with pytest.raises(ConfigurationError, match=r"FOOTNOTE_DATA is wrong: nobody here is called nobody-of-this-name"):
        load_settings()


def test_a_name_is_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_ADMINS", "@somebody")
    with pytest.raises(ConfigurationError, match=r"FOOTNOTE_ADMINS is wrong: write Telegram's numbers"):
        load_settings()
