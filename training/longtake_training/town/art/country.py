"""The open-air places. Every painter takes a canvas of n pictures and jitter [n, JITTER, 1, 1]."""

import torch
from torch import Tensor

from .backdrop import sky
from .canvas import ASPECT, Canvas, Number


def _round_tree(c: Canvas, x: Number, y: Number, size: float, leaf: str, light: str) -> None:
    c.paint(c.box(x, y - 0.15 * size, 0.025 * size, 0.17 * size), "#7b5536")
    crown = torch.minimum(
        c.circle(x - 0.1 * size, y - 0.27 * size, 0.12 * size), c.circle(x + 0.1 * size, y - 0.27 * size, 0.12 * size)
    )
    c.paint(torch.minimum(crown, c.circle(x, y - 0.37 * size, 0.15 * size)), leaf)
    c.paint(c.circle(x - 0.04 * size, y - 0.4 * size, 0.075 * size), light, 0.7)


def _pine(c: Canvas, x: Number, y: Number, size: float, leaf: str, snow: str | None = None) -> None:
    c.paint(c.box(x, y - 0.03 * size, 0.022 * size, 0.06 * size), "#5a3f2b")
    for top, half, bottom in ((-0.34, 0.17, -0.06), (-0.45, 0.135, -0.2), (-0.55, 0.1, -0.34)):
        c.paint(c.polygon([(0.0, top * size), (half * size, bottom * size), (-half * size, bottom * size)], x, y), leaf)
        if snow:
            third = (bottom - top) * 0.38
            c.paint(
                c.polygon(
                    [
                        (0.0, top * size),
                        (half * 0.38 * size, (top + third) * size),
                        (-half * 0.38 * size, (top + third) * size),
                    ],
                    x,
                    y,
                ),
                snow,
            )


def park(c: Canvas, jitter: Tensor) -> None:
    sky(c, jitter, "#86cdf2", "#e4f6ec", 0.56)
    back = c.crop(0, 0.38, ASPECT, 1)
    hedge = back.repeat(0.22, 0.0, jitter[:, 4] * 0.22)
    back.paint(torch.minimum(hedge.circle(0, 0.55, 0.12), back.below(0.55)), "#5da05a")
    back.paint(back.below(0.6), "#86c765")
    back.paint(back.below(0.82), "#78ba58")
    # A curving path to the fountain.
    x = 0.9 + 0.5 * (jitter[:, 5] - 0.5)
    path = (back.y - 0.68).clamp(min=0)
    back.paint(torch.maximum((back.x - x - 0.9 * path * path).abs() - 0.06 - 0.5 * path, 0.68 - back.y), "#ecd9ac")
    left = 0.28 + 0.14 * (jitter[:, 6] - 0.5)
    right = 1.5 + 0.14 * (jitter[:, 7] - 0.5)
    _round_tree(c.crop(0, 0.05, 0.62, 0.8), left, 0.74, 1.15, "#4c9a4a", "#74bb62")
    _round_tree(c.crop(1.1, 0.08, ASPECT, 0.74), right, 0.7, 1.0, "#57a552", "#82c46c")
    basin = c.crop(0.4, 0.4, 1.4, 0.78)
    basin.paint(basin.ellipse(x, 0.69, 0.24, 0.055), "#b9b6bd")
    basin.paint(basin.ellipse(x, 0.68, 0.205, 0.038), "#5fb6d6")
    basin.paint(basin.box(x, 0.62, 0.022, 0.07), "#c8c5cb")
    basin.paint(basin.ellipse(x, 0.565, 0.085, 0.02), "#b9b6bd")
    for dx in (-0.075, 0.075):
        arc = (basin.ellipse(x + dx, 0.56, 0.065, 0.09)).abs() - 0.006
        basin.paint(torch.maximum(arc, basin.y - 0.58), "#d9f3fb")
    # Bench and flower beds.
    front = c.crop(0, 0.72, ASPECT, 1)
    bx = torch.where(jitter[:, 8] > 0.5, 0.34, 1.42) + 0.1 * (jitter[:, 9] - 0.5)
    front.paint(torch.minimum(front.box(bx, 0.79, 0.15, 0.013), front.box(bx, 0.835, 0.15, 0.014)), "#a5683a")
    front.paint(
        torch.minimum(front.box(bx - 0.12, 0.83, 0.009, 0.055), front.box(bx + 0.12, 0.83, 0.009, 0.055)), "#4d4a52"
    )
    for dx, colour in ((0.0, "#f28fb0"), (0.06, "#fff2b0"), (0.12, "#f7f4ff")):
        bed = front.repeat(0.18, 0.0, dx + jitter[:, 9] * 0.18)
        front.paint(bed.circle(0, 0.965, 0.02), colour)


