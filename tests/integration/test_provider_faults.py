"""What goes wrong at a provider, as it arrives through the client that serves."""

import pytest

from bot.domain.errors import ModelError, ModelFault
from bot.providers.models import Connection
from bot.providers.streaming import open_streaming
from tests.mixed_faults.plans import PROVIDER_FAULTS, faulty
from tests.scripted_provider import Says, always, serving

USABLE = None
EXPECTED = {
    "429": ModelFault.RATE_LIMITED,
    "429, soon": ModelFault.RATE_LIMITED,
    "429, late": ModelFault.RATE_LIMITED,
    "out of quota": ModelFault.WRONG_KEY,
    "500": ModelFault.SERVER,
    "503": ModelFault.SERVER,
    "502, a page": ModelFault.SERVER,
    "401": ModelFault.WRONG_KEY,
    "403": ModelFault.WRONG_KEY,
    "404": ModelFault.GONE,
    "400": ModelFault.OTHER,
    "context overflow": ModelFault.TOO_LONG,
    "prompt filtered": ModelFault.REFUSED,
    "hangs": ModelFault.TIMEOUT,
    "empty": ModelFault.EMPTY,
    "white space": ModelFault.EMPTY,
    "half a JSON event": ModelFault.MALFORMED,
    "a page with status 200": ModelFault.MALFORMED,
    "refusal": ModelFault.EMPTY,  # the client drops a refusal that is streamed
    "prose": USABLE,
    "[DONE] only": ModelFault.MALFORMED,
    "hangs in the middle": ModelFault.TIMEOUT,
    "hangs after the text": ModelFault.TIMEOUT,
    "cut in the middle": ModelFault.UNREACHABLE,
    "cut after the finish": USABLE,
    "breaks in the middle": ModelFault.SERVER,
    "breaks after the text": ModelFault.SERVER,
    "filtered at the end": ModelFault.REFUSED,
    "no [DONE]": USABLE,
    "no finish, no [DONE]": USABLE,
    "no usage": USABLE,
    "length": USABLE,
    "one character a chunk": USABLE,
    "all in one chunk": USABLE,
}


def test_every_fault_of_the_provider_is_tried_here() -> None:
    assert set(EXPECTED) == set(PROVIDER_FAULTS)


@pytest.mark.parametrize("name", PROVIDER_FAULTS)
async def test_a_fault_is_told_in_our_own_terms_or_does_no_harm(name: str) -> None:
    fault: ModelFault | None = None
    async with serving(faulty(name, always(Says('{"text": "It may help."}')))) as provider:
        # Only where silence is the fault it may be short: a busy machine answers late.
        patience = 0.3 if EXPECTED[name] is ModelFault.TIMEOUT else 30.0
        model = open_streaming("openai:any", Connection(url=provider.url, patience=patience), 0.0)
        try:
            pieces = [piece async for piece in model.stream("Answer.", "Which drug?")]
        except ModelError as error:
            fault = error.fault
        else:
            assert pieces[-1].ended == (name != "no finish, no [DONE]")
    assert fault is EXPECTED[name]
