"""A service's refusal of a value, shown by the field it is about."""

from typing import Any, cast

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import ChoiceField, Form


def tell(form: Form, error: ValidationError) -> None:
    """Put the service's reasons on the form; those about no field of it go on top."""
    reasons = (
        error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    )
    for field, messages in reasons.items():
        form.add_error(field if field in form.fields else None, list(messages))


def chosen_lines(form: Form) -> list[tuple[str, str]]:
    """What was chosen in it otherwise than the form offered: the field's label and the choice."""
    lines = []
    for bound in form.visible_fields():
        if isinstance(bound.field, ChoiceField) and bound.name in form.changed_data:
            given = bound.value()
            values = given if isinstance(given, list) else [given]
            words: dict[Any, Any] = dict(cast("Any", bound.field.choices))
            said = ", ".join(str(words[value]) for value in values if value in words)
            lines.append((str(bound.label), said))
    return [(label, said) for label, said in lines if said]


def typed_lines(form: Form) -> list[tuple[str, str]]:
    """What was typed into a form that is shown no more: the field's label and its value."""
    return [
        (str(bound.label), str(bound.value()))
        for bound in form.visible_fields()
        if bound.value() and not isinstance(bound.field, ChoiceField)
    ]