def beach(c: Canvas, jitter: Tensor) -> None:
    sky(c, jitter, "#4fb9ee", "#cdf1f7", 0.45)
    sea = c.crop(0, 0.43, ASPECT, 0.75)
    sea.paint(sea.below(0.45), "#27a3c9")
    sea.paint(sea.below(0.54), "#45bcd4")
    foam = sea.repeat(0.4, 0.0, jitter[:, 4] * 0.4)
    sea.paint(foam.box(0, 0.5, 0.07, 0.005, 0.004), "#d8f5fa")
    sea.paint(foam.box(0.15, 0.57, 0.08, 0.005, 0.004), "#d8f5fa")
    sand = c.crop(0, 0.58, ASPECT, 1)
    shore = 0.66 + 0.03 * torch.sin(4.2 * sand.x + 6.3 * jitter[:, 5])
    sand.paint(shore - 0.025 - sand.y, "#f4fdfd")
    sand.paint(shore - sand.y, "#f6dfa4")
    sand.paint(shore + 0.17 - sand.y, "#efd190")
    # A leaning palm.
    flip = jitter[:, 6] > 0.5
    base = torch.where(flip, 1.5, 0.27) + 0.1 * (jitter[:, 7] - 0.5)
    lean = torch.where(flip, -0.16, 0.16)
    palm = c.crop(0, 0.08, ASPECT, 0.86)
    palm.paint(palm.segment(base, 0.83, base + 0.35 * lean, 0.55, 0.026), "#9c6f43")
    palm.paint(palm.segment(base + 0.35 * lean, 0.55, base + lean, 0.32, 0.021), "#9c6f43")
    for dx, dy in ((-0.25, 0.06), (-0.2, -0.07), (0.0, -0.13), (0.2, -0.07), (0.25, 0.06)):
        tip_x, tip_y = base + lean + dx, 0.31 + dy
        palm.paint(palm.segment(base + lean, 0.31, tip_x, tip_y, 0.026), "#2f9150")
        palm.paint(palm.segment(tip_x, tip_y, tip_x + 0.25 * dx, tip_y + 0.07, 0.016), "#3aa55d")
    palm.paint(
        torch.minimum(palm.circle(base + lean - 0.03, 0.335, 0.024), palm.circle(base + lean + 0.03, 0.34, 0.024)),
        "#6b4426",
    )
    # Sand castle and starfish-strewn front.
    sx = torch.where(flip, 0.45, 1.3) + 0.2 * (jitter[:, 8] - 0.5)
    front = c.crop(0, 0.66, ASPECT, 1)
    front.paint(front.box(sx, 0.83, 0.15, 0.055), "#d9b36a")
    for dx in (-0.13, 0.0, 0.13):
        front.paint(front.box(sx + dx, 0.8 if dx else 0.775, 0.042, 0.09), "#e3c07a")
        front.paint(
            torch.maximum(
                front.repeat(0.03, 0.0, sx + dx).box(0, 0.705 if dx else 0.68, 0.008, 0.014),
                front.box(sx + dx, 0.7, 0.042, 0.1),
            ),
            "#e3c07a",
        )
    shells = front.repeat(0.31, 0.0, jitter[:, 9] * 0.31)
    front.paint(shells.circle(0, 0.95, 0.014), "#fff4e6")
    front.paint(shells.circle(0.14, 0.91, 0.01), "#e79a86")


