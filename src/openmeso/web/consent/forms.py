"""Signing on the tablet: with a finger, or by typing the name."""

import json
from collections.abc import Mapping
from math import isfinite
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from openmeso.terms.consent import MOST_POINTS, Signature, SignatureMethod, Stroke

NO_DRAWING = _("Sign in the field, or choose to type the name.")
LONGEST_DRAWING = 40 * MOST_POINTS  # characters of JSON


class SignForm(forms.Form):
    method = forms.ChoiceField(
        label=_("How do you sign?"),
        choices=[
            (SignatureMethod.DRAWN.value, _("By hand")),
            (SignatureMethod.TYPED.value, _("By typing")),
        ],
    )
    name = forms.CharField(
        label=_("Name of the person signing"),
        max_length=160,
        help_text=_("As the signature of somebody who types: the full name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    relation = forms.CharField(
        label=_("Signing for the patient as"),
        max_length=80,
        required=False,
        help_text=_("Such as parent or guardian. Empty when the patient signs."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    strokes = forms.CharField(required=False, max_length=LONGEST_DRAWING, widget=forms.HiddenInput)
    read_all = forms.BooleanField(label=_("I have read the whole text, or it was read to me."))
    enough_time = forms.BooleanField(
        label=_("I got the text today, had enough time and wish to go on today."),
        required=False,
    )
    questions = forms.CharField(
        label=_("Questions asked, and what was answered"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        words: Mapping[str, str] | None = None,
        **known: Any,
    ) -> None:
        """``words`` are the labels in the language of the text that is signed."""
        super().__init__(data, **known)
        for name, field in self.fields.items():
            field.label = (words or {}).get(name, field.label)
            field.help_text = (words or {}).get(f"{name}_help", field.help_text)
        if words:
            method = cast("forms.ChoiceField", self.fields["method"])
            method.choices = [(one.value, words[one.value]) for one in SignatureMethod]

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or {}
        if {"method", "name"} <= cleaned.keys():
            try:
                cleaned["signature"] = Signature(
                    method=SignatureMethod(str(cleaned["method"])),
                    name=str(cleaned["name"]),
                    relation=str(cleaned.get("relation", "")),
                    strokes=strokes_of(str(cleaned.get("strokes", ""))),
                )
            except ValueError:
                self.add_error("method", NO_DRAWING)
        return cleaned


def strokes_of(text: str) -> tuple[Stroke, ...]:
    """Read ``[[[x, y], …], …]``; ValueError for anything else."""
    if not text:
        return ()
    try:
        read = json.loads(text)
        strokes = tuple(tuple((float(x), float(y)) for x, y in stroke) for stroke in read)
    except (TypeError, ValueError, RecursionError, OverflowError):
        raise ValueError("not a drawing") from None
    if any(not isfinite(part) for stroke in strokes for point in stroke for part in point):
        raise ValueError("not a drawing")
    return strokes


class WithdrawForm(forms.Form):
    note = forms.CharField(
        label=_("What the patient said"),
        max_length=2000,
        required=False,
        help_text=_("No reason is needed."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
