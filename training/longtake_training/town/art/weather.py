"""Rain, snow, fog and fireworks over a finished picture; phase moves the pattern, in seconds."""

import torch

from .canvas import ASPECT, Canvas, nearest

_SPARKS = ["#ff5a4d", "#ffd84d", "#6fe0ff", "#ff8ae2"]


def rain(c: Canvas, phase: torch.Tensor) -> None:
    c.image.mul_(0.68)
    drops = c.repeat(0.17, 0.24, 0.06 * phase, 0.53 * phase)
    c.paint(drops.segment(0.02, -0.08, -0.02, 0.08, 0.011), "#cfe6ff", 0.9)
    more = c.repeat(0.23, 0.31, 0.05 - 0.04 * phase, 0.1 + 0.71 * phase)
    c.paint(more.segment(0.02, -0.07, -0.02, 0.07, 0.009), "#e6f2ff", 0.9)


def snow(c: Canvas, phase: torch.Tensor) -> None:
    c.image.mul_(0.9).add_(0.06)
    for period, radius, speed, shift in ((0.2, 0.024, 0.13, 0.0), (0.27, 0.031, 0.19, 0.11), (0.33, 0.02, 0.09, 0.21)):
        flakes = c.repeat(period, period, shift + 0.05 * phase, shift + speed * phase)
        # A dark rim keeps flakes visible over snow and sky.
        c.paint(flakes.circle(0, 0, radius + 0.008), "#5a6b86", 0.5)
        c.paint(flakes.circle(0, 0, radius), "#ffffff")


def fog(c: Canvas, phase: torch.Tensor) -> None:
    c.image.lerp_(torch.full_like(c.image, 0.82), 0.55)
    for y, shift in ((0.3, 0.0), (0.55, 0.5), (0.8, 0.25)):
        banks = c.repeat(1.1, 0.0, shift + 0.12 * phase)
        c.paint(banks.ellipse(0, y, 0.5, 0.07), "#eef0f2", 0.55)


def fireworks(c: Canvas, phase: torch.Tensor) -> None:
    c.image.mul_(0.38)
    for number, (x, y) in enumerate(((0.35, 0.2), (0.95, 0.13), (1.45, 0.24), (0.65, 0.36))):
        grown = torch.remainder(phase / 2 + 0.27 * number, 1.0)
        reach = 0.06 + 0.13 * grown
        box = c.crop(max(0.0, x - 0.24), max(0.0, y - 0.24), min(ASPECT, x + 0.24), y + 0.24)
        rays = []
        for turn in range(8):
            angle = torch.tensor(turn * torch.pi / 4)
            dx, dy = float(torch.cos(angle)), float(torch.sin(angle))
            rays.append(box.segment(x + 0.5 * reach * dx, y + 0.5 * reach * dy, x + reach * dx, y + reach * dy, 0.012))
        box.paint(nearest(rays), _SPARKS[number])


#: In the order of WEATHERS.
WEATHER_PAINTERS = [rain, snow, fog, fireworks]
