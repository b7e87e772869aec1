"""More ways of asking than the world's own wordings, so that a model learns what is asked and not eight sentences.

Some questions get another sentence of the same kind, some a beginning or an end that means nothing, some lose or gain
a word. The wordings that the world holds out for tests are never used here.
"""

import re
from dataclasses import replace

import numpy as np

from .more_sentences import MORE_OFF_TOPIC, MORE_SENTENCES
from .rewording_phrases import ENDINGS, FILLERS, KEY_WORDS, LEADS, OFF_TOPIC, SENTENCES
from .world.questions import Lookup, Question
from .world.vocabulary import a_or_an

_OTHER_SENTENCE, _LEAD, _ENDING, _NOISE = 0.5, 0.25, 0.15, 0.3
_DROP, _INSERT = 0.1, 0.07


def reword(rng: np.random.Generator, question: Question) -> Question:
    """The question asked otherwise, with its look-ups moved along; options stay as they are."""
    if question.kind == "letter":
        return question
    stem, line, options = question.text.partition("\nA. ")
    lookups = question.lookups
    named = bool(lookups) or question.kind in ("first_place", "off_topic")  # else a name in it is not marked
    if named and rng.random() < _OTHER_SENTENCE:
        stem, lookups = _other_sentence(rng, question, stem)
    if rng.random() < _LEAD:
        lead = LEADS[int(rng.integers(0, len(LEADS)))]
        stem, lookups = lead + stem[0].lower() + stem[1:], _shift(lookups, len(lead))
    if rng.random() < _ENDING:
        stem = stem.rstrip("?.") + ENDINGS[int(rng.integers(0, len(ENDINGS)))]
    if named and rng.random() < _NOISE and question.kind != "off_topic":
        stem, lookups = _noise(rng, stem, lookups)
    return replace(question, text=stem + line + options, lookups=lookups)


def _shift(lookups: list[Lookup], by: int) -> list[Lookup]:
    return [Lookup(x.start + by, x.end + by, x.frames) for x in lookups]


def _other_sentence(rng: np.random.Generator, question: Question, stem: str) -> tuple[str, list[Lookup]]:
    if question.kind == "off_topic":
        sentences = OFF_TOPIC + MORE_OFF_TOPIC
        return sentences[int(rng.integers(0, len(sentences)))], []
    kind = question.kind.removeprefix("mc_")
    if kind == "absent":
        kind = ("colour", "place", "when", "action", "describe", "next")[int(rng.integers(0, 6))]
    sentences = SENTENCES.get(kind, []) + MORE_SENTENCES.get(kind, [])
    sentence = sentences[int(rng.integers(0, len(sentences)))]
    names = [stem[x.start : x.end] for x in question.lookups]
    text, lookups = "", []
    for part in re.split(r"(\{\w+\})", sentence):
        if not part.startswith("{"):
            text += part
            continue
        index = 1 if part == "{other}" else 0
        if part == "{a_actor}":
            text += a_or_an(names[0])[: -len(names[0])]
        lookups.append(Lookup(len(text), len(text) + len(names[index]), question.lookups[index].frames))
        text += names[index]
    if rng.random() < 0.3:
        text = text[0].lower() + text[1:]
    if rng.random() < 0.3 and text[-1] in "?.":
        text = text[:-1]
    return text, lookups


def _noise(rng: np.random.Generator, stem: str, lookups: list[Lookup]) -> tuple[str, list[Lookup]]:
    """Drops or inserts single words outside names and words that decide what is asked."""
    text, moved = "", []
    for word in re.finditer(r"\S+", stem):
        here = [x for x in lookups if x.start < word.end() and x.end > word.start()]
        plain = re.sub(r"\W", "", word.group()).lower()
        if not here and plain not in KEY_WORDS and rng.random() < _DROP:
            continue
        if rng.random() < _INSERT:
            text += ("" if not text else " ") + FILLERS[int(rng.integers(0, len(FILLERS)))]
        text += "" if not text else " "
        moved += [Lookup(x.start - word.start() + len(text), x.end - word.start() + len(text), x.frames) for x in here]
        text += word.group()
    return (text, moved) if text else (stem, lookups)
