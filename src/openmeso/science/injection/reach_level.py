"""From free drug at the follicles to who is reached and how strongly, case by case of the doubt.

An irreversible inhibitor reaches a bulb when a session inactivates :data:`MARK` of the enzyme
there; its level is the mean inhibition over the interval. A reversible drug reaches it when the
free concentration passes the substance's threshold at any time. Two levels are given for it,
because which one counts is not known: *exposure* saturates the average over the interval,
*concentration* averages what saturates at every moment. Both are one half at the reference, the
steady exposure from the usual topical use.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from openmeso.science.injection.exposure import Neighbours, lateral
from openmeso.science.injection.inactivation import (
    after_session,
    exposure_for,
    mean_inhibition,
    nm_from_ng_ml,
)
from openmeso.science.injection.reach_doubt import LENGTH_FACTORS, Node
from openmeso.science.injection.reach_field import (
    NG_PER_MG,
    Release,
    Spread,
    clearance_per_h,
    exposure_tables,
    lasting_h,
)
from openmeso.terms.provenance import Quantity
from openmeso.terms.substance import SizeClass
from openmeso.terms.units import MM2_PER_CM2

Floats = NDArray[np.float64]

MARK = 0.95  # the share of enzyme whose loss counts as reached: ours, to have one number to say
HOURS_PER_DAY = 24.0
NOMINAL = Node(length=len(LENGTH_FACTORS) // 2, diffusivity=1.0, solubility=0.5, weight=1.0)
_MM3_PER_ML = 1000.0


@dataclass(frozen=True, slots=True, eq=False)
class Fields:
    """Free drug at the bulbs (or bulges) of every size class.

    ``exposure`` is times clearance, (classes, decay lengths, follicles).
    """

    release: Release
    interval_h: float
    depths_mm: Floats
    exposure: Floats
    spread: Spread | None
    free: dict[int, Floats] = field(default_factory=dict)
    """Free concentration by decay length, once asked for: diffusivity only sets its clock."""
    shift: Callable[[int], Floats] | None = None
    """What layers change of it, over the start's, (classes, follicles, taus) by decay length."""


def fields_at(
    release: Release,
    near: Neighbours,
    depths_mm: Sequence[float],
    interval_h: float,
    spread: Spread | None,
) -> Fields:
    """Everything that the cases of the doubt share.

    ``spread`` may be None where no course in time is asked for.
    """
    lengths = release.length_mm * LENGTH_FACTORS
    summed = _summed(release, near, depths_mm, lengths)
    layers = release.layers

    @cache
    def shift(length: int) -> Floats:
        assert layers is not None and spread is not None  # noqa: S101, PT018 (for the type checker)
        changed = layers.shifts(near, depths_mm, float(lengths[length]), spread.tau)
        changed[..., 0] = spread.unit[..., 0] * (layers.at_start(depths_mm) - 1.0)[:, None]
        return changed

    return Fields(
        release=release,
        interval_h=interval_h,
        depths_mm=np.asarray(depths_mm, float),
        exposure=summed,
        spread=spread,
        shift=shift if layers and spread else None,
    )


def map_levels(
    release: Release, near: Neighbours, depths_mm: Sequence[float], interval_h: float
) -> Floats:
    """Level by the first reading, without doubt: (depths, places)."""
    summed = _summed(release, near, depths_mm, np.array([release.length_mm]))
    fields = Fields(release, interval_h, np.asarray(depths_mm, float), summed, None)
    auc = summed[:, 0] / release.transport.k_per_h
    if release.substance.inactivation_per_nm_h is not None:
        return _inhibition(fields, auc, NOMINAL)
    return _saturated(fields, auc, NOMINAL)


def _summed(
    release: Release, near: Neighbours, depths_mm: Sequence[float], lengths_mm: Floats
) -> Floats:
    """Free exposure times clearance of all boluses, (depths, decay lengths, places)."""
    to = lateral(near.distances_mm, np.asarray(depths_mm, float), release.site.depth_mm)
    tables = exposure_tables(release, to, lengths_mm.tolist())
    if release.layers:
        ratios = np.stack(
            [release.layers.ratios(near.distances_mm, depths_mm, one) for one in lengths_mm], -1
        )
        tables = [table * ratio for table, ratio in zip(tables, ratios, strict=True)]
    return np.stack([np.maximum(near.total(table), 0.0).T for table in tables])


def bulge_depths(classes: Sequence[SizeClass]) -> list[float]:
    """Depth of the bulges of each class [mm]."""
    return [one.bulge_depth_mm.middle for one in classes]


def bulb_depths(classes: Sequence[SizeClass]) -> list[float]:
    """Depth of the bulbs of each class [mm]."""
    return [one.bulb_depth_mm.middle for one in classes]


def node_length_mm(fields: Fields, node: Node) -> float:
    """Decay length of one case [mm]."""
    return float(fields.release.length_mm * LENGTH_FACTORS[node.length])


def node_lasting_h(fields: Fields, node: Node) -> float:
    """Hours a depot lasts in one case; 0 for a solution."""
    return lasting_h(
        fields.release, node_length_mm(fields, node), node.diffusivity, node.solubility
    )


def node_auc(fields: Fields, node: Node) -> Floats:
    """Free exposure [ng h/mL] of one session, (classes, follicles)."""
    k = clearance_per_h(fields.release, node_length_mm(fields, node), node.diffusivity)
    return np.asarray(fields.exposure[:, node.length] / k)


