"""Consent: no valid one, no session; and nothing signed is ever lost or changed."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.http import Http404
from pypdf import PdfReader

from openmeso.gateways import clock
from openmeso.records.models import AuditEvent, Consent, StoredFile
from openmeso.services import consent as consents
from openmeso.services import consent_text
from openmeso.services import plan as plans
from openmeso.terms.consent import ConsentStanding, Signature, SignatureMethod
from openmeso.terms.formula import Component, Formula
from tests.services.example_consent import DRAWN, TYPED, sheet_of, signed

Standing = ConsentStanding


@pytest.fixture
def handed_over(draft, assistant):
    return consents.hand_over(by=assistant, plan=draft, language="en")


@pytest.fixture
def consent(draft, practitioner):
    return signed(practitioner, draft)


def status(plan, days: int = 0) -> ConsentStanding:
    on = clock.today() + timedelta(days=days)
    found = consents.valid(patient=plan.patient, plan=plan, on=on)
    standing = consents.status(patient=plan.patient, plan=plan, on=on)
    assert (found is not None) == (standing is Standing.VALID)
    assert consents.status_of_each(patient=plan.patient, on=on)[plan.pk] is standing
    return standing


@pytest.fixture
def new_version(monkeypatch):
    def come_out() -> None:
        known = consent_text.knowledge()
        forms = {key: replace(form, version="2027-01") for key, form in known.consent_forms.items()}
        monkeypatch.setattr(consent_text, "knowledge", lambda: replace(known, consent_forms=forms))

    return come_out


def test_without_one_it_is_missing(draft):
    assert status(draft) is Standing.MISSING


def test_handed_over_is_not_signed(draft, handed_over):
    assert status(draft) is Standing.HANDED_OVER
    assert handed_over.text["version"] == handed_over.version
    assert [one["id"] for one in handed_over.text["sections"]][-1] == "declaration"
    assert handed_over.course["products"]


def test_signed_is_valid_from_that_day_on(draft, consent):
    assert status(draft) is Standing.VALID
    assert status(draft, days=300) is Standing.VALID
    assert status(draft, days=-1) is Standing.MISSING


@pytest.mark.parametrize("signature", [DRAWN, TYPED], ids=["drawn", "typed"])
def test_the_signed_sheet_is_kept_encrypted_with_all_that_was_read(
    handed_over, practitioner, signature
):
    sheet = consents.write_sheet(
        handed_over, signature=signature, taken_by=practitioner, questions="Does it hurt? Briefly."
    )
    done = consents.sign(by=practitioner, consent=handed_over, sheet=sheet, enough_time=True)
    content = consents.pdf(by=practitioner, consent=done, purpose="print")
    assert content == sheet.content
    said = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    text = " ".join(" ".join(said).split())
    for section in consents.paper_of(done).sections:
        assert section.heading in text
    for word in ("Deniz Kaya", "Practitioner Test", "Does it hurt?", done.version, str(done.pk)):
        assert word in text
    assert done.pdf.kind == "consent"
    assert "strokes" not in done.signing


def test_a_sheet_for_another_consent_or_in_anothers_name_is_refused(
    handed_over, draft, practitioner, lead
):
    other = consents.hand_over(by=practitioner, plan=draft, language="en")
    for sheet in (sheet_of(other, practitioner), sheet_of(handed_over, lead)):
        with pytest.raises(ValueError, match="another"):
            consents.sign(by=practitioner, consent=handed_over, sheet=sheet, enough_time=True)


def test_a_new_version_asks_again(draft, consent, practitioner, new_version):
    new_version()
    assert status(draft) is Standing.OUTDATED
    again = signed(practitioner, draft)
    assert again.version == "2027-01"
    assert status(draft) is Standing.VALID
    consent.refresh_from_db()
    assert consent.signed_at


def test_an_old_text_cannot_be_signed_after_a_new_one_came_out(
    handed_over, practitioner, new_version
):
    new_version()
    with pytest.raises(consents.AlreadySigned):
        consents.sign(
            by=practitioner,
            consent=handed_over,
            sheet=sheet_of(handed_over, practitioner, DRAWN),
            enough_time=True,
        )
    assert not StoredFile.objects.exists()


def test_other_products_or_another_technique_want_another_consent(
    draft, consent, practitioner, choice
):
    product = next(
        one
        for one in consent_text.knowledge().products
        if one not in {each["id"] for each in consent.course["products"]}
    )
    formula = Formula("Other", (Component(product, 1.0),))
    other = plans.draft(
        by=practitioner, patient=draft.patient, choice=replace(choice, formula=formula)
    )
    assert status(other) is Standing.OTHER_COURSE
    papule = plans.draft(
        by=practitioner, patient=draft.patient, choice=replace(choice, technique="papule")
    )
    assert status(papule) is Standing.OTHER_COURSE
    assert status(draft) is Standing.VALID


def test_fewer_products_need_no_new_consent(draft, consent, practitioner, choice):
    kept = plans.to_terms(draft).choice.formula
    assert len(kept.components) > 1
    fewer = replace(choice, formula=Formula("Fewer", (kept.components[0],)))
    other = plans.draft(by=practitioner, patient=draft.patient, choice=fewer)
    assert status(other) is Standing.VALID


def test_withdrawing_ends_it_and_every_earlier_one(draft, consent, practitioner, assistant):
    earlier = signed(practitioner, draft)
    consents.withdraw(by=assistant, consent=consent, note="changed her mind")
    assert status(draft) is Standing.WITHDRAWN
    assert earlier.withdrawn_at is None
    signed(practitioner, draft)
    assert status(draft) is Standing.VALID


def test_another_patients_plan_is_not_covered(draft, consent, foreign_patient):
    assert consents.valid(patient=foreign_patient, plan=draft, on=clock.today()) is None
    assert (
        consents.status(patient=foreign_patient, plan=draft, on=clock.today()) is Standing.MISSING
    )


def test_on_the_day_it_was_handed_over_the_patient_is_asked_for_time(handed_over, practitioner):
    with pytest.raises(ValidationError) as error:
        consents.sign(
            by=practitioner, consent=handed_over, sheet=sheet_of(handed_over, practitioner, DRAWN)
        )
    assert "enough_time" in error.value.message_dict
    assert not StoredFile.objects.exists()
    done = consents.sign(
        by=practitioner,
        consent=handed_over,
        sheet=sheet_of(handed_over, practitioner, DRAWN),
        enough_time=True,
    )
    assert done.signing["same_day"] is True


def test_days_later_nobody_asks(handed_over, practitioner, monkeypatch):
    later = clock.now() + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    done = consents.sign(
        by=practitioner, consent=handed_over, sheet=sheet_of(handed_over, practitioner, TYPED)
    )
    assert done.signing["same_day"] is False


def test_it_is_signed_and_withdrawn_once(draft, consent, practitioner):
    with pytest.raises(consents.AlreadySigned):
        consents.sign(
            by=practitioner,
            consent=consent,
            sheet=sheet_of(consent, practitioner, DRAWN),
            enough_time=True,
        )
    consents.withdraw(by=practitioner, consent=consent)
    with pytest.raises(consents.AlreadySigned):
        consents.withdraw(by=practitioner, consent=consent)
    assert StoredFile.objects.count() == 1


def test_an_unsigned_one_cannot_be_withdrawn(handed_over, practitioner):
    with pytest.raises(consents.AlreadySigned):
        consents.withdraw(by=practitioner, consent=handed_over)


def test_an_assistant_hands_over_but_takes_none(handed_over, assistant):
    with pytest.raises(PermissionDenied):
        consents.sign(
            by=assistant,
            consent=handed_over,
            sheet=sheet_of(handed_over, assistant, DRAWN),
            enough_time=True,
        )


@pytest.mark.parametrize("who", ["stranger", "researcher", "auditor", "outsider"])
def test_nobody_else_touches_it(cast, draft, consent, who):
    user = getattr(cast, who)
    for deed in (
        lambda: consents.hand_over(by=user, plan=draft, language="en"),
        lambda: consents.withdraw(by=user, consent=consent),
        lambda: consents.get(by=user, pk=consent.pk, purpose="care"),
    ):
        with pytest.raises((PermissionDenied, Http404)):
            deed()
    with pytest.raises((PermissionDenied, Http404)):
        consents.pdf(by=user, consent=consent, purpose="print")


def test_what_is_not_translated_is_said(draft, practitioner):
    with pytest.raises(ValidationError, match="not translated"):
        consents.hand_over(by=practitioner, plan=draft, language="eo")
    assert not Consent.objects.exists()


def test_every_deed_is_noted_without_contents(draft, consent, practitioner):
    consents.withdraw(by=practitioner, consent=consent, note="a private reason")
    noted = AuditEvent.objects.filter(noun="consent", object_id=str(consent.pk)).order_by("seq")
    assert [one.action for one in noted] == ["hand_over", "sign", "withdraw"]
    assert not any("private" in one.details or "Kaya" in one.details for one in noted)


CHANGES = {
    "text": {"other": 1}, "course": {"other": 1}, "version": "x", "form": "x", "language": "x",
    "signing": {"method": "typed"}, "signed_at": None, "taken_by": None, "pdf": None,
    "created_at": clock.now(), "created_by": None,
}  # fmt: skip


@pytest.mark.parametrize("field", CHANGES)
def test_a_signed_consent_stays(consent, field):
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        Consent.objects.filter(pk=consent.pk).update(**{field: CHANGES[field]})
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        Consent.objects.filter(pk=consent.pk)._raw_delete("default")


def test_a_withdrawal_stays(consent, practitioner):
    consents.withdraw(by=practitioner, consent=consent)
    for change in ({"withdrawn_at": None}, {"withdrawal": {"note": "x"}}, {"withdrawn_by": None}):
        with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
            Consent.objects.filter(pk=consent.pk).update(**change)


def test_the_text_that_was_handed_over_stays_before_it_is_signed(handed_over):
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        Consent.objects.filter(pk=handed_over.pk).update(text={})


def test_a_half_signed_one_cannot_be_stored(handed_over):
    with pytest.raises(DatabaseError), transaction.atomic():
        Consent.objects.filter(pk=handed_over.pk).update(signed_at=clock.now())


@pytest.mark.parametrize(
    "strokes",
    [(), (((5.0, 5.0),),), (((5.0, 5.0), (9.0, 9.0)),), (((0.0, 0.0), (2000.0, 0.0)),)],
)
def test_a_dot_a_slip_or_a_line_outside_is_no_signature(strokes):
    with pytest.raises(ValueError, match="signature"):
        Signature(SignatureMethod.DRAWN, "Deniz Kaya", strokes=strokes)
    with pytest.raises(ValueError, match="name"):
        Signature(SignatureMethod.TYPED, " ")