def forest(c: Canvas, jitter: Tensor) -> None:
    sky(c, jitter, "#a9cfa4", "#dbe8b8", 0.6, 0.25)
    back = c.crop(0, 0.05, ASPECT, 1)
    far = back.repeat(0.17, 0.0, jitter[:, 4] * 0.17)
    back.paint(far.polygon([(0.0, 0.2), (0.1, 0.62), (-0.1, 0.62)]), "#6f9f6b")
    near = back.repeat(0.23, 0.0, jitter[:, 5] * 0.23)
    back.paint(near.polygon([(0.0, 0.3), (0.13, 0.7), (-0.13, 0.7)]), "#4c8052")
    back.paint(back.below(0.62), "#3e6b3d")
    back.paint(back.below(0.8), "#33592f")
    # Big trunks that leave the picture at the top, and their leaves.
    for k, base in enumerate((0.12, 0.62, 1.2, 1.68)):
        x = base + 0.12 * (jitter[:, 5 + k] - 0.5)
        trunk = c.crop(base - 0.24, 0, base + 0.24, 0.95)
        foot = 0.86 - 0.05 * (k % 2)
        width = 0.035 + 0.05 * ((trunk.y - foot + 0.12) / 0.12).clamp(0, 1) ** 2
        shape = torch.maximum((trunk.x - x).abs() - width, trunk.y - foot)
        trunk.paint(shape, "#5e4130" if k % 2 else "#6d4c36")
        trunk.paint(torch.maximum(shape, (trunk.x - x - 0.018).abs() - 0.008), "#4d3426")
    leaves = c.crop(0, 0, ASPECT, 0.22)
    crowns = leaves.repeat(0.26, 0.0, jitter[:, 9] * 0.26)
    leaves.paint(torch.minimum(crowns.circle(0, 0.04, 0.13), crowns.circle(0.13, 0.0, 0.13)), "#2f5d35")
    leaves.paint(crowns.circle(0.05, 0.0, 0.1), "#3f7543")
    front = c.crop(0, 0.8, ASPECT, 1)
    ferns = front.repeat(0.29, 0.0, jitter[:, 6] * 0.29)
    for dx in (-0.05, -0.025, 0.025, 0.05):
        front.paint(ferns.segment(0, 0.98, dx, 0.89, 0.008), "#6ea352")
    caps = front.repeat(0.71, 0.0, 0.2 + jitter[:, 7] * 0.71)
    front.paint(caps.box(0, 0.93, 0.012, 0.03), "#f3e7d2")
    front.paint(torch.maximum(caps.circle(0, 0.915, 0.042), front.y - 0.915), "#c2453a")


def farm(c: Canvas, jitter: Tensor) -> None:
    sky(c, jitter, "#8accf0", "#fbf1cf", 0.6)
    land = c.crop(0, 0.44, ASPECT, 1)
    land.paint(land.ellipse(0.4, 0.78, 0.9, 0.27), "#a9c85e")
    land.paint(land.below(0.6), "#bfcf6a")
    land.paint(land.below(0.64), "#d9b84f")
    # Field rows run to a point on the horizon.
    vanish = 0.9 + 0.8 * (jitter[:, 4] - 0.5)
    slope = (land.x - vanish) / (land.y - 0.57).clamp(min=0.02)
    rows = (torch.remainder(slope, 0.42) - 0.21).abs() - 0.1
    land.paint(torch.maximum(rows * (land.y - 0.57), 0.66 - land.y), "#b98f3a")
    # Red barn with a silo.
    flip = jitter[:, 5] > 0.5
    x = torch.where(flip, 1.3, 0.5) + 0.16 * (jitter[:, 6] - 0.5)
    yard = c.crop(0, 0.1, ASPECT, 0.8)
    sx = x + torch.where(flip, -0.36, 0.36)
    yard.paint(yard.box(sx, 0.5, 0.08, 0.22), "#c9cdd4")
    yard.paint(
        torch.maximum(yard.box(sx, 0.5, 0.08, 0.22), yard.repeat(0, 0.09).box(0, 0, 9, 0.005) + 0 * yard.x), "#a4aab5"
    )
    yard.paint(torch.maximum(yard.circle(sx, 0.28, 0.08), yard.y - 0.28), "#8d95a5")
    yard.paint(yard.box(x, 0.6, 0.25, 0.13), "#b5382f")
    gambrel = torch.minimum(
        yard.polygon([(-0.16, 0.31), (0.16, 0.31), (0.26, 0.48), (-0.26, 0.48)], x),
        yard.polygon([(0.0, 0.24), (0.16, 0.315), (-0.16, 0.315)], x),
    )
    yard.paint(gambrel, "#b5382f")
    yard.paint(torch.maximum(gambrel.abs() - 0.012, yard.y - 0.47), "#5a4646")
    yard.paint(yard.box(x, 0.63, 0.115, 0.1), "#fbf3e6")
    yard.paint(yard.box(x, 0.63, 0.1, 0.087), "#8f2923")
    cross = torch.minimum(
        yard.segment(x - 0.1, 0.545, x + 0.1, 0.715, 0.009), yard.segment(x - 0.1, 0.715, x + 0.1, 0.545, 0.009)
    )
    yard.paint(torch.maximum(cross, yard.box(x, 0.63, 0.1, 0.087)), "#fbf3e6")
    yard.paint(yard.box(x, 0.39, 0.045, 0.04), "#fbf3e6")
    yard.paint(yard.box(x, 0.39, 0.034, 0.03), "#4d3030")
    # Hay bales and a fence.
    front = c.crop(0, 0.66, ASPECT, 1)
    hx = torch.where(flip, 0.35, 1.25) + 0.2 * (jitter[:, 7] - 0.5)
    for dx in (0.0, 0.25):
        front.paint(front.box(hx + dx, 0.75, 0.1, 0.055, 0.03), "#e8c860")
        front.paint(
            torch.minimum(front.box(hx + dx - 0.04, 0.75, 0.005, 0.052), front.box(hx + dx + 0.04, 0.75, 0.005, 0.052)),
            "#b5903a",
        )
    rails = torch.minimum(front.box(0.9, 0.895, 2, 0.011), front.box(0.9, 0.95, 2, 0.011))
    front.paint(
        torch.minimum(rails, front.repeat(0.26, 0.0, jitter[:, 8] * 0.26).box(0, 0.93, 0.016, 0.075)), "#f5ead6"
    )


