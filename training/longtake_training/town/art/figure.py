"""How a figure is painted: in its own square of -1..1 (y down) with the box's half height as unit.

A painter returns the silhouette and a list of details. The silhouette gets a light halo and a dark outline, so a
figure stands out from any place and any place's colours.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from .canvas import Canvas

#: Silhouettes stay within this many units of the centre, halo included.
REACH = 1.24
HALO, OUTLINE = 0.2, 0.1

#: A detail: distance and what it is painted with. "ink" is dark (light on a black figure), "shade" is the
#: figure's own colour made darker (lighter on a black figure), "light" is near white.
Detail = tuple[Tensor, str]
Shape = tuple[Tensor, list[Detail]]
Painter = Callable[[Canvas], Shape]

#: The order of COLOURS: red, green, blue, yellow, purple, orange, white, black.
FILLS = [
    [0.86, 0.10, 0.12],
    [0.08, 0.66, 0.20],
    [0.10, 0.30, 0.92],
    [0.99, 0.88, 0.08],
    [0.56, 0.14, 0.76],
    [1.00, 0.52, 0.03],
    [1.00, 1.00, 1.00],
    [0.07, 0.07, 0.08],
]
_INK, _LIGHT, _BILL, _NIGHT, _HALO = (
    [0.12, 0.10, 0.16],
    [0.95, 0.97, 1.0],
    [0.98, 0.62, 0.14],
    [0.1, 0.1, 0.2],
    [1.0, 0.99, 0.95],
)


def paint_figure(c: Canvas, painter: Painter, colour: Tensor) -> None:
    """Paints figures of one kind on canvases in their own coordinates; colour [n] indexes COLOURS."""
    device = c.image.device
    silhouette, details = painter(c)
    fill = torch.tensor(FILLS, device=device)[colour]
    black = (colour == 7).view(-1, 1)
    fixed = {
        name: torch.tensor([value], device=device)
        for name, value in (("light", _LIGHT), ("bill", _BILL), ("night", _NIGHT), ("halo", _HALO), ("outline", _INK))
    }
    fixed["ink"] = torch.where(black, torch.tensor([[0.62, 0.64, 0.70]], device=device), fixed["outline"])
    fixed["shade"] = torch.where(black, fill + 0.2, fill * torch.tensor([0.74, 0.74, 0.78], device=device))
    c.paint(silhouette - HALO, fixed["halo"], 0.92)
    c.paint(silhouette - OUTLINE, fixed["outline"])
    c.paint(silhouette, fill)
    for distance, paint in details:
        c.paint(distance, fixed[paint])
