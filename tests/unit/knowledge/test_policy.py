"""The policy is read as its curators wrote it, without marks."""

from pathlib import Path

import pytest

from bot.domain.errors import DocumentError
from bot.knowledge.policy import load_policy
from bot.places import shipped


def test_the_page_reads_as_plain_text(tmp_path: Path) -> None:
    page = tmp_path / "policy.md"
    page.write_text("# How\nA line\nthat goes on.\n\n## Graded\n- One item\n  that goes on.\n- Two\n", encoding="utf-8")
    assert load_policy(page) == "How\nA line that goes on.\n\nGraded\n• One item that goes on.\n• Two"


def test_a_page_that_says_nothing_is_named(tmp_path: Path) -> None:
    page = tmp_path / "policy.md"
    page.write_text("#\n", encoding="utf-8")
    with pytest.raises(DocumentError, match=r"policy\.md"):
        load_policy(page)


def test_the_shipped_policy_claims_no_review_that_nobody_made() -> None:
    policy = load_policy(shipped("knowledge") / "policy.md")
    assert "Nobody has reviewed this library yet" in policy
    assert "#" not in policy
