"""The components that take Python values: icons, badges, sources, quantities and fields."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from django import template
from django.forms import BoundField, CheckboxInput
from django.template import Context
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from openmeso.services import emergency_access
from openmeso.services.knowledge import knowledge
from openmeso.terms.provenance import Fact, Quantity
from openmeso.web import wording

if TYPE_CHECKING:
    from openmeso.records.models import Patient

register = template.Library()

BLANK = re.compile(r"\{(\w+)\}")

# icon and word for everything shown as a badge
BADGES: Mapping[str, tuple[str, str, object]] = {
    "block": ("block", "block", _("Blocks")),
    "override": ("override", "override", _("Needs a reason")),
    "advise": ("advise", "advise", _("Advice")),
    "could_not_run": ("override", "unknown", _("Could not be checked")),
    "defer": ("override", "defer", _("Defers")),
    "prescriber_decision": ("override", "override", _("Prescriber decides")),
    "ok": ("ok", "ok", _("No objection")),
    "assumption": ("assume", "unknown", _("Assumption")),
    **wording.BADGES,
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the sprite; with a label it speaks, without it is silent."""
    href = f"{static('openmeso/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, href
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', href)


@register.inclusion_tag("components/badge.html")
def badge(kind: str, text: str = "") -> dict[str, object]:
    """Name a check strength, a consequence, a verdict or a status: colour, icon and word."""
    tone, icon_name, word = BADGES.get(kind, ("", "", kind.replace("_", " ")))
    return {"tone": tone, "icon_name": icon_name, "word": text or word}


def facts_of(ids: Iterable[str]) -> list[Fact]:
    """Look the facts up, leaving out ids that the knowledge does not hold."""
    known = knowledge().facts
    return [known[each] for each in ids if each in known]


@register.inclusion_tag("components/sources.html")
def sources(ids: Iterable[str], assumption: str = "") -> dict[str, object]:
    """Show the source chips of fact ids; without facts, the word *Assumption*."""
    return {"facts": facts_of(ids), "assumption": assumption}


@register.filter
def percent(share: float) -> str:
    """A share of 1 in per cent, with one decimal where it is below ten."""
    found = 100 * share
    return f"{found:.1f}" if 0 < found < 10 else f"{found:.0f}"


@register.inclusion_tag("components/quantity.html")
def quantity(value: Quantity | None, none: str = "") -> dict[str, object]:
    """Show a number or range with its unit, and what it rests on."""
    return {
        "quantity": value,
        "facts": facts_of(value.facts) if value else [],
        "none": none or _("Not published"),
    }


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, unit: str = "") -> dict[str, object]:
    """Show a form field: label, help, error and control tied together."""
    described = []
    if bound.help_text:
        described.append(f"{bound.auto_id}_help")
    if bound.errors:
        described.append(f"{bound.auto_id}_error")
    attrs: dict[str, str | bool] = {}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    is_checkbox = isinstance(bound.field.widget, CheckboxInput)
    if not is_checkbox:
        attrs["class"] = f"input {bound.field.widget.attrs.get('class', '')}".strip()
    return {
        "field": bound,
        "control": bound.as_widget(attrs=attrs),
        "unit": unit,
        "is_checkbox": is_checkbox,
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: object) -> dict[str, object]:
    """List every error of the forms first, each leading to its field."""
    return {"forms": [each for each in forms if getattr(each, "errors", None)]}


@register.inclusion_tag("components/emergency_banner.html", takes_context=True)
def emergency_banner(context: Context, patient: "Patient") -> dict[str, object]:
    """Say loudly that the record is open through an emergency access, and until when."""
    request = context.get("request")
    access = emergency_access.open_to(request.user, patient) if request else None
    place = context.get("membership")
    return {"access": access, "patient": patient, "zone": place.clinic.timezone if place else "UTC"}


@register.filter
def initials(name: str) -> str:
    """First letters of the first and last name."""
    words = [word for word in name.split() if word]
    return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()


@register.filter
def age(birth_date: date | None, on: date) -> str:
    """Whole years from birth to the date."""
    if birth_date is None:
        return ""
    had_birthday = (on.month, on.day) >= (birth_date.month, birth_date.day)
    return str(on.year - birth_date.year - (0 if had_birthday else 1))


@register.filter
def item(mapping: Mapping[str, object], key: str) -> object:
    """Look a key up in a mapping."""
    return mapping.get(key)


@register.filter
def number(value: float | None) -> str:
    """Write a number without needless zeros."""
    return "" if value is None else f"{value:.6g}"


@register.filter
def blanks(sentence: str) -> SafeString:
    """Show the places that a rule's sentence fills in for each plan, as ``{ingredient}``."""
    return mark_safe(BLANK.sub(r"<var>\1</var>", conditional_escape(sentence)))  # noqa: S308 (escaped before)


@register.filter
def wordlist(text: str) -> list[str]:
    """Split ids written in a template: ``{% sources "F0436 F0046"|wordlist %}``."""
    return text.split()


@register.filter
def reason(code: str) -> object:
    """A reason of an advice in words; an open red flag by its sign and what to do."""
    kind, _colon, name = code.partition(":")
    if kind != "red_flag":
        return words(code)
    flag, event = knowledge().red_flags.get(name), name.removeprefix("serious:")
    if flag is None:
        known = knowledge().adverse_events.get(event)
        return _("An open serious reaction: %s.") % (known.term if known else event)
    return f"{flag.sign}. {flag.action}"


@register.filter
def words(value: object) -> object:
    """Say a code of ours in words."""
    return wording.WORDS.get(str(value), str(value).replace("_", " "))
