"""Two pictures of one spot: compared by the science, kept with what made it, accepted once."""

import functools
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from PIL import Image

from openmeso import __version__
from openmeso.gateways import clock, trichoscopy
from openmeso.gateways.picture import read_picture
from openmeso.records.models import AuditEvent, Comparison
from openmeso.records.models.measurement import MeasurementStatus
from openmeso.services import comparison as comparisons
from openmeso.services import measurement as measurements
from openmeso.services.measurement import Taken
from openmeso.terms.comparison import ComparisonKind, Fate
from openmeso.terms.measurement import Place, Site
from openmeso.terms.trichoscopy import Scale
from tests.example_spot import EVERY, UM_PER_PX, view

TODAY = clock.today()
LOST = frozenset({11, 18, 27})


@pytest.fixture
def measured(practitioner, patient, monkeypatch):
    """Measure a drawn spot; the tracing of pictures has its own tests."""

    def measure(drawn=EVERY, days_ago=0, site=Site.VERTEX, by=practitioner, of=patient):
        seen = view(drawn, drawn)
        monkeypatch.setattr(
            trichoscopy,
            "read_field",
            lambda shown, *, scale, setting: replace(seen.field, scale=scale),
        )
        out = io.BytesIO()
        Image.fromarray(seen.image).save(out, "PNG")
        taken = Taken(TODAY - timedelta(days_ago), Place(site), scale=Scale(UM_PER_PX))
        shown = read_picture(out.getvalue())
        return measurements.measure(by=by, patient=of, shown=shown, taken=taken)

    return measure


@pytest.fixture
def made(practitioner, measured):
    before, after = measured(days_ago=90), measured(EVERY - LOST)
    return comparisons.compare(
        by=practitioner, before=before, after=after, kind=ComparisonKind.VISITS
    )


def test_what_fell_is_kept_with_what_found_it(practitioner, made):
    record = comparisons.get(by=practitioner, pk=made.pk, purpose="care")
    told = comparisons.to_terms(record)
    assert {hair.before for hair in told.hairs if hair.fate is Fate.LOST} == LOST
    assert told.number(Fate.KEPT) >= 30  # what is taken for a mark at the border is left out
    assert told.number(Fate.GAINED) == 0
    assert record.software == f"openmeso {__version__}, {told.method}"
    assert (record.status, comparisons.days_between(record)) == (MeasurementStatus.DRAFT, 90)
    assert comparisons.laid_over(record) == pytest.approx((1, 0, 0, 1, 0, 0), abs=0.02)
    noted = AuditEvent.objects.filter(noun="comparison").order_by("seq")
    assert [one.action for one in noted] == ["compare", "read"]
    assert str(record.before_id) in str(noted[0].details)
    assert list(comparisons.of_measurement(record.before)) == [record]


def test_shaved_hair_of_the_same_length_rests(practitioner, measured):
    before, after = measured(days_ago=2), measured()
    record = comparisons.compare(
        by=practitioner, before=before, after=after, kind=ComparisonKind.PHOTOTRICHOGRAM
    )
    told = comparisons.to_terms(record)
    assert (told.days, told.anagen.value) == (2, 0.0)


def test_what_it_comes_to_is_kept_beside_its_hairs(made):
    summary = comparisons.summary_of(made)
    told = comparisons.to_terms(made)
    assert summary.fates["lost"] == len(LOST)
    assert (summary.count, summary.density_cm2) == (told.count, told.density_cm2)
    assert summary.values == ()
    made.summary = None  # as one that was made before summaries were kept
    assert comparisons.summary_of(made) == summary


def test_the_last_picture_of_a_spot_is_offered_beside_an_earlier_day(practitioner, measured):
    first = measured(days_ago=90)
    assert comparisons.offers(measurements.of_patient(first.patient), []) == []
    later = measured()
    measured(site=Site.FRONTAL)
    held = measurements.of_patient(first.patient)
    (offer,) = comparisons.offers(held, [])
    assert (offer.before, offer.after, offer.days) == (first, later, 90)
    assert offer.kind is ComparisonKind.VISITS
    record = comparisons.compare(
        by=practitioner, before=first, after=later, kind=ComparisonKind.VISITS
    )
    assert comparisons.offers(held, comparisons.of_patient(first.patient)) == []
    comparisons.withdraw(by=practitioner, comparison=record, because="Wrong spot")
    assert comparisons.offers(held, comparisons.of_patient(first.patient)) == [offer]


