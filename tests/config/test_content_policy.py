"""The policy is in every answer, word for word as django-csp would put it."""

import pytest
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.http import HttpResponse
from django.test import RequestFactory

from openmeso.config.content_policy import ContentPolicyMiddleware


def answered(by, view):
    return by(view)(RequestFactory().get("/"))["Content-Security-Policy"]


def with_a_wish(request):
    response = HttpResponse()
    response._csp_update = {"img-src": ["blob:"]}
    return response


def test_without_a_nonce_it_says_what_django_csp_says():
    said = answered(ContentPolicyMiddleware, lambda request: HttpResponse())
    assert said == answered(CSPMiddleware, lambda request: HttpResponse()) == build_policy()
    assert "script-src 'self';" in f"{said};"


def test_a_nonce_is_in_it():
    def view(request):
        view.nonce = str(request.csp_nonce)
        return HttpResponse()

    said = answered(ContentPolicyMiddleware, view)
    assert f"'nonce-{view.nonce}'" in said


def test_a_view_s_own_wish_is_heard():
    said = answered(ContentPolicyMiddleware, with_a_wish)
    assert "blob:" in said
    assert said == answered(CSPMiddleware, with_a_wish)


def test_a_nonce_made_too_late_is_told():
    request = RequestFactory().get("/")
    ContentPolicyMiddleware(lambda request: HttpResponse())(request)
    with pytest.raises(Exception, match="csp_nonce"):
        str(request.csp_nonce)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/accounts/login/", "/nowhere"])
def test_every_answer_has_it(client, path):
    assert "frame-ancestors 'none'" in client.get(path)["Content-Security-Policy"]
