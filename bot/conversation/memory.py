"""Turns that are remembered as long as the process runs: for trying out, where nothing is to be recorded."""

from datetime import datetime

from bot.domain.messages import History, Reply, Turn


class Remembered:
    """The turns of each conversation, in memory."""

    def __init__(self) -> None:
        self._turns: dict[str, list[Turn]] = {}

    async def add_turn(self, reply: Reply, *, asked_at: datetime, user: str = "") -> None:  # noqa: ARG002 - forgotten with the rest
        """Keep it."""
        turn = Turn(
            number=reply.turn,
            question=reply.question,
            standalone_question=reply.standalone_question,
            outcome=reply.outcome,
            asked_at=asked_at,
            answer_id=reply.provenance.answer_id,
        )
        self._turns.setdefault(reply.conversation, []).append(turn)

    async def history(self, conversation: str, limit: int) -> History:
        """The last turns, oldest first."""
        turns = self._turns.get(conversation, [])
        return History(turns=tuple(turns[-limit:]), next_turn=len(turns) + 1)

    async def start_afresh(self, conversation: str) -> None:
        """Forget the conversation."""
        self._turns.pop(conversation, None)
