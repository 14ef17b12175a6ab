"""Member: the one place that asks who somebody is and which clinic they work in."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from openmeso.gateways.prepared import Prepared
from openmeso.records.models import Membership, User

_asked: ContextVar[dict[UUID, Membership | None] | None] = ContextVar("asked", default=None)


def account(pk: UUID) -> User | None:
    """Whoever has signed in, read anew for every request, and their place along with them."""
    place = _PLACE.first(user=pk)
    asked = _asked.get()
    if asked is not None:
        asked[pk] = place
    # somebody without a place has an account all the same
    return _ACCOUNT.first(pk=pk) if place is None else place.user


def membership_of(user: AbstractBaseUser | AnonymousUser) -> Membership | None:
    """The user's active place, with its clinic; None for an outsider or somebody signed out."""
    if not user.is_authenticated or not user.is_active:
        return None
    asked = _asked.get()
    if asked is None:
        return _find(user)
    if user.pk not in asked:
        asked[user.pk] = _find(user)
    return asked[user.pk]


@contextmanager
def asking_once() -> Iterator[None]:
    """While one request is answered, a place is looked up once: a page asks a dozen times."""
    token = _asked.set({})
    try:
        yield
    finally:
        _asked.reset(token)


def forget() -> None:
    """A place has changed: look it up anew."""
    asked = _asked.get()
    if asked is not None:
        asked.clear()


_PLACE = Prepared(
    lambda user: Membership.objects.filter(user=user, ended_at__isnull=True).select_related(
        "clinic", "user"
    ),
    user=UUID,
)

_ACCOUNT: Prepared[User] = Prepared(lambda pk: User.objects.filter(pk=pk), pk=UUID)


def _find(user: AbstractBaseUser) -> Membership | None:
    return _PLACE.first(user=user.pk)
