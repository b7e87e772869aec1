"""Stages 2 and 3: video-language adaptation with the tower open, then instruction with the tower frozen, by phases."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from ...model.config import ModelConfig
from ...model.hour_llava import HourLlava
from ...model.tower import pool
from ...prompt import PromptCodec
from ...tokenizer import load_tokenizer
from ..batches import ASKED, TRACKED
from ..heads import Heads
from ..losses import Losses, Sight, Weights, batch_loss
from ..pixels import normalise
from ..schedule import GATE_SHARE, PHASES, Phase
from ..state import load_state, save_state
from ..stream import BatchStream


@dataclass(frozen=True)
class VideoSettings:
    phases: tuple[Phase, ...] = PHASES
    sight: Sight = Sight()
    #: Whether parts of the auxiliary loss are left out, for comparisons.
    weights: Weights = Weights()
    workers: int = 14
    noise: float = 0.1  # of each channel's deviation, added to the features
    weight_decay: float = 0.05
    warm_up: int = 200
    save_seconds: float = 45.0
    seed: int = 1


class Progress:
    """Running accuracy per kind in the current phase, which also decides how often each kind is asked."""

    def __init__(self) -> None:
        self.right = np.full(len(TRACKED), np.nan)
        self.recent: dict[int, list[float]] = {}

    def add(self, names: np.ndarray, right: np.ndarray) -> None:
        """names [batch, turns] (-1: none) and whether each turn's answer was right."""
        for name in np.unique(names[names >= 0]):
            share = float(right[:, : names.shape[1]][names == name].mean())
            self.right[name] = share if np.isnan(self.right[name]) else 0.95 * self.right[name] + 0.05 * share
            self.recent.setdefault(int(name), []).append(share)

    def weights(self, phase: Phase) -> list[float]:
        known = np.nan_to_num(self.right, nan=0.5)
        return [phase.kinds.get(name, 0.0) * (1.35 - known[k]) for k, name in enumerate(ASKED)]

    def passes(self, phase: Phase) -> bool:
        """Whether the phase may end by what it has learned; never by what was not measured."""
        return all(self.right[TRACKED.index(kind)] >= GATE_SHARE for kind in phase.gate)

    def summary(self) -> str:
        text = " ".join(f"{TRACKED[name]}:{100 * np.mean(v):.0f}" for name, v in sorted(self.recent.items(), key=lambda x: TRACKED[x[0]]))
        self.recent.clear()
        return text


