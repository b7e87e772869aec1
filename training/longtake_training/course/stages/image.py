"""Stage 1, image and language: the tower learns to see single pictures while the rest learns to speak about them."""

import time
from dataclasses import dataclass
from pathlib import Path

import torch

from ...initialise import fold_feature_statistics, initialise
from ...model.config import ModelConfig
from ...model.hour_llava import HourLlava
from ...prompt import PromptCodec
from ...tokenizer import load_tokenizer
from ...town.bank import loose_frame
from ..heads import Heads
from ..losses import Weights, batch_loss
from ..picture_heads import PictureHeads, picture_loss
from ..pixels import draw_pixels, kept_back, normalise
from ..state import save_state
from ..stream import BatchStream


@dataclass(frozen=True)
class ImageSettings:
    steps: int = 4000
    batch: int = 1024
    pool: int = 409_600  # frames, each in a look of its own
    #: Every so many steps, pictures with conversations as well: the whole model learns from those.
    talk_every: int = 3
    talk_batch: int = 192
    talk_after: int = 600  # what the tower sees must mean something first
    talks: bool = True
    rate: float = 1e-3
    workers: int = 14
    seed: int = 1


SMOKE = ImageSettings(steps=2, batch=8, pool=32, talk_every=1, talk_batch=4, talk_after=1, workers=1)


def run(folder: Path, settings: ImageSettings, config: ModelConfig, device: str, say=print) -> None:
    """Writes image/state-… in `folder`."""
    out = Path(folder) / "image"
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(settings.seed)
    model, heads, pictures = HourLlava(config), Heads(config.hidden_size), PictureHeads(config.vision.hidden_size)
    initialise(model)
    tower = model.model.vision_tower
    for module in tower.modules():
        if isinstance(module, torch.nn.Linear):
            torch.nn.init.trunc_normal_(module.weight, std=0.03)
            torch.nn.init.zeros_(module.bias)
    torch.nn.init.normal_(tower.vision_tower.vision_model.embeddings.position_embedding.weight, std=0.02)
    for module in (model, heads, pictures):
        module.to(device)
    parameters = [p for module in (model, heads, pictures) for p in module.parameters()]
    optimiser = torch.optim.AdamW(parameters, settings.rate, betas=(0.9, 0.98), weight_decay=0.05, fused=device == "cuda")
    codec = PromptCodec(load_tokenizer(Path(folder) / "tokenizer.json"))
    prefix = torch.tensor([codec.prefix], device=device)
    prefix_memaug = torch.tensor([codec.seen_by_memaug(codec.prefix)], device=device)
    stream = BatchStream(settings.workers, settings.seed * 7919, str(Path(folder) / "tokenizer.json"), (), images=(settings.talk_batch, settings.pool))
    talks = stream.batches(device)
    shows, unseen = loose_frame(torch.arange(settings.pool, device=device)), kept_back(min(2048, settings.pool), device)
    pixels, unseen_pixels = (draw_pixels(index, settings.seed, say) for index in (shows, unseen))
    generator = torch.Generator(device).manual_seed(settings.seed)
    started, said, right = time.time(), None, 0.0
    try:
        for step in range(settings.steps):
            progress = step / settings.steps
            rate = settings.rate * min(1, (step + 1) / 100) * min(1, max(0.02, (1 - progress) / 0.6))
            for group in optimiser.param_groups:
                group["lr"] = rate
            rows = torch.randint(0, settings.pool, (settings.batch,), device=device, generator=generator)
            talk = settings.talks and step >= settings.talk_after and step % settings.talk_every == 0
            with torch.autocast(device, torch.bfloat16, enabled=device == "cuda"):
                features = model.encode_frames(normalise(pixels[rows]))
                loss, scores = picture_loss(pictures, features, shows[rows])
                if step == settings.talk_after:
                    seen = features.detach().float()
                    fold_feature_statistics(model, seen.mean((0, 1)), seen.std((0, 1)))
                if talk:
                    data = next(talks).data
                    shown = model.encode_frames(normalise(pixels[data["frame_index"][:, 0].long()]))
                    losses = batch_loss(model, heads, shown[:, None], prefix, prefix_memaug, data, Weights(amount=0.5))
                    loss, said = loss + losses.total, losses.parts[0]
                    right = losses.share_right(data["names"])
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            if (step + 1) % 300 == 0 or step + 1 == settings.steps:
                shown_scores = " ".join(f"{name}:{100 * value.item():.1f}" for name, value in scores.items())
                reply = f"reply {said.item():.3f} right {100 * float(right):.0f}" if said is not None else ""
                with torch.no_grad(), torch.autocast(device, torch.bfloat16, enabled=device == "cuda"):
                    _, new = picture_loss(pictures, model.encode_frames(normalise(unseen_pixels)), unseen)
                worst = min(new, key=lambda name: new[name].item())
                say(f"image {step + 1} {time.time() - started:.0f} s loss {loss.item():.3f} {shown_scores} unseen {worst}:{100 * new[worst].item():.1f} {reply}")
    finally:
        stream.close()
    save_state(out, {"model": model.state_dict(), "heads": heads.state_dict(), "optimiser": {"state": {}}})
    say(f"STAGE image ends after {settings.steps} steps, {time.time() - started:.0f} s")
