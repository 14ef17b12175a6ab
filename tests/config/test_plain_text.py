"""A NUL is refused at the door, in an address, a query and a form."""

import pytest
from django.urls import reverse


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_nul_is_refused_wherever_it_stands(client, practitioner, method):
    client.force_login(practitioner)
    ask = getattr(client, method)
    refused = ask(reverse("patient_add"), {"given_name": "De\0niz", "family_name": "Kaya"})
    assert refused.status_code == 400
    assert b"NUL" in refused.content
    assert ask("/patients/%00/").status_code == 400
    assert ask(reverse("patient_add"), {"na\0me": "x"}).status_code == 400


def test_everything_else_is_let_through(client, practitioner):
    client.force_login(practitioner)
    assert client.get(reverse("patient_list"), {"q": "\x01 ç 😀"}).status_code == 200


def test_a_theme_leads_back_to_an_address_and_never_to_a_name(client):
    for back in ("explore", "1e400", "]d2\x1d", "😀", "//elsewhere.example"):
        answer = client.post(reverse("theme"), {"theme": "dark", "next": back})
        assert answer.status_code == 302
        assert "elsewhere" not in answer.url
