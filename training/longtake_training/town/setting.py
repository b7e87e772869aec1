"""Draws the ground of a frame: a place and what decorates it, and one figure on top of it."""

from dataclasses import dataclass, fields

import torch
from torch import Tensor

from .art.backdrop import paint_decoration, tint_dusk
from .art.canvas import ASPECT, Canvas
from .art.figure import REACH, paint_figure
from .art.figures import FIGURE_PAINTERS
from .art.places import PAINTERS

#: Numbers in 0..1 that say how a setting looks: time of day, clouds, shifts, decoration.
JITTER = 16


@dataclass
class FrameParams:
    """A batch of frames; indices follow vocabulary.py. All tensors share one device.

    x and y are the figure's centre as parts of width and height, size is half its height as part of the
    picture's height, rotation is in radians.
    """

    place: Tensor  # int64 [n]
    figure: Tensor  # int64 [n]
    colour: Tensor  # int64 [n]
    x: Tensor  # [n]
    y: Tensor  # [n]
    size: Tensor  # [n]
    rotation: Tensor  # [n]
    jitter: Tensor  # [n, JITTER]

    def __getitem__(self, rows: Tensor | slice) -> "FrameParams":
        return FrameParams(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def __len__(self) -> int:
        return self.place.shape[0]


def background(params: FrameParams, width: int, height: int) -> Tensor:
    """The frames without their figures, float [n, 3, height, width]."""
    device = params.place.device
    images = torch.empty(len(params), 3, height, width, device=device)
    for place in torch.unique(params.place).tolist():
        rows = (params.place == place).nonzero().flatten()
        canvas = Canvas.blank(len(rows), width, height, device)
        jitter = params.jitter[rows].view(-1, JITTER, 1, 1)
        PAINTERS[place](canvas, jitter)
        tint_dusk(canvas, jitter)
        paint_decoration(canvas, jitter)
        images[rows] = canvas.image
    return images


def paint_figures(images: Tensor, params: FrameParams) -> None:
    """Paints each frame's figure on images [n, 3, height, width], in place; only its box is computed."""
    if len(params) == 0:
        return
    height, width = images.shape[-2:]
    device = images.device
    reach = float(params.size.max()) * REACH
    box_height = min(height, int(2 * reach * height) + 3)
    box_width = min(width, int(2 * reach * width / ASPECT) + 3)
    left = (params.x * width - box_width / 2).round().long().clamp(0, width - box_width)
    top = (params.y * height - box_height / 2).round().long().clamp(0, height - box_height)
    columns = left[:, None] + torch.arange(box_width, device=device)
    lines = top[:, None] + torch.arange(box_height, device=device)
    flat = (lines[:, :, None] * width + columns[:, None, :]).flatten(1)[:, None].expand(-1, 3, -1)
    pixels = images.view(len(params), 3, -1)
    boxes = pixels.gather(2, flat).view(-1, 3, box_height, box_width)

    # Into the figure's own coordinates: centre, scale, then turn.
    dx = (((columns + 0.5) / width - params.x[:, None]) * ASPECT / params.size[:, None])[:, None, :]
    dy = (((lines + 0.5) / height - params.y[:, None]) / params.size[:, None])[:, :, None]
    cos, sin = torch.cos(params.rotation).view(-1, 1, 1), torch.sin(params.rotation).view(-1, 1, 1)
    x, y = cos * dx + sin * dy, cos * dy - sin * dx
    pixel = 1 / (height * params.size)
    for kind in torch.unique(params.figure).tolist():
        rows = (params.figure == kind).nonzero().flatten()
        canvas = Canvas(boxes[rows], x[rows], y[rows], pixel[rows].view(-1, 1, 1))
        paint_figure(canvas, FIGURE_PAINTERS[kind], params.colour[rows])
        boxes[rows] = canvas.image
    pixels.scatter_(2, flat, boxes.flatten(2))
