"""A language model's provider that plays scripts: OpenAI's interface on a real socket of this machine.

async with serving([Says("Yes."), Fails(429, retry_after=2)]) as provider:
    model = ChatOpenAI(base_url=provider.url, api_key=KEY, model="any", max_retries=0)
"""

from tests.scripted_provider.composing import honest, leaves_open, no_answer, repairs_honestly, repairs_stubbornly
from tests.scripted_provider.faults import FAULTS, Faulty
from tests.scripted_provider.scripts import (
    Breaks,
    Cuts,
    Fails,
    Hangs,
    Player,
    Refuses,
    Reply,
    Request,
    Says,
    Script,
    Scripts,
    Sends,
    always,
    bad_gateway,
    filtered,
    garbled,
    out_of_quota,
    rate_limited,
    too_long,
    unknown_model,
    wrong_key,
)
from tests.scripted_provider.server import Played, ScriptedProvider, serving
from tests.scripted_provider.spoiling import SPOILERS, Harm, Spoiled, Where, Wrong

__all__ = [
    "FAULTS",
    "SPOILERS",
    "Breaks",
    "Cuts",
    "Fails",
    "Faulty",
    "Hangs",
    "Harm",
    "Played",
    "Player",
    "Refuses",
    "Reply",
    "Request",
    "Says",
    "Script",
    "ScriptedProvider",
    "Scripts",
    "Sends",
    "Spoiled",
    "Where",
    "Wrong",
    "always",
    "bad_gateway",
    "filtered",
    "garbled",
    "honest",
    "leaves_open",
    "no_answer",
    "out_of_quota",
    "rate_limited",
    "repairs_honestly",
    "repairs_stubbornly",
    "serving",
    "too_long",
    "unknown_model",
    "wrong_key",
]
