"""Work on batches by a process for each core, where one would leave the others idle."""

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TypeVar

Batch = TypeVar("Batch")
Made = TypeVar("Made")
WAITING = 2  # batches a process that are taken before what came of the first is handed on


def in_parallel(function: Callable[[Batch], Made], batches: Iterable[Batch]) -> Iterator[Made]:
    """Yield what a function makes of each batch, in order; batches are taken as they are needed.

    The function and what it is given are pickled. What it raises is raised here.
    """
    processes = os.cpu_count() or 1
    with ProcessPoolExecutor(
        processes, multiprocessing.get_context("spawn"), _begins, gc.get_threshold()
    ) as pool:
        taken: deque[Future[Made]] = deque()
        try:
            for batch in batches:
                taken.append(pool.submit(function, batch))
                if len(taken) > WAITING * processes:
                    yield taken.popleft().result()
            while taken:
                yield taken.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)  # nobody waits for what was not begun


def _begins(*pace: int) -> None:
    """Outlive nobody: a parent that is killed can not stop those who wait for its next batch.

    Collect as seldom as the parent: rows are no garbage, to look among them takes a sixth more.
    """
    gc.set_threshold(*pace)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent's to answer
    threading.Thread(target=_end_after_its_parent, daemon=True).start()


def _end_after_its_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent, "called in a process of the pool"
    parent.join()
    os._exit(1)