def snowfield(c: Canvas, jitter: Tensor) -> None:
    sky(c, jitter, "#a9c8e8", "#eef4fb", 0.62, 0.6)
    land = c.crop(0, 0.3, ASPECT, 1)
    peaks = land.repeat(0.9, 0.0, jitter[:, 4] * 0.9)
    land.paint(peaks.polygon([(0.0, 0.34), (0.42, 0.7), (-0.42, 0.7)]), "#a3b7d3")
    land.paint(peaks.polygon([(0.0, 0.34), (0.12, 0.443), (-0.12, 0.443)]), "#ffffff")
    land.paint(land.below(0.68), "#d3e1f2")
    land.paint(land.ellipse(1.45, 0.98, 1.0, 0.38), "#d9e6f5")
    land.paint(land.ellipse(0.3, 1.02, 1.1, 0.38), "#e8f0fa")
    land.paint(land.below(0.86), "#f7fafe")
    trees = c.crop(0, 0.2, ASPECT, 0.86)
    for k, (base, y, size) in enumerate(((0.16, 0.74, 0.75), (0.36, 0.78, 0.95), (1.63, 0.76, 0.9))):
        _pine(
            trees.crop(base - 0.3, 0.2, base + 0.3, 0.86),
            base + 0.14 * (jitter[:, 5 + k] - 0.5),
            y,
            size,
            "#48776e",
            "#f6faff",
        )
    # A cabin with smoke, and a snowman.
    x = 1.12 + 0.24 * (jitter[:, 8] - 0.5)
    cabin = c.crop(0.75, 0.3, 1.6, 0.8)
    for k in range(3):
        cabin.paint(cabin.circle(x + 0.11 + 0.02 * k, 0.43 - 0.045 * k, 0.02 + 0.007 * k), "#f4f6fa", 0.8)
    cabin.paint(cabin.box(x + 0.1, 0.5, 0.022, 0.05), "#6b4a3c")
    cabin.paint(cabin.box(x, 0.67, 0.16, 0.08), "#8a5a3a")
    cabin.paint(
        torch.maximum(cabin.box(x, 0.67, 0.16, 0.08), cabin.repeat(0, 0.04).box(0, 0, 9, 0.004) + 0 * cabin.x),
        "#6c452c",
    )
    cabin.paint(cabin.polygon([(0.0, 0.46), (0.21, 0.61), (-0.21, 0.61)], x), "#fdfeff")
    cabin.paint(cabin.polygon([(0.0, 0.52), (0.15, 0.61), (-0.15, 0.61)], x), "#8a5a3a")
    cabin.paint(cabin.box(x - 0.07, 0.67, 0.032, 0.032), "#ffd97a")
    cabin.paint(cabin.box(x + 0.06, 0.69, 0.035, 0.06), "#4d3423")
    sx = 0.68 + 0.2 * (jitter[:, 9] - 0.5)
    man = c.crop(0.4, 0.5, 0.95, 0.92)
    for y, radius in ((0.82, 0.085), (0.7, 0.06), (0.61, 0.042)):
        man.paint(man.circle(sx, y, radius + 0.006), "#b9cbe0")
        man.paint(man.circle(sx, y, radius), "#fcfdff")
    man.paint(torch.minimum(man.box(sx, 0.57, 0.05, 0.007), man.box(sx, 0.548, 0.03, 0.028)), "#4a4f63")
    man.paint(man.box(sx, 0.652, 0.05, 0.011), "#c9524f")
    for k in range(3):
        flakes = c.repeat(0.37, 0.29, jitter[:, 5 + k] * 0.37, 0.11 * k + jitter[:, 8] * 0.29)
        c.paint(flakes.circle(0, 0, 0.008), "#ffffff", 0.9)
