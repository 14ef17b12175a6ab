"""Who made a row, and when."""

import uuid

from django.conf import settings
from django.db import models


class Record(models.Model):
    """A row with an id that says nothing, its maker and its moment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True
