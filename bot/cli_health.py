"""The command `footnote health`: what a container's health check asks. Only parsing and printing."""

import sys

from bot.cli_opening import settings_now


def health() -> None:
    """Is `footnote serve` at work with this data folder? Exit code 0 if it is, 1 if not."""
    from bot.heartbeat import LATE_S, heart, last_beat

    data = settings_now().data
    ago = last_beat(data)
    if ago is None:
        says = f"Footnote isn't running, or hasn't finished starting: there is no {heart(data)}."
    elif ago > LATE_S:
        says = f"Footnote hangs or was killed: its last sign, {heart(data)}, is {ago:.0f} s old."
    else:
        says = f"Footnote is at work; its last sign is {ago:.0f} s old."
    print(says)
    sys.exit(0 if ago is not None and ago <= LATE_S else 1)
