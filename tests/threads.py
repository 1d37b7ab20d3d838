"""Several writers at once, each in a thread with a database connection of its own."""

from collections.abc import Callable
from threading import Barrier, Thread

from django.db import connections


def at_once(*writers: Callable[[], object]) -> list[BaseException]:
    """Start together, wait for all; what went wrong, in the order in which it did."""
    errors: list[BaseException] = []
    barrier = Barrier(len(writers))

    def run(writer: Callable[[], object]) -> None:
        try:
            barrier.wait(30)
            writer()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(writer,), daemon=True) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not [thread for thread in threads if thread.is_alive()], "a writer still waits after two minutes"
    return errors


def aside(look: Callable[[], object]) -> object:
    """What another connection sees at this moment."""
    found: list[object] = []
    assert at_once(lambda: found.append(look())) == []
    return found[0]
