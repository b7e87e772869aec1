"""Reading and writing the released layout."""

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from .model.config import read_config
from .model.hour_llava import HourLlava


def load_model(folder: Path) -> HourLlava:
    """Loads a checkpoint folder in float32. Every tensor must be there and none too many."""
    model = HourLlava(read_config(Path(folder) / "config.json"))
    tensors = load_file(Path(folder) / "model.safetensors")
    tied = model.config.tie_word_embeddings
    missing, unexpected = model.load_state_dict({name: x.float() for name, x in tensors.items()}, strict=False)
    if missing or (unexpected and not (tied and unexpected == ["lm_head.weight"])):
        raise ValueError(f"{folder}: missing tensors {missing}, unexpected {unexpected}; is this another layout?")
    return model.eval()


def save_tensors(model: HourLlava, path: Path, dtype: torch.dtype) -> None:
    """Writes model.safetensors; the metadata is the one that transformers writes and expects."""
    tensors = {name: x.detach().to("cpu", dtype).contiguous() for name, x in model.state_dict().items()}
    save_file(tensors, path, metadata={"format": "pt"})
