"""A service's refusal of a value, shown by the field it is about."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import Form


def tell(form: Form, error: ValidationError) -> None:
    """Put the service's reasons on the form; those about no field of it go on top."""
    reasons = (
        error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    )
    for field, messages in reasons.items():
        form.add_error(field if field in form.fields else None, list(messages))
