"""Words on a board at the top of the picture, in a five by seven font of our own drawing."""

import torch

from .canvas import ASPECT, Canvas
from ..vocabulary import SIGNS

#: Seven lines of five pixels, "#" is ink. Only the letters that SIGNS need.
_GLYPHS = {
    "A": ".###. #...# #...# ##### #...# #...# #...#", "B": "####. #...# #...# ####. #...# #...# ####.",
    "C": ".#### #.... #.... #.... #.... #.... .####", "D": "####. #...# #...# #...# #...# #...# ####.",
    "E": "##### #.... #.... ####. #.... #.... #####", "F": "##### #.... #.... ####. #.... #.... #....",
    "G": ".#### #.... #.... #.### #...# #...# .####",
    "I": ".###. ..#.. ..#.. ..#.. ..#.. ..#.. .###.", "K": "#...# #..#. #.#.. ##... #.#.. #..#. #...#",
    "L": "#.... #.... #.... #.... #.... #.... #####", "M": "#...# ##.## #.#.# #.#.# #...# #...# #...#",
    "N": "#...# ##..# #.#.# #.#.# #..## #...# #...#", "O": ".###. #...# #...# #...# #...# #...# .###.",
    "R": "####. #...# #...# ####. #.#.. #..#. #...#",
    "S": ".#### #.... #.... .###. ....# ....# ####.", "W": "#...# #...# #...# #.#.# #.#.# ##.## #...#",
    "Z": "##### ....# ...#. ..#.. .#... #.... #####",
}  # fmt: skip
_CENTRE_X, _CENTRE_Y, _HALF_WIDTH, _HALF_HEIGHT = ASPECT / 2, 0.17, 0.62, 0.13


def _mask(word: str) -> torch.Tensor:
    """[9, 25]: four letters with a blank column between, and a blank line above and below."""
    glyphs = [_GLYPHS[letter].split() for letter in word.upper()]
    lines = ["." + ".".join(glyph[line] for glyph in glyphs) + "." for line in range(7)]
    blank = "." * len(lines[0])
    return torch.tensor([[float(pixel == "#") for pixel in line] for line in (blank, *lines, blank)])


def paint_sign(c: Canvas, word: torch.Tensor) -> None:
    """Paints a board with one of SIGNS; word [n]."""
    board = c.crop(_CENTRE_X - _HALF_WIDTH - 0.06, 0, _CENTRE_X + _HALF_WIDTH + 0.06, _CENTRE_Y + _HALF_HEIGHT + 0.06)
    frame = board.box(_CENTRE_X, _CENTRE_Y, _HALF_WIDTH + 0.03, _HALF_HEIGHT + 0.03, 0.03)
    board.paint(frame, "#3a2a20")
    board.paint(board.box(_CENTRE_X, _CENTRE_Y, _HALF_WIDTH, _HALF_HEIGHT, 0.02), "#fff6dc")
    masks = torch.stack([_mask(sign) for sign in SIGNS]).to(c.image.device)
    height, width = board.image.shape[-2:]
    # Where each pixel lies in the mask, -1..1 as grid_sample counts.
    x = ((board.x[0, 0] - _CENTRE_X) / _HALF_WIDTH)[None, :].expand(height, -1)
    y = ((board.y[0, :, 0] - _CENTRE_Y) / _HALF_HEIGHT)[:, None].expand(-1, width)
    grid = torch.stack([x, y], -1)[None].expand(len(masks), -1, -1, -1)
    # Enlarged first, so that bilinear sampling keeps the letters' edges sharp.
    sharp = torch.nn.functional.interpolate(masks[:, None], scale_factor=8, mode="nearest")
    cover = torch.nn.functional.grid_sample(sharp, grid, align_corners=False)[:, 0]
    ink = torch.tensor([0.16, 0.12, 0.3], device=c.image.device).view(1, 3, 1, 1)
    board.image.lerp_(ink, cover[word][:, None])
