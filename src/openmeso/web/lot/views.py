"""The cabinet: what is on the shelf, taken in by scan, counted, thrown away, called back."""

from collections.abc import Callable
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openmeso.gateways import clock
from openmeso.services import lot as lots
from openmeso.services import permission, reconciliation
from openmeso.services import scan as scans
from openmeso.services.permission import own_clinic
from openmeso.terms.lot import ml_of
from openmeso.web.lot.context import Shown, shown
from openmeso.web.lot.forms import AmountForm, CountForm, ReasonForm, ReceiveForm
from openmeso.web.refusal import tell, typed_lines
from openmeso.web.requests import Request, posted


@login_required
@require_safe
def cabinet(request: Request) -> HttpResponse:
    return _cabinet(request)


def _cabinet(
    request: Request, code: str = "", fault: scans.BarcodeFault | None = None
) -> HttpResponse:
    clinic = own_clinic(request.user)
    permission.require(request.user, "lot.see", clinic)
    today = clock.today()
    every = request.GET.get("all") == "1"
    listed = [shown(one, today) for one in lots.of_clinic(clinic)]
    rows = [one for one in listed if every or one.lot.stock_ul > 0]
    context = {
        "shelves": [
            (name, list(of_name))
            for name, of_name in groupby(rows, lambda one: one.lot.product_name)
        ],
        "hidden": len(listed) - len(rows),
        "every": every,
        "code": code,
        "fault": fault,
        "may_receive": permission.may(request.user, "lot.receive", clinic),
    }
    return render(request, "lot/list.html", context, status=422 if fault else 200)


@login_required
@require_safe
def scan(request: Request) -> HttpResponse:
    """Lead from a code to its lot, or to its receipt where the shelf does not hold it yet."""
    code = request.GET.get("code", "")
    try:
        found = scans.look_up(by=request.user, text=code)
    except scans.BarcodeFault as fault:
        return _cabinet(request, code, fault)
    if found.lot is not None:
        return redirect("lot_page", found.lot.pk)
    return redirect(f"{reverse('lot_receive')}?{urlencode({'code': code})}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: Request) -> HttpResponse:
    clinic = own_clinic(request.user)
    permission.require(request.user, "lot.receive", clinic)
    code = request.GET.get("code", "")
    found, fault = _read(request, code)
    form = ReceiveForm(
        posted(request),
        products=lots.shelf_products(clinic).values(),
        initial=_initial(found),
    )
    if request.method == "POST" and form.is_valid():
        try:
            lot = lots.receive(by=request.user, clinic=clinic, receipt=form.to_terms())
            if lot.gtin:
                scans.bind(by=request.user, clinic=clinic, gtin=lot.gtin, product=lot.product)
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("Lot %s is on the shelf.") % lot.number)
            return redirect("lot_page", lot.pk)
    context = {"form": form, "found": found, "fault": fault, "code": code}
    return render(request, "lot/receive.html", context, status=422 if form.errors or fault else 200)


def _read(request: Request, code: str) -> tuple[scans.Found | None, scans.BarcodeFault | None]:
    if not code:
        return None, None
    try:
        return scans.look_up(by=request.user, text=code), None
    except scans.BarcodeFault as fault:
        return None, fault


def _initial(found: scans.Found | None) -> dict[str, object]:
    if found is None:
        return {}
    return {
        "product": found.product.id if found.product else "",
        "number": found.scan.number,
        "expires_on": found.scan.expires_on,
        "gtin": found.scan.gtin,
        "udi": found.scan.udi,
    }


@login_required
@require_safe
def reconcile(request: Request) -> HttpResponse:
    clinic = own_clinic(request.user)
    permission.require(request.user, "lot.see", clinic)
    rows = reconciliation.of_clinic(clinic)
    context = {"rows": rows, "open": [row for row in rows if not row.agrees]}
    return render(request, "lot/reconcile.html", context)


@login_required
@require_safe
def page(request: Request, pk: UUID) -> HttpResponse:
    return _page(request, shown(lots.find(request.user, pk), clock.today()))


def _page(request: Request, one: Shown, **forms: Form) -> HttpResponse:
    refused = any(form.errors for form in forms.values())
    context = {
        "one": one,
        "lot": one.lot,
        "moves": [
            (move, ml_of(move.change_ul), ml_of(move.left_ul)) for move in lots.moves(one.lot)
        ],
        "may_move": permission.may(request.user, "lot.move", one.lot),
        "may_decide": permission.may(request.user, "lot.decide", one.lot),
        "may_trace": permission.may(request.user, "recall.trace", one.lot),
        "count_form": CountForm(auto_id="count_%s"),
        "waste_form": AmountForm(auto_id="waste_%s"),
        "send_back_form": AmountForm(auto_id="send_back_%s"),
        "quarantine_form": ReasonForm(auto_id="quarantine_%s"),
        "recall_form": ReasonForm(auto_id="recall_%s"),
        "release_form": ReasonForm(auto_id="release_%s"),
        **forms,
        "wrong": list(forms.values()),
        "typed": [line for form in forms.values() for line in typed_lines(form)],
        "opened": next(iter(forms), ""),
    }
    return render(request, "lot/page.html", context, status=422 if refused else 200)


RIGHTS = {
    "count": "lot.move",
    "waste": "lot.move",
    "send_back": "lot.move",
    "quarantine": "lot.quarantine",
    "recall": "lot.decide",
    "release": "lot.decide",
}


def _deed(
    request: Request, pk: UUID, name: str, form: Form, do: Callable[[Any, Form], object]
) -> HttpResponse:
    """Do it to the lot, or show its page again with the reason beside the form."""
    lot = lots.find(request.user, pk)
    permission.require(request.user, RIGHTS[name], lot)
    if form.is_valid():
        try:
            do(lot, form)
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("It is written down."))
            return redirect("lot_page", pk)
    return _page(request, shown(lot, clock.today()), **{f"{name}_form": form})


def _typed_deed(
    request: Request, pk: UUID, form_class: type[Form], deed: Callable[..., object]
) -> HttpResponse:
    """A deed of the service's that takes what its form asks for, under the same name."""
    name = deed.__name__
    form = form_class(request.POST, auto_id=f"{name}_%s")
    return _deed(
        request, pk, name, form,
        lambda lot, form: deed(by=request.user, lot=lot, **form.cleaned_data),
    )  # fmt: skip


@login_required
@require_POST
def count(request: Request, pk: UUID) -> HttpResponse:
    form = CountForm(request.POST, auto_id="count_%s")

    def do(lot: "lots.LotInStock", form: CountForm) -> None:
        amount_ml = form.ml(ml_of(lot.ampoule_ul))
        lots.count(by=request.user, lot=lot, ml=amount_ml, reason=form.cleaned_data["reason"])

    return _deed(request, pk, "count", form, do)  # type: ignore[arg-type]


@login_required
@require_POST
def waste(request: Request, pk: UUID) -> HttpResponse:
    return _typed_deed(request, pk, AmountForm, lots.waste)


@login_required
@require_POST
def send_back(request: Request, pk: UUID) -> HttpResponse:
    return _typed_deed(request, pk, AmountForm, lots.send_back)


@login_required
@require_POST
def quarantine(request: Request, pk: UUID) -> HttpResponse:
    return _typed_deed(request, pk, ReasonForm, lots.quarantine)


@login_required
@require_POST
def recall(request: Request, pk: UUID) -> HttpResponse:
    return _typed_deed(request, pk, ReasonForm, lots.recall)


@login_required
@require_POST
def release(request: Request, pk: UUID) -> HttpResponse:
    return _typed_deed(request, pk, ReasonForm, lots.release)
