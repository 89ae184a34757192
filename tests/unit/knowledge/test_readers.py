from pathlib import Path

import pytest

from bot.domain.errors import DocumentError
from bot.knowledge.readers import decode, read_bytes

TEXT = "Rituximab 375 mg/m² is given – “weekly”."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_is_read_in_the_encoding_it_has(encoding: str) -> None:
    assert decode(TEXT.encode(encoding), "a.txt") == TEXT


def test_a_text_that_starts_as_utf_16_of_the_other_byte_order_is_read() -> None:
    assert decode(b"\xfe\xff" + TEXT.encode("utf-16-be"), "a.txt") == TEXT


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04 ...", "a Word or zip file"),
        (b"ab\x00\x01\x02cd", "a binary file"),
        (b"\x01\x02\x03\x04\x05\x06\x07\x08" * 9 + b"words", "a binary file"),
        ("Лечение болезни мышц у детей".encode("koi8-r"), "an encoding we can't tell"),
        (b"\xff\xfe\x00", "an encoding we can't tell"),
        (b"-- !! --", "it holds no words"),
    ],
)
def test_what_is_no_text_is_named_with_its_reason_and_a_remedy(data: bytes, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason) as caught:
        decode(data, "a.txt")
    assert caught.value.remedy


def test_every_line_end_becomes_a_line_feed() -> None:
    assert decode(b"a\r\nb\rc\n", "a.txt") == "a\nb\nc\n"


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(" \n ")
    with pytest.raises(DocumentError, match=r"a\.txt: it is empty"):
        read_bytes(tmp_path / "a.txt", "a.txt")


def test_a_file_over_5_mb_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"x" * 5_000_001)
    with pytest.raises(DocumentError, match="larger than 5 MB"):
        read_bytes(tmp_path / "a.txt", "a.txt")


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a.txt").write_text("text")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(DocumentError, match="we aren't allowed to read it"):
        read_bytes(tmp_path / "a.txt", "a.txt")
