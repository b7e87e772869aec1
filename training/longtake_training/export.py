"""Writes the trained model as a checkpoint folder that the product opens like a released one."""

import json
import shutil
from pathlib import Path

import torch

from .checkpoint import save_tensors
from .model.config import write_config
from .model.hour_llava import HourLlava
from .tokenizer import SPECIAL_TOKENS, load_tokenizer

#: The product ships the checkpoint inside its repository.
MOST_BYTES = 16 * 2**20
README = """# Pebble Town demo model

A tiny Hour-LLaVA (arXiv 2506.05332) trained from nothing by `training/` in this repository. It is a demo: it knows
only Pebble Town, the illustrated little town that `python training/longtake_training render` draws, and answers
questions of all 22 tasks of VideoMarathon about it: who comes, in which colour, where, when, how often and in which
order, what visits bring, what signs say, and what the whole video is. What a video does not show it says it does not
see. About any other video it has nothing true to say.

The layout is that of the released checkpoints; `vision_config` and `mm_spatial_pool_grid` describe its small tower
({patches} patches of a {size} x {size} picture, pooled to {grid} x {grid}). Weights are {dtype}. Licence: Apache-2.0.

{figures}
"""


def export(model: HourLlava, tokenizer_path: Path, folder: Path, dtype: torch.dtype = torch.float16, figures: str = "") -> int:
    """Writes the five files and returns model plus tokenizer bytes; raises ValueError over MOST_BYTES."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = load_tokenizer(tokenizer_path)
    ids = {token: tokenizer.token_to_id(token) for token in SPECIAL_TOKENS}
    name = str(dtype).removeprefix("torch.")
    write_config(model.config, folder / "config.json", ids, name)
    generation = {
        "eos_token_id": [ids["<|im_end|>"], ids["<|endoftext|>"]],
        "pad_token_id": ids["<|endoftext|>"],
        "do_sample": False,
        # For another answer to the same question: other words, not other facts.
        "temperature": 0.7,
        "top_p": 0.8,
        "top_k": 20,
    }
    (folder / "generation_config.json").write_text(json.dumps(generation, indent=1) + "\n")
    shutil.copyfile(tokenizer_path, folder / "tokenizer.json")
    save_tensors(model, folder / "model.safetensors", dtype)
    vision = model.config.vision
    readme = README.format(
        patches=vision.grid**2, size=vision.image_size, grid=model.config.mm_spatial_pool_grid, dtype=name, figures=figures
    )
    (folder / "README.md").write_text(readme.rstrip() + "\n")
    total = sum((folder / file).stat().st_size for file in ("model.safetensors", "tokenizer.json"))
    if total > MOST_BYTES:
        raise ValueError(f"{folder}: model and tokenizer have {total} bytes, more than {MOST_BYTES}; make the model smaller")
    return total
