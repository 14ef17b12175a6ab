"""Who may do what: one table, read by people and run as a test."""

import pytest

from openmeso.services import permission
from openmeso.services.refusal import NotAllowed

ROLES = ("practitioner", "assistant", "lead", "researcher", "auditor")
TABLE = {
    #                        practitioner assistant lead researcher auditor
    "patient.see":           "yes yes yes no no",
    "patient.add":           "yes yes yes no no",
    "patient.change":        "yes yes yes no no",
    "assessment.save":       "yes yes yes no no",
    "plan.draft":            "yes yes yes no no",
    "plan.override":         "yes no yes no no",
    "plan.approve":          "yes no yes no no",
    "plan.supersede":        "yes no yes no no",
    "product.save":          "yes no yes no no",
    "protocol.save":         "yes no yes no no",
    "session.give":          "yes yes yes no no",
    "session.sign":          "yes no yes no no",
    "session_length.record": "yes yes yes no no",
    "measurement.save":      "yes yes yes no no",
    "measurement.accept":    "yes yes yes no no",
    "measurement.withdraw":  "yes no yes no no",
    "comparison.save":       "yes yes yes no no",
    "comparison.accept":     "yes yes yes no no",
    "comparison.withdraw":   "yes no yes no no",
    "consent.hand_over":     "yes yes yes no no",
    "consent.take":          "yes no yes no no",
    "consent.withdraw":      "yes yes yes no no",
    "photo.add":             "yes yes yes no no",
    "photo.remove":          "yes no yes no no",
    "document.add":          "yes yes yes no no",
    "file.see":              "yes yes yes no no",
    "file.keep":             "yes yes yes no no",
    "course.book":           "yes yes yes no no",
    "course.stop":           "yes no yes no no",
    "adverse_event.record":  "yes yes yes no no",
    "adverse_event.decide":  "yes no yes no no",
    "patient_report.invite": "yes yes yes no no",
    "patient_report.settle": "yes yes yes no no",
    "patient_report.take_up": "yes no yes no no",
    "device.see":            "yes yes yes no yes",
    "device.save":           "no no yes no no",
    "lot.see":               "yes yes yes no yes",
    "lot.receive":           "yes yes yes no no",
    "lot.move":              "yes yes yes no no",
    "lot.quarantine":        "yes yes yes no no",
    "lot.decide":            "yes no yes no no",
    "recall.trace":          "yes no yes no no",
    "training.see":          "yes yes yes no yes",
    "training.record":       "no no yes no no",
    "clinic.manage":         "no no yes no no",
    "membership.manage":     "no no yes no no",
    "audit.see":             "no no yes no yes",
}  # fmt: skip


def test_the_table_holds_every_permission():
    assert set(TABLE) == set(permission.ALLOWED)


@pytest.mark.parametrize("name", TABLE)
def test_roles_may_what_the_table_says(cast, clinic, name):
    answers = {role: permission.may(getattr(cast, role), name, clinic) for role in ROLES}
    assert answers == dict(zip(ROLES, [word == "yes" for word in TABLE[name].split()], strict=True))


@pytest.mark.parametrize("name", TABLE)
def test_a_stranger_and_an_outsider_may_nothing(cast, clinic, patient, name):
    for row in (clinic, patient):
        assert not permission.may(cast.stranger, name, row)
        assert not permission.may(cast.outsider, name, row)
    with pytest.raises(NotAllowed):
        permission.require(cast.outsider, name)


def test_running_the_server_opens_no_record(outsider, patient):
    outsider.is_superuser = True
    outsider.save()
    assert not permission.may(outsider, "patient.see", patient)


def test_somebody_deactivated_may_nothing(practitioner, patient):
    practitioner.is_active = False
    assert not permission.may(practitioner, "patient.see", patient)
