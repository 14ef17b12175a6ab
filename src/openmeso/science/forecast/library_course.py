"""Courses of many hair cycles at once: the chain of ``science.follicles`` for a batch of draws.

The weekly step is taken by uniformization: a Poisson-weighted sum of small steps, all terms of
which are positive, so that shares stay shares. The tail left out is below :data:`TAIL`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtrik

from openmeso.science.follicles.chain import states
from openmeso.science.follicles.cycle import HairCycle
from openmeso.science.follicles.measure import linear_readings

Array = NDArray[np.float64]
Single = NDArray[np.float32]

TAIL = 1e-5
CHUNK = 250
"""Draws stepped together; so many states fit the processor's cache."""
ALIKE, SMALLEST = 2.5, 100
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


def _rates(batch: Batch) -> Array:
    """Rate out of each state [1/day], as (size, stage, draw)."""
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
    return np.stack([n / d for n, d in zip(stages, days, strict=True) for _ in range(n)], axis=1)


def course(before: Batch, on: Batch, start: Array, weeks: int, stop: Array | None = None) -> Single:
    """Readings at weeks 0 to ``weeks``, as (reading, week, draw).

    ``on`` holds until each draw's ``stop`` [week], ``before`` from then on (never without a stop).
    ``start`` is (draw, state).
    """
    out = np.empty((len(READINGS), weeks + 1, on.size), np.float32)
    never = np.full(on.size, np.inf)
    stop = never if stop is None else stop
    for part in _chunks(_rates(on).max(axis=(0, 1)), stop):
        made = np.empty((len(READINGS), weeks + 1, len(part)), np.float32)
        _march(before.part(part), on.part(part), start[part], made, stop[part])
        out[:, :, part] = made
    return out


def _chunks(fastest: Array, stop: Array) -> list[NDArray[np.int64]]:
    """Draws that go together: with one stop and alike in speed.

    A chunk takes as many terms as its fastest cycle needs, and a few cycles need very many.
    """
    order = np.lexsort((fastest, stop))
    chunks, first = [], 0
    while first < len(order):
        rest = order[first : first + CHUNK]
        alike = (stop[rest] == stop[rest[0]]) & (fastest[rest] <= ALIKE * fastest[rest[0]])
        size = max(int(alike.sum()), min(SMALLEST, len(rest)))
        chunks.append(rest[:size])
        first += size
    return chunks


def _march(before: Batch, on: Batch, start: Array, out: Single, stop: Array) -> None:
    sizes, per_size = len(_MODEL.sizes_um), sum(_MODEL.stages())
    flat = start[:, :-1].T.astype(np.float32)
    state: Single = np.ascontiguousarray(flat.reshape(sizes, per_size, -1))
    weights = linear_readings(_MODEL, states(_MODEL)).astype(np.float32)[:, :-1]
    held, ended = _Stepper(on), _Stepper(before)
    rate_on, rate_off = _last_telogen_rate(on), _last_telogen_rate(before)
    for week in range(out.shape[1]):
        off = week >= stop
        _read(state, weights, out[:, week], np.where(off, rate_off, rate_on))
        if week + 1 == out.shape[1]:
            return
        if off.all():
            state = ended.step(state)
        elif off.any():
            state = np.where(off, ended.step(state), held.step(state))
        else:
            state = held.step(state)


def _last_telogen_rate(batch: Batch) -> Array:
    return _MODEL.phases.telogen / batch.value["telogen_days"]


def _read(state: Single, weights: Single, out: Single, shed_rate: Array) -> None:
    flat = state.reshape(-1, state.shape[-1])
    out[:] = weights @ flat
    shed, lost = READINGS.index("shed"), READINGS.index("lost")
    model_rate = _MODEL.phases.telogen / _MODEL.telogen_days
    out[shed] *= shed_rate / model_rate
    out[lost] = 1.0 - flat.sum(axis=0)


