"""A batch of pictures that flat shapes are painted on: signed distances in, antialiased coverage out."""

import math

import torch
from torch import Tensor

#: Pictures are 16:9; y runs from 0 (top) to 1, x from 0 to ASPECT.
ASPECT = 16 / 9

Number = float | Tensor
Colour = str | Tensor


def rgb(code: str) -> list[float]:
    """'#rrggbb' as three numbers in 0..1."""
    return [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def nearest(distances: list[Tensor]) -> Tensor:
    """The union of shapes: painting it once is cheaper than painting each."""
    whole = distances[0]
    for distance in distances[1:]:
        whole = torch.minimum(whole, distance)
    return whole


class Canvas:
    """A window on pictures [n, 3, h, w]; crops share memory with the whole, so shapes cost only their box.

    Distances are negative inside a shape and in units of the picture's height.
    """

    def __init__(self, image: Tensor, x: Tensor, y: Tensor, pixel: float) -> None:
        self.image = image
        self.x = x  # [1 or n, 1, w]
        self.y = y  # [1 or n, h, 1]
        self.pixel = pixel

    @staticmethod
    def blank(count: int, width: int, height: int, device: torch.device) -> "Canvas":
        image = torch.empty(count, 3, height, width, device=device)
        x = (torch.arange(width, device=device) + 0.5) * (ASPECT / width)
        y = (torch.arange(height, device=device) + 0.5) / height
        return Canvas(image, x[None, None, :], y[None, :, None], 1 / height)

    def crop(self, left: float, top: float, right: float, bottom: float) -> "Canvas":
        """The part inside a box; everything painted on it lands in this canvas too."""
        height, width = self.image.shape[-2:]
        x0, x1 = (min(max(math.floor(v / ASPECT * width) - k, 0), width) for v, k in ((left, 1), (right, -2)))
        y0, y1 = (min(max(math.floor(v * height) - k, 0), height) for v, k in ((top, 1), (bottom, -2)))
        return Canvas(self.image[:, :, y0:y1, x0:x1], self.x[:, :, x0:x1], self.y[:, y0:y1], self.pixel)

    def colour(self, value: Colour) -> Tensor:
        """A colour code or [n, 3] tensor as [1 or n, 3, 1, 1]."""
        if isinstance(value, str):
            return torch.tensor(rgb(value), device=self.image.device).view(1, 3, 1, 1)
        return value.view(-1, 3, 1, 1)

    def paint(self, distance: Tensor, colour: Colour, alpha: Number = 1.0) -> None:
        """Covers what lies inside the shape; the edge is one pixel of linear coverage."""
        cover = (0.5 - distance / self.pixel).clamp(0, 1) * alpha
        self.image.lerp_(self.colour(colour), cover.unsqueeze(1))

    def gradient(self, top: Tensor, bottom: Tensor, start: float, end: float) -> None:
        """Fills the window with a vertical gradient of two [n, 3] colours."""
        mix = ((self.y - start) / (end - start)).clamp(0, 1).unsqueeze(1)
        self.image.copy_(torch.lerp(self.colour(top), self.colour(bottom), mix))

    def below(self, y: Number) -> Tensor:
        return y - self.y + 0 * self.x

    def circle(self, cx: Number, cy: Number, radius: Number) -> Tensor:
        return torch.sqrt((self.x - cx) ** 2 + (self.y - cy) ** 2 + 1e-9) - radius

    def ellipse(self, cx: Number, cy: Number, rx: float, ry: float) -> Tensor:
        """Approximate distance, right at the edge: enough for one pixel of coverage."""
        u, v = (self.x - cx) / rx, (self.y - cy) / ry
        length = torch.sqrt(u * u + v * v + 1e-9)
        slope = torch.sqrt((u / rx) ** 2 + (v / ry) ** 2 + 1e-9)
        return length * (length - 1) / slope

    def box(self, cx: Number, cy: Number, half_width: Number, half_height: Number, corner: float = 0.0) -> Tensor:
        dx = (self.x - cx).abs() - half_width + corner
        dy = (self.y - cy).abs() - half_height + corner
        if corner == 0.0:
            return torch.maximum(dx, dy)
        outside = torch.sqrt(dx.clamp(min=0) ** 2 + dy.clamp(min=0) ** 2 + 1e-9)
        return outside + torch.maximum(dx, dy).clamp(max=0) - corner

    def segment(self, ax: Number, ay: Number, bx: Number, by: Number, radius: Number) -> Tensor:
        px, py, dx, dy = self.x - ax, self.y - ay, bx - ax, by - ay
        along = ((px * dx + py * dy) / (dx * dx + dy * dy)).clamp(0, 1)
        return torch.sqrt((px - along * dx) ** 2 + (py - along * dy) ** 2 + 1e-9) - radius

    def polygon(self, points: list[tuple[float, float]], dx: Number = 0.0, dy: Number = 0.0) -> Tensor:
        """A convex polygon, points clockwise as seen on the picture, moved by (dx, dy)."""
        x, y = self.x - dx, self.y - dy
        distance: Tensor | None = None
        for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1]):
            length = math.hypot(bx - ax, by - ay)
            edge = ((by - ay) * (x - ax) - (bx - ax) * (y - ay)) / length
            distance = edge if distance is None else torch.maximum(distance, edge)
        assert distance is not None
        return distance

    def repeat(self, period_x: float, period_y: float = 0.0, dx: Number = 0.0, dy: Number = 0.0) -> "Canvas":
        """The same pixels in coordinates that start again every period, centred on 0 (0: no repeat)."""
        x, y = self.x - dx, self.y - dy
        if period_x:
            x = torch.remainder(x + period_x / 2, period_x) - period_x / 2
        if period_y:
            y = torch.remainder(y + period_y / 2, period_y) - period_y / 2
        return Canvas(self.image, x, y, self.pixel)
