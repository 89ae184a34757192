"""An address is shown without what opens it, whatever a password holds."""

import pytest

from bot.domain.addresses import without_credentials

ADDRESSES = [
    ("", ""),
    ("http://localhost:8000/v1", "http://localhost:8000/v1"),
    ("sqlite:////data/footnote.db", "sqlite:////data/footnote.db"),
    ("postgresql://host/name", "postgresql://host/name"),
    ("postgresql://user:secret@host:5432/name", "postgresql://…@host:5432/name"),
    ("postgresql://user:se@cr:et@host/name", "postgresql://…@host/name"),
    ("postgresql://user:secret@host/name?password=more", "postgresql://…@host/name?…"),
    ("postgresql://host/name?password=secret", "postgresql://host/name?…"),
    ("postgresql://host/name?password=sec@ret", "postgresql://…"),
    ("postgresql://user:sec#ret@host/name", "postgresql://…"),
    ("https://host/v1#secret", "https://host/v1?…"),
    ("user:secret@host", "…"),
]


@pytest.mark.parametrize(("address", "shown"), ADDRESSES)
def test_no_credentials_are_shown(address: str, shown: str) -> None:
    assert without_credentials(address) == shown
    assert "sec" not in without_credentials(address)