class Trainer:
    """One run: `source` gives pixels to the open tower and features to the frozen one."""

    def __init__(self, folder: Path, settings: VideoSettings, config: ModelConfig, device: str, say):
        self.folder, self.settings, self.device, self.say = Path(folder), settings, device, say
        torch.manual_seed(settings.seed)
        self.model, self.heads = HourLlava(config).to(device), Heads(config.hidden_size).to(device)
        self.codec = PromptCodec(load_tokenizer(self.folder.parent / "tokenizer.json"))
        self.prefix = torch.tensor([self.codec.prefix], device=device)
        self.prefix_memaug = torch.tensor([self.codec.seen_by_memaug(self.codec.prefix)], device=device)
        tower = list(self.model.model.vision_tower.parameters())
        inside = {id(p) for p in tower}
        others = [p for module in (self.model, self.heads) for p in module.parameters() if id(p) not in inside]
        self.parameters = [*others, *tower]
        decay = settings.weight_decay
        groups = [
            {"params": [p for p in others if p.dim() > 1], "weight_decay": decay, "part": 1.0},
            {"params": [p for p in others if p.dim() <= 1], "weight_decay": 0.0, "part": 1.0},
            {"params": tower, "weight_decay": 0.0, "part": 0.0},
        ]
        self.optimiser = torch.optim.AdamW(groups, 1e-3, betas=(0.9, 0.98), fused=device == "cuda")
        self.phase, self.step, self.phase_step, self.warm_from = 0, 0, 0, 0
        self.pixels: torch.Tensor | None = None
        self.bank: dict[str, torch.Tensor] | None = None

    def resume(self, first: Path) -> str:
        """Goes on from the folder's state, or from the image stage's; says which."""
        saved = load_state(self.folder, self.device)
        if saved is None:
            saved = load_state(first, self.device)
            if saved is None:
                raise FileNotFoundError(f"{first} holds no state: run the image stage first")
            self.model.load_state_dict(saved["model"])
            self.heads.load_state_dict(saved["heads"])
            return "from the image stage"
        self.model.load_state_dict(saved["model"])
        self.heads.load_state_dict(saved["heads"])
        self.phase, self.step, self.phase_step, self.warm_from = (saved[name] for name in ("phase", "step", "phase_step", "warm_from"))
        if not saved["optimiser"]["state"]:
            self.warm_from = self.step  # it learns its moments again at a low rate
            return f"resumed at step {self.step}, without the optimiser's moments"
        self.optimiser.load_state_dict(saved["optimiser"])
        return f"resumed at step {self.step}"

    @property
    def finished(self) -> bool:
        return self.phase >= len(self.settings.phases)

    @property
    def tower_open(self) -> bool:
        return not self.finished and self.settings.phases[self.phase].tower > 0

    def save(self) -> None:
        save_state(self.folder, {
            "model": self.model.state_dict(), "heads": self.heads.state_dict(), "optimiser": self.optimiser.state_dict(), "phase": self.phase,
            "step": self.step, "phase_step": self.phase_step, "warm_from": self.warm_from,
        })  # fmt: skip

    def features(self, frame_index: torch.Tensor) -> torch.Tensor:
        """Features of bank frames [batch, frames] -> [batch, frames, grid², channels], with a little noise."""
        index = frame_index.flatten().long()
        if self.tower_open:
            assert self.pixels is not None
            # In a short video many frames repeat or lie in many rows: each is looked at once.
            unique, inverse = torch.unique(index % len(self.pixels), return_inverse=True)
            tower = self.model.model.vision_tower
            seen = pool(tower(normalise(self.pixels[unique])), self.model.config.mm_spatial_pool_grid)
            return seen.index_select(0, inverse).view(*frame_index.shape, *seen.shape[1:])
        assert self.bank is not None
        x = self.bank["features"].index_select(0, index % len(self.bank["features"]))
        x = torch.addcmul(x, torch.randn_like(x), self.bank["deviation"].to(x.dtype), value=self.settings.noise)
        x = x if self.device == "cuda" else x.float()
        return x.view(*frame_index.shape, *x.shape[1:])

    def train(self, deadline: float | None) -> bool:
        """Runs phases as long as the tower's state stays what it is; False where the deadline came first."""
        settings, was_open = self.settings, self.tower_open
        stream = BatchStream(settings.workers, settings.seed * 1000 + self.step, str(self.folder.parent / "tokenizer.json"), settings.phases, self.phase)
        progress, started, shown, saved = Progress(), time.time(), time.time(), time.time()
        pending, sums, unseen, seen = None, [], [], self.step
        try:
            for index, seconds, is_unseen, data in stream.batches(self.device):
                phase = settings.phases[self.phase]
                if is_unseen:
                    unseen.append(self._look(data))
                    continue
                losses = self._step(phase, data)
                self.step, self.phase_step = self.step + 1, self.phase_step + 1
                # Statistics one step late: the host never waits for the kernels it has just launched.
                pending, last = (index, data["names"], losses.right, losses.parts), pending
                if last is not None:
                    if last[0] == self.phase:
                        progress.add(last[1].cpu().numpy(), last[2].cpu().numpy())
                    sums.append(last[3])
                if self.step % 20 == 0:
                    stream.weights[:] = progress.weights(phase)
                now = time.time()
                done = self.phase_step >= (phase.steps if progress.passes(phase) else phase.most_steps)
                if now - shown > 20 or done:
                    told = f"unseen {100 * torch.stack(unseen).mean().item():.0f}" if unseen else ""
                    self._report(phase, progress, sums, losses, now - started, (now - shown) / max(1, self.step - seen), f"{seconds} {told}")
                    shown, seen, sums, unseen = now, self.step, [], []
                if now - saved > settings.save_seconds:
                    self.save()
                    saved = now
                if done:
                    self._next_phase(now - started)
                    progress = Progress()
                    if self.finished or self.tower_open != was_open:
                        return True
                    stream.phase_index.value = self.phase
                    stream.weights[:] = progress.weights(settings.phases[self.phase])
                if deadline and now > deadline:
                    return False
        finally:
            stream.close()
            self.save()
        return True

    @torch.no_grad()
    def _look(self, data: dict[str, torch.Tensor]) -> torch.Tensor:
        """Share of a batch's turns that are right; nothing is learned."""
        return self._losses(data, Weights()).share_right(data["names"])

    def _losses(self, data: dict[str, torch.Tensor], weights: Weights) -> Losses:
        with torch.autocast(self.device, torch.bfloat16, enabled=self.device == "cuda"):
            return batch_loss(self.model, self.heads, self.features(data["frame_index"]), self.prefix, self.prefix_memaug, data, weights, self.settings.sight)

    def _step(self, phase: Phase, data: dict[str, torch.Tensor]) -> Losses:
        settings, share = self.settings, min(1.0, self.phase_step / phase.steps)
        between = lambda pair: pair[0] + (pair[1] - pair[0]) * share
        warm = min(1.0, (self.step - self.warm_from + 1) / settings.warm_up)
        for group, part in zip(self.optimiser.param_groups, (1.0, 1.0, phase.tower)):
            group["lr"] = between(phase.rate) * warm * part
        loud = settings.weights
        weights = Weights(loud.rows, loud.attention, loud.card, loud.amount * between(phase.amount))
        losses = self._losses(data, weights)
        self.optimiser.zero_grad(set_to_none=True)
        losses.total.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimiser.step()
        return losses

    def _next_phase(self, elapsed: float) -> None:
        phases, ended = self.settings.phases, self.phase
        self.say(f"PHASE {phases[ended].name} ends after {self.phase_step} steps, {elapsed:.0f} s")
        self.phase, self.phase_step = ended + 1, 0
        if not self.finished and phases[self.phase].rate[0] > 2 * phases[ended].rate[1]:
            self.warm_from = self.step  # the rate jumps up again

    def _report(self, phase, progress, sums, losses, elapsed, step_seconds, what) -> None:
        parts = torch.stack(sums).mean(0).tolist() if sums else [0.0] * 4
        probes = " ".join(f"{name}:{100 * value.item():.0f}" for name, value in losses.probes.items())
        self.say(
            f"{phase.name} {self.phase_step}/{self.step} {elapsed:.0f} s {1000 * step_seconds:.0f} ms reply {parts[0]:.3f} rows {parts[1]:.3f} "
            f"look {parts[2]:.3f} card {parts[3]:.3f}\n  {progress.summary()}\n  T {what} {probes}"
        )
