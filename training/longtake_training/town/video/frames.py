"""A story's frames at any rate: each setting's place is drawn once, per frame only what stands in it."""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import torch

from ..bank import pictures, take_apart
from ..draw import paint_foreground
from ..setting import background
from ..story import Story

#: Seconds drawn in one piece: bounds the memory of a worker.
_PIECE_SECONDS = 6


@dataclass(frozen=True)
class _Piece:
    """Seconds of one setting: the bank frame at each whole second."""

    frames: tuple[int, ...]
    rate: int
    width: int
    height: int


def _pieces(story: Story, rate: int, width: int, height: int) -> list[_Piece]:
    index = story.frame_index.astype("int64")
    settings = take_apart(torch.from_numpy(index)).setting.tolist()
    pieces: list[_Piece] = []
    start = 0
    for second in range(1, story.seconds + 1):
        if second == story.seconds or settings[second] != settings[start] or second - start == _PIECE_SECONDS:
            pieces.append(_Piece(tuple(index[start:second].tolist()), rate, width, height))
            start = second
    return pieces


def _draw(piece: _Piece) -> bytes:
    """The piece's frames as packed 8-bit RGB."""
    torch.set_num_threads(1)
    index = torch.tensor(piece.frames).repeat_interleave(piece.rate)
    fraction = (torch.arange(piece.rate) / piece.rate).repeat(len(piece.frames))
    parts = take_apart(index)
    what = pictures(parts, fraction)
    images = background(what.resident[:1], piece.width, piece.height).repeat(len(index), 1, 1, 1)
    paint_foreground(images, what)
    return images.clamp_(0, 1).mul_(255).round_().byte().permute(0, 2, 3, 1).contiguous().numpy().tobytes()


def draw_frames(story: Story, rate: int, width: int, height: int) -> Iterator[tuple[int, bytes]]:
    """Yields (number of frames, packed RGB) in order; frame rate * t is the bank frame of second t."""
    pieces = _pieces(story, rate, width, height)
    workers = max(1, min(os.cpu_count() or 1, len(pieces)))
    # Spawned, not forked: torch's thread pools do not survive a fork.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(_draw, piece) for piece in pieces[: 2 * workers]]
        try:
            for k, piece in enumerate(pieces):
                data = waiting.pop(0).result()
                if k + 2 * workers < len(pieces):
                    waiting.append(pool.submit(_draw, pieces[k + 2 * workers]))
                yield len(piece.frames) * rate, data
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
