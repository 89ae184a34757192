"""What waits in the inbox has its identifiers covered, and still says to whom a group speaks."""

import re

from bot.channels.telegram.payload import sparing


def cover_handles(text: str) -> str:
    return re.sub(r"@\w+", lambda found: "#" * len(found[0]), text)


def test_the_bots_own_name_stays_by_which_a_group_speaks_to_it() -> None:
    covered = sparing("footnote_bot", cover_handles)
    assert covered("@footnote_bot @Footnote_Bot ask @maria_lopez") == "@footnote_bot @Footnote_Bot ask ############"
    assert covered("nothing") == "nothing"
    assert covered("@footnote_bot@footnote_bot") == "@footnote_bot@footnote_bot"
    assert covered("/start src_0123") == "/start src_0123"
    assert sparing("", cover_handles)("@maria_lopez") == "############"
