"""The built-up places. Every painter takes a canvas of n pictures and jitter [n, JITTER, 1, 1]."""

import torch
from torch import Tensor

from .backdrop import sky
from .canvas import ASPECT, Canvas


def harbour(c: Canvas, jitter: Tensor) -> None:
    sky(c, jitter, "#6fc3ea", "#d3f0f5", 0.5)
    sea = c.crop(0, 0.48, ASPECT, 1)
    sea.paint(sea.below(0.5), "#2f8fb5")
    sea.paint(sea.below(0.68), "#257da6")
    sea.paint(sea.below(0.86), "#1d6b95")
    dashes = sea.repeat(0.34, 0.0, jitter[:, 4])
    for k, y in enumerate((0.57, 0.64, 0.73, 0.8, 0.92)):
        sea.paint(dashes.box(0.1 * (k % 2) - 0.05, y, 0.06, 0.006, 0.005), "#a8dcec", 0.8)

    # Lighthouse on its rock.
    x = 0.3 + 0.16 * (jitter[:, 5] - 0.5)
    left = c.crop(0, 0.04, 0.75, 0.72)
    left.paint(left.ellipse(x, 0.66, 0.28, 0.11), "#6d6a72")
    left.paint(left.ellipse(x - 0.03, 0.63, 0.2, 0.07), "#8a8790")
    width = 0.055 + 0.055 * (left.y - 0.2)
    tower = torch.maximum((left.x - x).abs() - width, (left.y - 0.42).abs() - 0.21)
    left.paint(tower, "#fbf6ee")
    for y in (0.28, 0.42, 0.56):
        left.paint(torch.maximum(tower, (left.y - y).abs() - 0.033), "#d9433f")
    left.paint(left.box(x, 0.2, 0.075, 0.012), "#4a4652")
    left.paint(left.box(x, 0.165, 0.042, 0.03), "#ffe27a")
    left.paint(left.polygon([(0, 0.075), (0.06, 0.14), (-0.06, 0.14)], x), "#b5322f")

    # Sailing boats far out.
    right = c.crop(0.72, 0.12, ASPECT, 0.7)
    for k, (base, size) in enumerate(((1.05, 0.8), (1.45, 1.0))):
        bx, by = base + 0.14 * (jitter[:, 6 + k] - 0.5), 0.6 - 0.05 * (1 - k)
        right.paint(right.box(bx, by - 0.2 * size, 0.007, 0.21 * size), "#5b3d2a")
        right.paint(
            right.polygon([(0.02, -0.38 * size), (0.17 * size, -0.06 * size), (0.02, -0.06 * size)], bx, by), "#fffaf0"
        )
        right.paint(
            right.polygon([(-0.02, -0.34 * size), (-0.02, -0.06 * size), (-0.12 * size, -0.06 * size)], bx, by),
            "#f1e3cc",
        )
        right.paint(
            right.polygon(
                [(-0.19 * size, -0.04 * size), (0.2 * size, -0.04 * size), (0.13 * size, 0.05), (-0.14 * size, 0.05)],
                bx,
                by,
            ),
            "#8c4a33",
        )

    # Wooden pier in front.
    pier = c.crop(0.5, 0.74, ASPECT, 1)
    edge = 0.85 + 0.25 * (jitter[:, 8] - 0.5)
    pier.paint(pier.box(edge + 0.8, 0.9, 0.8, 0.045), "#b98a5a")
    pier.paint(
        torch.maximum(pier.box(edge + 0.8, 0.9, 0.8, 0.045), pier.repeat(0.11).box(0, 0.9, 0.004, 0.1)), "#8f6540"
    )
    posts = pier.repeat(0.33, 0.0, edge + 0.05)
    pier.paint(torch.maximum(posts.box(0, 0.9, 0.024, 0.11), edge - pier.x), "#77522f")


