"""Refusal: what a service says when it will not do what was asked.

Both carry over to HTTP as they are: 403 and 404. Bad values are Django's ValidationError.
"""

from django.core.exceptions import PermissionDenied
from django.http import Http404


class NotAllowed(PermissionDenied):
    """The asker's role does not allow it."""


class NotFound(Http404):
    """It does not exist, or the asker must not learn that it does."""
