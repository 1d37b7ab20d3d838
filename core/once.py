"""What is asked once: answers that hold for one reading, such as a request, and for no longer."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

R = TypeVar("R")
_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Inside, once() asks each question a single time. Opened within another it joins."""
    if _answers.get() is not None:
        yield
        return
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


@contextmanager
def asked_anew() -> Iterator[None]:
    """Inside, every question is asked each time, and what was answered before is forgotten: for what writes."""
    outside = _answers.get()
    token = _answers.set(None)
    try:
        yield
    finally:
        _answers.reset(token)
        if outside is not None:
            outside.clear()


def once(question: Hashable, ask: Callable[[], R]) -> R:
    """The answer of `ask`, kept until the reading ends. Outside of one it is asked."""
    answers = _answers.get()
    if answers is None:
        return ask()
    if question not in answers:
        answers[question] = ask()
    found: R = answers[question]
    return found
