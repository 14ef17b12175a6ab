"""Courses of many hair cycles at once: the chain of ``science.follicles`` for a batch of draws.

Time is taken by uniformization: the state at any time is a Poisson-weighted sum of the states
after 0, 1, 2, … small steps, all of them positive, so that shares stay shares. The steps are the
same for every week, so that each is taken and read once and all weeks are one matrix product.

States are laid out as (stage, size, draw): what passes from stage to stage then lies side by side.

References
----------
Grassmann WK. Transient solutions in Markovian queueing systems. Comput Oper Res 1977;4:47.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from openmeso.science.follicles.chain import states
from openmeso.science.follicles.cycle import HairCycle
from openmeso.science.follicles.measure import linear_readings

Array = NDArray[np.float64]
Single = NDArray[np.float32]

TAIL_SD = 5.5
"""Standard deviations of the Poisson weights beyond which steps are left out; below 10^-7."""
NOTHING = 1e-12
"""Poisson weights below this are taken as none: what is too small for a float slows it down."""
CHUNK = 64
"""Draws stepped together; so many states fit the processor's cache."""
ALIKE, SMALLEST = 2.0, 16
DAYS = 7.0
CYCLE = (
    "anagen_days", "catagen_days", "telogen_days", "kenogen_days", "anagen_exponent",
    "kenogen_exponent", "p_down", "p_up", "p_loss",
)  # fmt: skip
READINGS = (
    "total", "thick", "terminal", "width", "vellus", "thick_anagen", "shed", "grown", "lost",
)  # fmt: skip
"""Additive readings per follicle, in the order of ``linear_readings``."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Hair cycles, one a draw: each of :data:`CYCLE` as an array."""

    value: Mapping[str, Array]

    @property
    def size(self) -> int:
        """Number of draws."""
        return len(self.value["anagen_days"])

    def times(self, multiplier: Mapping[str, Array]) -> "Batch":
        """Under an effect: multipliers by name; chances are kept within 0-1."""
        value = {
            name: one * multiplier.get(name.removesuffix("_days"), 1.0)
            for name, one in self.value.items()
        }
        p_down = np.minimum(value["p_down"], 1.0)
        value |= {"p_down": p_down, "p_up": np.minimum(value["p_up"], 1.0 - p_down)}
        return Batch(value)

    def part(self, chosen: slice | NDArray[np.int64]) -> "Batch":
        """Some of the draws."""
        return Batch({name: one[chosen] for name, one in self.value.items()})

    def cycle(self, draw: int) -> HairCycle:
        """One draw as a hair cycle."""
        value = {name: float(self.value[name][draw]) for name in CYCLE}
        return replace(_MODEL, **value)  # type: ignore[arg-type]  # mypy: one type for all fields


_MODEL = HairCycle(280.0, 14.0, 90.0, 64.0, 1.7, 1.0, 0.28, 0.09, 0.5)
"""Only its shape is used: sizes and stages are the same in every draw."""


def rates(batch: Batch) -> Array:
    """Rate out of each state [1/day], as (stage, size, draw)."""
    value = batch.value
    relative = (np.array(_MODEL.sizes_um) / _MODEL.sizes_um[-1])[:, None]
    flat = np.ones_like(relative)
    days = [
        value["anagen_days"] * relative ** value["anagen_exponent"],
        value["catagen_days"] * flat,
        value["telogen_days"] * flat,
        value["kenogen_days"] * relative ** -value["kenogen_exponent"],
    ]
    stages = _MODEL.stages()
    return np.stack([n / d for n, d in zip(stages, days, strict=True) for _ in range(n)])


