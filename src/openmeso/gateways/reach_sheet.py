"""Reach sheet: what a plan reaches and what the body absorbs, in words, for page and paper."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from openmeso.gateways.plan_sheet import figure
from openmeso.gateways.reach_detail import ReachDetail, reach_detail
from openmeso.gateways.reach_map import HeatDrawing, draw_heat
from openmeso.gateways.words import words_ready
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.plan import Plan
from openmeso.terms.reach import ClassReach, Reach, Skin, SubstanceReach
from openmeso.terms.substance import Deposit

NEARLY_ALL = 0.975
HARDLY_ANY = 0.025
HOURS_A_DAY = 24.0
TWO_DAYS_H = 48.0


@dataclass(frozen=True, slots=True)
class ClassLine:
    """One size class as text."""

    name: str
    bulb_depth_mm: str
    reached: str
    doubt: str
    bulge_depth_mm: str
    bulge_reached: str


@dataclass(frozen=True, slots=True)
class SubstanceSheet:
    """One substance: its words, classes and maps."""

    reach: SubstanceReach
    name: str
    map_of: str
    half_life: str
    decay_length: str
    classes: tuple[ClassLine, ...]
    heats: tuple[HeatDrawing, ...]
    detail: ReachDetail

    @property
    def is_depot(self) -> bool:
        """Whether solid stays behind and dissolves slowly."""
        return self.reach.mode is Deposit.DEPOT

    @property
    def heat_said(self) -> str:
        """The maps in words: what share of the zones lies in which fifth."""
        parts = [
            _("%(view)s: %(high)s of the zone above 60 %%, %(low)s below 20 %%")
            % {
                "view": heat.drawing.name,
                "high": per_cent(sum(heat.shares[3:])),
                "low": per_cent(heat.shares[0]),
            }
            for heat in self.heats
        ]
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class ReachSheet:
    """Everything said of a plan's reach."""

    reach: Reach
    substances: tuple[SubstanceSheet, ...]

    @property
    def is_on_fat(self) -> bool:
        """Whether the bulbs were taken to lie in fat: a guess that is said as one."""
        return self.reach.skin is Skin.DERMIS_ON_FAT


def reach_sheet(reach: Reach, plan: Plan, knowledge: Knowledge) -> ReachSheet:
    """Put the reach of a plan into words and drawings."""
    words_ready()
    return ReachSheet(
        reach=reach,
        substances=tuple(_substance(one, plan, knowledge) for one in reach.substances),
    )


def name_of(ingredient: str, knowledge: Knowledge) -> str:
    """The ingredient's name."""
    known = knowledge.ingredients.get(ingredient)
    return known.name if known else ingredient.replace("_", " ")


def in_ten(share: float) -> str:
    """A share as people count: so many in ten.

    >>> in_ten(0.87), in_ten(0.06), in_ten(0.99), in_ten(0.0)
    ('about 9 in 10', 'about 1 in 20', 'nearly all', 'hardly any')
    """
    if share >= NEARLY_ALL:
        return _("nearly all")
    if share <= HARDLY_ANY:
        return _("hardly any")
    if share < 0.075:
        return _("about 1 in 20")
    tenths = round(10 * share)
    if tenths == 10:
        return _("more than 9 in 10")
    return _("about %(n)s in 10") % {"n": tenths}


def per_cent(share: float) -> str:
    """A share in whole per cent.

    >>> per_cent(0.123)
    '12 %'
    """
    return f"{100 * share:.0f} %"


def duration(hours: float) -> str:
    """A time as people say it.

    >>> duration(0.5), duration(3.2), duration(100.0)
    ('30 minutes', '3.2 hours', '4.2 days')
    """
    if hours < 1.0:
        return _("%(n)s minutes") % {"n": figure(60 * hours, 2)}
    if hours <= TWO_DAYS_H:
        return _("%(n)s hours") % {"n": figure(hours, 2)}
    return _("%(n)s days") % {"n": figure(hours / HOURS_A_DAY, 2)}


def _substance(one: SubstanceReach, plan: Plan, knowledge: Knowledge) -> SubstanceSheet:
    scales = {zone.view: zone.scale for zone in plan.grid.zones}
    shown = one.maps[0].size_class if one.maps else ""
    heats = [each for each in one.maps if each.size_class == shown and each.view in knowledge.views]
    return SubstanceSheet(
        reach=one,
        name=name_of(one.ingredient, knowledge),
        map_of=_map_of(one, shown, knowledge),
        half_life=duration(one.half_life_h),
        decay_length=figure(one.decay_length_mm, 2),
        classes=tuple(_class_line(each) for each in one.size_classes),
        heats=tuple(
            draw_heat(
                each,
                plan.choice.zones,
                knowledge.views,
                scales.get(each.view, plan.grid.scale),
                f"{one.ingredient}-{each.view}",
            )
            for each in heats
        ),
        detail=reach_detail(one),
    )


def _map_of(one: SubstanceReach, size_class: str, knowledge: Knowledge) -> str:
    """What the map's colours stand for; the maps show the first reading."""
    known = knowledge.size_classes.get(size_class)
    where = {"size": known.name.lower() if known else size_class.replace("_", " ")}
    reading = one.readings[0].id if one.readings else ""
    if reading == "inhibition":
        return _("Enzyme inactivated at the depth of %(size)s bulbs, mean between sessions") % where
    if reading == "exposure":
        return (
            _(
                "Exposure at the depth of %(size)s bulbs, mean between sessions; "
                "50 %% is that of the usual lotion"
            )
            % where
        )
    return _("Level at the depth of %(size)s bulbs") % where


def _class_line(one: ClassReach) -> ClassLine:
    return ClassLine(
        name=one.name,
        bulb_depth_mm=figure(one.bulb_depth_mm, 2),
        reached=in_ten(one.reached_fraction),
        doubt=f"{100 * one.reached_low:.0f}–{per_cent(one.reached_high)}",
        bulge_depth_mm=figure(one.bulge_depth_mm, 2),
        bulge_reached=in_ten(one.bulge_reached_fraction),
    )
