"""10,000 follicles for 5 years: our exact expectation against agents stepped day by day.

The peer is Mesa where it is installed (`pip install mesa`), else the same rules in plain Python.
Both follow anagen, catagen, telogen and kenogen as Erlang stages of the calibrated hair cycle, one
size class; the agents' mean must lie within its own chance of ours.

    PYTHONPATH=src python benchmarks/follicles.py
"""

import importlib.util
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from openmeso.gateways.forecast_library import library_source
from openmeso.science.follicles import course
from openmeso.science.follicles.chain import healthy
from openmeso.science.follicles.cycle import HairCycle

FOLLICLES, DAYS, AIM = 10_000, 1825, 3000
FIELDS = (
    "anagen_days", "catagen_days", "telogen_days", "kenogen_days", "anagen_exponent",
    "kenogen_exponent",
)  # fmt: skip


def the_cycle() -> HairCycle:
    value = dict(library_source().posterior.structure)
    shape = HairCycle(**{n: value[n] for n in FIELDS}, p_down=0.0, p_up=0.0, p_loss=0.0)
    return replace(shape, sizes_um=(80.0,))


class Follicle:
    """One follicle and its day: it leaves its stage with the stage's daily chance."""

    def __init__(self, stage: int, chances: list[float], chance: random.Random) -> None:
        self.stage, self.chances, self.chance = stage, chances, chance

    def day(self) -> None:
        if self.chance.random() < self.chances[self.stage]:
            self.stage = (self.stage + 1) % len(self.chances)


def stages_of(cycle: HairCycle) -> list[float]:
    days = cycle.mean_days(cycle.sizes_um[-1])
    counts = cycle.stages()
    return [1 - float(np.exp(-n / d)) for n, d in zip(counts, days, strict=True) for _ in range(n)]


def first_stages(cycle: HairCycle, chance: random.Random) -> list[int]:
    shares = healthy(cycle)[:-1]
    return chance.choices(range(len(shares)), weights=list(shares), k=FOLLICLES)


def plain_python(cycle: HairCycle, days: int) -> list[int]:
    chance = random.Random(1)  # noqa: S311  no secret
    chances = stages_of(cycle)
    every = [Follicle(stage, chances, chance) for stage in first_stages(cycle, chance)]
    for _ in range(days):
        for one in every:
            one.day()
    return [one.stage for one in every]


def with_mesa(cycle: HairCycle, days: int) -> list[int]:
    import mesa  # optional peer

    chances = stages_of(cycle)

    class Agent(mesa.Agent):  # type: ignore[misc]
        def __init__(self, model: mesa.Model, stage: int) -> None:
            super().__init__(model)
            self.stage = stage

        def day(self) -> None:
            if self.random.random() < chances[self.stage]:
                self.stage = (self.stage + 1) % len(chances)

    model = mesa.Model(rng=1)
    for stage in first_stages(cycle, random.Random(1)):  # noqa: S311  no secret
        Agent(model, stage)
    for _ in range(days):
        model.agents.do("day")
    return [one.stage for one in model.agents]


def seconds(work: Callable[[], object], repeats: int) -> float:
    """Processor time, all threads together: a busy machine does not stretch it."""
    taken = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def main() -> int:
    cycle = the_cycle()
    start = healthy(cycle)
    days = np.arange(0.0, DAYS + 1)
    ours = seconds(lambda: course(cycle, start, days), 20)
    expected = course(cycle, start, days).total_per_cm2[-1]
    has_mesa = importlib.util.find_spec("mesa") is not None
    name, peer = ("Mesa", with_mesa) if has_mesa else ("plain Python (no Mesa here)", plain_python)
    found: list[int] = []
    theirs = seconds(lambda: found.extend(peer(cycle, DAYS)), 1)
    visible = sum(cycle.stages()[:3])
    seen = sum(stage < visible for stage in found) / FOLLICLES
    chance = (expected * (1 - expected) / FOLLICLES) ** 0.5
    print(
        f"ours, exact, {DAYS} daily readings: {1e3 * ours:.2f} ms; {name}: {theirs:.1f} s;"
        f" ratio {theirs / ours:,.0f} (aim {AIM:,})"
    )
    print(f"visible at the end: {expected:.4f} exact, {seen:.4f} by agents (sd {chance:.4f})")
    # A daily chance rounds each stage up to whole days: a bias the agents have, of about a day.
    assert abs(seen - expected) < 6 * chance
    return 0 if theirs / ours >= AIM else 1


if __name__ == "__main__":
    sys.exit(main())
