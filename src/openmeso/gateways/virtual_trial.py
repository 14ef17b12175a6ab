"""Virtual trial on many cores: this machine's processes, or a Dask cluster."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any

from openmeso.science.forecast.virtual_trial import (
    ArmSum,
    TrialResult,
    VirtualTrial,
    blocks,
    result,
    run_block,
)

Watch = Callable[[Iterable[Any]], Iterable[Any]]


def run_here(trial: VirtualTrial, workers: int | None = None, watch: Watch = iter) -> TrialResult:
    """The trial on ``workers`` processes (default: every core); ``watch`` sees blocks pass."""
    sizes, seeds = zip(*blocks(trial), strict=True)
    block = partial(run_block, trial)
    count = min(workers or os.cpu_count() or 1, len(sizes))
    if count == 1:
        return result(trial, list(watch(map(block, sizes, seeds))))
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        return result(trial, list(watch(pool.map(block, sizes, seeds))))


def run_on_dask(trial: VirtualTrial, client: Any) -> TrialResult:
    """The same trial, its blocks handed to a ``distributed.Client``; the same numbers."""
    sizes, seeds = zip(*blocks(trial), strict=True)
    futures = client.map(partial(run_block, trial), list(sizes), list(seeds))
    found: list[tuple[ArmSum, ...]] = client.gather(futures)
    return result(trial, found)
