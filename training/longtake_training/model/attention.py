"""Grouped-query attention over [batch, length, heads, head] tensors."""

import torch
import torch.nn.functional as F

# cuDNN's attention plans anew for every shape, and here nearly every batch has its own.
torch.backends.cuda.enable_cudnn_sdp(False)


def attend(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, causal: bool = False, key_mask: torch.Tensor | None = None
) -> torch.Tensor:
    """Softmax attention, scale head^-1/2 -> [batch, length, heads * head]. Query head i uses key head i // group.

    key_mask [batch, length] is True for keys that may be seen.
    """
    groups = query.shape[2] // key.shape[2]
    query, key, value = (x.transpose(1, 2) for x in (query, key, value))
    if key_mask is None:
        out = F.scaled_dot_product_attention(query, key, value, is_causal=causal, enable_gqa=groups > 1)
    else:  # the kernels that take a mask know no groups
        key, value = (x.repeat_interleave(groups, 1) for x in (key, value))
        out = F.scaled_dot_product_attention(query, key, value, attn_mask=key_mask[:, None, None])
    return out.transpose(1, 2).flatten(2)
