"""Processes that make batches while the device trains."""

import os
import queue
import threading
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
import torch.multiprocessing as processes

from ..prompt import PromptCodec
from ..tokenizer import load_tokenizer
from .batches import ASKED, BatchMaker
from .image_talk import image_batch
from .schedule import Phase


#: Share of the batches that nothing is learned from: they tell early whether looks that training never shows are understood.
UNSEEN_SHARE = 0.03


def draw_length(rng: np.random.Generator, phase: Phase) -> tuple[int, int]:
    """Seconds and batch size of the next batch."""
    lengths = phase.lengths[rng.choice(len(phase.lengths), p=[x.share for x in phase.lengths])]
    seconds = int(rng.integers(lengths.low, lengths.high + 1))
    if lengths.high % 10 == 0 and rng.random() < 0.25:
        seconds = lengths.high  # whole minutes are what people have
    return seconds, lengths.batch


class Made(NamedTuple):
    """One batch: of which phase, of videos of how many seconds, and whether of looks that are kept for tests."""

    phase: int
    seconds: int
    unseen: bool
    data: dict


def _made(number: int, seed: int, tokenizer_path: str, phases, phase_index, weights, images) -> Iterator[Made]:
    rng = np.random.default_rng([seed, number])
    codec = PromptCodec(load_tokenizer(tokenizer_path))
    maker, unseen_maker = BatchMaker(codec), BatchMaker(codec, "test")
    while True:
        index = phase_index.value
        if images:
            batch, unseen = image_batch(maker, rng, *images), False
        else:
            seconds, size = draw_length(rng, phases[index])
            unseen = rng.random() < UNSEEN_SHARE
            one = unseen_maker if unseen else maker
            batch = one.make(rng, seconds, size, np.array(weights[:]), follow_share=phases[index].follow_share)
        yield Made(index, batch.seconds, unseen, batch.arrays)


def _work(number: int, *given) -> None:
    torch.set_num_threads(1)
    *shared, out = given
    for made in _made(number, *shared):
        out.put(made)


class BatchStream:
    """Starts `count` workers (0: batches are made where they are needed); iterate over what they made, with tensors on the device.

    With `images` (pictures a batch, bank frames to choose from) the batches are single pictures and what is said of them.
    """

    def __init__(self, count: int, seed: int, tokenizer_path: str, phases: tuple[Phase, ...], start_phase: int = 0, images: tuple[int, int] | None = None):
        os.environ["TOKENIZERS_PARALLELISM"] = "false"
        context = processes.get_context("spawn")
        self.phase_index = context.Value("i", start_phase)
        self.weights = context.Array("d", [phases[start_phase].kinds.get(name, 0.0) for name in ASKED] if phases else len(ASKED))
        self._shared = (seed, tokenizer_path, phases, self.phase_index, self.weights, images)
        self._queue = context.Queue(maxsize=max(1, 2 * count))
        self._workers = [context.Process(target=_work, args=(k, *self._shared, self._queue), daemon=True) for k in range(count)]
        for worker in self._workers:
            worker.start()

    def batches(self, device: str) -> Iterator[Made]:
        """Copies ahead on a thread, so that a step never waits for the host."""
        if not self._workers:
            for made in _made(0, *self._shared):
                yield made._replace(data={name: torch.from_numpy(array).to(device) for name, array in made.data.items()})
        ready: queue.Queue = queue.Queue(maxsize=3)

        def feed() -> None:
            while True:
                made = self._queue.get()
                tensors = {name: torch.from_numpy(array) for name, array in made.data.items()}
                if device == "cuda":
                    tensors = {name: x.pin_memory().to(device, non_blocking=True) for name, x in tensors.items()}
                ready.put(made._replace(data=tensors))

        threading.Thread(target=feed, daemon=True).start()
        while True:
            yield ready.get()

    def close(self) -> None:
        for worker in self._workers:
            worker.terminate()
