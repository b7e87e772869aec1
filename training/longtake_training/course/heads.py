"""Throw-away heads that tell MemAug's rows and the decoder's mentions what they ought to know.

Without them nothing that needs the video is learned in any reasonable time (training/LOG.md). They read, they are
never read, and export leaves them behind.
"""

import torch
from torch import nn

from ..town.vocabulary import ACTIONS, COLOURS, DURATIONS, FIGURES, PLACES, SIDES, THINGS, WEATHERS

#: A second as digits: tens and units of minutes, tens and units of seconds.
CLOCK = {"minute_tens": 6, "minute_units": 10, "second_tens": 6, "second_units": 10}
TIME_STEPS = 16
MOST_EVENTS = 6

#: What an event is, beside its time.
_EVENT = {
    "colour": len(COLOURS), "action": len(ACTIONS), "side": len(SIDES), "brings": len(WEATHERS) + 1, "cause": len(FIGURES),
    "duration": len(DURATIONS), "companion": len(FIGURES), "next_place": len(PLACES),
}  # fmt: skip
EVENT_PARTS = tuple(_EVENT)

#: Read from the newline row of each retained frame: its own stretch of the memory, and whether the question asks for it.
ROW = {
    "present": len(THINGS), "starts": len(THINGS), "place": len(PLACES), "resident": len(FIGURES), "asked": 1,
    **{f"own_{name}": size for name, size in CLOCK.items()}, **{f"start_{name}": size for name, size in CLOCK.items()}, **_EVENT,
}  # fmt: skip

#: Read at a mention after the layer that looks: the event card.
CARD = {
    **_EVENT, "thing": len(THINGS), "place": len(PLACES), **{f"start_{name}": size for name, size in CLOCK.items()}, "elapsed": TIME_STEPS,
    "count": MOST_EVENTS, "letter": 4,
}  # fmt: skip


class Heads(nn.Module):
    """Linear layers; all return their parts by name."""

    def __init__(self, width: int):
        super().__init__()
        self.row = nn.Linear(width, sum(ROW.values()))
        self.card = nn.Linear(width, sum(CARD.values()))
        self.late_card = nn.Linear(width, sum(CARD.values()))
        self.clock = nn.Linear(width, sum(CLOCK.values()))

    def rows(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        """x [batch, retained, width] -> logits [batch, retained, classes] per part."""
        return dict(zip(ROW, self.row(x).float().split(list(ROW.values()), -1)))

    def cards(self, x: torch.Tensor, late: bool) -> dict[str, torch.Tensor]:
        """x [batch, mentions, width] after the early or the late looking layer -> logits [batch, mentions, classes] per part."""
        return dict(zip(CARD, (self.late_card if late else self.card)(x).float().split(list(CARD.values()), -1)))

    def clocks(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        """x [batch, mentions, width] before the late looking layer -> logits of the digits of a mentioned time."""
        return dict(zip(CLOCK, self.clock(x).float().split(list(CLOCK.values()), -1)))


def clock_digits(seconds: torch.Tensor) -> dict[str, torch.Tensor]:
    """The four digits of mm:ss; times past the hour count as 59 minutes."""
    seconds = seconds.clamp(0, 3599)
    return {
        "minute_tens": seconds // 600, "minute_units": seconds // 60 % 10, "second_tens": seconds % 60 // 10, "second_units": seconds % 10,
    }  # fmt: skip
