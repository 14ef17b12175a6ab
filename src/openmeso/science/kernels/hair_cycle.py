"""Small steps of many hair cycles at once, each read as it is taken.

Arrays are (stage, size x cycle): what passes from stage to stage lies side by side. Rows are
indexed in two dimensions throughout, because a view made in an inner loop costs more than the loop.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

Single = NDArray[np.float32]
_F = TypeVar("_F", bound=Callable[..., object])


def _compiled(kernel: _F) -> _F:
    """Compiled at its first call; kept on disk unless the installation has no folder for it."""
    made: Any
    try:
        made = njit(cache=True, nogil=True, error_model="numpy")(kernel)
    except RuntimeError:  # numba found no folder that it may write
        made = njit(nogil=True, error_model="numpy")(kernel)
    return cast(_F, made)


@_compiled
def steps(
    chance: Single, ends: tuple[Single, Single, Single], now: Single, mix: Single,
    reader: tuple[NDArray[np.int64], Single], out: Single,
) -> None:  # fmt: skip
    """Readings ``out`` (step, reading, cycle) of ``now`` and of the steps after it.

    ``chance`` is that of leaving each stage in a step; ``ends`` the chances to stay, to shrink and
    to grow of what leaves the last one. ``reader`` names the group of each stage, and the weights
    (reading, group, size) of the groups' sums. ``now`` becomes the mixture ``mix`` of the steps.
    """
    group, weights = reader
    row = now.shape[1]
    done, sums = np.empty(row, np.float32), np.empty((weights.shape[1], row), np.float32)
    total = np.zeros(now.shape, np.float32)
    for step in range(len(out)):
        if step:
            _move(chance, ends, now, done)
        _sum_up(now, group, sums)
        _read(sums, weights, out[step])
        if mix[step] > 0:
            for s in range(len(now)):
                for i in range(row):
                    total[s, i] += mix[step] * now[s, i]
    now[:] = total


@_compiled
def _move(chance: Single, ends: tuple[Single, Single, Single], now: Single, done: Single) -> None:
    stay, down, up = ends
    last, row = len(now) - 1, now.shape[1]
    shared = len(down)
    cycles = row - shared
    for i in range(row):
        done[i] = now[last, i] * chance[last, i]
    for s in range(last, 0, -1):
        for i in range(row):
            now[s, i] += now[s - 1, i] * chance[s - 1, i] - now[s, i] * chance[s, i]
    for i in range(row):
        now[0, i] += stay[i] * done[i] - now[0, i] * chance[0, i]
    for i in range(shared):
        now[0, i] += down[i] * done[i + cycles]
    for i in range(shared):
        now[0, i + cycles] += up[i] * done[i]


@_compiled
def _sum_up(now: Single, group: NDArray[np.int64], sums: Single) -> None:
    sums[:] = 0
    for s in range(len(now)):
        g = group[s]
        for i in range(now.shape[1]):
            sums[g, i] += now[s, i]


@_compiled
def _read(sums: Single, weights: Single, out: Single) -> None:
    readings, groups, sizes = weights.shape
    cycles = out.shape[1]
    out[:] = 0
    for r in range(readings):
        for g in range(groups):
            for j in range(sizes):
                weight, first = weights[r, g, j], j * cycles
                if weight != 0:
                    for i in range(cycles):
                        out[r, i] += weight * sums[g, first + i]


@_compiled
def mixed(share: Single, read: Single, out: Single) -> None:
    """Mixtures ``out`` (week, reading) of readings (step, reading), by ``share`` (week, step).

    Plain loops: a threaded matrix product of this size mostly waits for its threads.
    """
    for week in range(len(out)):
        for i in range(out.shape[1]):
            out[week, i] = 0
        for step in range(len(read)):
            part = share[week, step]
            if part > 0:
                for i in range(out.shape[1]):
                    out[week, i] += part * read[step, i]
