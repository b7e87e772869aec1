"""Processes that make batches while the device trains."""

import os
import queue
import threading
from collections.abc import Iterator

import numpy as np
import torch
import torch.multiprocessing as processes

from .data import BatchMaker
from .prompt import PromptCodec
from .schedule import Phase
from .tokenizer import load_tokenizer
from .world.questions import KINDS

#: How many questions a conversation has, and how often.
_TURNS, _TURN_SHARES = [1, 2, 3, 4, 5, 6], [0.2, 0.1, 0.1, 0.15, 0.15, 0.3]


def draw_plan(rng: np.random.Generator, phase: Phase, kind_weights: np.ndarray) -> tuple[int, int, list[str]]:
    """Seconds, batch size and kinds of the next batch."""
    lengths = phase.lengths[rng.choice(len(phase.lengths), p=[x.share for x in phase.lengths])]
    seconds = int(rng.integers(lengths.low, lengths.high + 1))
    if rng.random() < 0.3:
        seconds = lengths.high if lengths.high % 10 == 0 else seconds  # whole minutes are what people have
    turns = int(rng.choice(_TURNS, p=_TURN_SHARES))
    shares = kind_weights / kind_weights.sum()
    kinds = [KINDS[k] for k in rng.choice(len(KINDS), turns, p=shares)]
    return seconds, lengths.batch, kinds


def _work(number: int, seed: int, tokenizer_path: str, phases, phase_index, kind_weights, out) -> None:
    torch.set_num_threads(1)
    rng = np.random.default_rng([seed, number])
    codec = PromptCodec(load_tokenizer(tokenizer_path))
    makers = {phase.rewords: BatchMaker(codec, rewords=phase.rewords) for phase in phases}
    while True:
        index = phase_index.value
        seconds, size, kinds = draw_plan(rng, phases[index], np.array(kind_weights[:]))
        batch = makers[phases[index].rewords].make(rng, seconds, size, kinds)
        arrays = {**batch.arrays, "turns": np.array(len(kinds))}
        out.put((index, kinds, seconds, arrays))


class BatchStream:
    """Starts `count` workers; iterate over (phase index, kinds, seconds, tensors on the device)."""

    def __init__(self, count: int, seed: int, tokenizer_path: str, phases: tuple[Phase, ...], start_phase: int):
        os.environ["TOKENIZERS_PARALLELISM"] = "false"
        context = processes.get_context("spawn")
        self.phase_index = context.Value("i", start_phase)
        self.kind_weights = context.Array("d", [phases[start_phase].kinds.get(kind, 0.0) for kind in KINDS])
        self._queue = context.Queue(maxsize=2 * count)
        shared = (seed, tokenizer_path, phases, self.phase_index, self.kind_weights, self._queue)
        self._workers = [context.Process(target=_work, args=(k, *shared), daemon=True) for k in range(count)]
        for worker in self._workers:
            worker.start()

    def batches(self, device: str) -> Iterator[tuple[int, list[str], int, dict[str, torch.Tensor]]]:
        """Copies ahead on a thread, so that a step never waits for the host."""
        ready: queue.Queue = queue.Queue(maxsize=3)

        def feed() -> None:
            while True:
                index, kinds, seconds, arrays = self._queue.get()
                tensors = {name: torch.from_numpy(array) for name, array in arrays.items() if name != "turns"}
                if device == "cuda":
                    tensors = {name: x.pin_memory().to(device, non_blocking=True) for name, x in tensors.items()}
                tensors["turns"] = arrays["turns"]
                ready.put((index, kinds, seconds, tensors))

        threading.Thread(target=feed, daemon=True).start()
        while True:
            yield ready.get()

    def close(self) -> None:
        for worker in self._workers:
            worker.terminate()
