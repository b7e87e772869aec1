"""A story's frames at any rate: each scene's place is drawn once, per frame only the actor."""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import torch

from ..bank import clip_params
from ..draw import background, paint_actors
from ..story import Story
from ..vocabulary import PHASES

#: Seconds drawn in one piece: bounds the memory of a worker.
_PIECE_SECONDS = 6


@dataclass(frozen=True)
class _Piece:
    """Seconds of one clip, frame by frame: phases are the clip's at each whole second."""

    clip: int
    phases: tuple[int, ...]
    rate: int
    width: int
    height: int


def _pieces(story: Story, rate: int, width: int, height: int) -> list[_Piece]:
    pieces: list[_Piece] = []
    clips, phases = (story.frame_index // PHASES).tolist(), (story.frame_index % PHASES).tolist()
    start = 0
    for second in range(1, story.seconds + 1):
        if second == story.seconds or clips[second] != clips[start] or second - start == _PIECE_SECONDS:
            pieces.append(_Piece(clips[start], tuple(phases[start:second]), rate, width, height))
            start = second
    return pieces


def _draw(piece: _Piece) -> bytes:
    """The piece's frames as packed 8-bit RGB."""
    torch.set_num_threads(1)
    within = torch.arange(piece.rate) / piece.rate
    phase = (torch.tensor(piece.phases, dtype=torch.float32)[:, None] + within).flatten()
    params = clip_params(torch.full((len(phase),), piece.clip), phase)
    images = background(params[:1], piece.width, piece.height).repeat(len(phase), 1, 1, 1)
    paint_actors(images, params)
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
                yield len(piece.phases) * rate, data
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
