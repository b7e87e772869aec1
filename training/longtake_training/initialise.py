"""Starting weights. Post-norm MemAug learns only from the right scales; training/LOG.md has the figures."""

import math

import torch
from torch import nn

from .model.hour_llava import HourLlava


@torch.no_grad()
def initialise(model: HourLlava, local_prior: float = 8.0) -> None:
    """Draws every weight outside the tower, in place."""
    body, config = model.model, model.config
    parts = [body.mm_projector, body.vision_resampler, body.layers]
    for linear in (m for part in parts for m in part.modules() if isinstance(m, nn.Linear)):
        nn.init.normal_(linear.weight, std=linear.in_features**-0.5)
        if linear.bias is not None:
            nn.init.zeros_(linear.bias)
    body.mm_projector[2].weight.mul_(1.7)
    for block in body.vision_resampler.layers:
        for linear in (block.self_attn.Wo, block.cross_attn.Wo, block.mlp[2]):
            linear.weight.mul_(0.5)
    for layer in body.layers:
        layer.self_attn.o_proj.weight.mul_(0.3)
        layer.mlp.down_proj.weight.mul_(0.3)
    nn.init.normal_(body.embed_tokens.weight)
    nn.init.normal_(body.image_newline)
    if not config.tie_word_embeddings:
        nn.init.normal_(model.lm_head.weight, std=0.02)
    if local_prior:
        _prefer_neighbours(model, local_prior)


def _prefer_neighbours(model: HourLlava, strength: float, shift: int = 8) -> None:
    """Lets cross-attention start near a token's own place, through the biases of q and k.

    Equal constants in the rotated channels give a logit of sum(cos(frequency * distance)). A query stands `shift`
    positions behind its own memory token (the prefix that MemAug sees), which the bias of q takes back.
    """
    memaug, config = model.model.vision_resampler, model.config
    half, head = memaug.rotary_size // 2, config.head_size
    frequency = 1.0 / config.rope_theta ** (torch.arange(half) / half)
    band = ((frequency < 0.3) & (frequency > 0.004)).float()
    constant = math.sqrt(strength * math.sqrt(head) / band.sum().item())
    for block in memaug.layers:
        query, key = block.cross_attn.Wq.bias, block.cross_attn.Wkv.bias
        for start in range(0, config.num_key_value_heads * head, head):
            key[start : start + half] = constant * band
        for start in range(0, config.num_attention_heads * head, head):
            query[start : start + half] = constant * band * torch.cos(frequency * shift)
            query[start + half : start + 2 * half] = -constant * band * torch.sin(frequency * shift)


@torch.no_grad()
def fold_feature_statistics(model: HourLlava, mean: torch.Tensor, deviation: torch.Tensor) -> None:
    """Makes the projector's first layer see features of mean 0 and deviation 1, both [channels]."""
    first = model.model.mm_projector[0]
    first.weight.div_(deviation[None] + 1e-3)
    first.bias.sub_(first.weight @ mean)
