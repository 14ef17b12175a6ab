"""Member: the one place that asks which clinic somebody works in."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from openmeso.records.models import Membership


def membership_of(user: AbstractBaseUser | AnonymousUser) -> Membership | None:
    """The user's active place, with its clinic; None for an outsider or somebody signed out."""
    if not user.is_authenticated or not user.is_active:
        return None
    return (
        Membership.objects.filter(user=user.pk, ended_at__isnull=True)
        .select_related("clinic", "user")
        .first()
    )
