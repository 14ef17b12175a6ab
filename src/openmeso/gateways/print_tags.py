"""Template tags of the printed pages: footnote numbers and dates."""

from collections.abc import Iterable
from datetime import date

from django import template
from django.template import Context
from django.utils import dateformat
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def cite(context: Context, *groups: Iterable[str]) -> SafeString | str:
    """The footnote numbers of the facts, raised."""
    numbers = context["sources"].cite([fact for group in groups for fact in group])
    return format_html('<sup class="cite">{}</sup>', numbers) if numbers else ""


@register.filter
def day(value: date | None) -> str:
    """A date that cannot be misread: Mon 7 Dec 2026."""
    return dateformat.format(value, "D j M Y") if value else ""
