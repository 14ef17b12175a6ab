import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError

from openmeso.records.models import AuditEvent, Membership
from openmeso.services import membership as memberships
from openmeso.services import patient as patients
from openmeso.services.refusal import NotAllowed
from openmeso.terms.practitioner import Role

NOT_LEADS = ["practitioner", "assistant", "researcher", "auditor", "stranger", "outsider"]


def place(user) -> Membership:
    return Membership.objects.get(user=user)


def add(by, username="nurse"):
    return memberships.add(
        by=by, username=username, given_name="Su", family_name="Ak", role=Role.ASSISTANT
    )


def test_a_lead_adds_somebody_with_a_password_to_hand_over(lead):
    membership, password = add(lead)
    assert membership.clinic == place(lead).clinic
    assert membership.user.check_password(password)
    assert len(password) >= 12
    assert AuditEvent.objects.last().action == "add"
    assert password not in AuditEvent.objects.last().details


def test_a_username_taken_is_refused(lead, practitioner):
    with pytest.raises(ValidationError):
        add(lead, practitioner.username)


@pytest.mark.parametrize("who", NOT_LEADS)
def test_managing_people_is_for_the_clinic_s_lead(cast, who):
    asker, target = getattr(cast, who), place(cast.assistant)
    for manage in (
        lambda: add(asker),
        lambda: memberships.change_role(by=asker, membership=target, role=Role.LEAD),
        lambda: memberships.end(by=asker, membership=target),
        lambda: memberships.reset_mfa(by=asker, membership=target),
        lambda: memberships.give_password(by=asker, membership=target),
    ):
        with pytest.raises(NotAllowed):
            manage()


def test_a_changed_role_counts_at_once(lead, assistant, patient):
    memberships.change_role(by=lead, membership=place(assistant), role=Role.RESEARCHER)
    assert patient not in patients.visible_to(assistant)
    assert AuditEvent.objects.last().action == "change_role"


def test_an_ended_membership_sees_nothing(lead, practitioner, patient):
    ended = memberships.end(by=lead, membership=place(practitioner))
    assert ended.ended_by == lead
    assert memberships.membership_of(practitioner) is None
    assert patient not in patients.visible_to(practitioner)


def test_a_clinic_keeps_a_lead(lead):
    with pytest.raises(ValidationError):
        memberships.end(by=lead, membership=place(lead))
    with pytest.raises(ValidationError):
        memberships.change_role(by=lead, membership=place(lead), role=Role.ASSISTANT)


def test_a_lead_resets_second_factors(lead, practitioner):
    for kind in ("totp", "recovery_codes"):
        Authenticator.objects.create(user=practitioner, type=kind, data={})
    assert memberships.reset_mfa(by=lead, membership=place(practitioner)) == 2
    assert not Authenticator.objects.exists()
    event = AuditEvent.objects.last()
    assert event.action == "reset_mfa"
    assert str(practitioner.pk) in event.details


def test_a_new_password_replaces_the_old_and_leaves_the_second_factor(lead, practitioner):
    Authenticator.objects.create(user=practitioner, type="totp", data={})
    old = practitioner.password
    password = memberships.give_password(by=lead, membership=place(practitioner))
    practitioner.refresh_from_db()
    assert practitioner.password != old
    assert practitioner.check_password(password)
    assert Authenticator.objects.filter(user=practitioner).exists()
    event = AuditEvent.objects.last()
    assert event.action == "give_password"
    assert password not in event.details


def test_nobody_gives_themselves_a_password(lead):
    with pytest.raises(NotAllowed):
        memberships.give_password(by=lead, membership=place(lead))


def test_nobody_resets_their_own(lead):
    with pytest.raises(NotAllowed):
        memberships.reset_mfa(by=lead, membership=place(lead))


def test_the_list_holds_those_who_are_there_now(lead, assistant, practitioner):
    memberships.end(by=lead, membership=place(assistant))
    present = {one.user for one in memberships.members(place(lead).clinic)}
    assert present == {lead, practitioner}
