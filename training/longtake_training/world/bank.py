"""The finite bank of frames that videos are made of, and a clip's movement between whole seconds.

A flat frame index is ((((place * 8 + actor) * 8 + colour) * 6 + action) * VARIANTS + variant) * PHASES + phase.
Everything random about a clip (all but the phase) is a hash of its number, so a frame is the same on
every machine and never has to be stored.
"""

from typing import TypeVar

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import interpolate

from .degrade import degrade
from .draw import JITTER, FrameParams, render
from .vocabulary import ACTIONS, ACTORS, COLOURS, PHASES, PLACES, VARIANTS

CLIPS = len(PLACES) * len(ACTORS) * len(COLOURS) * len(ACTIONS) * VARIANTS
NFRAMES = CLIPS * PHASES

#: Bank frames are drawn at this size and then squashed, like a decoded video.
DRAWN_WIDTH, DRAWN_HEIGHT = 256, 144

Index = TypeVar("Index", int, np.ndarray, Tensor)


def clip_number(place: Index, actor: Index, colour: Index, action: Index, variant: Index) -> Index:
    """The clip of five vocabulary indices; times PHASES plus a phase it is a frame index."""
    clip = (place * len(ACTORS) + actor) * len(COLOURS) + colour
    return (clip * len(ACTIONS) + action) * VARIANTS + variant


def unflatten(index: Index) -> dict[str, Index]:
    """A frame index taken apart: place, actor, colour, action, variant, phase."""
    parts: dict[str, Index] = {}
    for name, size in (
        ("phase", PHASES),
        ("variant", VARIANTS),
        ("action", len(ACTIONS)),
        ("colour", len(COLOURS)),
        ("actor", len(ACTORS)),
    ):
        parts[name] = index % size
        index = index // size
    parts["place"] = index
    return parts


def _hash(clip: Tensor, salt: int) -> Tensor:
    """Numbers in 0..1 that look independent for every clip and salt."""
    z = (clip * 1000003 + salt * 7919 + 12345) % 2147483647
    z = (z * 48271 + salt) % 2147483647
    z = (z * 48271 + salt * 31) % 2147483647
    return ((z * 69621) % 2147483647).float() / 2147483647.0


def clip_params(clip: Tensor, phase: Tensor) -> FrameParams:
    """The frames of clips [n] at phases [n] in 0..PHASES, fractions included.

    At whole phases this is the bank. Between the last phase and the first of the next round the actor leaves
    on one side and comes back on the other, or shrinks again, within that one second.
    """
    parts = unflatten(clip * PHASES)
    action = parts["action"]
    done = phase.clamp(max=PHASES - 1) / (PHASES - 1)
    back = (phase - (PHASES - 1)).clamp(0, 1)
    # Travel from 0.85 to 0.15; the way back leads around the edge: 0.15 to -0.25, then 1.25 to 0.85.
    travel = 0.85 - 0.7 * done - torch.where(back < 0.5, 0.8 * back, 0.8 * back - 1.5)
    # A bow that is flat at whole seconds keeps a still actor alive without moving it in the bank.
    bob = 0.012 * torch.sin(2 * torch.pi * phase) * (action == 0)
    x = 0.2 + 0.6 * _hash(clip, 1)
    y = 0.26 + 0.48 * _hash(clip, 2) + bob
    size = 0.15 + 0.05 * _hash(clip, 3)
    x = torch.where(action == 1, travel, torch.where(action == 2, 1 - travel, x))
    y = torch.where(action == 3, travel, torch.where(action == 4, 1 - travel, y))
    size = torch.where(action == 5, 0.1 + 0.15 * (done - back), size)
    jitter = torch.stack([_hash(clip, 20 + k) for k in range(JITTER)], 1)
    return FrameParams(
        parts["place"], parts["actor"], parts["colour"], x, y, size, (_hash(clip, 4) - 0.5) * 0.5, jitter
    )


def bank_params(indices: Tensor) -> FrameParams:
    """The parameters of bank frames; indices int64 [n] on any device."""
    return clip_params(indices // PHASES, (indices % PHASES).float())


def random_params(count: int, device: torch.device | str, generator: torch.Generator | None = None) -> FrameParams:
    """Frames with everything drawn freely and evenly: what the tower is trained on beside the bank."""
    uniform = torch.rand(count, 8 + JITTER, device=device, generator=generator)
    place, actor, colour = (
        (uniform[:, k] * size).long().clamp(max=size - 1)
        for k, size in enumerate((len(PLACES), len(ACTORS), len(COLOURS)))
    )
    x, y, size = 0.12 + 0.76 * uniform[:, 3], 0.12 + 0.76 * uniform[:, 4], 0.09 + 0.17 * uniform[:, 5]
    return FrameParams(place, actor, colour, x, y, size, (uniform[:, 6] - 0.5) * 0.5, uniform[:, 8:])


def squash(images: Tensor, side: int) -> Tensor:
    """[n, 3, h, w] to [n, 3, side, side] by antialiased bicubic with a = -0.5, as the product's scaler does."""
    return interpolate(images, (side, side), mode="bicubic", antialias=True).clamp(0, 1)


def tower_frames(
    params: FrameParams, side: int = 112, generator: torch.Generator | None = None, clean: bool = False
) -> Tensor:
    """Frames as the tower gets them before normalisation: drawn, squashed and (unless clean) degraded.

    Returns float [n, 3, side, side] in 0..1. A few thousand frames at a time fit any GPU.
    """
    images = squash(render(params, DRAWN_WIDTH, DRAWN_HEIGHT), side)
    return images if clean else degrade(images, generator)
