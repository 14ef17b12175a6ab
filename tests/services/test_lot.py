import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openmeso.gateways import clock
from openmeso.records.models import AuditEvent, Lot, StockMove
from openmeso.services import lot as lots
from openmeso.services.refusal import NotAllowed, NotFound
from openmeso.terms.lot import Receipt, ul_of

PRODUCT = "dutasteride_0_05"  # ampoules of 5 mL
FAR = date(2029, 6, 30)


@pytest.fixture
def receive(practitioner, clinic):
    def one(number="A1", expires_on=FAR, pieces=2, product=PRODUCT, **codes):
        receipt = Receipt(product, number, expires_on, pieces, **codes)
        return lots.receive(by=practitioner, clinic=clinic, receipt=receipt)

    return one


def test_what_is_received_is_in_stock(receive, practitioner):
    lot = receive(gtin="08690123456789", udi="(01)08690123456789(10)A1")
    assert lots.find(practitioner, lot.pk).stock_ul == 10_000
    (move,) = lots.moves(lot)
    assert (move.kind, move.pieces, move.left_ul) == ("received", 2, 10_000)
    event = AuditEvent.objects.last()
    assert (event.action, event.noun, event.patient) == ("receive", "lot", None)


def test_more_of_the_same_lot_adds_to_it(receive):
    assert receive().pk == receive(pieces=1).pk
    assert lots.stock_ml(Lot.objects.get()) == 15.0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"product": "unobtainium"}, "product"), ({"product": "minoxidil_topical_5"}, "product"),
        ({"pieces": 0}, "pieces"), ({"number": " "}, "number"),
        ({"expires_on": date(2026, 1, 1)}, "expires_on"), ({"gtin": "1" * 15}, "gtin"),
    ],
)  # fmt: skip
def test_senseless_receipts_are_refused(receive, changes, field):
    with pytest.raises(ValidationError) as refused:
        receive(**changes)
    assert field in refused.value.message_dict
    assert not StockMove.objects.exists()


def test_the_same_number_with_another_expiry_is_compared_with_the_label(receive):
    receive()
    with pytest.raises(ValidationError, match="Compare with the label"):
        receive(expires_on=FAR + timedelta(days=1))


def test_the_earliest_expiry_comes_first_and_only_what_may_be_drawn(receive, practitioner):
    today = clock.today()
    late, early = receive("LATE"), receive("EARLY", today)
    gone, bad = receive("GONE"), receive("BAD")
    lots.waste(by=practitioner, lot=gone, ml=10.0, reason="Dropped")
    lots.quarantine(by=practitioner, lot=bad, reason="Cloudy")
    offered = list(lots.usable(by=practitioner, product=PRODUCT, on=today))
    assert offered == [early, late]
    assert offered[0].stock_ul == 10_000
    tomorrow = today + timedelta(days=1)
    assert list(lots.usable(by=practitioner, product=PRODUCT, on=tomorrow)) == [late]
    assert not lots.usable(by=practitioner, product="minoxidil_0_5", on=today)


def test_a_session_takes_and_wastes(receive, practitioner):
    lot, session = receive(), uuid.uuid4()
    lots.use(by=practitioner, lot=lot, ml=3.2, session=session)
    lots.waste(by=practitioner, lot=lot, ml=1.8, reason="Rest of the ampoule", session=session)
    assert lots.stock_ml(lot) == 5.0
    assert {move.session for move in lots.moves(lot)[:2]} == {session}


def test_stock_never_falls_below_nothing_without_a_count(receive, practitioner):
    lot = receive(pieces=1)
    with pytest.raises(ValidationError, match="5 mL of lot A1 are left: count it first"):
        lots.use(by=practitioner, lot=lot, ml=5.001, session=uuid.uuid4())
    lots.count(by=practitioner, lot=lot, ml=10.0, reason="A box was not booked in")
    lots.use(by=practitioner, lot=lot, ml=5.001, session=uuid.uuid4())
    assert lots.stock_ml(lot) == 4.999
    assert [move.change_ul for move in lots.moves(lot)] == [-5001, 5000, 5000]


def test_a_count_that_agrees_wants_no_reason_and_one_that_differs_does(receive, practitioner):
    lot = receive()
    assert lots.count(by=practitioner, lot=lot, ml=10.0).change_ul == 0
    with pytest.raises(ValidationError, match="may be why"):
        lots.count(by=practitioner, lot=lot, ml=9.0)


@pytest.mark.parametrize("ml", [0, -1.0, 0.0001, 1e9, float("nan"), float("inf")])
def test_senseless_amounts_are_refused(receive, practitioner, ml):
    lot = receive()
    for deed in (lots.waste, lots.send_back):
        with pytest.raises(ValidationError):
            deed(by=practitioner, lot=lot, ml=ml, reason="A reason")
    with pytest.raises(ValidationError):
        lots.use(by=practitioner, lot=lot, ml=ml, session=uuid.uuid4())


