"""Two processes behind one address, killed or stopped at any time. More: `tests.benchmarks.replicas`."""

from pathlib import Path

from tests.chroma_server import RunningChroma
from tests.crashing import Plan, prepare
from tests.postgres_server import PostgresServer
from tests.replicas import Servers, run


async def test_no_end_of_one_of_two_processes_loses_a_question_answers_one_twice_or_out_of_order(
    postgres_server: PostgresServer, chroma_server: RunningChroma, tmp_path: Path
) -> None:
    name = await postgres_server.create(migrated=False)  # They bring it up to date, both at once.
    servers = Servers(database=postgres_server.url(name), vectors=chroma_server.url)

    outcome = run(Plan(kills=3, stops=2, questions=60, chats=6), servers, tmp_path, prepare(tmp_path))

    assert outcome.kills == {"SIGKILL": 3, "SIGTERM": 2}
    assert (outcome.lost, outcome.twice, outcome.out_of_order, outcome.failed) == (0, 0, 0, 0)
    await postgres_server.drop(name)