def market(c: Canvas, jitter: Tensor) -> None:
    sky(c, jitter, "#8fd0ef", "#fdebc8", 0.5)
    # Houses behind the stalls.
    back = c.crop(0, 0.14, ASPECT, 0.7)
    for k, (x, top, colour) in enumerate(
        (
            (0.16, 0.3, "#e8b48e"),
            (0.52, 0.24, "#d98f7b"),
            (0.9, 0.32, "#efd29a"),
            (1.27, 0.25, "#c9a58c"),
            (1.62, 0.31, "#e5a07a"),
        )
    ):
        roof = top + 0.05 * (jitter[:, 4 + k % 3] - 0.5)
        back.paint(back.box(x, roof + 0.3, 0.18, 0.3), colour)
        back.paint(back.polygon([(-0.2, 0.0), (0.0, -0.09), (0.2, 0.0)], x, roof), "#a4553f")
        back.paint(back.box(x - 0.07, roof + 0.1, 0.03, 0.045), "#fff3d0")
        back.paint(back.box(x + 0.07, roof + 0.1, 0.03, 0.045), "#fff3d0")
    ground = c.crop(0, 0.66, ASPECT, 1)
    ground.paint(ground.below(0.68), "#cdbb9f")
    stones = ground.repeat(0.16, 0.1, jitter[:, 7] * 0.16)
    ground.paint(torch.maximum(stones.ellipse(0, 0, 0.06, 0.03), ground.below(0.7)), "#bda98a", 0.8)

    # Three striped stalls with crates of fruit.
    for k, (x, stripe) in enumerate(((0.3, "#d8473f"), (0.89, "#3c9a6a"), (1.48, "#3b78b8"))):
        stall = c.crop(x - 0.36, 0.36, x + 0.36, 0.9)
        sx = x + 0.1 * (jitter[:, 5 + k] - 0.5)
        stall.paint(
            torch.minimum(stall.box(sx - 0.22, 0.62, 0.012, 0.2), stall.box(sx + 0.22, 0.62, 0.012, 0.2)), "#7a5334"
        )
        stall.paint(stall.box(sx, 0.76, 0.25, 0.08), "#a8723f")
        stall.paint(
            torch.maximum(stall.box(sx, 0.76, 0.25, 0.08), stall.repeat(0, 0.055).box(0, 0, 9, 0.004) + 0 * stall.x),
            "#7f5530",
        )
        fruit = stall.repeat(0.075, 0.0, sx)
        for y, colour in ((0.665, ("#e8a13a", "#c8443c", "#8db84a")[k]), (0.64, ("#f0b95a", "#d9605a", "#a4c964")[k])):
            stall.paint(torch.maximum(fruit.circle(0, y, 0.034), stall.box(sx, y, 0.22, 0.1)), colour)
        awning = stall.polygon([(-0.2, 0.4), (0.2, 0.4), (0.27, 0.52), (-0.27, 0.52)], sx)
        scallops = stall.repeat(0.09, 0.0, sx)
        awning = torch.minimum(awning, torch.maximum(scallops.circle(0, 0.52, 0.045), stall.box(sx, 0.54, 0.27, 0.06)))
        stall.paint(awning, "#fff8ea")
        stripes = stall.repeat(0.18, 0.0, sx).box(0, 0.5, 0.045, 1)
        stall.paint(torch.maximum(awning, stripes), stripe)

    # Bunting across the square.
    line = c.crop(0, 0.1, ASPECT, 0.3)
    sag = 0.17 - 0.05 * torch.cos((line.x - ASPECT / 2) * 2.2) + 0.04 * (jitter[:, 8] - 0.5)
    line.paint((line.y - sag).abs() - 0.004, "#6b5a4e")
    flags = line.repeat(0.2, 0.0, jitter[:, 9] * 0.2)
    for dx, colour in ((-0.05, "#e0605a"), (0.05, "#f0c850")):
        local = Canvas(line.image, flags.x, line.y - sag, line.pixel)
        line.paint(local.polygon([(dx - 0.03, 0.0), (dx + 0.03, 0.0), (dx, 0.055)]), colour)