def node_course(fields: Fields, node: Node) -> tuple[Floats, Floats]:
    """Hours, and free concentration [ng/mL] at them, (classes, follicles, hours)."""
    lasting = node_lasting_h(fields, node)
    if lasting > 0:
        steady = node_auc(fields, node) / lasting
        hours = np.array([0.0, lasting / 2, lasting * (1 - 1e-9), lasting])
        return hours, steady[..., None] * np.array([1.0, 1.0, 1.0, 0.0])
    if fields.spread is None:
        raise ValueError("these fields were made without a course in time")
    tau = fields.spread.tau
    hours = tau / (fields.release.transport.d_mm2_h * node.diffusivity)
    if node.length not in fields.free:
        left = fields.release.c0_free_ng_ml * np.exp(-tau / node_length_mm(fields, node) ** 2)
        free = fields.spread.unit * left
        if fields.shift:
            free += fields.release.c0_free_ng_ml * fields.shift(node.length)
            np.maximum(free, 0.0, out=free)
        fields.free[node.length] = free
    return hours, fields.free[node.length]


def reached(fields: Fields, node: Node) -> NDArray[np.bool_]:
    """Which follicles one session reaches, (classes, follicles)."""
    substance = fields.release.substance
    if substance.inactivation_per_nm_h is not None:
        left = after_session(
            node_auc(fields, node) * nm_from_ng_ml(1.0, substance.molecular_weight_g_mol.middle),
            substance.inactivation_per_nm_h.middle,
            recovery_per_h(fields),
            node_lasting_h(fields, node),
        )
        return np.asarray(left <= 1.0 - MARK)
    return np.asarray(node_course(fields, node)[1].max(axis=-1) >= threshold_ng_ml(fields))


def every_other(fields: Fields) -> Fields:
    """Half of the follicles, as evenly spread: enough for the range of a doubt."""
    spread = fields.spread
    half = None if spread is None else Spread(spread.tau, spread.unit[:, ::2].copy())
    whole = fields.shift
    shift = None if whole is None else lambda length: whole(length)[:, ::2]
    return replace(fields, exposure=fields.exposure[..., ::2], spread=half, free={}, shift=shift)


def levels(fields: Fields, node: Node) -> dict[str, Floats]:
    """Levels by reading, (classes, follicles) each."""
    auc = node_auc(fields, node)
    if fields.release.substance.inactivation_per_nm_h is not None:
        return {"inhibition": _inhibition(fields, auc, node)}
    hours, course = node_course(fields, node)
    moment = course + reference_ng_ml(fields, node)[:, None, None]
    np.divide(course, moment, out=moment)
    return {
        "exposure": _saturated(fields, auc, node),
        "concentration": np.clip(moment @ _trapezium(hours) / fields.interval_h, 0.0, 1.0),
    }


def _trapezium(hours: Floats) -> Floats:
    """Weights of values at ``hours`` in their integral, straight between them."""
    half = np.diff(hours) / 2
    return np.asarray(np.append(half, 0.0) + np.append(0.0, half))


def _inhibition(fields: Fields, auc: Floats, node: Node) -> Floats:
    substance = fields.release.substance
    return mean_inhibition(
        auc * nm_from_ng_ml(1.0, substance.molecular_weight_g_mol.middle),
        _given(substance.inactivation_per_nm_h),
        recovery_per_h(fields),
        fields.interval_h,
        node_lasting_h(fields, node),
    )


def _saturated(fields: Fields, auc: Floats, node: Node) -> Floats:
    mean = auc / fields.interval_h
    return np.asarray(mean / (mean + reference_ng_ml(fields, node)[:, None]))


def mark(fields: Fields) -> float:
    """The threshold behind "reached": exposure [ng h/mL] of an inhibitor, else concentration."""
    substance = fields.release.substance
    if substance.inactivation_per_nm_h is None:
        return threshold_ng_ml(fields)
    wanted = exposure_for(MARK, substance.inactivation_per_nm_h.middle)
    return wanted / nm_from_ng_ml(1.0, substance.molecular_weight_g_mol.middle)


def threshold_ng_ml(fields: Fields) -> float:
    """Free concentration that counts as reached [ng/mL]."""
    return _given(fields.release.substance.threshold_ng_ml)


def recovery_per_h(fields: Fields) -> float:
    """Rate at which the enzyme comes back [1/h]."""
    days = _given(fields.release.substance.recovery_half_life_days)
    return math.log(2.0) / (days * HOURS_PER_DAY)


def reference_ng_ml(fields: Fields, node: Node) -> Floats:
    """Mean free concentration [ng/mL] from the usual topical use, by class.

    What enters is taken to spread evenly along the follicle down to its bulb and to be cleared
    as an injected drug is.
    """
    flux = _given(fields.release.substance.reference_mg_per_cm2_day)
    ng_per_mm2_h = flux * NG_PER_MG / MM2_PER_CM2 / HOURS_PER_DAY
    k = clearance_per_h(fields.release, node_length_mm(fields, node), node.diffusivity)
    total_ng_ml = ng_per_mm2_h / fields.depths_mm / k * _MM3_PER_ML
    return np.asarray(total_ng_ml / fields.release.transport.partition)


def hours_above(hours: Floats, course: Floats, threshold: float) -> Floats:
    """Hours for which a concentration that is linear between ``hours`` exceeds ``threshold``."""
    over = course - threshold
    above, size = np.maximum(over, 0.0), np.abs(over)
    above, size = above[..., :-1] + above[..., 1:], size[..., :-1] + size[..., 1:]
    # the whole span where both ends are above, the part on this side of the crossing where one is
    share = np.divide(above, size, out=np.zeros_like(size), where=size > 0)
    return np.asarray(share @ np.diff(hours))


def _given(quantity: Quantity | None) -> float:
    if quantity is None:
        raise ValueError("the substance's card lacks a quantity that its kind of effect needs")
    return quantity.middle
