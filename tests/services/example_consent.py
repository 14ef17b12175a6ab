"""A consent, handed over and signed."""

from openmeso.gateways import clock
from openmeso.gateways.consent_sheet import Signed
from openmeso.services import consent as consents
from openmeso.terms.consent import Signature, SignatureMethod

DRAWN = Signature(
    SignatureMethod.DRAWN,
    "Deniz Kaya",
    strokes=(((100.0, 200.0), (250.0, 90.0), (300.0, 260.0)), ((350.0, 200.0), (700.0, 210.0))),
)
TYPED = Signature(SignatureMethod.TYPED, "Deniz Kaya")
PRINTED = b"%PDF-1.7\na sheet that took no second to print\n%%EOF"


def sheet_of(consent, by, signature: Signature = DRAWN) -> consents.Sheet:
    """What write_sheet would give, printed by nobody."""
    now = consents.at_clinic(consent.patient, clock.now())
    handed_over_at = consents.at_clinic(consent.patient, consent.created_at)
    same_day = consents.is_same_day(consent, now)
    signed = Signed(signature, now, handed_over_at, by.name, "", same_day)
    return consents.Sheet(consent.pk, signed, PRINTED)


def signed(by, plan, *, language: str = "en"):
    consent = consents.hand_over(by=by, plan=plan, language=language)
    return consents.sign(by=by, consent=consent, sheet=sheet_of(consent, by), enough_time=True)