def course(before: Batch, on: Batch, start: Array, weeks: int, stop: Array | None = None) -> Single:
    """Readings at weeks 0 to ``weeks``, as (reading, week, draw).

    ``on`` holds until each draw's ``stop`` [week], ``before`` from then on (never without a stop).
    ``start`` is (draw, state).
    """
    out = np.empty((len(READINGS), weeks + 1, on.size), np.float32)
    ends = np.full(on.size, weeks) if stop is None else _whole_weeks(stop, weeks)
    drugged, plain = rates(on), rates(before)
    state = by_stage(start)
    for part in chunks(drugged.max(axis=(0, 1)), ends):
        now, end = np.ascontiguousarray(state[:, :, part]), int(ends[part[0]])
        made = np.empty((weeks + 1, len(READINGS), len(part)), np.float32)
        Stretch(on.part(part), drugged[:, :, part]).go(now, made[: end + 1])
        if end < weeks:
            Stretch(before.part(part), plain[:, :, part]).go(now, made[end:])
        out[:, :, part] = made.transpose(1, 0, 2)
    acts = np.arange(weeks + 1)[:, None] < (weeks + 1 if stop is None else np.ceil(stop))
    out[READINGS.index("shed")] *= np.where(acts, shed_factor(on), shed_factor(before))
    lost = READINGS.index("lost")
    out[lost] = 1.0 - out[lost]
    return out


def _whole_weeks(stop: Array, weeks: int) -> NDArray[np.int64]:
    return np.ceil(np.clip(stop, 0, weeks)).astype(np.int64)


def by_stage(start: Array) -> Single:
    """(draw, state) as (stage, size, draw), without the lost state."""
    sizes = len(_MODEL.sizes_um)
    every = start[:, :-1].reshape(len(start), sizes, -1)
    return np.ascontiguousarray(every.transpose(2, 1, 0), dtype=np.float32)


