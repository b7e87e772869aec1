"""The twelve figures; figure.py says what a painter returns."""

import torch
from torch import Tensor

from .canvas import Canvas, nearest
from .figure import Painter, Shape


def _any(*distances: Tensor) -> Tensor:
    return nearest(list(distances))


def balloon(c: Canvas) -> Shape:
    bag = c.ellipse(0, -0.3, 0.68, 0.7)
    basket = c.box(0, 0.83, 0.24, 0.17, 0.05)
    ropes = _any(c.segment(-0.42, 0.2, -0.18, 0.7, 0.035), c.segment(0.42, 0.2, 0.18, 0.7, 0.035))
    stripe = torch.maximum(c.ellipse(0, -0.3, 0.27, 0.7), bag)
    return _any(bag, basket, ropes), [(stripe, "shade"), (ropes, "ink"), (basket, "shade")]


def car(c: Canvas) -> Shape:
    body = c.box(0, 0.18, 1.0, 0.32, 0.14)
    cabin = c.polygon([(-0.45, -0.6), (0.4, -0.6), (0.68, 0.0), (-0.68, 0.0)])
    wheels = _any(c.circle(-0.52, 0.5, 0.27), c.circle(0.52, 0.5, 0.27))
    hubs = _any(c.circle(-0.52, 0.5, 0.11), c.circle(0.52, 0.5, 0.11))
    windows = _any(
        c.polygon([(-0.36, -0.46), (-0.06, -0.46), (-0.06, -0.08), (-0.5, -0.08)]),
        c.polygon([(0.06, -0.46), (0.33, -0.46), (0.5, -0.08), (0.06, -0.08)]),
    )
    return _any(body, cabin, wheels), [(windows, "light"), (wheels, "ink"), (hubs, "light")]


def cat(c: Canvas) -> Shape:
    body = c.ellipse(0, 0.5, 0.48, 0.5)
    head = c.ellipse(0, -0.28, 0.56, 0.45)
    ears = _any(
        c.polygon([(-0.5, -0.98), (-0.08, -0.6), (-0.52, -0.3)]), c.polygon([(0.5, -0.98), (0.52, -0.3), (0.08, -0.6)])
    )
    tail = _any(c.segment(0.35, 0.82, 0.8, 0.66, 0.12), c.segment(0.8, 0.66, 0.84, 0.2, 0.12))
    eyes = _any(c.ellipse(-0.22, -0.32, 0.1, 0.13), c.ellipse(0.22, -0.32, 0.1, 0.13))
    muzzle = c.ellipse(0, -0.06, 0.17, 0.1)
    whiskers = _any(
        c.segment(-0.25, -0.08, -0.62, -0.14, 0.025),
        c.segment(0.25, -0.08, 0.62, -0.14, 0.025),
        c.segment(-0.25, -0.02, -0.6, 0.06, 0.025),
        c.segment(0.25, -0.02, 0.6, 0.06, 0.025),
    )
    details = [(c.ellipse(0, 0.6, 0.25, 0.3), "shade"), (muzzle, "light"), (eyes, "ink"), (whiskers, "ink")]
    return _any(body, head, ears, tail), details


def duck(c: Canvas) -> Shape:
    body = c.ellipse(0.1, 0.36, 0.82, 0.46)
    tail = c.polygon([(0.95, -0.15), (0.9, 0.5), (0.5, 0.3)])
    head = c.circle(-0.42, -0.4, 0.37)
    neck = c.segment(-0.42, -0.3, -0.3, 0.2, 0.22)
    bill = c.ellipse(-0.85, -0.32, 0.2, 0.1)
    wing = c.ellipse(0.26, 0.3, 0.4, 0.22)
    eye = c.circle(-0.5, -0.5, 0.085)
    return _any(body, tail, head, neck, bill), [(wing, "shade"), (bill, "bill"), (eye, "ink")]


