"""Heads and loss that teach the vision tower to say who is where, in which colour, and in which place."""

import torch
import torch.nn.functional as F
from torch import nn

from .world.draw import FrameParams
from .world.vocabulary import ACTORS, COLOURS, PLACES

_CELL = [len(ACTORS) + 1, len(COLOURS) + 1, len(PLACES), 3]
_FRAME = [len(ACTORS), len(COLOURS), len(PLACES), 3]


class TowerHeads(nn.Module):
    """Linear heads on each pooled cell and on their mean."""

    def __init__(self, channels: int):
        super().__init__()
        self.cell = nn.Linear(channels, sum(_CELL))
        self.frame = nn.Linear(channels, sum(_FRAME))

    def forward(self, features: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """features [frames, grid², channels] -> logits per cell and per frame."""
        return self.cell(features), self.frame(features.mean(1))


def tower_loss(cells: torch.Tensor, frame: torch.Tensor, truth: FrameParams) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """Loss and, for the log, accuracies and the position error as a part of the picture."""
    rows = torch.arange(len(truth), device=cells.device)
    side = round(cells.shape[1] ** 0.5)
    column, line = ((v * side).long().clamp(0, side - 1) for v in (truth.x, truth.y))
    here = line * side + column
    actors = torch.zeros(cells.shape[:2], dtype=torch.long, device=cells.device)
    colours = torch.zeros_like(actors)
    actors[rows, here], colours[rows, here] = truth.actor + 1, truth.colour + 1
    offset = torch.stack([truth.x * side - column, truth.y * side - line, truth.size * 4], 1)

    actor, colour, place, box = cells.float().split(_CELL, -1)
    places = truth.place[:, None].expand(-1, cells.shape[1])
    loss = sum(F.cross_entropy(x.transpose(1, 2), y) for x, y in ((actor, actors), (colour, colours), (place, places)))
    loss = loss + 2 * F.smooth_l1_loss(box[rows, here], offset)

    whole_actor, whole_colour, whole_place, whole_box = frame.float().split(_FRAME, -1)
    whole = ((whole_actor, truth.actor), (whole_colour, truth.colour), (whole_place, truth.place))
    loss = loss + 0.5 * sum(F.cross_entropy(x, y) for x, y in whole)
    loss = loss + 2 * F.smooth_l1_loss(whole_box, torch.stack([truth.x, truth.y, truth.size * 2], 1))

    right = lambda x, y: (x.argmax(-1) == y).float().mean()
    scores = {name: right(x, y) for name, (x, y) in zip(("actor", "colour", "place"), whole)}
    scores["cell_actor"] = right(actor[rows, here], truth.actor + 1)
    scores["position_error"] = (box[rows, here, :2] - offset[:, :2]).abs().mean() / side
    return loss, scores
