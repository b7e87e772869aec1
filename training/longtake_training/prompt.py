"""The conversation as token ids, and which of them MemAug sees (MODELS 1.6, 1.9)."""

from collections.abc import Sequence
from functools import lru_cache

from tokenizers import Tokenizer

SYSTEM = "You are a helpful assistant."
START, END, NEWLINE = "<|im_start|>", "<|im_end|>", "\n"
BEFORE_VIDEO = f"{START}system\n{SYSTEM}{END}\n{START}user\n"
REPLY_HEADER = f"{START}assistant\n"


def time_instruction(seconds: float, frames: int) -> str:
    """What stands between the video and the first question; `frames` before a short video is repeated."""
    return (
        f"\nThe video lasts for {seconds:.2f} seconds, and {frames} frames are uniformly sampled from it. "
        "Please answer the following questions related to this video.\n"
    )


class PromptCodec:
    """Encodes the pieces of a conversation; equal to encoding the whole, which the tests check."""

    def __init__(self, tokenizer: Tokenizer):
        self.tokenizer = tokenizer
        self.hidden = {tokenizer.token_to_id(token) for token in (START, END)} | {self.ids(NEWLINE)[0]}
        self.prefix = self.ids(BEFORE_VIDEO)
        self.reply_header = self.ids(REPLY_HEADER)
        self.end = self.ids(END)
        self.before_reply = self.ids(f"{END}\n{REPLY_HEADER}")
        self.before_question = self.ids(f"{END}\n{START}user\n")
        self.user = [token for token in self.ids("user\n") if token not in self.hidden]
        self.encode = lru_cache(maxsize=200_000)(self._encode)

    def ids(self, text: str) -> list[int]:
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def _encode(self, text: str) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
        """Ids and character offsets of a piece of text."""
        encoding = self.tokenizer.encode(text, add_special_tokens=False)
        return tuple(encoding.ids), tuple(encoding.offsets)

    def seen_by_memaug(self, ids: Sequence[int]) -> list[int]:
        """The part of a user or system text that MemAug sees in training: no newline, no role marks."""
        return [token for token in ids if token not in self.hidden]


def split_for_memaug(ids: list[int], codec: PromptCodec) -> list[int]:
    """The tokens of a whole prompt's text that MemAug sees: everything but role marks and assistant turns."""
    kept: list[int] = []
    position = 0
    header = codec.reply_header
    while position < len(ids):
        if ids[position : position + len(header)] == header:
            after = ids[position:]
            length = after.index(codec.end[0]) if codec.end[0] in after else len(after)
            position += length
            continue
        if ids[position] not in codec.hidden:
            kept.append(ids[position])
        position += 1
    return kept
