"""Four more figures, in the square and with the parts of the first eight (world/art/actors.py)."""

import torch

from ...world.art.actors import PAINTERS, Shape
from ...world.art.canvas import Canvas, nearest


def fish(c: Canvas) -> Shape:
    body = c.ellipse(-0.15, 0, 0.75, 0.5)
    tail = c.polygon([(0.4, 0.0), (0.98, -0.55), (0.98, 0.55)])
    fin = c.polygon([(-0.3, -0.35), (0.1, -0.85), (0.3, -0.3)])
    gill = torch.maximum((c.circle(-0.75, 0, 0.42)).abs() - 0.035, body)
    eye = c.circle(-0.58, -0.12, 0.1)
    return nearest([body, tail, fin]), [(tail, "shade"), (fin, "shade"), (gill, "ink"), (eye, "ink")]


def star(c: Canvas) -> Shape:
    # Five spikes: each is a triangle from the middle, turned by 72 degrees.
    spikes = []
    for turn in range(5):
        angle = torch.tensor(turn * 2 * torch.pi / 5)
        cos, sin = float(torch.cos(angle)), float(torch.sin(angle))
        at = lambda x, y: (cos * x - sin * y, sin * x + cos * y)
        spikes.append(c.polygon([at(0.0, -1.0), at(0.34, 0.0), at(-0.34, 0.0)]))
    middle = c.circle(0, 0, 0.3)
    return nearest([*spikes, middle]), [(middle, "shade"), (c.circle(-0.12, -0.04, 0.07), "ink"), (c.circle(0.12, -0.04, 0.07), "ink")]


def bell(c: Canvas) -> Shape:
    dome = torch.maximum(c.circle(0, -0.2, 0.62), c.y - 0.1 + 0 * c.x)
    skirt = c.polygon([(-0.62, -0.1), (0.62, -0.1), (0.9, 0.6), (-0.9, 0.6)])
    knob, clapper = c.circle(0, -0.86, 0.14), c.circle(0, 0.74, 0.22)
    rim = c.box(0, 0.55, 0.9, 0.1, 0.05)
    return nearest([dome, skirt, knob, clapper, rim]), [(rim, "shade"), (clapper, "ink"), (knob, "shade")]


def drum(c: Canvas) -> Shape:
    top, bottom = c.ellipse(0, -0.4, 0.8, 0.28), c.ellipse(0, 0.5, 0.8, 0.28)
    side = c.box(0, 0.05, 0.8, 0.45)
    sticks = nearest([c.segment(-0.75, -0.95, -0.1, -0.42, 0.06), c.segment(0.75, -0.95, 0.1, -0.42, 0.06)])
    laces = [c.segment(x, -0.25, x + 0.27, 0.62, 0.035) for x in (-0.75, -0.25, 0.25)]
    laces += [c.segment(x + 0.27, -0.25, x, 0.62, 0.035) for x in (-0.55, -0.05, 0.45)]
    return nearest([top, bottom, side, sticks]), [(nearest(laces), "ink"), (top, "light"), (sticks, "ink")]


#: In the order of FIGURES.
FIGURE_PAINTERS = [*PAINTERS, fish, star, bell, drum]
