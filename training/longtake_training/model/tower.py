"""The vision tower: SigLIP without its head, whose features are pooled before they are projected (MODELS 1.3, 1.4)."""

import torch
import torch.nn.functional as F
from torch import nn

from .config import VisionConfig


class Attention(nn.Module):
    def __init__(self, config: VisionConfig):
        super().__init__()
        self.heads = config.num_attention_heads
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            setattr(self, name, nn.Linear(config.hidden_size, config.hidden_size))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        split = lambda y: y.unflatten(-1, (self.heads, -1)).transpose(1, 2)
        out = F.scaled_dot_product_attention(split(self.q_proj(x)), split(self.k_proj(x)), split(self.v_proj(x)))
        return self.out_proj(out.transpose(1, 2).flatten(2))


class Mlp(nn.Module):
    def __init__(self, config: VisionConfig):
        super().__init__()
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc2(F.gelu(self.fc1(x), approximate="tanh"))


class Layer(nn.Module):
    def __init__(self, config: VisionConfig):
        super().__init__()
        self.layer_norm1 = nn.LayerNorm(config.hidden_size, config.layer_norm_eps)
        self.self_attn = Attention(config)
        self.layer_norm2 = nn.LayerNorm(config.hidden_size, config.layer_norm_eps)
        self.mlp = Mlp(config)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.self_attn(self.layer_norm1(x))
        return x + self.mlp(self.layer_norm2(x))


class Embeddings(nn.Module):
    def __init__(self, config: VisionConfig):
        super().__init__()
        size = config.patch_size
        self.patch_embedding = nn.Conv2d(3, config.hidden_size, size, size)
        self.position_embedding = nn.Embedding(config.grid**2, config.hidden_size)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        # A convolution whose stride is its kernel is a product over patches; cuDNN's backward pass is far slower.
        size = self.patch_embedding.kernel_size[0]
        side = pixels.shape[-1] // size
        patches = pixels[..., : side * size, : side * size].unflatten(3, (side, size)).unflatten(2, (side, size))
        patches = patches.permute(0, 2, 4, 1, 3, 5).flatten(3).flatten(1, 2)  # [frames, side², 3 * size * size]
        embedded = F.linear(patches, self.patch_embedding.weight.flatten(1), self.patch_embedding.bias)
        return embedded + self.position_embedding.weight


class Encoder(nn.Module):
    def __init__(self, config: VisionConfig):
        super().__init__()
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.num_hidden_layers))


class VisionModel(nn.Module):
    def __init__(self, config: VisionConfig):
        super().__init__()
        self.embeddings = Embeddings(config)
        self.encoder = Encoder(config)
        # In every released file and never applied: the features are the last layer's raw output.
        self.post_layernorm = nn.LayerNorm(config.hidden_size, config.layer_norm_eps)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Pixels in -1..1 [frames, 3, size, size] -> patches [frames, grid², channels]."""
        x = self.embeddings(pixels)
        for layer in self.encoder.layers:
            x = layer(x)
        return x


class _Wrapped(nn.Module):
    def __init__(self, config: VisionConfig):
        super().__init__()
        self.vision_model = VisionModel(config)


class VisionTower(nn.Module):
    """Two wrappers deep because the released tensors are called `vision_tower.vision_tower.vision_model.…`."""

    def __init__(self, config: VisionConfig):
        super().__init__()
        self.vision_tower = _Wrapped(config)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        return self.vision_tower.vision_model(pixels)


def pool(patches: torch.Tensor, grid: int) -> torch.Tensor:
    """Patches [frames, side², channels] -> [frames, grid², channels] float32, sampled at bilinear points."""
    frames, count, channels = patches.shape
    side = round(count**0.5)
    if side == 2 * grid:  # the bilinear points lie in the middle of four patches
        return patches.float().unflatten(1, (grid, 2, grid, 2)).mean((2, 4)).flatten(1, 2)
    square = patches.transpose(1, 2).reshape(frames, channels, side, side).float()
    return F.interpolate(square, size=(grid, grid), mode="bilinear").flatten(2).transpose(1, 2)
