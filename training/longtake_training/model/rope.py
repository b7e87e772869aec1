"""Rotary positions in NeoX halves, shared by MemAug (first half of a head) and the decoder (the whole head)."""

import torch


def rotary_table(positions: torch.Tensor, dimensions: int, theta: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Cosines and sines [positions, dimensions / 2] of float32 angles, as the reference computes them."""
    exponents = torch.arange(0, dimensions, 2, device=positions.device, dtype=torch.float32) / dimensions
    angles = positions.float()[:, None] * (1.0 / theta**exponents)
    return angles.cos(), angles.sin()


def rotate(x: torch.Tensor, table: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    """Rotates the leading 2 × table width channels of x [batch, length, heads, head]; the rest passes."""
    cosine, sine = (part[None, :, None].to(x.dtype) for part in table)
    half = cosine.shape[-1]
    first, second, rest = x[..., :half], x[..., half : 2 * half], x[..., 2 * half :]
    return torch.cat([first * cosine - second * sine, second * cosine + first * sine, rest], -1)
