"""The bank's frames as pictures and as features, on the device that trains."""

import time
from pathlib import Path

import torch

from ..model.tower import VisionTower, pool
from ..town.bank import NFRAMES, bank_pictures, take_apart, tower_frames
from ..town.vocabulary import LOOKS

_AT_A_TIME = 2048


@torch.no_grad()
def draw_pixels(count: int, device: str, seed: int, say=print) -> torch.Tensor:
    """The first `count` bank frames, each degraded once -> uint8 [frames, 3, 112, 112]. All of them take 16 GB."""
    started = time.time()
    generator = torch.Generator(device).manual_seed(seed)
    images = torch.empty(count, 3, 112, 112, dtype=torch.uint8, device=device)
    for start in range(0, count, _AT_A_TIME):
        index = torch.arange(start, min(count, start + _AT_A_TIME), device=device)
        images[start : start + len(index)] = (tower_frames(bank_pictures(index), generator=generator) * 255).round().to(torch.uint8)
    say(f"drew {count} of {NFRAMES} frames in {time.time() - started:.1f} s")
    return images


def normalise(pixels: torch.Tensor) -> torch.Tensor:
    """Bytes to the tower's -1..1."""
    return pixels.float() / 127.5 - 1


def frames_of(looks: tuple[int, int], count: int, device: str) -> torch.Tensor:
    """Numbers of the bank frames below `count` that show looks from the first to before the second."""
    index = torch.arange(count, device=device)
    look = take_apart(index).setting % LOOKS
    return index[(look >= looks[0]) & (look < looks[1])]


@torch.no_grad()
def fill_bank(tower: VisionTower, pixels: torch.Tensor, grid: int, say=print) -> dict[str, torch.Tensor]:
    """Features of all pixels [frames, grid², channels] bf16, and their mean and deviation by channel."""
    started = time.time()
    features = None
    for start in range(0, len(pixels), _AT_A_TIME):
        with torch.autocast(pixels.device.type, torch.bfloat16, enabled=pixels.device.type == "cuda"):
            out = pool(tower(normalise(pixels[start : start + _AT_A_TIME])), grid).to(torch.bfloat16)
        if features is None:
            features = torch.empty(len(pixels), *out.shape[1:], dtype=torch.bfloat16, device=pixels.device)
        features[start : start + len(out)] = out
    say(f"bank: {len(pixels)} frames in {time.time() - started:.1f} s")
    sample = features[::7].float()
    return {"features": features, "mean": sample.mean((0, 1)), "deviation": sample.std((0, 1))}


def feature_bank(folder: Path, tower: VisionTower, count: int, device: str, seed: int, say=print) -> dict[str, torch.Tensor]:
    """The features of the finished tower, kept in `bank.pt`: reading 3 GB is quicker than drawing them again."""
    path = Path(folder) / "bank.pt"
    if path.exists():
        return torch.load(path, map_location=device)
    bank = fill_bank(tower, draw_pixels(count, device, seed, say), 4, say)
    torch.save(bank, path)
    return bank
