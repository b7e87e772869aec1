"""Heads and loss that teach the vision tower to say who is where, in which colour, in which weather, under which sign."""

import torch
import torch.nn.functional as F
from torch import nn

from ..town.bank import bank_pictures
from ..town.vocabulary import COLOURS, FIGURES, PLACES, SIGNS, WEATHERS

_CELL = [len(FIGURES) + 1, len(COLOURS) + 1, len(PLACES), 3]
_FRAME = [len(PLACES), len(FIGURES), len(COLOURS), len(FIGURES) + 1, len(COLOURS) + 1, len(WEATHERS) + 1, len(SIGNS) + 1]


class PictureHeads(nn.Module):
    """Linear heads on each pooled cell and on their mean."""

    def __init__(self, channels: int):
        super().__init__()
        self.cell = nn.Linear(channels, sum(_CELL))
        self.frame = nn.Linear(channels, sum(_FRAME))


def picture_loss(heads: PictureHeads, features: torch.Tensor, index: torch.Tensor) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """features [frames, grid², channels] of bank frames index [frames] -> loss and, for the log, shares that are right."""
    truth = bank_pictures(index)
    rows = torch.arange(len(index), device=index.device)
    side = round(features.shape[1] ** 0.5)
    figures = torch.zeros(features.shape[:2], dtype=torch.long, device=index.device)
    colours, boxes = torch.zeros_like(figures), []
    for params in (truth.resident, truth.visitor):
        column, line = ((v * side).long().clamp(0, side - 1) for v in (params.x, params.y))
        here, there = line * side + column, params.figure >= 0
        figures[rows[there], here[there]] = params.figure[there] + 1
        colours[rows[there], here[there]] = params.colour[there] + 1
        boxes.append((here, there, torch.stack([params.x * side - column, params.y * side - line, params.size * 4], 1)))
    place = truth.resident.place
    figure, colour, places, box = heads.cell(features).float().split(_CELL, -1)
    cells = ((figure, figures), (colour, colours), (places, place[:, None].expand(-1, side * side)))
    loss = sum(F.cross_entropy(x.transpose(1, 2), y) for x, y in cells)
    # Most cells are empty: those with a figure count once more.
    full = figures.flatten().nonzero().flatten()
    loss = loss + F.cross_entropy(figure.flatten(0, 1)[full], figures.flatten()[full]) + F.cross_entropy(colour.flatten(0, 1)[full], colours.flatten()[full])
    for here, there, offset in boxes:
        apart = F.smooth_l1_loss(box[rows, here], offset, reduction="none").mean(1)
        loss = loss + 2 * (apart * there).sum() / there.sum().clamp(min=1)
    visitor = truth.visitor.figure + 1
    targets = (
        place, truth.resident.figure, truth.resident.colour, visitor, torch.where(visitor > 0, truth.visitor.colour + 1, 0), truth.weather + 1, truth.sign + 1,
    )  # fmt: skip
    whole = heads.frame(features.mean(1)).float().split(_FRAME, -1)
    loss = loss + 0.5 * sum(F.cross_entropy(x, y) for x, y in zip(whole, targets))
    right = lambda x, y: (x.argmax(-1) == y).float().mean()
    scores = {name: right(x, y) for name, x, y in zip(("place", "resident", "its_colour", "visitor", "its_colour2", "weather", "sign"), whole, targets)}
    scores["cell_figure"], scores["cell_colour"] = (right(x.flatten(0, 1)[full], y.flatten()[full]) for x, y in ((figure, figures), (colour, colours)))
    return loss, scores
