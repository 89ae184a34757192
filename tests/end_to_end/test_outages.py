"""The database goes away under load and comes back. For 30 seconds, and more ways: `tests.benchmarks.outages`."""

import asyncio
from pathlib import Path

from tests.chroma_server import RunningChroma
from tests.crashing import Plan, prepare
from tests.outages import Outage, run
from tests.postgres_server import running_postgres
from tests.replicas import Servers


def test_while_the_database_is_away_it_is_told_with_a_remedy_and_afterwards_everything_is_answered(
    chroma_server: RunningChroma, tmp_path: Path
) -> None:
    with running_postgres(durable=True) as server:
        servers = Servers(database=server.url(asyncio.run(server.create(migrated=False))), vectors=chroma_server.url)
        outage = Outage(name="stopped", part="database", costs=True, begin=server.fall, end=server.rise)

        survived = run(Plan(questions=60, chats=6, faults={}), outage, servers, tmp_path, prepare(tmp_path))

    assert survived.told["status"] == 503
    assert survived.told["state"] == "failed"
    assert survived.told["remedy"]
    assert survived.is_alive
    assert survived.lives == (1, 1)
    assert survived.sent_back > 0
    outcome = survived.outcome
    assert (outcome.lost, outcome.twice, outcome.out_of_order, outcome.failed) == (0, 0, 0, 0)
