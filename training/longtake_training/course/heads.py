"""Throw-away heads that tell MemAug's rows and the decoder's mentions what they ought to know.

Without them nothing that needs the video is learned in any reasonable time (training/LOG.md). They read, they are
never read, and export leaves them behind.
"""

from collections.abc import Sequence
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import nn

from ..town.vocabulary import ACTIONS, COLOURS, DURATIONS, FIGURES, PLACES, SIDES, THINGS, WEATHERS

#: A second as digits: tens and units of minutes, tens and units of seconds.
CLOCK = {"minute_tens": 6, "minute_units": 10, "second_tens": 6, "second_units": 10}
#: The digits that are told: a time is its ten seconds.
TOLD = ("minute_tens", "minute_units", "second_tens")
TIME_STEPS = 16
MOST_EVENTS = 6
#: What a name stands for in a video.
ABSENT, VISITS, LIVES_HERE = range(3)

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
    "count": MOST_EVENTS, "letter": 4, "role": 3,
}  # fmt: skip

#: Logit of the places behind a part's last class.
_NEVER = -1e4


class Parts(nn.Module):
    """Classifications that lie side by side in one linear layer.

    All parts of a call go through the same few kernels: launching some for each part took longer than computing them.
    """

    def __init__(self, width: int, sizes: dict[str, int]):
        super().__init__()
        self.sizes, self.linear = tuple(sizes.items()), nn.Linear(width, sum(sizes.values()))

    def forward(self, x: torch.Tensor, names: Sequence[str]) -> torch.Tensor:
        """x [..., width] -> logits [..., names, widest part]; a name may come more than once."""
        index = _layout(self.sizes, tuple(names), x.device)
        weight = torch.cat([self.linear.weight, self.linear.weight.new_zeros(1, self.linear.in_features)]).index_select(0, index)
        bias = torch.cat([self.linear.bias, self.linear.bias.new_full((1,), _NEVER)]).index_select(0, index)
        return F.linear(x, weight, bias).float().unflatten(-1, (len(names), -1))


@lru_cache
def _layout(sizes: tuple[tuple[str, int], ...], names: tuple[str, ...], device: torch.device) -> torch.Tensor:
    """Rows of a layer for each place of the output; the one behind the last stands for none."""
    starts, end = {}, 0
    for name, size in sizes:
        starts[name], end = range(end, end + size), end + size
    widest = max(len(starts[name]) for name in names)
    return torch.tensor([[*starts[name], *[end] * (widest - len(starts[name]))] for name in names], device=device).flatten()


@lru_cache
def _weights(weights: tuple[float, ...], device: torch.device) -> torch.Tensor:
    """Kept: copied anew, they would let the host wait for the device in every step."""
    return torch.tensor(weights, device=device)


class Heads(nn.Module):
    """What is read where; all return logits by part (Parts.forward)."""

    def __init__(self, width: int):
        super().__init__()
        self.row = Parts(width, ROW)
        self.card = Parts(width, CARD)
        self.late_card = Parts(width, CARD)
        self.clock = Parts(width, CLOCK)


def part_losses(logits: torch.Tensor, targets: Sequence[torch.Tensor], weights: Sequence[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """logits [..., parts, classes], a target [...] (below 0: does not count) and a weight for each part.

    Returns the weighted sum of the parts' mean cross-entropies, and the share of each that is right [parts].
    """
    target = torch.stack(list(targets), -1)
    counted = target >= 0
    each = logits.logsumexp(-1) - logits.gather(-1, target.clamp(min=0)[..., None])[..., 0]
    over = tuple(range(each.dim() - 1))
    number = counted.sum(over).clamp(min=1)
    right = ((logits.argmax(-1) == target) & counted).sum(over) / number
    losses = torch.where(counted, each, 0.0).sum(over) / number
    return (losses * _weights(tuple(weights), logits.device)).sum(), right


def clock_digits(seconds: torch.Tensor) -> dict[str, torch.Tensor]:
    """The four digits of mm:ss; times past the hour count as 59 minutes."""
    seconds = seconds.clamp(0, 3599)
    return {
        "minute_tens": seconds // 600, "minute_units": seconds // 60 % 10, "second_tens": seconds % 60 // 10, "second_units": seconds % 10,
    }  # fmt: skip
