"""User: an account to sign in with; what it may do stands in its membership."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """Somebody who works with OpenMeso."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    @property
    def name(self) -> str:
        """What to call the person."""
        return self.get_full_name() or self.username

    def __str__(self) -> str:
        return self.name
