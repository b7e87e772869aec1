"""What all places share: sky, clouds, time of day, and decoration that no question asks about.

Which jitter number decides what: 0 time of day, 1-3 clouds and sun, 4-9 where a place's landmarks stand,
10-14 the decoration, 15 spare.
"""

import torch
from torch import Tensor

from .canvas import ASPECT, Canvas, nearest, rgb

_DUSK_TOP, _DUSK_BOTTOM = rgb("#5a5490"), rgb("#fbb07e")
#: What dusk multiplies a place's colours with.
_DUSK_LIGHT = [0.86, 0.72, 0.76]
_CONFETTI = torch.tensor(
    [rgb(code) for code in ("#e0555a", "#5ab36a", "#4f7fe0", "#f2d24b", "#a469c9", "#f09a4a", "#f7f7f2", "#3d3a44")]
)


def dusk(jitter: Tensor) -> Tensor:
    """How late it is, [n, 1, 1]: 0 in the day (two clips in three), up to 1 at dusk."""
    return ((jitter[:, 0] - 0.62) / 0.3).clamp(0, 1)


def sky(c: Canvas, jitter: Tensor, top: str, bottom: str, horizon: float, cloud_cover: float = 0.9) -> None:
    """Sky gradient (over the whole picture, so nothing stays unpainted), sun and three clouds."""
    late = dusk(jitter).view(-1, 1)
    device = c.image.device
    colours = [
        torch.lerp(torch.tensor([rgb(day)], device=device), torch.tensor([evening], device=device), late)
        for day, evening in ((top, _DUSK_TOP), (bottom, _DUSK_BOTTOM))
    ]
    c.gradient(colours[0], colours[1], 0.0, horizon)
    air = c.crop(0, 0, ASPECT, horizon + 0.01)
    sun_x, sun_y = 0.2 + 1.4 * jitter[:, 1], 0.12 + 0.08 * jitter[:, 2] + 0.18 * dusk(jitter)
    air.paint(air.circle(sun_x, sun_y, 0.1), "#fff3b8", 0.35)
    air.paint(air.circle(sun_x, sun_y, 0.07), "#fff1a8")
    clouds: list[Tensor] = []
    for k, (base, size) in enumerate(((0.1, 1.0), (0.75, 0.75), (1.35, 0.9))):
        x = torch.remainder(base + 1.9 * jitter[:, 3] + 0.25 * jitter[:, 1], ASPECT + 0.4) - 0.2
        y = 0.1 + 0.07 * k + 0.06 * jitter[:, 2 + k % 2]
        for dx, dy, radius in ((-0.09, 0.0, 0.045), (0.0, -0.025, 0.065), (0.1, 0.0, 0.05)):
            clouds.append(air.circle(x + dx * size, y + dy, radius * size))
        clouds.append(air.box(x, y + 0.025 * size, 0.14 * size, 0.022 * size, 0.02 * size))
    air.paint(nearest(clouds), "#ffffff", cloud_cover * (1 - 0.35 * dusk(jitter)))


def tint_dusk(c: Canvas, jitter: Tensor) -> None:
    """Evening light on the whole place; figures are painted later and keep their colour."""
    light = torch.tensor(_DUSK_LIGHT, device=c.image.device).view(1, 3, 1, 1)
    late = dusk(jitter).unsqueeze(1)
    c.image.mul_(1 + late * (light - 1))


def paint_decoration(c: Canvas, jitter: Tensor) -> None:
    """A flock of birds, or a butterfly or ball of any colour: small, without a figure's outline."""
    kind = jitter[:, 10] * 4  # the last quarter has none
    x, y = 0.15 + 1.45 * jitter[:, 11], jitter[:, 12]
    colour = _CONFETTI.to(c.image.device)[(jitter[:, 13].flatten() * 8).long().clamp(0, 7)]
    air = c.crop(0, 0, ASPECT, 0.4)
    wings: list[Tensor] = []
    for dx, dy in ((0.0, 0.0), (0.09, 0.03), (-0.07, 0.045)):
        bx, by = x + dx, 0.08 + 0.2 * y + dy
        wings += [air.segment(bx - 0.03, by - 0.015, bx, by, 0.004), air.segment(bx + 0.03, by - 0.015, bx, by, 0.004)]
    air.paint(nearest(wings), "#3b4252", (kind < 1).float())
    middle = c.crop(0, 0.26, ASPECT, 0.79)
    spots = ((-0.018, -0.01, 0.02), (0.018, -0.01, 0.02), (-0.013, 0.014, 0.013), (0.013, 0.014, 0.013))
    butterfly = nearest([middle.circle(x + dx, 0.3 + 0.45 * y + dy, radius) for dx, dy, radius in spots])
    middle.paint(butterfly, colour, ((kind >= 1) & (kind < 2)).float())
    ball = ((kind >= 2) & (kind < 3)).float()
    ground = c.crop(0, 0.78, ASPECT, 1)
    ground.paint(ground.circle(x, 0.86 + 0.08 * y, 0.035), colour, ball)
    ground.paint(ground.circle(x - 0.01, 0.85 + 0.08 * y, 0.011), "#ffffff", 0.7 * ball)
