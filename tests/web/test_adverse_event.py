"""The pages of reactions: one touch, in full, followed up, closed; and who may open which."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from openmeso.gateways import clock
from openmeso.records.models import AdverseEvent, AdverseEventNote
from openmeso.services import adverse_event as events
from openmeso.services.knowledge import knowledge
from openmeso.terms.adverse_event import AdverseEventState, Outcome


@pytest.fixture
def event(patient, practitioner):
    state = AdverseEventState("bruising", 1, clock.today() - timedelta(days=2))
    return events.record(by=practitioner, patient=patient, state=state)


def filled(**changes) -> dict[str, object]:
    return {
        "grade": "1",
        "onset_on": clock.today().isoformat(),
        "outcome": "not_resolved",
        **changes,
    }


def doors(patient, event):
    on, of = [event.pk], [patient.pk]
    return {
        "add": ("get", reverse("adverse_event_add", args=of), {}),
        "quick": ("post", reverse("adverse_event_quick", args=of), {"term": "nausea"}),
        "page": ("get", reverse("adverse_event_page", args=on), {}),
        "follow": ("get", reverse("adverse_event_follow", args=on), {}),
        "correct": ("get", reverse("adverse_event_correct", args=on), {}),
        "close": ("post", reverse("adverse_event_close", args=on), {"outcome": "resolved"}),
        "reopen": ("post", reverse("adverse_event_reopen", args=on), {"reason": "x"}),
        "withdraw": ("post", reverse("adverse_event_withdraw", args=on), {"reason": "x"}),
    }


NAMES = ("add", "quick", "page", "follow", "correct", "close", "reopen", "withdraw")
DECIDED = ("correct", "close", "withdraw")


@pytest.mark.parametrize("name", NAMES)
def test_every_door(client, cast, patient, event, name):
    method, url, values = doors(patient, event)[name]
    ask = getattr(client, method)
    assert ask(url, values).url.startswith(reverse("account_login"))
    for who in (cast.researcher, cast.auditor, cast.outsider):
        client.force_login(who)
        assert ask(url, values).status_code == 403
    client.force_login(cast.stranger)
    assert ask(url, values).status_code == 404
    client.force_login(cast.assistant)
    if name in DECIDED:
        assert ask(url, values).status_code == 403
    client.force_login(cast.practitioner)
    assert client.generic("DELETE", url).status_code == 405
    if method == "post":
        assert client.get(url).status_code == 405
    wanted = 422 if name == "reopen" else 302 if method == "post" else 200
    assert ask(url, values).status_code == wanted


def test_one_touch_records_the_mildest_grade_and_comes_back(client, assistant, patient):
    client.force_login(assistant)
    back = reverse("patient_page", args=[patient.pk])
    answer = client.post(
        reverse("adverse_event_quick", args=[patient.pk]), {"term": "bruising", "next": back}
    )
    assert answer.url == back
    page = client.get(back).content.decode()
    assert "Open reaction: Bruising, grade 1" in " ".join(page.split())  # in the context bar
    for term in knowledge().adverse_events.values():
        assert (f'value="{term.id}"' in page) is term.expected


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1"]
)
def test_a_touch_leads_nowhere_else(client, practitioner, patient, back):
    client.force_login(practitioner)
    answer = client.post(
        reverse("adverse_event_quick", args=[patient.pk]), {"term": "nausea", "next": back}
    )
    assert answer.url == reverse("adverse_event_page", args=[AdverseEvent.objects.get().pk])


def test_a_grave_one_is_not_one_touch(client, practitioner, patient):
    client.force_login(practitioner)
    for term in ("anaphylaxis", "unobtainium", ""):
        answer = client.post(reverse("adverse_event_quick", args=[patient.pk]), {"term": term})
        assert answer.url == reverse("adverse_event_add", args=[patient.pk])
    assert not AdverseEvent.objects.exists()


def test_the_form_shows_every_grade_in_words_and_the_red_flag_with_what_to_do(
    client, practitioner, patient
):
    client.force_login(practitioner)
    url = reverse("adverse_event_add", args=[patient.pk]) + "?term=anaphylaxis"
    page = unescape(client.get(url).content.decode())
    term, flag = knowledge().adverse_events["anaphylaxis"], knowledge().red_flags["anaphylaxis"]
    assert page.count('name="grade"') == len(term.worded_grades) == 3
    assert all(word in page for word in (flag.action, flag.sign, flag.link_assumption))
    assert "CTCAE" in page


def test_our_own_wording_says_so(client, practitioner, patient):
    client.force_login(practitioner)
    page = client.get(reverse("adverse_event_add", args=[patient.pk]) + "?term=scar")
    assert "our own wording" in page.content.decode()
    assert "Assumption" in page.content.decode()


def test_a_form_with_a_fault_keeps_what_was_typed(client, practitioner, patient):
    client.force_login(practitioner)
    url = reverse("adverse_event_add", args=[patient.pk]) + "?term=syncope"
    answer = client.post(url, filled(grade="1", treatment="lying down"))
    assert answer.status_code == 422
    assert "lying down" in answer.content.decode()
    tomorrow = clock.today() + timedelta(days=1)
    answer = client.post(url, filled(grade="3", onset_on=tomorrow.isoformat()))
    assert answer.status_code == 422
    assert "cannot have begun after" in answer.content.decode()
    assert not AdverseEvent.objects.exists()


def test_recorded_followed_and_closed(client, practitioner, patient):
    client.force_login(practitioner)
    add = reverse("adverse_event_add", args=[patient.pk]) + "?term=nodule"
    answer = client.post(
        add, filled(grade="2", causality="possible", seriousness=["hospitalisation"])
    )
    event = AdverseEvent.objects.get()
    assert answer.url == reverse("adverse_event_page", args=[event.pk])
    page = client.get(answer.url).content.decode()
    assert "Hospital stay" in page
    assert "Red flag" in page  # no session is known: better one too many
    follow = reverse("adverse_event_follow", args=[event.pk])
    again = clock.today() + timedelta(days=5)
    client.post(
        follow,
        filled(grade="1", outcome="resolving", trend="improving", causality="probable",
               treatment="drained", next_due_on=again.isoformat()),
    )  # fmt: skip
    standing = events.standing_of(event)
    assert (standing.state.grade, standing.note.next_due_on) == (1, again)
    client.post(reverse("adverse_event_close", args=[event.pk]), {"outcome": "resolved"})
    page = client.get(answer.url).content.decode()
    assert "Red flag" not in page
    assert all(word in page for word in ("Recorded", "Followed up", "Closed", "drained"))
    assert client.get(follow).status_code == 302
    assert AdverseEventNote.objects.count() == 3


def test_an_assistant_is_not_asked_to_judge_and_takes_no_judgement_away(
    client, practitioner, assistant, patient
):
    client.force_login(practitioner)
    add = reverse("adverse_event_add", args=[patient.pk]) + "?term=nodule"
    client.post(add, filled(causality="probable"))
    event = AdverseEvent.objects.get()
    client.force_login(assistant)
    follow = reverse("adverse_event_follow", args=[event.pk])
    assert 'name="causality"' not in client.get(follow).content.decode()
    client.post(follow, filled(outcome="resolving"))
    state = events.standing_of(event).state
    assert (state.causality, state.outcome) == ("probable", Outcome.RESOLVING)


def test_a_correction_may_take_another_word(client, practitioner, event):
    client.force_login(practitioner)
    url = reverse("adverse_event_correct", args=[event.pk]) + "?term=hematoma"
    assert client.post(url, filled()).status_code == 422  # no reason
    client.post(url, filled(reason="A haematoma after all"))
    page = client.get(reverse("adverse_event_page", args=[event.pk])).content.decode()
    assert "<h1>Hematoma</h1>" in page
    assert "Bruising" in page
    assert "A haematoma after all" in page


def test_today_lists_what_is_to_be_looked_at(client, assistant, event, monkeypatch):
    client.force_login(assistant)
    assert "Reactions to look at" not in client.get("/").content.decode()
    late = clock.today() + timedelta(days=9)
    monkeypatch.setattr(clock, "today", lambda: late)
    page = client.get("/").content.decode()
    assert "Reactions to look at" in page
    assert "2 days overdue" in page
    assert reverse("adverse_event_follow", args=[event.pk]) in page


def test_the_decision_page_stops_at_an_open_red_flag(client, trained, approved, patient):
    from openmeso.services import course as courses

    course = courses.start(by=trained, plan=approved)
    client.force_login(trained)
    url = reverse("course_decision", args=[course.pk])
    assert "Consider stopping" not in client.get(url).content.decode()
    state = AdverseEventState("patchy_alopecia", 1, clock.today())
    event = events.record(by=trained, patient=patient, state=state)
    page = client.get(url).content.decode()
    assert "Consider stopping" in page
    assert knowledge().red_flags["new_patchy_loss"].action in page
    events.close(by=trained, event=event, outcome=Outcome.RESOLVED)
    assert "Consider stopping" not in client.get(url).content.decode()
