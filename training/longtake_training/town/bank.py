"""The finite bank of frames that videos are made of.

A setting is a place, its resident and a look (the resident's colour, where it stands, time of day). Four sections
follow each other in the bank: settings alone, with a visitor, under weather, with a sign. Everything random about a
clip is a hash of its number, so a frame is the same on every machine and never has to be stored.

Numbers go on after the bank's last frame: the same places, residents, visits, weather and signs once more, in other
looks. The tower learns from those (`loose_frame`).
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import interpolate

from .degrade import degrade
from .draw import Pictures, render
from .setting import JITTER, FrameParams
from .vocabulary import ACTIONS, COLOURS, FIGURES, LOOKS, PLACES, SIGNS, WEATHERS

#: Seconds of a clip before it repeats, by section.
ALONE_SECONDS, VISIT_SECONDS, WEATHER_SECONDS, SIGN_SECONDS = 6, 5, 4, 4
#: Different visits of one figure to one setting: each has its own colour, movement and height.
TAKES = 2

SETTINGS = len(PLACES) * len(FIGURES) * LOOKS
_SIZES = (
    SETTINGS * ALONE_SECONDS,
    SETTINGS * len(FIGURES) * TAKES * VISIT_SECONDS,
    SETTINGS * len(WEATHERS) * WEATHER_SECONDS,
    SETTINGS * len(SIGNS) * SIGN_SECONDS,
)
_VISITS, _WEATHER, _SIGNS = (sum(_SIZES[:k]) for k in (1, 2, 3))
NFRAMES = sum(_SIZES)

#: Bank frames are drawn at this size and then squashed, like a decoded video.
DRAWN_WIDTH, DRAWN_HEIGHT = 256, 144

Index = TypeVar("Index", int, np.ndarray, Tensor)


def loose_frame(number: Index) -> Index:
    """Frames 0, 1, … that all have looks of their own.

    A bank has few looks: a tower that sees only those learns who lives in which picture instead of learning to see who is there
    (training/LOG.md).
    """
    return NFRAMES * (number + 1) + hashed(number, 7) % NFRAMES


def setting_number(place: Index, resident: Index, look: Index) -> Index:
    return (place * len(FIGURES) + resident) * LOOKS + look


def alone_frame(setting: Index, second: Index) -> Index:
    """The frame of a setting by itself; seconds may run on."""
    return setting * ALONE_SECONDS + second % ALONE_SECONDS


def visit_clip(setting: Index, figure: Index, take: Index) -> Index:
    """A number for everything that is random about one visit."""
    return (setting * len(FIGURES) + figure) * TAKES + take


def visit_frame(setting: Index, figure: Index, take: Index, second: Index) -> Index:
    return _VISITS + visit_clip(setting, figure, take) * VISIT_SECONDS + second


def weather_frame(setting: Index, weather: Index, second: Index) -> Index:
    return _WEATHER + (setting * len(WEATHERS) + weather) * WEATHER_SECONDS + second % WEATHER_SECONDS


def sign_frame(setting: Index, sign: Index, second: Index) -> Index:
    return _SIGNS + (setting * len(SIGNS) + sign) * SIGN_SECONDS + second


def hashed(number: Index, salt: int) -> Index:
    """Whole numbers in 0..2147483647 that look independent for every number and salt, neighbours too.

    Shifts mix what products alone leave in a row: with those, looks of one place with one resident went from noon to
    evening in order, and the looks kept for tests were the evenings (training/LOG.md).
    """
    z = (number + salt * 0x9E3779B1) & 0xFFFFFFFF
    z = (z ^ z >> 16) * 0x45D9F3B & 0xFFFFFFFF
    z = (z ^ z >> 16) * 0x45D9F3B & 0xFFFFFFFF
    return (z ^ z >> 16) & 0x7FFFFFFF


def resident_colour(setting: Index) -> Index:
    return hashed(setting, 1) % len(COLOURS)


def resident_side(setting: Index) -> Index:
    """0: the resident stands in the left half, 1: in the right."""
    return hashed(setting, 2) // 16 % 2


def visit_colour(clip: Index) -> Index:
    return hashed(clip, 41) % len(COLOURS)


def visit_action(clip: Index) -> Index:
    return hashed(clip, 42) // 8 % len(ACTIONS)


@dataclass
class Parts:
    """Bank frames taken apart; figure, take, weather and sign are -1 where there is none. int64 [n]."""

    setting: Tensor
    figure: Tensor
    take: Tensor
    weather: Tensor
    sign: Tensor
    second: Tensor

    @property
    def place(self) -> Tensor:
        return self.setting % SETTINGS // (len(FIGURES) * LOOKS)

    @property
    def resident(self) -> Tensor:
        return self.setting // LOOKS % len(FIGURES)


def take_apart(index: Tensor) -> Parts:
    """Frames [n], of the bank and after it -> what they show. Settings after the bank's have the same place and resident in another look."""
    beyond, index = index // NFRAMES, index % NFRAMES
    visits, weather, signs = ((index >= low) & (index < high) for low, high in ((_VISITS, _WEATHER), (_WEATHER, _SIGNS), (_SIGNS, NFRAMES)))
    alone = ~(visits | weather | signs)
    none = torch.full_like(index, -1)
    pick = lambda *pairs: sum(torch.where(where, value, 0) for where, value in pairs)
    visit, spell, board = index - _VISITS, index - _WEATHER, index - _SIGNS
    clip = visit // VISIT_SECONDS
    return Parts(
        SETTINGS * beyond + pick(
            (alone, index // ALONE_SECONDS), (visits, clip // (len(FIGURES) * TAKES)),
            (weather, spell // (len(WEATHERS) * WEATHER_SECONDS)), (signs, board // (len(SIGNS) * SIGN_SECONDS)),
        ),
        torch.where(visits, clip // TAKES % len(FIGURES), none),
        torch.where(visits, clip % TAKES, none),
        torch.where(weather, spell // WEATHER_SECONDS % len(WEATHERS), none),
        torch.where(signs, board // SIGN_SECONDS % len(SIGNS), none),
        pick((alone, index % ALONE_SECONDS), (visits, visit % VISIT_SECONDS), (weather, spell % WEATHER_SECONDS), (signs, board % SIGN_SECONDS)),
    )  # fmt: skip


def _share(number: Tensor, salt: int) -> Tensor:
    return hashed(number, salt).float() / 2147483647.0


def pictures(parts: Parts, fraction: Tensor | None = None) -> Pictures:
    """What to draw for bank frames, `fraction` [n] of a second later; at whole seconds this is the bank."""
    setting, zero = parts.setting, torch.zeros_like(parts.setting)
    late = torch.zeros(len(setting), device=setting.device) if fraction is None else fraction
    phase = parts.second.float() + late
    jitter = torch.stack([_share(setting, 60 + k) for k in range(JITTER)], 1)
    right = resident_side(setting)
    # The resident sways within a second, so that a quiet scene is alive; at whole seconds it is where it was.
    sway = torch.sin(2 * torch.pi * late)
    resident = FrameParams(
        parts.place, parts.resident, resident_colour(setting),
        torch.where(right == 1, 0.74, 0.26) + 0.1 * (_share(setting, 3) - 0.5), 0.5 + 0.22 * _share(setting, 4) + 0.01 * sway,
        0.13 + 0.04 * _share(setting, 5), 0.4 * (_share(setting, 6) - 0.5), jitter,
    )  # fmt: skip
    clip = visit_clip(setting, parts.figure.clamp(min=0), parts.take.clamp(min=0))
    action = visit_action(clip)
    # Between the last second and the end of the visit the movement goes on at the same pace.
    done = phase / (VISIT_SECONDS - 1)
    across = 0.16 * (1 - 2 * done)
    centre = torch.where(right == 1, 0.26, 0.74)
    x = centre + torch.where(action == 1, across, torch.where(action == 2, -across, 0.08 * (_share(clip, 43) - 0.5)))
    y = 0.42 + 0.3 * _share(clip, 44)
    y = torch.where(action == 3, 0.8 - 0.55 * done, torch.where(action == 4, 0.25 + 0.55 * done, y))
    y = y + torch.where(action == 0, 0.01 * sway, 0 * sway)
    size = torch.where(action == 5, 0.08 + 0.13 * done, 0.13 + 0.04 * _share(clip, 45))
    visitor = FrameParams(parts.place, parts.figure, visit_colour(clip), x, y, size, 0.4 * (_share(clip, 46) - 0.5) + zero, jitter)
    return Pictures(resident, visitor, parts.weather, parts.sign, phase)


def bank_pictures(index: Tensor) -> Pictures:
    """Bank frames [n] by number."""
    return pictures(take_apart(index))


def _squash(images: Tensor, side: int) -> Tensor:
    """[n, 3, h, w] to [n, 3, side, side] by antialiased bicubic with a = -0.5, as the product's scaler does."""
    return interpolate(images, (side, side), mode="bicubic", antialias=True).clamp(0, 1)


def tower_frames(what: Pictures, side: int = 112, generator: torch.Generator | None = None, clean: bool = False) -> Tensor:
    """Frames as the tower gets them before normalisation, float [n, 3, side, side] in 0..1: drawn, squashed, degraded unless clean."""
    images = _squash(render(what, DRAWN_WIDTH, DRAWN_HEIGHT), side)
    return images if clean else degrade(images, generator)
