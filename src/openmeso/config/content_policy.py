"""The Content-Security-Policy of every answer, put into words once."""

from typing import Any

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware, PolicyParts
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class ContentPolicyMiddleware(CSPMiddleware):
    """django-csp's; an answer with neither a nonce nor a wish of its own gets the settings' words.

    An answer is JSON or a page without a nonce far more often than not, and wording the policy
    takes as long as reading a row.
    """

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        self._worded = build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        parts = self.get_policy_parts(request=request, response=response)
        exempt = getattr(response, "_csp_exempt", False)
        if settings.DEBUG or exempt or parts != PolicyParts():
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._worded)
        # a nonce made from here on would be in no header: asking for one is told
        request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)  # type: ignore[attr-defined]
        return response