def chunks(fastest: Array, stop: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Draws that go together: with one stop and alike in speed.

    A chunk takes as many steps as its fastest cycle needs, and a few cycles need very many.
    """
    order = np.lexsort((fastest, stop))
    chunks, first = [], 0
    while first < len(order):
        rest = order[first : first + CHUNK]
        same = stop[rest] == stop[rest[0]]
        alike = same & (fastest[rest] <= ALIKE * fastest[rest[0]])
        size = max(int(alike.sum()), min(SMALLEST, int(same.sum())))
        chunks.append(rest[:size])
        first += size
    return chunks


def shed_factor(batch: Batch) -> Single:
    """Shedding at each draw's own rate over that of the model whose readings are taken."""
    own = _MODEL.phases.telogen / batch.value["telogen_days"]
    model = _MODEL.phases.telogen / _MODEL.telogen_days
    return _single(own / model)


class Stretch:
    """Some hair cycles under one effect, and the readings that are taken of them."""

    def __init__(self, cycles: Batch, rate: Array, names: tuple[str, ...] = READINGS) -> None:
        self.fastest = float(rate.max())
        down, up = (_single(np.tile(cycles.value[name], len(rate[0]) - 1)) for name in _MOVES)
        self.ends = _single(_stay(cycles).ravel()), down, up
        self.chance = _single(rate / self.fastest).reshape(len(rate), -1)
        self.reader = _reader(names)

    def go(self, now: Single, out: Single) -> None:
        """Readings of ``now`` and of the weeks after it, as (week, reading, draw); moves ``now``."""
        # Numba is slow to import: only who forecasts waits for it.
        from openmeso.science.kernels.hair_cycle import mixed, steps

        weeks = len(out)
        share = _poisson(np.asarray(self.fastest * DAYS * np.arange(weeks), float))
        read = np.empty((share.shape[1], *out.shape[1:]), np.float32)
        steps(self.chance, self.ends, now.reshape(len(now), -1), share[-1], self.reader, read)
        mixed(share, read.reshape(len(read), -1), out.reshape(weeks, -1))


_MOVES = ("p_down", "p_up")


def _single(values: Array) -> Single:
    found: Single = np.ascontiguousarray(values, dtype=np.float32)
    return found


def _poisson(mean: Array) -> Single:
    """Poisson weights as (mean, count), up to the count that the last mean hardly passes."""
    most = int(mean[-1] + TAIL_SD * np.sqrt(mean[-1])) + 12 if mean[-1] > 0 else 1
    count = np.arange(most)
    factorial = np.cumsum(np.log(np.maximum(count, 1)))
    weight = np.exp(count * np.log(np.maximum(mean, 1e-300))[:, None] - mean[:, None] - factorial)
    weight /= weight.sum(axis=1, keepdims=True)
    weight[weight < NOTHING] = 0.0
    return _single(weight)


@lru_cache(maxsize=4)
def _reader(names: tuple[str, ...]) -> tuple[NDArray[np.int64], Single]:
    """Group of each stage, stages that no reading tells apart together, and the groups' weights."""
    sizes, per_size = len(_MODEL.sizes_um), sum(_MODEL.stages())
    weights = linear_readings(_MODEL, states(_MODEL))[:, :-1]
    weights[READINGS.index("lost")] = 1.0  # what is left; see _finish
    weights = weights[[READINGS.index(name) for name in names]]
    staged = weights.reshape(len(names), sizes, per_size).transpose(2, 0, 1)
    new = [i == 0 or bool((staged[i] != staged[i - 1]).any()) for i in range(per_size)]
    return np.cumsum(new) - 1, _single(staged[new].transpose(1, 0, 2))


def _stay(batch: Batch) -> Array:
    """Chance to keep its size, as (size, draw)."""
    down, up = batch.value["p_down"], batch.value["p_up"]
    stay = np.repeat((1 - down - up)[None], len(_MODEL.sizes_um), axis=0)
    stay[0] = 1 - down * batch.value["p_loss"] - up
    stay[-1] = 1 - down
    return stay


def starts(batch: Batch, history_years: Array, stages: int = 24) -> Array:
    """The state of each draw after its untreated years, as (draw, state).

    Years are Erlang distributed about their mean (``stages`` of them; coefficient of variation
    1/sqrt(stages)): follicles do not all begin to miniaturise in the same month. Every follicle
    begins at the largest size, its phases as in the long run.
    """
    each = rates(batch)
    now = np.zeros_like(each)
    days = 1 / each[:, -1]
    now[:, -1] = days / days.sum(axis=0)
    stage = _Stage(batch, each * (history_years * 365.25 / stages))
    for _ in range(stages):
        stage.pass_through(now)
    left = now.transpose(2, 1, 0).reshape(batch.size, -1)
    return np.column_stack([left, np.clip(1.0 - left.sum(axis=1), 0.0, 1.0)])


class _Stage:
    """An exponentially distributed time: one solve of (1 - time x rates) in the order of the cycle.

    Within a size every state follows from the one before it; what the sizes exchange is one number
    each, found by elimination from the smallest up.
    """

    def __init__(self, batch: Batch, flow: Array) -> None:
        self.flow, self.part = flow, 1 / (1 + flow)
        self.onward = flow * self.part
        self.through = self.onward.prod(axis=0)
        self.stay = _stay(batch)
        self.down, self.up = batch.value["p_down"], batch.value["p_up"]
        self.pivot = 1 - self.through * self.stay
        self.factor = np.zeros_like(self.pivot)
        for j in range(1, len(self.pivot)):
            self.factor[j] = self.through[j] * self.up / self.pivot[j - 1]
            self.pivot[j] -= self.factor[j] * self.through[j - 1] * self.down

    def pass_through(self, now: Array) -> None:
        """Move ``now`` (stage, size, draw) on by the time, in place."""
        given = np.zeros_like(self.through)
        for onward, here in zip(self.onward, now, strict=True):
            given = onward * (here + given)
        carried = self._entered(given)
        for part, flow, here in zip(self.part, self.flow, now, strict=True):
            here += carried
            here *= part
            carried = flow * here

    def _entered(self, done: Array) -> Array:
        """What enters each size, from what the follicles already in it let through."""
        for j in range(1, len(done)):
            done[j] += self.factor[j] * done[j - 1]
        done[-1] /= self.pivot[-1]
        for j in range(len(done) - 2, -1, -1):
            done[j] = (done[j] + self.through[j] * self.down * done[j + 1]) / self.pivot[j]
        entered: Array = self.stay * done
        entered[:-1] += self.down * done[1:]
        entered[1:] += self.up * done[:-1]
        return entered