def kite(c: Canvas) -> Shape:
    sail = c.polygon([(0.0, -1.0), (0.66, -0.34), (0.0, 0.5), (-0.66, -0.34)])
    tail = _any(c.segment(0, 0.45, 0.2, 0.7, 0.05), c.segment(0.2, 0.7, 0.0, 0.98, 0.05))
    bows = _any(c.ellipse(0.2, 0.68, 0.2, 0.08), c.ellipse(0.02, 0.95, 0.2, 0.08))
    spars = torch.maximum(_any(c.box(0, 0, 0.045, 1), c.box(0, -0.34, 1, 0.045)), sail)
    quarter = torch.maximum(sail, torch.maximum(c.x + 0 * c.y, c.y + 0.34 + 0 * c.x))
    other = torch.maximum(sail, -torch.minimum(c.x + 0 * c.y, c.y + 0.34 + 0 * c.x))
    return _any(sail, tail, bows), [(quarter, "shade"), (other, "shade"), (spars, "ink")]


def robot(c: Canvas) -> Shape:
    head = c.box(0, -0.45, 0.46, 0.32, 0.08)
    body = c.box(0, 0.3, 0.54, 0.4, 0.06)
    legs = _any(c.box(-0.28, 0.83, 0.16, 0.17), c.box(0.28, 0.83, 0.16, 0.17))
    arms = _any(c.box(-0.74, 0.24, 0.13, 0.34, 0.06), c.box(0.74, 0.24, 0.13, 0.34, 0.06))
    aerial = _any(c.box(0, -0.84, 0.05, 0.12), c.circle(0, -0.94, 0.11))
    eyes = _any(c.box(-0.2, -0.5, 0.12, 0.11), c.box(0.2, -0.5, 0.12, 0.11))
    pupils = _any(c.circle(-0.2, -0.5, 0.06), c.circle(0.2, -0.5, 0.06))
    panel = c.box(0, 0.26, 0.3, 0.2, 0.03)
    buttons = _any(c.circle(-0.12, 0.26, 0.07), c.circle(0.12, 0.26, 0.07))
    details = [
        (eyes, "light"),
        (pupils, "night"),
        (panel, "shade"),
        (buttons, "light"),
        (c.box(0, -0.25, 0.22, 0.04), "ink"),
    ]
    return _any(head, body, legs, arms, aerial), details


def umbrella(c: Canvas) -> Shape:
    dome = torch.maximum(c.circle(0, 0.0, 0.95), c.y - 0.02 + 0 * c.x)
    hollows = _any(*(c.circle(x, 0.1, 0.2) for x in (-0.63, 0.0, 0.63)))
    canopy = torch.maximum(dome, -hollows)
    hook = torch.maximum((c.circle(0.17, 0.75, 0.17)).abs() - 0.06, 0.75 - c.y + 0 * c.x)
    handle = _any(c.box(0, 0.35, 0.06, 0.4), hook, c.box(0, -0.96, 0.04, 0.06))
    ribs = torch.maximum(c.ellipse(0, 0.05, 0.32, 0.98).abs() - 0.03, canopy)
    return _any(canopy, handle), [(ribs, "ink"), (handle, "ink")]


def rocket(c: Canvas) -> Shape:
    hull = torch.maximum(c.circle(-0.55, 0.05, 1.0), c.circle(0.55, 0.05, 1.0))
    hull = torch.maximum(hull, c.y - 0.58 + 0 * c.x)
    fins = _any(
        c.polygon([(-0.3, 0.15), (-0.3, 0.6), (-0.72, 0.86), (-0.68, 0.48)]),
        c.polygon([(0.3, 0.15), (0.68, 0.48), (0.72, 0.86), (0.3, 0.6)]),
    )
    flame = c.polygon([(-0.22, 0.58), (0.22, 0.58), (0.0, 1.04)])
    window = c.circle(0, -0.12, 0.19)
    nose = torch.maximum(hull, c.y + 0.46 + 0 * c.x)
    details = [(fins, "shade"), (nose, "shade"), (window + 0.0, "ink"), (window + 0.06, "light"), (flame, "bill")]
    return _any(hull, fins, flame), details


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
FIGURE_PAINTERS: list[Painter] = [balloon, car, cat, duck, kite, robot, umbrella, rocket, fish, star, bell, drum]
