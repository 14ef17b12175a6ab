"""A service's refusal of a value, shown by the field it is about."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import ChoiceField, Form


def tell(form: Form, error: ValidationError) -> None:
    """Put the service's reasons on the form; those about no field of it go on top."""
    reasons = (
        error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    )
    for field, messages in reasons.items():
        form.add_error(field if field in form.fields else None, list(messages))


def typed_lines(form: Form) -> list[tuple[str, str]]:
    """What was typed into a form that is shown no more: the field's label and its value."""
    return [
        (str(bound.label), str(bound.value()))
        for bound in form.visible_fields()
        if bound.value() and not isinstance(bound.field, ChoiceField)
    ]
