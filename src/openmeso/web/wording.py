"""What the codes of the terms are called on screen."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

# tone, icon, word
BADGES: Mapping[str, tuple[str, str, object]] = {
    # indications
    "supported": ("ok", "ok", _("Supported")),
    "limited": ("advise", "advise", _("Limited evidence")),
    "conflicting": ("override", "override", _("Conflicting evidence")),
    "none_found": ("override", "unknown", _("No evidence found")),
    "negative": ("block", "block", _("Evidence is negative")),
    # ingredients
    "allowed": ("ok", "ok", _("May be used")),
    "restricted": ("override", "override", _("Restricted")),
    "adjunct_only": ("advise", "advise", _("Adjunct only")),
    "not_recommended": ("override", "override", _("Not recommended")),
    "blocked": ("block", "block", _("Blocked")),
    # regulators
    "licensed": ("ok", "ok", _("Licensed")),
    "off_label": ("override", "override", _("Off-label")),
    "unlicensed": ("override", "override", _("Unlicensed")),
    "prohibited": ("block", "block", _("Prohibited")),
    "withdrawn": ("block", "block", _("Withdrawn")),
    # plans
    "draft": ("advise", "edit", _("Draft")),
    "approved": ("ok", "ok", _("Approved")),
    "given": ("ok", "ok", _("Given")),
    "superseded": ("", "back", _("Superseded")),
    # lots
    "usable": ("ok", "ok", _("Usable")),
    "quarantined": ("override", "override", _("Set aside")),
    "recalled": ("block", "block", _("Recalled")),
    "in_date": ("ok", "ok", _("In date")),
    "expires_soon": ("override", "defer", _("Expires soon")),
    "expired": ("block", "block", _("Expired")),
    "told": ("ok", "ok", _("Told")),
    "to_tell": ("override", "override", _("To tell")),
    "reconciled": ("ok", "ok", _("Agrees")),
    "differs": ("override", "override", _("Differs")),
    # consents
    "consent_valid": ("ok", "ok", _("Consent signed")),
    "consent_signed": ("ok", "ok", _("Signed")),
    "consent_missing": ("block", "block", _("No consent")),
    "consent_handed_over": ("override", "defer", _("Handed over, not signed")),
    "consent_outdated": ("block", "block", _("Text has changed: sign again")),
    "consent_other_course": ("block", "block", _("Signed for another course")),
    "consent_withdrawn": ("block", "block", _("Withdrawn")),
}

WORDS: Mapping[str, object] = {
    "male": _("male"),
    "female": _("female"),
    "yes": _("yes"),
    "no": _("no"),
    "not_asked": _("not asked"),
    "practitioner": _("Practitioner"),
    "assistant": _("Assistant"),
    "lead": _("Clinic lead"),
    "researcher": _("Researcher"),
    "auditor": _("Auditor"),
    "break_glass": _("opened by"),
    "break_glass_elsewhere": _("opened another clinic's record, member of"),
    "emergency_access": _("emergency access"),
    "letter": _("By letter"),
    "email": _("By e-mail"),
    "phone": _("By telephone"),
    "in_person": _("In person"),
    "not_reached": _("Not reached"),
    "received": _("Received"),
    "given": _("Given"),
    "wasted": _("Wasted"),
    "counted": _("Counted"),
    "returned": _("Sent back"),
    "hair": _("Hair"),
    "skin": _("Skin"),
    "body": _("Body"),
    "pain": _("Pain"),
    "back_spine": _("back and spine"),
    "neck_decolletage": _("neck and décolletage"),
    "thigh_buttock": _("thigh and buttock"),
    "shoulder_arm": _("shoulder and arm"),
    "knee_leg": _("knee and leg"),
    "five_alpha_reductase_inhibitor": _("5α-reductase inhibitor"),
    "nsaid": _("NSAID"),
}

TIERS: Mapping[int, object] = {
    1: _("Tier 1: regulator, law or label"),
    2: _("Tier 2: journal article"),
    3: _("Tier 3: society, drug reference or secondary review"),
    4: _("Tier 4: clinic, vendor, blog or forum"),
}

READ: Mapping[str, object] = {
    "F": _("The source file itself was read"),
    "T": _("A table of the source was read"),
    "A": _("Only the abstract was read"),
    "S": _("Read in another text that cites it"),
    "C": _("Computed from other facts"),
    "R": _("Recalled; not looked up"),
}
