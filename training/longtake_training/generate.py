"""Greedy decoding of many conversations at once, on the training side."""

import torch

from .model.hour_llava import HourLlava


@torch.no_grad()
def generate(model: HourLlava, prefix: list[int], rows: torch.Tensor, prompts: list[list[int]], end: int, limit: int = 40) -> list[list[int]]:
    """Replies (ids without the end token) to prompts, the text after the video, one per row of rows [batch, tokens, width]."""
    device = rows.device
    replies: list[list[int]] = [[] for _ in prompts]
    for length in sorted({len(prompt) for prompt in prompts}):
        members = [k for k, prompt in enumerate(prompts) if len(prompt) == length]
        embed = lambda ids: model.model.embed_tokens(ids).to(rows.dtype)
        before = embed(torch.tensor([prefix], device=device).expand(len(members), -1))
        text = embed(torch.tensor([prompts[k] for k in members], device=device))
        sequence = torch.cat([before, rows[torch.tensor(members, device=device)], text], 1)
        states, cache = model.decode(sequence)
        chosen = []
        for _ in range(limit):
            token = model.logits(states[:, -1]).argmax(-1)
            chosen.append(token)
            if len(chosen) % 8 == 0 and all((torch.stack(chosen) == end).any(0).tolist()):
                break
            states, cache = model.decode(embed(token)[:, None], past=cache)
        for k, ids in zip(members, torch.stack(chosen, 1).tolist()):
            replies[k] = ids[: ids.index(end)] if end in ids else ids
    return replies
