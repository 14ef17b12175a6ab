"""Sign-in sessions in the database, read for every request with a query that is put together once.

A cache in the server's memory would be quicker still, but with several workers a sign-out would
not reach them all.
"""

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from openmeso.gateways import clock
from openmeso.gateways.prepared import Prepared

_OPEN = Prepared(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now),
    key=str,
    now=datetime,
)


class SessionStore(db.SessionStore):
    """As Django's, but for how it is read."""

    def _get_session_from_db(self) -> Session | None:
        found = _OPEN.first(key=self.session_key or "", now=clock.now())
        if found is None:
            self._session_key = None
        return found
