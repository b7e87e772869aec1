"""From nothing to a trained model, or as much of it as the time allows: every call goes on where the last one stopped."""

import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import torch

from ..checkpoint import load_model
from ..model.config import ModelConfig
from ..model.hour_llava import HourLlava
from ..model.tower import VisionTower
from ..tokenizer import train_tokenizer
from ..town.bank import NFRAMES
from .corpus import corpus
from .losses import Sight, Weights
from .pixels import bank_pixels, feature_bank, fill_bank
from .schedule import PHASES, ROUNDS, SHAPES, SMOKE_PHASES, SMOKE_ROUNDS, VOCABULARY, Phase, scaled
from .stages import image
from .stages.video import Trainer, VideoSettings
from .state import has_state, load_state


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
    #: The rounds after the three stages, in order; comparisons at equal budgets do without.
    rounds: tuple[str, ...] = tuple(ROUNDS)
    #: A finished checkpoint that the rounds begin with, in place of the stages.
    start: Path | None = None

    @property
    def frames(self) -> int:
        return 32 if self.smoke else NFRAMES

    def variant_folder(self) -> Path:
        return self.folder / self.variant

    def round_folder(self, name: str) -> Path:
        return self.folder / f"{self.variant}-{name}"

    def last_folder(self) -> Path:
        """Where the state of the last stage or round is kept: what `make` exports."""
        return self.round_folder(self.rounds[-1]) if self.rounds else self.variant_folder()


def run(plan: Plan, device: str, minutes: float | None = None, say=print) -> bool:
    """Trains until it is done or the minutes are over; True when it is done.

    Raises KeyError for an unknown shape, ValueError where a checkpoint to begin with has another tokenizer than the run folder.
    """
    deadline = None if minutes is None else time.time() + 60 * minutes
    torch.backends.cuda.matmul.allow_tf32 = True
    plan.folder.mkdir(parents=True, exist_ok=True)
    plan.variant_folder().mkdir(exist_ok=True)
    if plan.start:
        _take_tokenizer(plan, plan.start)
        name, given = plan.start.name, partial(load_model, plan.start)
    elif _whole(plan, device, deadline, say):
        name, given = plan.variant, partial(kept_model, plan.variant_folder(), SHAPES[plan.shape])
    else:
        return False
    for each in plan.rounds:
        model = given()
        if not _round(plan, each, name, model, device, deadline, say):
            return False
        name, given = plan.round_folder(each).name, partial(kept_model, plan.round_folder(each), model.config)
    return True


def kept_model(folder: Path, config: ModelConfig) -> HourLlava:
    """The model of a run's state, on the CPU. Raises FileNotFoundError where nothing was kept."""
    saved = load_state(folder, "cpu")
    if saved is None:
        raise FileNotFoundError(f"{folder} holds no state")
    model = HourLlava(config)
    model.load_state_dict(saved["model"])
    return model


def _trainer(plan: Plan, folder: Path, phases: tuple[Phase, ...], config: ModelConfig, device: str, say) -> Trainer:
    settings = VideoSettings(
        phases, plan.sight, plan.weights, seed=plan.seed, workers=0 if plan.smoke else plan.workers, warm_up=2 if plan.smoke else 200,
    )  # fmt: skip
    return Trainer(folder, settings, config, device, say)


def _take_tokenizer(plan: Plan, checkpoint: Path) -> None:
    tokenizer, given = plan.folder / "tokenizer.json", (checkpoint / "tokenizer.json").read_bytes()
    if tokenizer.exists() and tokenizer.read_bytes() != given:
        raise ValueError(f"{plan.folder} has another tokenizer than {checkpoint}: name another --run-folder")
    tokenizer.write_bytes(given)


def _round(plan: Plan, name: str, origin: str, model: HourLlava, device: str, deadline: float | None, say) -> bool:
    """From a finished model; the throw-away heads begin anew, as a checkpoint has none."""
    folder = plan.round_folder(name)
    folder.mkdir(exist_ok=True)
    phases = SMOKE_ROUNDS[name] if plan.smoke else scaled(ROUNDS[name], plan.scale)
    trainer = _trainer(plan, folder, phases, model.config, device, say)
    if has_state(folder):
        say(f"{folder.name}: {trainer.resume(folder)}")
    else:
        trainer.model.load_state_dict(model.state_dict())
        say(f"{folder.name}: from {origin}")
    if trainer.finished:
        return True
    # The tower stays what it was: a bank that is there serves.
    trainer.bank = feature_bank(plan.variant_folder(), trainer.model.model.vision_tower, plan.frames, device, plan.seed, say)
    return trainer.train(deadline)


def _whole(plan: Plan, device: str, deadline: float | None, say) -> bool:
    tokenizer = plan.folder / "tokenizer.json"
    if not tokenizer.exists():
        train_tokenizer(corpus(plan.seed, 60 if plan.smoke else 2500), VOCABULARY).save(str(tokenizer))
    config = SHAPES[plan.shape]
    first = plan.folder / "image"
    # A variant that has begun needs the image stage no more: of a run that moves to another machine, its state is enough.
    if not has_state(first) and not has_state(plan.variant_folder()):
        given = image.SMOKE if plan.smoke else replace(image.ImageSettings(), workers=plan.workers)
        image.run(plan.folder, replace(given, seed=plan.seed, talks=plan.image_language), config, device, say)
    if deadline and time.time() > deadline:
        return False
    trainer = _trainer(plan, plan.variant_folder(), scaled(PHASES, plan.scale) if not plan.smoke else SMOKE_PHASES, config, device, say)
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
