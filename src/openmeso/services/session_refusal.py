"""Why a session cannot be saved or signed."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openmeso.records.models import Session

# What is missing before the signature, and where the page asks for it.
MISSING = {
    "checklist": "Ask today's questions: some have no answer yet.",
    "anything_new_note": "Say what is new since last time.",
    "late_reactions": "Ask for late reactions to the earlier sessions.",
    "late_recorded": "A late reaction was seen: record it before going on.",
    "blocked": "One of today's answers blocks the session.",
    "override": "A finding of today still wants a reason.",
    "consent": "There is no valid consent.",
    "lots": "A product has no lot yet.",
    "lot_refused": "A lot is expired, recalled or not in stock.",
    "points": "No point has been given.",
    "drawn": "More was given than was drawn up.",
    "wasted": "The vials do not reconcile: drawn is not given and wasted together.",
    "pain": "Ask for the pain, 0 to 10.",
    "reactions": "Say whether a reaction was seen, even if none.",
    "aftercare": "Hand over the aftercare.",
}


class SessionFixed(ValueError):
    """A session that is signed or abandoned takes nothing but addenda."""

    def __init__(self) -> None:
        super().__init__("This session is fixed: what is to be said of it now is an addendum.")


class SessionConflict(ValueError):
    """Somebody else saved the draft meanwhile; ``session`` is what stands on the server."""

    def __init__(self, session: "Session") -> None:
        self.session = session
        super().__init__("The session was saved elsewhere meanwhile.")


class SessionNotSignable(ValueError):
    """``missing`` are keys of MISSING."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing
        super().__init__(" ".join(MISSING[each] for each in missing))


class SignatureRefused(ValueError):
    """Whoever signs did not prove to be who is signed in."""
