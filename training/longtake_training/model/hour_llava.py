"""Hour-LLaVA in one module whose parameter names are the released ones, so that saving it is exporting it."""

from collections.abc import Sequence

import torch
from torch import nn

from .config import ModelConfig
from .decoder import Cache, Layer, Look, RmsNorm, run_layers
from .memaug import MemAug
from .memory import Retained, query_positions, retain
from .tower import VisionTower, pool


class _Body(nn.Module):
    def __init__(self, config: ModelConfig):
        super().__init__()
        width = config.hidden_size
        self.vision_tower = VisionTower(config.vision)
        self.mm_projector = nn.Sequential(
            nn.Linear(config.vision.hidden_size, width), nn.GELU(), nn.Linear(width, width)
        )
        self.image_newline = nn.Parameter(torch.randn(width))
        self.vision_resampler = MemAug(config)
        self.embed_tokens = nn.Embedding(config.vocab_size, width)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.num_hidden_layers))
        self.norm = RmsNorm(width, config.rms_norm_eps)


class HourLlava(nn.Module):
    def __init__(self, config: ModelConfig):
        super().__init__()
        self.config = config
        self.model = _Body(config)
        if not config.tie_word_embeddings:
            self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)

    def encode_frames(self, pixels: torch.Tensor) -> torch.Tensor:
        """Pixels in -1..1 [frames, 3, size, size] -> features before the projector [frames, grid², channels]."""
        return pool(self.model.vision_tower(pixels), self.config.mm_spatial_pool_grid)

    def memory(self, features: torch.Tensor) -> torch.Tensor:
        """Features [batch, frames, grid², channels] -> memory [batch, frames * (grid² + 1), width]."""
        projected = self.model.mm_projector(features)
        newline = self.model.image_newline.to(projected.dtype)
        newline = newline.expand(*projected.shape[:2], 1, projected.shape[-1])
        return torch.cat([projected, newline], 2).flatten(1, 2)

    def augment(
        self, features: torch.Tensor, prefix: torch.Tensor, suffix: torch.Tensor, decayed_only: bool = False, padded: bool = False
    ) -> tuple[torch.Tensor, Retained]:
        """Runs MemAug and keeps the video's rows -> [batch, retained * kept, width].

        features [batch, frames >= 128, grid², channels]; prefix and suffix [batch, tokens] are the ids of the text
        that MemAug sees before and after the video; ids below 0 in the suffix are padding that nothing sees.
        `decayed_only` cuts the memory to the retained tokens. `padded` says that there may be padding.
        """
        memory = self.memory(features)
        retained = retain(features.shape[1], self.config, memory.device)
        rows = memory.index_select(1, retained.positions)
        key_positions = torch.arange(memory.shape[1], device=memory.device)
        if decayed_only:
            memory, key_positions = rows, retained.positions
        embed = lambda ids: self.model.embed_tokens(ids).to(rows.dtype)
        query = torch.cat([embed(prefix), rows, embed(suffix.clamp(min=0))], 1)
        positions = query_positions(retained, prefix.shape[1], suffix.shape[1])
        mask = None
        if padded:
            before = torch.ones(len(query), query.shape[1] - suffix.shape[1], dtype=torch.bool, device=query.device)
            mask = torch.cat([before, suffix >= 0], 1)
        out = self.model.vision_resampler(query, memory, positions, key_positions, mask)
        return out[:, prefix.shape[1] : prefix.shape[1] + rows.shape[1]], retained

    def decode(self, embeddings: torch.Tensor, looks: Sequence[Look] = (), past: Cache | None = None):
        """Embeddings [batch, length, width] -> normed states of the same shape, and the cache."""
        x, cache = run_layers(self.model.layers, self.config, embeddings, looks, past)
        return self.model.norm(x), cache

    def logits(self, states: torch.Tensor) -> torch.Tensor:
        weight = self.model.embed_tokens.weight if self.config.tie_word_embeddings else self.lm_head.weight
        return nn.functional.linear(states, weight.to(states.dtype)).float()
