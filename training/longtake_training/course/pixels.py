"""The bank's frames as pictures and as features, on the device that trains."""

import time
from pathlib import Path

import torch

from ..model.tower import VisionTower, pool
from ..town.bank import NFRAMES, bank_pictures, take_apart, tower_frames
from ..town.vocabulary import LOOKS, TEST_LOOKS

_AT_A_TIME = 2048


@torch.no_grad()
def draw_pixels(index: torch.Tensor, seed: int, say=print) -> torch.Tensor:
    """Frames `index` [frames], each degraded once -> uint8 [frames, 3, 112, 112]. All of the bank take 16 GB."""
    started = time.time()
    generator = torch.Generator(index.device).manual_seed(seed)
    images = torch.empty(len(index), 3, 112, 112, dtype=torch.uint8, device=index.device)
    for start in range(0, len(index), _AT_A_TIME):
        rows = slice(start, start + _AT_A_TIME)
        images[rows] = (tower_frames(bank_pictures(index[rows]), generator=generator) * 255).round().to(torch.uint8)
    say(f"drew {len(index)} frames in {time.time() - started:.1f} s")
    return images


def bank_pixels(count: int, device: str, seed: int, say=print) -> torch.Tensor:
    """The bank's first `count` frames as pictures."""
    return draw_pixels(torch.arange(count, device=device), seed, say)


def normalise(pixels: torch.Tensor) -> torch.Tensor:
    """Bytes to the tower's -1..1."""
    return pixels.float() / 127.5 - 1


def kept_back(count: int, device: str) -> torch.Tensor:
    """About `count` numbers of bank frames in looks that no video of the training shows, from all over the bank."""
    index = torch.arange(NFRAMES, device=device)
    look = take_apart(index).setting % LOOKS
    index = index[(look >= TEST_LOOKS[0]) & (look < TEST_LOOKS[1])]
    return index[:: len(index) // count]


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
    bank = fill_bank(tower, bank_pixels(count, device, seed, say), 4, say)
    torch.save(bank, path)
    return bank