@pytest.mark.parametrize("deed", [lots.quarantine, lots.recall])
def test_a_lot_set_aside_is_not_drawn_from(receive, practitioner, deed):
    lot = deed(by=practitioner, lot=receive(), reason="Particles seen")
    with pytest.raises(ValidationError, match="Particles seen"):
        lots.use(by=practitioner, lot=lot, ml=1.0, session=uuid.uuid4())
    lots.release(by=practitioner, lot=lot, reason="Checked: it was the light")
    lots.use(by=practitioner, lot=lot, ml=1.0, session=uuid.uuid4())


def test_what_was_given_before_anybody_knew_is_written_down_with_its_reason(receive, practitioner):
    lot = lots.recall(by=practitioner, lot=receive(), reason="Sterility")
    session = uuid.uuid4()
    move = lots.use(
        by=practitioner, lot=lot, ml=1.0, session=session, despite="Given an hour before the call"
    )
    assert (move.session, move.reason) == (session, "Given an hour before the call")


def test_an_expired_lot_is_judged_by_the_session_s_day(receive, practitioner):
    today = clock.today()
    lot = receive(expires_on=today)
    with pytest.raises(ValidationError, match="expired"):
        lots.use(
            by=practitioner, lot=lot, ml=1.0, session=uuid.uuid4(), on=today + timedelta(days=1)
        )
    lots.use(by=practitioner, lot=lot, ml=1.0, session=uuid.uuid4(), on=today)


def test_nothing_more_of_a_recalled_lot_is_taken_in(receive, practitioner):
    lots.recall(by=practitioner, lot=receive(), reason="Sterility")
    with pytest.raises(ValidationError, match="recalled"):
        receive()


def test_every_change_of_status_wants_a_reason_and_stays_in_the_trail(receive, practitioner):
    lot = receive()
    for deed in (lots.quarantine, lots.recall, lots.release):
        with pytest.raises(ValidationError):
            deed(by=practitioner, lot=lot, reason=" ")
    lots.recall(by=practitioner, lot=lot, reason="Sterility")
    with pytest.raises(ValidationError, match="already"):
        lots.recall(by=practitioner, lot=lot, reason="Again")
    lot.refresh_from_db()
    assert (lot.status, lot.status_reason, lot.status_by) == (
        "recalled", "Sterility", practitioner,
    )  # fmt: skip
    assert "Sterility" in AuditEvent.objects.last().details


@pytest.mark.parametrize("who", ["researcher", "auditor", "stranger", "outsider"])
def test_the_shelf_is_for_those_who_treat_here(cast, receive, clinic, who):
    lot, by = receive(), getattr(cast, who)
    deeds = (
        lambda: lots.receive(by=by, clinic=clinic, receipt=Receipt(PRODUCT, "B", FAR, 1)),
        lambda: lots.use(by=by, lot=lot, ml=1.0, session=uuid.uuid4()),
        lambda: lots.waste(by=by, lot=lot, ml=1.0, reason="a"),
        lambda: lots.count(by=by, lot=lot, ml=1.0, reason="a"),
        lambda: lots.send_back(by=by, lot=lot, ml=1.0, reason="a"),
        lambda: lots.quarantine(by=by, lot=lot, reason="a"),
        lambda: lots.recall(by=by, lot=lot, reason="a"),
        lambda: lots.release(by=by, lot=lot, reason="a"),
    )
    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed()


def test_an_assistant_sets_aside_but_does_not_decide(assistant, receive):
    lot = lots.quarantine(by=assistant, lot=receive(), reason="Cloudy")
    for deed in (lots.recall, lots.release):
        with pytest.raises(NotAllowed):
            deed(by=assistant, lot=lot, reason="a")


def test_another_clinic_s_lot_is_not_there(receive, stranger):
    lot = receive()
    with pytest.raises(NotFound):
        lots.find(stranger, lot.pk)
    assert not lots.usable(by=stranger, product=PRODUCT, on=clock.today())


AMOUNT = st.integers(1, 9_000)
DEEDS = st.sampled_from(["in", "use", "waste", "count", "back"])
MOVES = st.lists(st.tuples(DEEDS, AMOUNT), max_size=12)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_received_is_left_and_given_and_wasted_and_what_counts_found(receive, practitioner, moves):
    lot = receive(number=str(uuid.uuid4()), pieces=1)
    book_ul = 5_000
    for kind, amount_ul in moves:
        ml = amount_ul / 1000
        deeds = {
            "in": lambda: receive(number=lot.number, pieces=1),
            "use": lambda ml=ml: lots.use(by=practitioner, lot=lot, ml=ml, session=uuid.uuid4()),
            "waste": lambda ml=ml: lots.waste(by=practitioner, lot=lot, ml=ml, reason="a"),
            "count": lambda ml=ml: lots.count(by=practitioner, lot=lot, ml=ml, reason="a"),
            "back": lambda ml=ml: lots.send_back(by=practitioner, lot=lot, ml=ml, reason="a"),
        }
        after = {"in": book_ul + 5_000, "count": amount_ul}.get(kind, book_ul - amount_ul)
        if after < 0:
            with pytest.raises(ValidationError):
                deeds[kind]()
        else:
            deeds[kind]()
            book_ul = after
        assert ul_of(lots.stock_ml(lot)) == book_ul
    sums = dict(StockMove.objects.filter(lot=lot).values_list("kind").annotate(Sum("change_ul")))
    assert sums.pop("received") + sum(sums.values()) == book_ul
