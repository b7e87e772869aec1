"""What a small H.264 file and its way to the tower do to a picture, roughly and at random."""

import math

import torch
from torch import Tensor
from torch.nn.functional import interpolate

_BLOCK = 8


def _cosines(device: torch.device) -> Tensor:
    """The orthonormal 8-point discrete cosine transform, [frequency, sample]."""
    k = torch.arange(_BLOCK, device=device)[:, None]
    basis = torch.cos(math.pi / _BLOCK * (torch.arange(_BLOCK, device=device)[None] + 0.5) * k) * math.sqrt(2 / _BLOCK)
    basis[0] /= math.sqrt(2)
    return basis


def _quantise_blocks(planes: Tensor, step: Tensor) -> Tensor:
    """Rounds each 8 x 8 block's cosine coefficients to multiples of step [n, 1, 1, 1, 1, 1], coarser where they are fine."""
    n, c, h, w = planes.shape
    basis = _cosines(planes.device)
    blocks = planes.view(n, c, h // _BLOCK, _BLOCK, w // _BLOCK, _BLOCK).transpose(3, 4)
    frequency = torch.arange(_BLOCK, device=planes.device)
    scale = step * (1 + 0.25 * (frequency[:, None] + frequency[None]))
    coefficients = basis @ blocks @ basis.T
    blocks = basis.T @ (torch.round(coefficients / scale) * scale) @ basis
    return blocks.transpose(3, 4).reshape(n, c, h, w)


def degrade(images: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """Returns a degraded copy of images [n, 3, h, w] in 0..1 (h and w multiples of 16), each at its own strength.

    In order: lost sharpness, chroma at half size, block quantisation, gain and offset, noise, 8 bits.
    """
    n, _, h, w = images.shape
    device = images.device

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(n, 1, 1, 1, device=device, generator=generator)

    # Sharpness: a blend with a slightly smaller picture scaled up again.
    soft = interpolate(
        interpolate(images, scale_factor=0.625, mode="bilinear", antialias=True), (h, w), mode="bilinear"
    )
    images = torch.lerp(images, soft, uniform(-0.2, 0.8))

    r, g, b = images.unbind(1)
    luma = 0.299 * r + 0.587 * g + 0.114 * b
    chroma = torch.stack([0.564 * (b - luma), 0.713 * (r - luma)], 1)
    half = interpolate(chroma, scale_factor=0.5, mode="bilinear", antialias=True)
    strength = (uniform(0, 1) ** 3 * 0.12).view(n, 1, 1, 1, 1, 1) + 1e-4
    luma = _quantise_blocks(luma.unsqueeze(1), strength)
    chroma = torch.lerp(chroma, interpolate(half, (h, w), mode="bilinear"), uniform(0, 1))
    chroma = _quantise_blocks(chroma, strength * 0.8) * uniform(0.92, 1.06)

    cb, cr = chroma.unbind(1)
    y = luma.squeeze(1)
    images = torch.stack([y + 1.402 * cr, y - 0.344 * cb - 0.714 * cr, y + 1.772 * cb], 1)
    images = images * uniform(0.93, 1.07) + uniform(-0.025, 0.025)
    noise = torch.randn(images.shape, device=device, generator=generator)
    images = (images + noise * uniform(0, 1) ** 3 * 0.025).clamp(0, 1)
    return torch.round(images * 255) / 255
