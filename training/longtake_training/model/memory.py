"""Which frames and tokens are kept, and where everything stands (MODELS 1.5, 1.6)."""

from dataclasses import dataclass

import numpy as np
import torch

from .config import ModelConfig

MINIMUM_FRAMES = 128
MAXIMUM_RETAINED = 512


@dataclass(frozen=True)
class Retained:
    frames: torch.Tensor  # [retained] indices into the memory's frames
    positions: torch.Tensor  # [retained * kept] indices into the memory's tokens, which are also their positions
    memory_tokens: int


def repeat_to_minimum(frame_count: int) -> np.ndarray:
    """Indices of the frames that stand in the memory: a short video is repeated evenly to 128."""
    if frame_count >= MINIMUM_FRAMES:
        return np.arange(frame_count)
    return np.linspace(0, frame_count - 1, MINIMUM_FRAMES, dtype=int)


def retained_frames(frame_count: int) -> np.ndarray:
    """The frames that the decoder sees: a quarter, at most 512, first and last included; a single picture is kept."""
    return np.linspace(0, frame_count - 1, max(1, min(MAXIMUM_RETAINED, frame_count // 4)), dtype=int)


def retain(frame_count: int, config: ModelConfig, device: torch.device) -> Retained:
    """Temporal and uniform spatial forgetting of a memory of `frame_count` frames."""
    side = config.mm_spatial_pool_grid
    kept = [row * side + column for row in range(0, side, 2) for column in range(0, side, 2)] + [side * side]
    frames = torch.from_numpy(retained_frames(frame_count)).to(device)
    positions = (frames[:, None] * config.frame_tokens + torch.tensor(kept, device=device)).flatten()
    return Retained(frames, positions, frame_count * config.frame_tokens)


def query_positions(retained: Retained, prefix: int, suffix: int) -> torch.Tensor:
    """Positions of [prefix text | kept tokens | suffix text]: the video is shifted by the prefix, the memory is not."""
    device = retained.positions.device
    end = prefix + retained.memory_tokens
    return torch.cat(
        [
            torch.arange(prefix, device=device),
            retained.positions + prefix,
            torch.arange(end, end + suffix, device=device),
        ]
    )
