"""Stage 2: trains projector, MemAug and decoder on questions about videos, short ones first."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from ..heads import Heads
from ..initialise import fold_feature_statistics, initialise
from ..losses import Weights, batch_loss
from ..model.config import ModelConfig
from ..model.hour_llava import HourLlava
from ..prompt import PromptCodec
from ..schedule import PHASES, SMOKE, Phase
from ..tokenizer import load_tokenizer
from ..workers import BatchStream
from ..world.questions import KINDS
from . import tower as tower_stage


@dataclass(frozen=True)
class InstructSettings:
    phases: tuple[Phase, ...] = PHASES
    seed: int = 1
    workers: int = 14
    noise: float = 0.1  # of each channel's deviation, added to the features
    weight_decay: float = 0.05
    warm_up: int = 200
    local_prior: float = 8.0
    save_seconds: float = 60.0
    last_phase: int = len(PHASES) - 1


class Progress:
    """Running accuracy per kind in the current phase, which also decides how often each kind is asked."""

    def __init__(self) -> None:
        self.right: dict[str, float] = {}
        self.recent: dict[str, list[float]] = {}

    def add(self, kinds: list[str], right: list[float]) -> None:
        for kind, share in zip(kinds, right):
            self.right[kind] = 0.95 * self.right.get(kind, share) + 0.05 * share
            self.recent.setdefault(kind, []).append(share)

    def weights(self, phase: Phase) -> list[float]:
        return [phase.kinds.get(kind, 0.0) * (0.35 + 1 - self.right.get(kind, 0.5)) for kind in KINDS]

    def summary(self) -> str:
        text = " ".join(f"{kind}:{100 * np.mean(v):.0f}" for kind, v in sorted(self.recent.items()))
        self.recent.clear()
        return text


class Trainer:
    def __init__(self, folder: Path, settings: InstructSettings, config: ModelConfig, bank: dict[str, torch.Tensor], device: str, say):
        self.folder, self.settings, self.device, self.say = Path(folder), settings, device, say
        self.bank = bank["features"]
        self.deviation = bank["deviation"].to(torch.bfloat16)
        torch.manual_seed(settings.seed)
        self.model, self.heads = HourLlava(config), Heads(config.hidden_size)
        initialise(self.model, settings.local_prior)
        fold_feature_statistics(self.model, bank["mean"].cpu(), bank["deviation"].cpu())
        self.model.model.vision_tower.requires_grad_(False)
        self.model.to(device), self.heads.to(device)
        self.codec = PromptCodec(load_tokenizer(self.folder / "tokenizer.json"))
        self.prefix = torch.tensor([self.codec.prefix], device=device)
        self.prefix_memaug = torch.tensor([self.codec.seen_by_memaug(self.codec.prefix)], device=device)
        self.parameters = [p for m in (self.model, self.heads) for p in m.parameters() if p.requires_grad]
        groups = [
            {"params": [p for p in self.parameters if p.dim() > 1], "weight_decay": settings.weight_decay},
            {"params": [p for p in self.parameters if p.dim() <= 1], "weight_decay": 0.0},
        ]
        self.optimiser = torch.optim.AdamW(groups, 1e-3, betas=(0.9, 0.98), fused=device == "cuda")
        self.phase, self.step, self.phase_step, self.warm_from = 0, 0, 0, 0

    def resume(self) -> bool:
        """Continues from the folder's state, if there is one."""
        path = self.folder / "instruct.pt"
        if not path.exists():
            return False
        saved = torch.load(path, map_location=self.device)
        self.model.load_state_dict(saved["model"])
        # A state that travelled may come without the optimiser, and from before a head was added.
        self.heads.load_state_dict(saved["heads"], strict=False)
        if "optimiser" in saved:
            self.optimiser.load_state_dict(saved["optimiser"])
        self.phase, self.step, self.phase_step = saved["phase"], saved["step"], saved["phase_step"]
        self.warm_from = self.step
        return True

    def finished(self) -> bool:
        last = min(self.settings.last_phase, len(self.settings.phases) - 1)
        return self.phase >= last and self.phase_step >= self.settings.phases[last].steps

    def save(self) -> None:
        state = {
            "model": self.model.state_dict(), "heads": self.heads.state_dict(), "optimiser": self.optimiser.state_dict(),
            "phase": self.phase, "step": self.step, "phase_step": self.phase_step,
        }  # fmt: skip
        path = self.folder / "instruct.pt"
        torch.save(state, path.with_suffix(".tmp"))
        path.with_suffix(".tmp").rename(path)

    def features(self, frame_index: torch.Tensor) -> torch.Tensor:
        """Bank features of frames [batch, frames], with a little noise -> [batch, frames, grid², channels]."""
        index = frame_index.flatten().long()
        if len(self.bank) < tower_stage.NFRAMES:
            index = index % len(self.bank)  # a smoke run's bank holds only the first frames
        x = self.bank.index_select(0, index)
        x = torch.addcmul(x, torch.randn_like(x), self.deviation, value=self.settings.noise)
        return x.view(*frame_index.shape, *x.shape[1:])

    def run(self, deadline: float | None = None) -> None:
        settings = self.settings
        phases = settings.phases
        stream = BatchStream(settings.workers, settings.seed * 1000 + self.step, str(self.folder / "tokenizer.json"), phases, self.phase)
        progress, started, shown, saved = Progress(), time.time(), time.time(), time.time()
        pending, sums, seen = None, [], self.step
        for index, kinds, seconds, data in stream.batches(self.device):
            phase = phases[self.phase]
            share = self.phase_step / phase.steps
            between = lambda pair: pair[0] + (pair[1] - pair[0]) * min(1.0, share)
            warm = min(1.0, (self.step - self.warm_from + 1) / settings.warm_up)
            for group in self.optimiser.param_groups:
                group["lr"] = between(phase.rate) * warm
            weights = Weights(amount=between(phase.amount))
            with torch.autocast(self.device, torch.bfloat16):
                losses = batch_loss(self.model, self.heads, self.features(data["frame_index"]), self.prefix, self.prefix_memaug, data, weights)
            self.optimiser.zero_grad()
            losses.total.backward()
            torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
            self.optimiser.step()
            self.step, self.phase_step = self.step + 1, self.phase_step + 1
            # Statistics one step late: the host never waits for the kernels it has just launched.
            pending, last = (index, kinds, losses.turn_right, losses.parts), pending
            if last is not None:
                if last[0] == self.phase:
                    progress.add(last[1], last[2].tolist())
                sums.append(last[3])
            if self.step % 20 == 0:
                stream.kind_weights[:] = progress.weights(phase)
            now = time.time()
            if now - shown > 15 or self.phase_step == phase.steps:
                self._report(phase, weights, progress, sums, losses, now - started, (now - shown) / max(1, self.step - seen), seconds)
                shown, seen, sums = now, self.step, []
            if now - saved > settings.save_seconds:
                self.save()
                saved = now
            done = self.phase_step >= phase.steps
            if done or self._told("next"):
                self.say(f"PHASE {phase.name} ends after {self.phase_step} steps, {now - started:.0f} s | {progress.summary()}")
                if self.phase == min(settings.last_phase, len(phases) - 1):
                    break
                self.phase, self.phase_step, progress = self.phase + 1, 0, Progress()
                if phases[self.phase].rate[0] > 2 * phase.rate[1]:
                    self.warm_from = self.step  # the rate jumps up again
                stream.phase_index.value = self.phase
                stream.kind_weights[:] = progress.weights(phases[self.phase])
                self.save()
            if (deadline and now > deadline) or self._told("stop"):
                break
        stream.close()
        self.save()

    def _told(self, word: str) -> bool:
        """Whether a file of that name was put beside the state, a way to steer a run; it is used up."""
        path = self.folder / word
        if self.step % 20 or not path.exists():
            return False
        path.unlink()
        return True

    def _report(self, phase, weights, progress, sums, losses, elapsed, step_seconds, seconds) -> None:
        parts = torch.stack(sums).mean(0).tolist() if sums else [0.0] * 4
        probes = " ".join(f"{name}:{100 * value.item():.0f}" for name, value in losses.probes.items())
        self.say(
            f"{phase.name} {self.phase_step}/{self.step} {elapsed:.0f} s {1000 * step_seconds:.0f} ms aux {weights.amount:.2f} "
            f"reply {parts[0]:.3f} rows {parts[1]:.3f} look {parts[2]:.3f} card {parts[3]:.3f} | {progress.summary()} | T {seconds} {probes}"
        )


def smoke_settings() -> InstructSettings:
    return InstructSettings(phases=SMOKE, workers=1, warm_up=2, last_phase=len(SMOKE) - 1)


def run(folder: Path, settings: InstructSettings, config: ModelConfig, tower_settings, device: str, say=print, deadline: float | None = None) -> None:
    """Trains from tower.pt and tokenizer.json in `folder`, and keeps instruct.pt there. Continues if it exists."""
    torch.backends.cuda.matmul.allow_tf32 = True
    tower, _ = tower_stage.load(folder, device)
    bank = tower_stage.bank(folder, tower_settings, device, say)
    trainer = Trainer(folder, settings, config, bank, device, say)
    trainer.model.model.vision_tower.load_state_dict(tower.state_dict())
    say(f"instruct: {'resumed at step ' + str(trainer.step) if trainer.resume() else 'from nothing'}")
    if not trainer.finished():
        trainer.run(deadline)
