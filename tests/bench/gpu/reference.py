"""PyTorch's numbers for the shapes of released.ts: bfloat16, random weights, one card. Prints a line of JSON for each stage
as soon as it is measured.

    python3 tests/bench/gpu/reference.py 3b [--minutes 60] [--layers 36]

Every stage is written with PyTorch's own operators (scaled_dot_product_attention, matrix products), which is what the
authors' modules come down to; transformers is not needed.
"""

import argparse
import json
import time

import torch
from torch.nn.functional import gelu, layer_norm, rms_norm, scaled_dot_product_attention, silu

SIZES = {
    "3b": {"hidden": 2048, "intermediate": 11008, "layers": 36, "heads": 16, "key_heads": 2, "vocabulary": 151936},
    "7b": {"hidden": 3584, "intermediate": 18944, "layers": 28, "heads": 28, "key_heads": 4, "vocabulary": 152064},
}
HEAD = 128
TOWER = {"channels": 1152, "intermediate": 4304, "layers": 26, "heads": 16, "patches": 729}


def matrix(outputs, inputs):
    return torch.randn(outputs, inputs, device="cuda", dtype=torch.bfloat16) * inputs**-0.5


def attend(query, key, value, heads, causal=False):
    """[rows, channels] each; grouped heads where there are fewer keys."""

    def split(rows):
        return rows.view(1, rows.shape[0], -1, query.shape[1] // heads).transpose(1, 2)

    mixed = scaled_dot_product_attention(split(query), split(key), split(value), is_causal=causal, enable_gqa=True)
    return mixed.transpose(1, 2).reshape(query.shape)


def seconds(work, repeats=3):
    work()
    torch.cuda.synchronize()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        torch.cuda.synchronize()
        times.append(time.perf_counter() - started)
    return sorted(times)[len(times) // 2]


def bench_tower(layers, batch=128):
    channels, wide, heads, patches = TOWER["channels"], TOWER["intermediate"], TOWER["heads"], TOWER["patches"]
    shapes = [(channels, channels)] * 4 + [(wide, channels), (channels, wide)]
    weights = [[matrix(*shape) for shape in shapes] for _ in range(layers)]
    rows = torch.randn(batch, patches, channels, device="cuda", dtype=torch.bfloat16)

    def run():
        current = rows
        for query, key, value, out, up, down in weights:
            normal = layer_norm(current, (channels,))
            parts = [(normal @ part.T).view(batch, patches, heads, -1).transpose(1, 2) for part in (query, key, value)]
            mixed = scaled_dot_product_attention(*parts).transpose(1, 2).reshape(batch, patches, channels)
            current = current + mixed @ out.T
            current = current + gelu(layer_norm(current, (channels,)) @ up.T, approximate="tanh") @ down.T
        return current

    return batch / seconds(run)


def bench_memaug(size, memory_tokens, rows):
    hidden, channels, keys = size["hidden"], size["heads"] * HEAD, size["key_heads"] * HEAD
    blocks = [
        {"qkv": matrix(channels + 2 * keys, hidden), "out": matrix(hidden, channels), "query": matrix(channels, hidden),
         "cross_out": matrix(hidden, channels), "up": matrix(4 * hidden, hidden), "down": matrix(hidden, 4 * hidden)}
        for _ in range(4)
    ]
    memory = [torch.randn(memory_tokens, keys, device="cuda", dtype=torch.bfloat16) for _ in range(2)]
    start = torch.randn(rows, hidden, device="cuda", dtype=torch.bfloat16)

    def run():
        current = start
        for block in blocks:
            query, key, value = (current @ block["qkv"].T).split([channels, keys, keys], dim=1)
            mixed = attend(query, key, value, size["heads"])
            current = layer_norm(current + mixed @ block["out"].T, (hidden,))
            mixed = attend(current @ block["query"].T, memory[0], memory[1], size["heads"])
            current = layer_norm(current + mixed @ block["cross_out"].T, (hidden,))
            current = layer_norm(current + gelu(current @ block["up"].T) @ block["down"].T, (hidden,))
        return current

    return seconds(run)


def bench_decoder(size, layers, rows):
    hidden, wide = size["hidden"], size["intermediate"]
    channels, keys = size["heads"] * HEAD, size["key_heads"] * HEAD
    weights = [
        {"qkv": matrix(channels + 2 * keys, hidden), "out": matrix(hidden, channels), "gate": matrix(wide, hidden),
         "up": matrix(wide, hidden), "down": matrix(hidden, wide)}
        for _ in range(layers)
    ]
    head = matrix(size["vocabulary"], hidden)
    cache = [[torch.zeros(rows + 256, keys, device="cuda", dtype=torch.bfloat16) for _ in range(2)] for _ in range(layers)]

    def step(current, past):
        count = current.shape[0]
        for layer, (key_cache, value_cache) in zip(weights, cache):
            query, key, value = (rms_norm(current, (hidden,)) @ layer["qkv"].T).split([channels, keys, keys], dim=1)
            key_cache[past:past + count] = key
            value_cache[past:past + count] = value
            mixed = attend(query, key_cache[:past + count], value_cache[:past + count], size["heads"], causal=count > 1)
            current = current + mixed @ layer["out"].T
            normal = rms_norm(current, (hidden,))
            current = current + (silu(normal @ layer["gate"].T) * (normal @ layer["up"].T)) @ layer["down"].T
        return rms_norm(current[-1:], (hidden,)) @ head.T

    prompt = torch.randn(rows, hidden, device="cuda", dtype=torch.bfloat16)
    prefill = seconds(lambda: step(prompt, 0))
    # An eager loop that picks each token before it computes the next, as transformers' generate does.
    token = torch.randn(1, hidden, device="cuda", dtype=torch.bfloat16)
    decode = seconds(lambda: [step(token, rows + index).argmax().item() for index in range(32)]) / 32
    return prefill, 1 / decode


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("size", choices=SIZES)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--layers", type=int)
    arguments = parser.parse_args()
    if not torch.cuda.is_available():
        raise SystemExit("PyTorch sees no card here.")
    size = SIZES[arguments.size]
    layers = arguments.layers or size["layers"]
    frames = round(arguments.minutes * 60)
    rows = min(512, max(32, frames // 4)) * 17 + 60
    card = {"torch": torch.__version__, "card": torch.cuda.get_device_name()}

    def report(stage, **values):
        print(json.dumps({"stage": f"reference-{stage}", **card, **values}), flush=True)

    with torch.inference_mode():
        report("encode", framesPerSecond=bench_tower(TOWER["layers"] if layers == size["layers"] else layers))
        memaug = bench_memaug(size, frames * 65, rows)
        report("memaug", seconds=memaug)
        prefill, tokens_per_second = bench_decoder(size, layers, rows)
        report("decoder", prefillSeconds=prefill, firstTokenSeconds=memaug + prefill, tokensPerSecond=tokens_per_second)


if __name__ == "__main__":
    main()
