"""Everything that a clinic may prescribe as a check-in: forms and tasks, by id."""

from __future__ import annotations

from dataclasses import dataclass

from shared.instruments.forms import FORMS, form
from shared.instruments.questionnaire import Questionnaire, Task
from shared.instruments.tasks.data import TaskData
from shared.instruments.tasks.digit_span import digit_span_task
from shared.instruments.tasks.reaction import reaction_task
from shared.instruments.tasks.tapping import tapping_task

_TASKS = {
    Task.REACTION: reaction_task,
    Task.DIGIT_SPAN: digit_span_task,
    Task.TAPPING: tapping_task,
}


@dataclass(frozen=True)
class Instrument:
    """A form, a task, or a form that a task follows."""

    id: str
    title: str
    every_days: int
    minutes: int
    form: Questionnaire | None = None
    task: Task | None = None


def instruments() -> tuple[Instrument, ...]:
    """Return every instrument that can be prescribed, forms first."""
    forms = tuple(instrument(one) for one in FORMS)
    return (*forms, instrument(Task.REACTION), instrument(Task.DIGIT_SPAN))


def knows(instrument_id: str) -> bool:
    """Return whether there's such an instrument."""
    return instrument_id in FORMS or instrument_id in set(Task)


def instrument(instrument_id: str) -> Instrument:
    """Return an instrument by its id; raise KeyError for one that isn't known."""
    if instrument_id in FORMS:
        asked = form(instrument_id)
        return Instrument(asked.id, asked.title, asked.every_days, asked.minutes, asked, asked.task)
    if instrument_id not in set(Task):
        raise KeyError(instrument_id)
    task = task_data(Task(instrument_id))
    return Instrument(task.id, task.title, task.every_days, task.minutes, None, Task(task.id))


def task_data(task: Task) -> TaskData:
    """Return the data of a task."""
    return _TASKS[task]()
