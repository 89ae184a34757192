from collections.abc import AsyncIterator, Iterator

import pytest

from tests.end_to_end.running_bot import Running, running
from tests.fake_telegram import FakeTelegram


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        yield server


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[Running]:
    async with running(telegram) as started:
        yield started
