"""MemAug: the decayed tokens and the question attend to the whole memory (paper section 4.2; MODELS 1.7)."""

import torch
from torch import nn

from .attention import attend
from .config import ModelConfig
from .rope import rotary_table, rotate

Table = tuple[torch.Tensor, torch.Tensor]


class SelfAttention(nn.Module):
    def __init__(self, config: ModelConfig):
        super().__init__()
        self.sizes = (config.num_attention_heads, config.num_key_value_heads, config.num_key_value_heads)
        self.Wqkv = nn.Linear(config.hidden_size, sum(self.sizes) * config.head_size)
        self.Wo = nn.Linear(config.hidden_size, config.hidden_size)

    def forward(self, x: torch.Tensor, table: Table, mask: torch.Tensor | None = None) -> torch.Tensor:
        query, key, value = self.Wqkv(x).unflatten(-1, (sum(self.sizes), -1)).split(self.sizes, 2)
        return self.Wo(attend(rotate(query, table), rotate(key, table), value, key_mask=mask))


class CrossAttention(nn.Module):
    def __init__(self, config: ModelConfig):
        super().__init__()
        self.heads, self.kv_heads = config.num_attention_heads, config.num_key_value_heads
        self.Wq = nn.Linear(config.hidden_size, config.hidden_size)
        self.Wkv = nn.Linear(config.hidden_size, 2 * self.kv_heads * config.head_size)
        self.Wo = nn.Linear(config.hidden_size, config.hidden_size)

    def forward(self, x: torch.Tensor, memory: torch.Tensor, query_table: Table, key_table: Table) -> torch.Tensor:
        query = self.Wq(x).unflatten(-1, (self.heads, -1))
        key, value = self.Wkv(memory).unflatten(-1, (2 * self.kv_heads, -1)).chunk(2, 2)
        return self.Wo(attend(rotate(query, query_table), rotate(key, key_table), value))


class Block(nn.Module):
    """Post-norm: attend to the query itself, attend to the memory, transform."""

    def __init__(self, config: ModelConfig):
        super().__init__()
        width = config.hidden_size
        self.self_attn = SelfAttention(config)
        self.cross_attn = CrossAttention(config)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(width) for _ in range(3))

    def forward(self, x: torch.Tensor, memory: torch.Tensor, query_table: Table, key_table: Table, mask: torch.Tensor | None) -> torch.Tensor:
        x = self.norm1(x + self.self_attn(x, query_table, mask))
        x = self.norm2(x + self.cross_attn(x, memory, query_table, key_table))
        return self.norm3(x + self.mlp(x))


class MemAug(nn.Module):
    def __init__(self, config: ModelConfig):
        super().__init__()
        self.theta = config.rope_theta
        # Only the first half of a head's channels turns (rotary_emb_dim = head // 2).
        self.rotary_size = config.head_size // 2
        self.layers = nn.ModuleList(Block(config) for _ in range(config.memaug_depth))

    def forward(
        self, x: torch.Tensor, memory: torch.Tensor, query_positions: torch.Tensor, key_positions: torch.Tensor, mask: torch.Tensor | None = None
    ) -> torch.Tensor:
        """x [batch, query, width], memory [batch, memory, width] and their integer positions -> like x.

        mask [batch, query] is False for padding, which nothing sees.
        """
        query_table = rotary_table(query_positions, self.rotary_size, self.theta)
        key_table = rotary_table(key_positions, self.rotary_size, self.theta)
        for layer in self.layers:
            x = layer(x, memory, query_table, key_table, mask)
        return x
