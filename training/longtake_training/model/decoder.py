"""The Qwen2 decoder, with the two doors that training needs: a look at one layer, and a cache for generation."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from .attention import attend
from .config import ModelConfig
from .rope import rotary_table, rotate

Cache = list[tuple[torch.Tensor, torch.Tensor]]


@dataclass
class Look:
    """What one layer's first heads do at chosen positions [batch, looks], filled in by the forward pass."""

    layer: int
    heads: int
    positions: torch.Tensor
    log_attention: torch.Tensor | None = None  # [batch, heads, looks, length]
    residual: torch.Tensor | None = None  # [batch, looks, width], after the layer


class RmsNorm(nn.Module):
    def __init__(self, width: int, epsilon: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.rms_norm(x, (x.shape[-1],), self.weight.to(x.dtype), self.epsilon)


class Attention(nn.Module):
    def __init__(self, config: ModelConfig):
        super().__init__()
        self.head_size = config.head_size
        width, kv_width = config.hidden_size, config.num_key_value_heads * config.head_size
        self.q_proj = nn.Linear(width, width)
        self.k_proj = nn.Linear(width, kv_width)
        self.v_proj = nn.Linear(width, kv_width)
        self.o_proj = nn.Linear(width, width, bias=False)

    def project(self, x: torch.Tensor, table) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        query, key, value = (f(x).unflatten(-1, (-1, self.head_size)) for f in (self.q_proj, self.k_proj, self.v_proj))
        return rotate(query, table), rotate(key, table), value


class Mlp(nn.Module):
    def __init__(self, config: ModelConfig):
        super().__init__()
        self.gate_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.up_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.down_proj = nn.Linear(config.intermediate_size, config.hidden_size, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, config: ModelConfig):
        super().__init__()
        self.input_layernorm = RmsNorm(config.hidden_size, config.rms_norm_eps)
        self.self_attn = Attention(config)
        self.post_attention_layernorm = RmsNorm(config.hidden_size, config.rms_norm_eps)
        self.mlp = Mlp(config)

    def forward(self, x, table, look: Look | None = None, past=None):
        query, key, value = self.self_attn.project(self.input_layernorm(x), table)
        if past is not None:
            key, value = torch.cat([past[0], key], 1), torch.cat([past[1], value], 1)
        # With a cache there is one new token, which may see everything.
        out = attend(query, key, value, causal=past is None)
        x = x + self.self_attn.o_proj(out)
        x = x + self.mlp(self.post_attention_layernorm(x))
        if look is not None:
            _fill(look, query, key, x)
        return x, (key, value)


def _fill(look: Look, query: torch.Tensor, key: torch.Tensor, x: torch.Tensor) -> None:
    at = look.positions[..., None]
    chosen = query[:, :, : look.heads].flatten(2).gather(1, at.expand(-1, -1, look.heads * query.shape[-1]))
    chosen = chosen.unflatten(-1, (look.heads, -1))
    group = query.shape[2] // key.shape[2]
    keys = torch.stack([key[:, :, head // group] for head in range(look.heads)], 2)
    logits = torch.einsum("bmhd,blhd->bhml", chosen, keys).float() * query.shape[-1] ** -0.5
    later = torch.arange(x.shape[1], device=x.device) > at
    look.log_attention = logits.masked_fill(later[:, None], -torch.inf).log_softmax(-1)
    look.residual = x.gather(1, at.expand(-1, -1, x.shape[-1]))


def run_layers(layers, config: ModelConfig, x: torch.Tensor, looks: Sequence[Look] = (), past: Cache | None = None):
    """x [batch, length, width] -> the same, and each layer's keys and values for the next step."""
    start = past[0][0].shape[1] if past else 0
    positions = torch.arange(start, start + x.shape[1], device=x.device)
    table = rotary_table(positions, config.head_size, config.rope_theta)
    cache: Cache = []
    for index, layer in enumerate(layers):
        here = next((look for look in looks if look.layer == index), None)
        x, pair = layer(x, table, here, past[index] if past else None)
        cache.append(pair)
    return x, cache
