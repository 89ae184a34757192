"""Settings that take more than one value."""

import pytest

from bot.domain.errors import ConfigurationError
from bot.settings import SecretUrl, Settings, load_settings


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


ADDRESSES = ("DATABASE_URL", "MODEL_URL", "WEBHOOK_URL", "TELEGRAM_API_URL", "CROSSREF_URL", "PUBMED_URL")


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_is_a_secret_that_shows_itself_without_its_password(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = "https://user:pass-77@host.example/path"
    monkeypatch.setenv(f"FOOTNOTE_{name}", whole)
    settings = load_settings()
    address = getattr(settings, name.lower())
    assert address.get_secret_value() == whole
    assert str(address) == "https://…@host.example/path"
    assert "pass-77" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


def test_every_address_of_the_settings_is_such_a_secret() -> None:
    plain = [
        name for name, field in Settings.model_fields.items() if "url" in name and field.annotation is not SecretUrl
    ]
    assert plain == []


def test_what_is_wrong_with_a_setting_is_told_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MODEL", "JUDGE_MODEL", "ADMINS", "MODEL_PATIENCE", "CONTEXT", "RETENTION_DAYS"):
        with monkeypatch.context() as context:
            context.setenv(f"FOOTNOTE_{name}", "sk-pasted-into-the-wrong-line")
            with pytest.raises(ConfigurationError, match=f"FOOTNOTE_{name}") as raised:
                load_settings()
            assert "sk-pasted" not in str(raised.value)
