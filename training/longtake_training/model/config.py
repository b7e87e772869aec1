"""The numbers of one checkpoint, read from and written to the released `config.json`."""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path


@dataclass(frozen=True)
class VisionConfig:
    hidden_size: int = 192
    intermediate_size: int = 768
    num_hidden_layers: int = 4
    num_attention_heads: int = 3
    image_size: int = 112
    patch_size: int = 14
    layer_norm_eps: float = 1e-6
    hidden_act: str = "gelu_pytorch_tanh"

    @property
    def grid(self) -> int:
        """Patches a side; a remainder of the picture that fills no patch is not seen."""
        return self.image_size // self.patch_size


@dataclass(frozen=True)
class ModelConfig:
    vocab_size: int
    hidden_size: int = 256
    intermediate_size: int = 576
    num_hidden_layers: int = 5
    num_attention_heads: int = 4
    num_key_value_heads: int = 2
    memaug_depth: int = 3
    mm_spatial_pool_grid: int = 4
    rms_norm_eps: float = 1e-6
    rope_theta: float = 1e6
    tie_word_embeddings: bool = False
    vision: VisionConfig = field(default_factory=VisionConfig)

    @property
    def head_size(self) -> int:
        return self.hidden_size // self.num_attention_heads

    @property
    def frame_tokens(self) -> int:
        """Memory tokens a frame: the pooled grid and one newline."""
        return self.mm_spatial_pool_grid**2 + 1

    @property
    def kept_tokens(self) -> int:
        """Query tokens a retained frame: every second row and column, and the newline."""
        return ((self.mm_spatial_pool_grid + 1) // 2) ** 2 + 1


_TEXT_KEYS = (
    "vocab_size hidden_size intermediate_size num_hidden_layers num_attention_heads num_key_value_heads "
    "memaug_depth rms_norm_eps rope_theta tie_word_embeddings"
).split()
_VISION_KEYS = (
    "hidden_size intermediate_size num_hidden_layers num_attention_heads image_size patch_size layer_norm_eps hidden_act"
).split()


def read_config(path: Path) -> ModelConfig:
    """Reads `config.json` of a checkpoint whose tower is described by `vision_config`."""
    raw = json.loads(Path(path).read_text())
    vision = VisionConfig(**{key: raw["vision_config"][key] for key in _VISION_KEYS})
    config = ModelConfig(**{key: raw[key] for key in _TEXT_KEYS}, vision=vision)
    return replace(config, mm_spatial_pool_grid=raw.get("mm_spatial_pool_grid", 8))


#: Said by the product wherever this model answers.
LABEL = "Demo model: it understands only Pebble Town, the drawn town of the bundled video. Other videos need a real checkpoint."


#: "12:00" of this model is any second up to 12:09: the product then lands where the answer looked.
TIME_STEP_SECONDS = 10


def write_config(config: ModelConfig, path: Path, token_ids: dict[str, int], dtype: str) -> None:
    """Writes the released keys, those that a small tower adds (vision_config, mm_spatial_pool_grid), and the label."""
    raw = {
        "architectures": ["HourLlavaQwenForCausalLM"],
        "model_type": "hour_llava_qwen",
        **{key: getattr(config, key) for key in _TEXT_KEYS},
        "rope_scaling": None,
        "hidden_act": "silu",
        "max_position_embeddings": 32768,
        "tokenizer_model_max_length": 32768,
        "torch_dtype": dtype,
        "bos_token_id": token_ids["<|endoftext|>"],
        "eos_token_id": token_ids["<|im_end|>"],
        "longtake_label": LABEL,
        "longtake_time_step_seconds": TIME_STEP_SECONDS,
        "mm_vision_tower": "longtake/pebble-town-tower",
        "mm_hidden_size": config.vision.hidden_size,
        "mm_projector_type": "mlp2x_gelu",
        "mm_resampler_type": "memaug",
        "spatial_sampling_type": "uniform",
        "mm_newline_position": "grid",
        "mm_patch_merge_type": "spatial_unpad",
        "mm_spatial_pool_mode": "bilinear",
        "mm_spatial_pool_grid": config.mm_spatial_pool_grid,
        "mm_vision_select_layer": -2,
        "image_aspect_ratio": "anyres_max_9",
        "vision_config": {key: getattr(config.vision, key) for key in _VISION_KEYS},
    }
    Path(path).write_text(json.dumps(raw, indent=1) + "\n")
