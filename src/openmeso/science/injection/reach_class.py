"""What the bulbs and bulges of each size class see after one session."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from openmeso.science.injection import reach_level as level
from openmeso.science.injection.reach_doubt import HIGH, LOW, Node, weighted_quantile
from openmeso.science.injection.reach_level import NOMINAL, Fields
from openmeso.terms.reach import BulgeReach, ClassReach, CoursePoint
from openmeso.terms.substance import SizeClass

Floats = NDArray[np.float64]

STRATA = 5
"""Follicles are told by fifths: the effect of a drug is not that of its mean exposure."""


def class_reaches(
    classes: Sequence[SizeClass],
    bulbs: Fields,
    bulges: Fields,
    nodes: Sequence[Node],
    dermis: Fields | None = None,
) -> tuple[ClassReach, ...]:
    """Each size class with its doubt; ``nodes`` are the cases of it.

    ``dermis`` are the bulbs in dermis throughout, to compare with where ``bulbs`` are not.
    """
    weights = np.array([node.weight for node in nodes])
    some = level.every_other(bulbs)
    shares = np.stack([level.reached(some, node).mean(axis=1) for node in nodes])
    low, high = (weighted_quantile(shares, weights, at) for at in (LOW, HIGH))
    nominal = level.reached(bulbs, NOMINAL).mean(axis=1)
    bulge = level.reached(bulges, NOMINAL).mean(axis=1)
    main = next(iter(level.levels(bulbs, NOMINAL).values()))
    plain = None if dermis is None else level.reached(dermis, NOMINAL).mean(axis=1)
    # bulges decide nothing: half of them tell their course as well
    at_bulbs, at_bulges = _seen(bulbs), _seen(level.every_other(bulges))
    return tuple(
        ClassReach(
            name=one.name,
            bulb_depth_mm=one.bulb_depth_mm.middle,
            reached_fraction=float(nominal[i]),
            # few cases make steps: the middle estimate always lies within its own range
            reached_low=float(min(low[i], nominal[i])),
            reached_high=float(max(high[i], nominal[i])),
            cmax=at_bulbs[i].cmax,
            auc=at_bulbs[i].auc,
            hours_above=at_bulbs[i].hours_above,
            bulge_depth_mm=one.bulge_depth_mm.middle,
            bulge_reached_fraction=float(bulge[i]),
            strata=strata_of(main[i]),
            course=at_bulbs[i].course,
            tmax_h=at_bulbs[i].tmax_h,
            bulge=at_bulges[i],
            reached_in_dermis=None if plain is None else float(plain[i]),
        )
        for i, one in enumerate(classes)
    )


def strata_of(values: Floats) -> tuple[float, ...]:
    """Mean of each fifth of ``values``, lowest first."""
    rising = np.sort(values, axis=None)
    if len(rising) % STRATA:
        raise ValueError(f"{len(rising)} follicles do not divide into {STRATA} strata")
    return tuple(rising.reshape(STRATA, -1).mean(axis=1).tolist())


def _seen(fields: Fields) -> list[BulgeReach]:
    """Medians over the follicles of every class, and the course in time."""
    hours, course = level.node_course(fields, NOMINAL)
    auc = np.median(level.node_auc(fields, NOMINAL), axis=1)
    cmax = np.median(course.max(axis=-1), axis=1)
    tmax = np.median(hours[course.argmax(axis=-1)], axis=1)
    above: list[float | None] = [None] * len(auc)
    if fields.release.substance.threshold_ng_ml is not None:
        long = level.hours_above(hours, course, level.threshold_ng_ml(fields))
        above = list(np.median(long, axis=1).tolist())
    return [
        BulgeReach(float(cmax[i]), float(tmax[i]), float(auc[i]), above[i], _course(hours, one))
        for i, one in enumerate(course)
    ]


def _course(hours: Floats, course: Floats) -> tuple[CoursePoint, ...]:
    low, middle, high = np.quantile(np.ascontiguousarray(course.T), (0.1, 0.5, 0.9), axis=1)
    rows = zip(hours.tolist(), middle.tolist(), low.tolist(), high.tolist(), strict=True)
    return tuple(CoursePoint(*row) for row in rows)
