"""Compares our modules with what the authors' own compute from the same weights."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from .checkpoint import load_model
from .model.memory import query_positions, repeat_to_minimum, retain
from .prompt import PromptCodec, split_for_memaug

IMAGE = -200


def _error(ours: torch.Tensor, theirs: torch.Tensor) -> float:
    return ((ours - theirs).norm() / theirs.norm()).item()


@torch.no_grad()
def check_golden(folder: Path) -> dict[str, dict[str, float]]:
    """Relative errors per case and tensor, and 1 or 0 for positions and for the greedily decoded ids."""
    folder = Path(folder)
    model = load_model(folder)
    codec = PromptCodec(Tokenizer.from_file(str(folder / "tokenizer.json")))
    expected = load_file(folder / "expected.safetensors")
    pixels = expected["frames"].permute(0, 3, 1, 2).float() / 127.5 - 1
    patches = model.model.vision_tower(pixels)
    report = {"vision": {"vision_features": _error(patches[:2], expected["vision_features"])}}
    features = model.encode_frames(pixels)
    for case in json.loads((folder / "expected.json").read_text())["cases"]:
        name = f"{case['name']}.{case['text_mask']}"
        report[name] = _check_case(model, codec, case, features, {
            key.removeprefix(name + "."): value for key, value in expected.items() if key.startswith(name + ".")
        })
    return report


def _check_case(model, codec, case, features, expected) -> dict[str, float]:
    ids = case["input_ids"]
    before, after = ids[: ids.index(IMAGE)], ids[ids.index(IMAGE) + 1 :]
    seen = (lambda x: split_for_memaug(x, codec)) if case["text_mask"] == "train" else (lambda x: x)
    prefix, suffix = torch.tensor([seen(before)]), torch.tensor([seen(after)])
    index = expected["frame_index"].long()
    video = features[index[torch.from_numpy(repeat_to_minimum(len(index)))]][None]
    memory = model.memory(video)
    retained = retain(video.shape[1], model.config, video.device)
    positions = query_positions(retained, prefix.shape[1], suffix.shape[1])
    embed = model.model.embed_tokens
    query = torch.cat([embed(prefix), memory[:, retained.positions], embed(suffix)], 1)
    rows = model.model.vision_resampler(query, memory, positions, torch.arange(memory.shape[1]))
    start = prefix.shape[1]
    kept, _ = model.augment(video, prefix, suffix)
    sequence = torch.cat([embed(torch.tensor([before])), kept, embed(torch.tensor([after]))], 1)
    states, cache = model.decode(sequence)
    logits = model.logits(states[:, -1])
    greedy = []
    next_logits = logits
    for _ in case["greedy"]:
        greedy.append(next_logits.argmax(-1))
        states, cache = model.decode(embed(greedy[-1])[:, None], past=cache)
        next_logits = model.logits(states[:, -1])
    return {
        "positions": float(torch.equal(positions, expected["query_positions"].long())),
        "memaug_output": _error(rows[0, :: case["memaug_output_stride"]], expected["memaug_output"]),
        "video_rows": _error(kept, rows[:, start : start + kept.shape[1]]),
        "embeds_mean": _error(sequence[0].mean(0), expected["embeds_mean"]),
        "last_logits": _error(logits[0], expected["last_logits"]),
        "greedy": float(torch.cat(greedy).tolist() == case["greedy"]),
    }
