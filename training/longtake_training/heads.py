"""Throw-away heads that tell MemAug's rows and the decoder's mentions what they ought to know.

Without them nothing that needs the video is learned in any reasonable time (training/LOG.md). They read, they are
never read, and export leaves them behind.
"""

import torch
from torch import nn

from .world.vocabulary import ACTIONS, ACTORS, COLOURS, PLACES

#: A second as digits: tens and units of minutes, tens and units of seconds.
CLOCK = {"minute_tens": 6, "minute_units": 10, "second_tens": 6, "second_units": 10}
TIME_STEPS = 16
MOST_EVENTS = 6

#: Read from the newline row of each retained frame, about the row's own stretch of the memory.
ROW = {
    "present": len(ACTORS),
    "colour": len(COLOURS),
    "action": len(ACTIONS),
    "place": len(PLACES),
    **{f"own_{name}": size for name, size in CLOCK.items()},
    "starts": len(ACTORS),
    **{f"start_{name}": size for name, size in CLOCK.items()},
    "next_place": len(PLACES),
}

#: Read after the supervised decoder layer at each mention of an actor or a time: the event card.
CARD = {
    "colour": len(COLOURS),
    "action": len(ACTIONS),
    "place": len(PLACES),
    "next_place": len(PLACES),
    **{f"start_{name}": size for name, size in CLOCK.items()},
    "count": MOST_EVENTS,
    "elapsed": TIME_STEPS,
    "letter": 4,
}


class Heads(nn.Module):
    """One linear layer over rows, one over mentions, one over mentioned times before the look; all return their parts by name."""

    def __init__(self, width: int):
        super().__init__()
        self.row = nn.Linear(width, sum(ROW.values()))
        self.card = nn.Linear(width, sum(CARD.values()))
        self.clock = nn.Linear(width, sum(CLOCK.values()))

    def rows(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        """x [batch, retained, width] -> logits [batch, retained, classes] per part."""
        return dict(zip(ROW, self.row(x).float().split(list(ROW.values()), -1)))

    def cards(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        """x [batch, mentions, width] -> logits [batch, mentions, classes] per part."""
        return dict(zip(CARD, self.card(x).float().split(list(CARD.values()), -1)))

    def clocks(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        """x [batch, mentions, width] after the decoder's first layer -> logits of the digits of a mentioned time."""
        return dict(zip(CLOCK, self.clock(x).float().split(list(CLOCK.values()), -1)))


def clock_digits(seconds: torch.Tensor) -> dict[str, torch.Tensor]:
    """The four digits of mm:ss; times past the hour count as 59 minutes."""
    seconds = seconds.clamp(0, 3599)
    return {
        "minute_tens": seconds // 600,
        "minute_units": seconds // 60 % 10,
        "second_tens": seconds % 60 // 10,
        "second_units": seconds % 10,
    }