def school(c: Canvas, jitter: Tensor) -> None:
    sky(c, jitter, "#7cc4f0", "#e2f4f7", 0.7)
    ground = c.crop(0, 0.68, ASPECT, 1)
    ground.paint(ground.below(0.7), "#8fbf6a")
    ground.paint(ground.below(0.8), "#b3aeb0")
    x = ASPECT / 2 + 0.3 * (jitter[:, 4] - 0.5)
    house = c.crop(0, 0.02, ASPECT, 0.82)
    house.paint(house.box(x, 0.58, 0.56, 0.19), "#c8664a")
    bricks = torch.maximum(house.box(x, 0.58, 0.56, 0.19), house.repeat(0.0, 0.05).box(0, 0, 9, 0.003) + 0 * house.x)
    house.paint(bricks, "#b3543b")
    house.paint(house.polygon([(-0.52, 0.28), (0.52, 0.28), (0.61, 0.41), (-0.61, 0.41)], x), "#5b5f77")
    house.paint(house.box(x, 0.5, 0.15, 0.27), "#d67a58")
    house.paint(house.polygon([(0.0, 0.1), (0.19, 0.25), (-0.19, 0.25)], x), "#484c63")
    house.paint(house.circle(x, 0.33, 0.062), "#fdf9ee")
    house.paint(
        torch.minimum(house.segment(x, 0.33, x, 0.29, 0.006), house.segment(x, 0.33, x + 0.03, 0.34, 0.006)), "#333344"
    )
    for dx in (-0.46, -0.27, 0.27, 0.46):
        for y in (0.49, 0.65):
            house.paint(house.box(x + dx, y, 0.062, 0.052), "#fff6df")
            house.paint(
                torch.minimum(house.box(x + dx - 0.027, y, 0.023, 0.04), house.box(x + dx + 0.027, y, 0.023, 0.04)),
                "#7db4cf",
            )
    house.paint(house.box(x, 0.68, 0.075, 0.1), "#4c7a5a")
    house.paint(house.box(x, 0.68, 0.005, 0.1), "#33553e")
    house.paint(house.box(x, 0.53, 0.12, 0.03), "#fff6df")
    pole = x - 0.72 + 1.44 * (jitter[:, 5] > 0.5).float()
    house.paint(house.box(pole, 0.5, 0.009, 0.3), "#e9e9ec")
    house.paint(house.box(pole + 0.075, 0.26, 0.07, 0.045), "#f0c33c")

    # Hopscotch and a railing.
    yard = c.crop(0, 0.78, ASPECT, 1)
    hx = 0.5 + 0.7 * jitter[:, 6]
    for k in range(5):
        yard.paint(yard.box(hx + 0.12 * k, 0.9, 0.05, 0.045).abs() - 0.006, "#f7f2ea")
    railing = torch.minimum(yard.repeat(0.09).box(0, 0.81, 0.008, 0.045), yard.box(0.9, 0.795, 2, 0.007))
    yard.paint(railing, "#5f6b8a")


def castle(c: Canvas, jitter: Tensor) -> None:
    sky(c, jitter, "#9aa8dc", "#f3dfe6", 0.72)
    hills = c.crop(0, 0.5, ASPECT, 1)
    hills.paint(hills.ellipse(0.25, 0.98, 0.75, 0.36), "#7f9f78")
    hills.paint(hills.ellipse(1.6, 0.98, 0.7, 0.32), "#86a880")
    x = ASPECT / 2 + 0.3 * (jitter[:, 4] - 0.5)
    hills.paint(hills.ellipse(x, 1.06, 1.05, 0.36), "#6b9160")
    keep = c.crop(0, 0.02, ASPECT, 0.86)
    keep.paint(keep.box(x, 0.61, 0.42, 0.17), "#a9a5b0")
    keep.paint(
        torch.maximum(keep.repeat(0.1, 0.0, x).box(0, 0.43, 0.028, 0.03), keep.box(x, 0.43, 0.42, 0.1)), "#a9a5b0"
    )
    for dx, top, half in ((-0.44, 0.36, 0.095), (0.44, 0.36, 0.095), (0.0, 0.26, 0.12)):
        keep.paint(keep.box(x + dx, (top + 0.78) / 2, half, (0.78 - top) / 2), "#bfbbc6" if dx else "#b5b0bd")
        crown = torch.maximum(
            keep.repeat(half * 0.66, 0.0, x + dx).box(0, top - 0.02, half * 0.2, 0.03),
            keep.box(x + dx, top, half * 1.08, 0.1),
        )
        keep.paint(torch.minimum(crown, keep.box(x + dx, top + 0.02, half * 1.12, 0.022)), "#cfcbd6")
        keep.paint(
            keep.polygon([(-half * 0.95, top - 0.045), (0.0, top - 0.21), (half * 0.95, top - 0.045)], x + dx),
            "#54609e",
        )
        keep.paint(keep.box(x + dx, top - 0.23, 0.005, 0.05), "#4a4652")
        keep.paint(keep.polygon([(0.005, top - 0.28), (0.08, top - 0.255), (0.005, top - 0.23)], x + dx), "#d94a6a")
        keep.paint(keep.box(x + dx, top + 0.13, 0.02, 0.045, 0.02), "#4e4858")
    blocks = keep.repeat(0.13, 0.08, x)
    keep.paint(torch.maximum(blocks.box(0, 0, 0.03, 0.01), keep.box(x, 0.62, 0.4, 0.14)), "#938e9c", 0.8)
    gate = torch.minimum(keep.circle(x, 0.66, 0.075), keep.box(x, 0.72, 0.075, 0.06))
    keep.paint(gate, "#4a3527")
    keep.paint(
        torch.maximum(
            gate,
            torch.minimum(keep.repeat(0.03, 0.0, x).box(0, 0.7, 0.004, 1), keep.repeat(0, 0.035).box(0, 0, 9, 0.003)),
        ),
        "#7d6247",
    )
    road = c.crop(0, 0.76, ASPECT, 1)
    road.paint(
        torch.maximum(
            (road.x - x - 0.25 * (road.y - 0.77) * (jitter[:, 5] * 4 - 2)).abs() - 0.05 - 0.6 * (road.y - 0.77),
            0.77 - road.y,
        ),
        "#d8c39a",
    )
    bushes = road.repeat(0.5, 0.0, jitter[:, 6] * 0.5)
    road.paint(torch.minimum(bushes.circle(0.1, 0.97, 0.05), bushes.circle(0.17, 0.98, 0.04)), "#4c7346")