def test_pictures_a_few_days_apart_are_offered_as_a_phototrichogram(measured):
    measured(days_ago=3)
    later = measured()
    found = comparisons.offer(later, measurements.of_patient(later.patient), [])
    assert (found.kind, found.days) == (ComparisonKind.PHOTOTRICHOGRAM, 3)


def test_an_accepted_phototrichogram_is_learnt_from(practitioner, draft, measured):
    from openmeso.services import plan as plans

    plan = plans.to_terms(draft)
    before, after = (measured(days_ago=days, of=draft.patient) for days in (2, 0))
    record = comparisons.compare(
        by=practitioner, before=before, after=after, kind=ComparisonKind.PHOTOTRICHOGRAM
    )
    (share,) = comparisons.summary_of(record).values
    assert (share.outcome, share.value) == ("anagen", 0.0)
    # all of it is the interval's longer side, which the cut at nought leaves whole
    assert share.sd == pytest.approx(
        100 * comparisons.to_terms(record).anagen.high / 1.645, rel=0.01
    )
    learnt = functools.partial(measurements.measured_outcomes, draft.patient, plan)
    assert learnt() == ()
    comparisons.accept(by=practitioner, comparison=record)
    (fed,) = learnt()
    assert (fed.week, fed.outcome, fed.value, fed.sd) == (0, "anagen", 0.0, share.sd)
    measurements.withdraw(by=practitioner, measurement=before, because="Blurred")
    assert learnt() == ()


def test_earlier_pictures_of_the_same_spot_can_be_chosen(practitioner, measured):
    first, second = measured(days_ago=90), measured(days_ago=30)
    measured(days_ago=60, site=Site.FRONTAL)
    last = measured()
    assert comparisons.comparable(last) == [second, first]
    assert comparisons.comparable(first) == []
    measurements.withdraw(by=practitioner, measurement=second, because="Blurred")
    assert comparisons.comparable(last) == [first]


def test_what_cannot_be_compared_is_refused_and_nothing_is_kept(practitioner, measured):
    before, after = measured(days_ago=90), measured()
    elsewhere, few = measured(site=Site.FRONTAL), measured(frozenset({1, 2, 3}))
    withdrawn = measured(days_ago=10)
    measurements.withdraw(by=practitioner, measurement=withdrawn, because="Blurred")
    withdrawn.refresh_from_db()
    for one, other, kind, why in (
        (after, before, ComparisonKind.VISITS, "comes first"),
        (before, before, ComparisonKind.VISITS, "Two pictures"),
        (before, elsewhere, ComparisonKind.VISITS, "same spot"),
        (withdrawn, after, ComparisonKind.VISITS, "withdrawn"),
        (before, few, ComparisonKind.VISITS, "wider field"),
        (before, after, ComparisonKind.PHOTOTRICHOGRAM, "1 to 7 days"),
    ):
        with pytest.raises(ValidationError, match=why):
            comparisons.compare(by=practitioner, before=one, after=other, kind=kind)
    assert not Comparison.objects.exists()


def test_accepted_once_and_withdrawn_for_a_reason(practitioner, assistant, made):
    comparisons.accept(by=assistant, comparison=made)
    assert comparisons.accept(by=practitioner, comparison=made).accepted_by == assistant
    with pytest.raises(PermissionDenied):
        comparisons.withdraw(by=assistant, comparison=made, because="Wrong spot")
    with pytest.raises(ValidationError, match="Say why"):
        comparisons.withdraw(by=practitioner, comparison=made, because=" ")
    gone = comparisons.withdraw(by=practitioner, comparison=made, because="Wrong spot")
    assert gone.status is MeasurementStatus.WITHDRAWN
    with pytest.raises(ValidationError, match="withdrawn"):
        comparisons.accept(by=practitioner, comparison=gone)


def test_nothing_is_accepted_that_rests_on_a_withdrawn_measurement(practitioner, made):
    measurements.withdraw(by=practitioner, measurement=made.after, because="Blurred")
    with pytest.raises(ValidationError, match="is withdrawn"):
        comparisons.accept(by=practitioner, comparison=made)


def test_another_clinic_sees_and_compares_nothing(cast, made):
    with pytest.raises(Http404):
        comparisons.get(by=cast.stranger, pk=made.pk, purpose="care")
    with pytest.raises(PermissionDenied):
        comparisons.compare(
            by=cast.stranger, before=made.before, after=made.after, kind=ComparisonKind.VISITS
        )
    with pytest.raises(PermissionDenied):
        comparisons.get(by=cast.researcher, pk=made.pk, purpose="care")