class _Stepper:
    """A week of a batch, made once and applied to states (size, stage, draw)."""

    def __init__(self, batch: Batch) -> None:
        rates = _rates(batch)
        fastest = rates.max(axis=(0, 1))
        self.chance = (rates / fastest).astype(np.float32)
        mean = fastest * DAYS
        terms = int(np.ceil(pdtrik(1 - TAIL, mean.max()))) + 1
        logs = np.cumsum(np.log(mean)[None] - np.log(np.arange(1, terms + 1))[:, None], axis=0)
        weight = np.exp(np.vstack([np.zeros_like(mean)[None], logs]) - mean)
        self.weight = (weight / weight.sum(axis=0)).astype(np.float32)
        down, up = batch.value["p_down"], batch.value["p_up"]
        sizes = len(_MODEL.sizes_um)
        self.down = down.astype(np.float32)
        self.up = up.astype(np.float32)
        stay = np.repeat((1 - down - up)[None], sizes, axis=0)
        stay[0] = 1 - down * batch.value["p_loss"] - up
        stay[-1] = 1 - down
        self.stay = stay.astype(np.float32)

    def step(self, state: Single) -> Single:
        """The state a week later."""
        out: Single = self.weight[0] * state
        now, moved, scaled = state.copy(), np.empty_like(state), np.empty_like(state)
        for weight in self.weight[1:]:
            np.multiply(now, self.chance, out=moved)
            now -= moved
            now[:, 1:] += moved[:, :-1]
            done = moved[:, -1]
            now[:, 0] += done * self.stay
            now[:-1, 0] += done[1:] * self.down
            now[1:, 0] += done[:-1] * self.up
            np.multiply(now, weight, out=scaled)
            out += scaled
        return out


def starts(batch: Batch, history_years: Array, stages: int = 24) -> Array:
    """The state of each draw after its untreated years, as (draw, state).

    Years are Erlang distributed about their mean (``stages`` of them; coefficient of variation
    1/sqrt(stages)): follicles do not all begin to miniaturise in the same month. Every follicle
    begins at the largest size, its phases as in the long run.
    """
    sizes, per_size = len(_MODEL.sizes_um), sum(_MODEL.stages())
    count = sizes * per_size
    rates = _rates(batch)
    first = np.zeros((batch.size, count))
    days = np.array([1 / rates[-1, stage] for stage in range(per_size)])
    first[:, -per_size:] = (days / days.sum(axis=0)).T
    system = _system(batch, rates, history_years * 365.25 / stages)
    inverse = np.linalg.inv(system.astype(np.float32)).astype(np.float32)
    now: Single = first.astype(np.float32)[:, :, None]
    for _ in range(stages):
        now = inverse @ now
    left = now[:, :, 0].astype(np.float64)
    lost = np.clip(1.0 - left.sum(axis=1), 0.0, 1.0)
    return np.column_stack([left, lost])


def _system(batch: Batch, rates: Array, step_days: Array) -> Array:
    """I - step * Q' of each draw, without the lost state."""
    sizes, per_size = len(_MODEL.sizes_um), sum(_MODEL.stages())
    count, down, up = sizes * per_size, batch.value["p_down"], batch.value["p_up"]
    flow = np.zeros((batch.size, count, count))
    leave = rates.reshape(count, -1).T
    every = np.arange(count)
    flow[:, every, every] = -leave
    inner = every[(every + 1) % per_size != 0]
    flow[:, inner + 1, inner] = leave[:, inner]
    for j in range(sizes):
        last, rate = j * per_size + per_size - 1, leave[:, j * per_size + per_size - 1]
        stays = 1 - down * (1.0 if j else batch.value["p_loss"]) - (up if j < sizes - 1 else 0.0)
        flow[:, j * per_size, last] += rate * stays
        if j:
            flow[:, (j - 1) * per_size, last] += rate * down
        if j < sizes - 1:
            flow[:, (j + 1) * per_size, last] += rate * up
    return np.eye(count) - step_days[:, None, None] * flow
