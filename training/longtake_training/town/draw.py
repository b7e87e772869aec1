"""Draws frames of the town: a place, its resident, perhaps a visitor beside it, weather over both, or a sign."""

from dataclasses import dataclass, fields

from torch import Tensor

from .art.canvas import Canvas
from .art.signs import paint_sign
from .art.weather import WEATHER_PAINTERS
from .setting import FrameParams, background, paint_figures


@dataclass
class Pictures:
    """A batch of frames; `resident` also says the place and how it looks. -1 in visitor's place, weather or sign: none.

    The visitor's place and jitter are the resident's. All tensors share one device.
    """

    resident: FrameParams
    visitor: FrameParams  # figure -1 where there is none
    weather: Tensor  # int64 [n]
    sign: Tensor  # int64 [n]
    phase: Tensor  # [n], seconds since the clip began: moves the weather

    def __getitem__(self, rows: Tensor | slice) -> "Pictures":
        return Pictures(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def __len__(self) -> int:
        return len(self.weather)


def render(pictures: Pictures, width: int, height: int) -> Tensor:
    """Frames as float [n, 3, height, width] in 0..1; the scene is always 16:9, other proportions squash it."""
    images = background(pictures.resident, width, height)
    paint_foreground(images, pictures)
    return images.clamp_(0, 1)


def paint_foreground(images: Tensor, pictures: Pictures) -> None:
    """Paints figures, weather and signs on backgrounds [n, 3, height, width], in place."""
    paint_figures(images, pictures.resident)
    _on_rows(images, pictures.visitor.figure >= 0, lambda part, rows: paint_figures(part, pictures.visitor[rows]))
    for kind, painter in enumerate(WEATHER_PAINTERS):
        _on_rows(images, pictures.weather == kind, lambda part, rows: painter(_canvas(part), pictures.phase[rows].view(-1, 1, 1)))
    _on_rows(images, pictures.sign >= 0, lambda part, rows: paint_sign(_canvas(part), pictures.sign[rows]))


def _canvas(images: Tensor) -> Canvas:
    canvas = Canvas.blank(1, images.shape[-1], images.shape[-2], images.device)
    return Canvas(images, canvas.x, canvas.y, canvas.pixel)


def _on_rows(images: Tensor, where: Tensor, paint) -> None:
    rows = where.nonzero().flatten()
    if len(rows):
        part = images[rows]
        paint(part, rows)
        images[rows] = part
