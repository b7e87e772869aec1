"""What is true of a rendered video, as JSON: its story, and questions with their answers (docs/embedded-model.md)."""

from typing import Any

from ..draft import UNSEEN
from ..questions import Question, Wording
from ..story import Event, Story
from ..vocabulary import ACTION_PHRASES, ACTIONS, COLOURS, FIGURES, PLACES, SIDES, WEATHERS, name_of


def as_record(video: str, story: Story, wording: Wording, asked: list[tuple[Question, Question | None]]) -> dict[str, Any]:
    """The file beside the video. `longtake eval` reads the questions; who asks in other words finds what is right in the story."""
    things = sorted({name_of(thing) for thing in (*story.residents, *(event.thing for event in story.events))})
    scenes = [{"startSeconds": x.start, "endSeconds": x.end, "place": PLACES[x.place], "resident": FIGURES[x.resident]} for x in story.scenes]
    return {
        "video": video, "seconds": story.seconds, "wording": wording, "things": things,
        "events": [_event(event) for event in story.events], "scenes": scenes, "questions": [_question(*pair) for pair in asked],
    }  # fmt: skip


def _event(event: Event) -> dict[str, Any]:
    """A visit, a spell of weather or a sign; what does not apply to it is left out."""
    record: dict[str, Any] = {
        "thing": name_of(event.thing), "startSeconds": event.start, "endSeconds": event.end, "place": PLACES[event.place],
        "companion": FIGURES[event.companion],
    }  # fmt: skip
    if event.colour >= 0:
        record |= {"colour": COLOURS[event.colour], "action": ACTION_PHRASES[ACTIONS[event.action]], "side": SIDES[event.side]}
    if event.brings >= 0:
        record["brings"] = WEATHERS[event.brings]
    if event.cause >= 0:
        record["cause"] = FIGURES[event.cause]
    return record


def _question(question: Question, before: Question | None) -> dict[str, Any]:
    kind = question.follow_up or question.kind
    record: dict[str, Any] = {"task": question.task, "topic": question.topic, "form": question.form, "kind": kind, "question": question.text}
    if before:
        record["earlier"] = [{"question": before.text, "reply": before.spoken}]
    if question.options:
        record["options"] = question.options
    record |= {"answer": question.answer, "reply": question.reply, "values": question.values}
    if question.facts:
        record["facts"] = [{"answer": answer, "values": values} for answer, values in question.facts]
    if question.reply == UNSEEN:
        record["unanswerable"] = True
    if question.subject is not None:
        record["subject"] = name_of(question.subject)
    record["evidence"] = [{"startSeconds": start, "endSeconds": end} for start, end in question.evidence]
    return record
