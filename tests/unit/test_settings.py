"""Settings that take more than one value."""

import os
import re
from pathlib import Path

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


ADDRESSES = (
    "DATABASE_URL", "MODEL_URL", "TRACES_URL", "WEBHOOK_URL", "TELEGRAM_API_URL", "CROSSREF_URL", "PUBMED_URL",
    "CHROMA_URL",
)  # fmt: skip


@pytest.mark.parametrize(
    "url",
    ["elsewhere:8000", "elsewhere", "ftp://elsewhere:21", "http://", "http://elsewhere:port", "http://elsewhere/?a=b"],
)
def test_what_is_no_address_of_a_chroma_server_is_told_without_repeating_it(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_CHROMA_URL", url)
    with pytest.raises(ConfigurationError, match=r"FOOTNOTE_CHROMA_URL is wrong: write http://host:port") as told:
        load_settings()
    assert "elsewhere" not in str(told.value)


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


def test_all_that_is_wrong_is_told_at_once_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("RETENTION_DAYS", "month"), ("QUESTIONS_PER_MINUTE", "-1"), ("ONLY_APPROVED", "yess")):
        monkeypatch.setenv(f"FOOTNOTE_{name}", value)
    with pytest.raises(ConfigurationError) as raised:
        load_settings()
    assert "FOOTNOTE_RETENTION_DAYS is wrong: write a whole number." in str(raised.value)
    assert "FOOTNOTE_QUESTIONS_PER_MINUTE is wrong: write 1 or more." in str(raised.value)
    assert "FOOTNOTE_ONLY_APPROVED is wrong: write `true` or `false`." in str(raised.value)


MISSPELT = [
    ("FOOTNOTE_ALLOWED_CHAT", "FOOTNOTE_ALLOWED_CHATS"),
    ("FOOTNOTE_TELEGRAM_BOT_TOKEN", "FOOTNOTE_TELEGRAM_TOKEN"),
    ("footnote_retention_day", "FOOTNOTE_RETENTION_DAYS"),
    ("FOOTNOTE_EXTERNAL_MODEL", "FOOTNOTE_EXTERNAL_MODELS"),
]


@pytest.mark.parametrize(("name", "meant"), MISSPELT)
def test_a_misspelt_setting_is_refused_and_not_left_out(
    name: str, meant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as context:
        context.setenv(name, "sk-secret")
        with pytest.raises(ConfigurationError, match=f"{name.upper()}; {meant} may be meant") as raised:
            load_settings()
        assert "sk-secret" not in str(raised.value)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(f"# FOOTNOTE_ADMIN=1\nexport {name} = 3\n")
    with pytest.raises(ConfigurationError, match=meant):
        load_settings()


@pytest.mark.parametrize(
    "name", ["SERVICE_HOST", "PORT_8080_TCP_ADDR", "DATABASE_PORT", "CHROMA_SERVICE_PORT", "TEST_IMAGE"]
)
def test_what_is_like_no_setting_is_somebody_elses(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"FOOTNOTE_{name}", "10.0.0.1")
    assert load_settings() == Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEBHOOK_URL", "http://bot.example.org/telegram"),
        ("WEBHOOK_URL", "bot.example.net/telegram"),
        ("WEBHOOK_URL", "https://[bot"),
        ("WEBHOOK_SECRET", "not sendable!"),
        ("WEBHOOK_SECRET", "a" * 257),
    ],
)
def test_what_telegram_would_refuse_of_a_webhook_is_told_at_once(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"FOOTNOTE_{name}", value)
    with pytest.raises(ConfigurationError, match=f"FOOTNOTE_{name} is wrong: write ") as raised:
        load_settings()
    assert value not in str(raised.value)


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "secrets"
    folder.mkdir()
    monkeypatch.setattr("bot.settings.SECRETS", folder)
    return folder


def test_a_secret_is_read_from_its_file(secrets: Path) -> None:
    (secrets / "footnote_telegram_token").write_text("12:abc\n")
    token = load_settings().telegram_token
    assert token is not None
    assert token.get_secret_value() == "12:abc"


def test_the_environment_goes_before_the_file(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (secrets / "footnote_telegram_token").write_text("12:abc")
    monkeypatch.setenv("FOOTNOTE_TELEGRAM_TOKEN", "34:def")
    token = load_settings().telegram_token
    assert token is not None
    assert token.get_secret_value() == "34:def"


def test_an_empty_file_is_no_secret_and_other_peoples_files_are_none_of_ours(secrets: Path) -> None:
    (secrets / "footnote_telegram_token").write_text("\n")
    (secrets / "postgres_password").write_text("hush")
    assert load_settings().telegram_token is None


def test_a_secret_that_may_not_be_read_is_a_sentence(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = secrets / "footnote_telegram_token"
    held.write_text("12:abc")

    def refuse(path: Path, *_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(ConfigurationError, match=re.escape(f"{held} can't be read: Permission denied.")) as raised:
        load_settings()
    assert f"(number {os.getuid()})" in raised.value.remedy
