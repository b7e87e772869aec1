"""From nothing to a trained model, or as much of it as the time allows: every call goes on where the last one stopped."""

import time
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from ..model.tower import VisionTower
from ..tokenizer import train_tokenizer
from ..town.bank import NFRAMES
from .corpus import corpus
from .losses import Sight, Weights
from .pixels import bank_pixels, feature_bank, fill_bank
from .schedule import PHASES, SHAPES, SMOKE_PHASES, VOCABULARY, scaled
from .stages import image
from .stages.video import Trainer, VideoSettings
from .state import has_state


@dataclass(frozen=True)
class Plan:
    """What to train. Variants with one run folder share its tokenizer and its image stage."""

    folder: Path
    variant: str = "memaug"
    shape: str = "small"
    sight: Sight = Sight()
    weights: Weights = Weights()
    image_language: bool = True
    scale: float = 1.0
    seed: int = 1
    workers: int = 14
    smoke: bool = False

    @property
    def frames(self) -> int:
        return 32 if self.smoke else NFRAMES

    def variant_folder(self) -> Path:
        return self.folder / self.variant


def run(plan: Plan, device: str, minutes: float | None = None, say=print) -> bool:
    """Trains until it is done or the minutes are over; True when it is done. Raises ValueError for an unknown shape."""
    deadline = None if minutes is None else time.time() + 60 * minutes
    torch.backends.cuda.matmul.allow_tf32 = True
    plan.folder.mkdir(parents=True, exist_ok=True)
    tokenizer = plan.folder / "tokenizer.json"
    if not tokenizer.exists():
        train_tokenizer(corpus(plan.seed, 60 if plan.smoke else 2500), VOCABULARY).save(str(tokenizer))
    config = SHAPES[plan.shape]
    settings = VideoSettings(
        scaled(PHASES, plan.scale) if not plan.smoke else SMOKE_PHASES, plan.sight, plan.weights, seed=plan.seed,
        workers=0 if plan.smoke else plan.workers, warm_up=2 if plan.smoke else 200,
    )  # fmt: skip
    first = plan.folder / "image"
    # A variant that has begun needs the image stage no more: of a run that moves to another machine, its state is enough.
    if not has_state(first) and not has_state(plan.variant_folder()):
        given = image.SMOKE if plan.smoke else replace(image.ImageSettings(), workers=plan.workers)
        image.run(plan.folder, replace(given, seed=plan.seed, talks=plan.image_language), config, device, say)
    if deadline and time.time() > deadline:
        return False
    plan.variant_folder().mkdir(exist_ok=True)
    trainer = Trainer(plan.variant_folder(), settings, config, device, say)
    say(f"{plan.variant}: {trainer.resume(first)}")
    if trainer.tower_open:
        trainer.pixels = bank_pixels(plan.frames, device, plan.seed, say)
        if not trainer.train(deadline):
            return False
    if trainer.finished:
        return True
    trainer.bank = _bank(plan, trainer.model.model.vision_tower, trainer.pixels, device, say)
    trainer.pixels = None
    return trainer.train(deadline)


def _bank(plan: Plan, tower: VisionTower, pixels: torch.Tensor | None, device: str, say) -> dict[str, torch.Tensor]:
    path = plan.variant_folder() / "bank.pt"
    if pixels is None or path.exists():
        return feature_bank(plan.variant_folder(), tower, plan.frames, device, plan.seed, say)
    bank = fill_bank(tower, pixels, SHAPES[plan.shape].mm_spatial_pool_grid, say)
    torch.save(bank, path)
    return bank