def station(c: Canvas, jitter: Tensor) -> None:
    sky(c, jitter, "#9cc9dd", "#f2ead8", 0.6)
    # Skyline, then canopy, train, platform.
    back = c.crop(0, 0.2, ASPECT, 0.76)
    back.paint(back.below(0.64), "#a8a089")
    skyline = back.repeat(0.42, 0.0, jitter[:, 4] * 0.42)
    back.paint(skyline.box(-0.08, 0.52, 0.08, 0.2), "#8fa3b0")
    back.paint(skyline.box(0.1, 0.52, 0.06, 0.13), "#a0b2bd")
    roof = c.crop(0, 0.0, ASPECT, 0.72)
    roof.paint(roof.box(ASPECT / 2, 0.075, 1, 0.075), "#3f6a63")
    roof.paint(roof.box(ASPECT / 2, 0.155, 1, 0.012), "#2d4f4a")
    teeth = roof.repeat(0.08)
    roof.paint(teeth.polygon([(-0.04, 0.16), (0.04, 0.16), (0.0, 0.2)]), "#2d4f4a")
    post = roof.repeat(0.8, 0.0, 0.25 + 0.2 * jitter[:, 5])
    roof.paint(post.box(0, 0.42, 0.02, 0.27), "#2d4f4a")

    train = c.crop(0, 0.3, ASPECT, 0.84)
    head = 1.1 + 0.5 * jitter[:, 6]  # where the locomotive ends
    body = train.box(head - 1.2, 0.54, 1.2, 0.16, 0.09)
    train.paint(body, "#e9e2d0")
    train.paint(torch.maximum(body, 0.6 - train.y), "#2f5f9e")
    train.paint(torch.maximum(body, (train.y - 0.605).abs() - 0.012), "#f0b83c")
    panes = train.repeat(0.2, 0.0, head - 0.1)
    train.paint(torch.maximum(panes.box(0, 0.5, 0.072, 0.05, 0.015), train.x - head + 0.12), "#53788f")
    doors = train.repeat(0.8, 0.0, head - 0.6)
    train.paint(torch.maximum(doors.box(0, 0.57, 0.07, 0.12), train.x - head + 0.2), "#d7543f")
    train.paint(train.box(head - 0.05, 0.5, 0.04, 0.05, 0.02), "#53788f")
    wheels = train.repeat(0.17, 0.0, head - 0.14)
    train.paint(torch.maximum(wheels.circle(0, 0.71, 0.038), train.x - head + 0.06), "#35323c")

    floor = c.crop(0, 0.72, ASPECT, 1)
    floor.paint(floor.below(0.735), "#6b625d")
    floor.paint(floor.repeat(0.1, 0.0, 0.03).box(0, 0.755, 0.02, 0.014), "#4a403a")
    floor.paint(floor.box(0.9, 0.742, 2, 0.006), "#c3c5cc")
    floor.paint(floor.below(0.79), "#bdb6ae")
    floor.paint(floor.box(0.9, 0.815, 2, 0.012), "#f4d35e")
    tiles = floor.repeat(0.3, 0.0, jitter[:, 7])
    floor.paint(torch.maximum(tiles.box(0, 0.9, 0.004, 0.07), 0.835 - floor.y), "#a39c94")
    floor.paint(floor.box(0.9, 0.91, 2, 0.003), "#a39c94")

    # Hanging clock and a sign.
    cx = 0.5 + 0.75 * jitter[:, 8]
    hang = c.crop(0, 0.14, ASPECT, 0.4)
    hang.paint(hang.box(cx, 0.2, 0.006, 0.05), "#2d4f4a")
    hang.paint(hang.circle(cx, 0.28, 0.066), "#2d4f4a")
    hang.paint(hang.circle(cx, 0.28, 0.053), "#fdfaf0")
    hang.paint(
        torch.minimum(hang.segment(cx, 0.28, cx, 0.24, 0.005), hang.segment(cx, 0.28, cx + 0.028, 0.29, 0.005)),
        "#222222",
    )
