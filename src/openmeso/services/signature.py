"""Signature: whoever signs proves once more to be who is signed in, as the clinic wants it."""

from django.core.cache import cache

from openmeso.records.models import Clinic, User
from openmeso.services.session_refusal import SignatureRefused
from openmeso.terms.session import Signature

TRIES = 5
WAIT_SECONDS = 15 * 60


def wanted(clinic: Clinic) -> Signature:
    """What the clinic asks for."""
    return Signature(clinic.signature)


def verify(user: User, clinic: Clinic, proof: str) -> None:
    """Raise SignatureRefused unless ``proof`` is the user's password, or second factor."""
    kind = wanted(clinic)
    if kind is Signature.NONE:
        return
    key = f"signature-tries:{user.pk}"
    if cache.get(key, 0) >= TRIES:
        raise SignatureRefused("Too many tries: wait a quarter of an hour, then sign.")
    is_right = user.check_password(proof) if kind is Signature.PASSWORD else _code(user, proof)
    if not is_right:
        cache.add(key, 0, WAIT_SECONDS)
        cache.incr(key)
        raise SignatureRefused(
            "The password is not right."
            if kind is Signature.PASSWORD
            else "The code is not right, or has been used; take the next one."
        )
    cache.delete(key)


def _code(user: User, code: str) -> bool:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP

    held = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if held is None:
        raise SignatureRefused(
            "The clinic wants a code from an authenticator app, and you have none: "
            "set one up under Sign-in and security."
        )
    return bool(TOTP(held).validate_code(code.strip().replace(" ", "")))
