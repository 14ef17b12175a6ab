"""Sign-in sessions in the database, read for every request with a query that is put together once.

A cache in the server's memory would be quicker still, but with several workers a sign-out would
not reach them all.
"""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
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

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """What the signed text says; the same text under the same key always says the same."""
        return json.loads(_said(session_data, settings.SECRET_KEY))  # type: ignore[no-any-return]


@lru_cache(maxsize=256)
def _said(session_data: bytes | str, _key: str) -> str:
    return json.dumps(db.SessionStore().decode(session_data))
