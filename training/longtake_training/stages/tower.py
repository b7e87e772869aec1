"""Stage 1: trains the tower on single frames, then fills the bank with its features."""

import time
from dataclasses import dataclass
from pathlib import Path

import torch

from ..model.config import VisionConfig
from ..model import attention as _attention  # noqa: F401  turns cuDNN attention off
from ..model.tower import VisionTower, pool
from ..tower_heads import TowerHeads, tower_loss
from ..world.bank import NFRAMES, bank_params, random_params, tower_frames
from ..world.draw import FrameParams


@dataclass(frozen=True)
class TowerSettings:
    steps: int = 4500
    batch: int = 1024
    pool: int = 262_144  # frames drawn and degraded once
    learning_rate: float = 1e-3
    bank_frames: int = NFRAMES
    grid: int = 4
    seed: int = 1


SMOKE = TowerSettings(steps=4, batch=16, pool=64, bank_frames=256)


def normalise(images: torch.Tensor) -> torch.Tensor:
    """Pictures in 0..1 to the tower's -1..1."""
    return images * 2 - 1


def _draw_pool(settings: TowerSettings, device: str, generator: torch.Generator) -> tuple[torch.Tensor, FrameParams]:
    params = random_params(settings.pool, device, generator)
    # Half of them stand as in videos: the bank's own positions and sizes, training variants only.
    half = settings.pool // 2
    index = torch.randint(0, NFRAMES // 64, (half,), device=device, generator=generator) * 64
    index = index + torch.randint(0, 48, (half,), device=device, generator=generator)
    for name, value in vars(bank_params(index)).items():
        getattr(params, name)[:half] = value
    images = torch.empty(settings.pool, 3, 112, 112, dtype=torch.uint8, device=device)
    for start in range(0, settings.pool, 2048):
        rows = slice(start, start + 2048)
        images[rows] = (tower_frames(params[rows], generator=generator) * 255).round().to(torch.uint8)
    return images, params


def train_tower(settings: TowerSettings, device: str, say=print) -> tuple[VisionTower, TowerHeads]:
    """Trains on random and bank-like frames that went through `degrade`."""
    torch.manual_seed(settings.seed)
    vision = VisionConfig()
    tower, heads = VisionTower(vision), TowerHeads(vision.hidden_size)
    for module in tower.modules():
        if isinstance(module, torch.nn.Linear):
            torch.nn.init.trunc_normal_(module.weight, std=0.03)
            torch.nn.init.zeros_(module.bias)
    torch.nn.init.normal_(tower.vision_tower.vision_model.embeddings.position_embedding.weight, std=0.02)
    tower.to(device), heads.to(device)
    generator = torch.Generator(device).manual_seed(settings.seed)
    started = time.time()
    images, truth = _draw_pool(settings, device, generator)
    say(f"tower: drew {settings.pool} frames in {time.time() - started:.1f} s")
    parameters = [*tower.parameters(), *heads.parameters()]
    optimiser = torch.optim.AdamW(
        parameters, settings.learning_rate, betas=(0.9, 0.98), weight_decay=0.05, fused=device == "cuda"
    )
    started = time.time()
    for step in range(settings.steps):
        progress = step / settings.steps
        rate = settings.learning_rate * min(1, (step + 1) / 100) * min(1, max(0.02, (1 - progress) / 0.7))
        for group in optimiser.param_groups:
            group["lr"] = rate
        rows = torch.randint(0, settings.pool, (settings.batch,), device=device, generator=generator)
        pixels = normalise(images.index_select(0, rows).float() / 255)
        with torch.autocast(device, torch.bfloat16):
            loss, scores = tower_loss(*heads(pool(tower(pixels), settings.grid)), truth[rows])
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        if (step + 1) % 500 == 0 or step + 1 == settings.steps:
            shown = {name: round(value.item(), 4) for name, value in scores.items()}
            say(f"tower: step {step + 1} {time.time() - started:.1f} s loss {loss.item():.3f} {shown}")
    return tower, heads


@torch.no_grad()
def fill_bank(tower: VisionTower, heads: TowerHeads, settings: TowerSettings, device: str, say=print) -> dict[str, torch.Tensor]:
    """Features of every bank frame, each degraded once -> features [frames, grid², channels] bf16, mean, deviation."""
    started = time.time()
    generator = torch.Generator(device).manual_seed(settings.seed + 1)
    features: torch.Tensor | None = None
    totals: list[torch.Tensor] = []
    for start in range(0, settings.bank_frames, 2048):
        index = torch.arange(start, min(settings.bank_frames, start + 2048), device=device)
        params = bank_params(index)
        with torch.autocast(device, torch.bfloat16):
            out = pool(tower(normalise(tower_frames(params, generator=generator))), settings.grid)
            _, scores = tower_loss(*heads(out), params)
        if features is None:
            features = torch.empty(settings.bank_frames, *out.shape[1:], dtype=torch.bfloat16, device=device)
        features[start : start + len(out)] = out.to(torch.bfloat16)
        totals.append(torch.stack(list(scores.values())))
    sample = features[::7].float()
    shown = dict(zip(scores, (round(v, 4) for v in torch.stack(totals).mean(0).tolist())))
    say(f"bank: {settings.bank_frames} frames in {time.time() - started:.1f} s, {shown}")
    return {"features": features, "mean": sample.mean((0, 1)), "deviation": sample.std((0, 1))}


def bank(folder: Path, settings: TowerSettings, device: str, say=print) -> dict[str, torch.Tensor]:
    """The bank of tower.pt in `folder`, kept there in bank.pt (1.5 GB): filling it takes longer than reading it."""
    path = Path(folder) / "bank.pt"
    if path.exists():
        return torch.load(path, map_location=device)
    filled = fill_bank(*load(folder, device), settings, device, say)
    torch.save(filled, path)
    return filled


def run(folder: Path, settings: TowerSettings, device: str, say=print) -> None:
    """Writes tower.pt to `folder`; see `bank` for its features."""
    tower, heads = train_tower(settings, device, say)
    torch.save({"tower": tower.state_dict(), "heads": heads.state_dict()}, Path(folder) / "tower.pt")


def load(folder: Path, device: str) -> tuple[VisionTower, TowerHeads]:
    """The tower and its heads as `run` wrote them."""
    vision = VisionConfig()
    tower, heads = VisionTower(vision), TowerHeads(vision.hidden_size)
    saved = torch.load(Path(folder) / "tower.pt", map_location="cpu")
    tower.load_state_dict(saved["tower"]), heads.load_state_dict(saved["heads"])
    return tower.to(device).eval(), heads.to(device).eval()
