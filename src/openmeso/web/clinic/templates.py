"""The clinic's own protocol templates."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openmeso.services import permission, product, protocol
from openmeso.services.knowledge import knowledge
from openmeso.services.permission import own_clinic
from openmeso.web.clinic.shelf_forms import ProtocolForm
from openmeso.web.knowledge import drawing
from openmeso.web.refusal import tell
from openmeso.web.requests import Request, posted


@login_required
@require_safe
def protocols(request: Request) -> HttpResponse:
    clinic = own_clinic(request.user)
    permission.require(request.user, "training.see", clinic)
    kept = [(each, protocol.to_terms(each)) for each in protocol.of_clinic(clinic)]
    context = {
        "protocols": [(record, term, drawing.timeline(term)) for record, term in kept],
        "techniques": knowledge().techniques,
        "may_save": permission.may(request.user, "protocol.save", clinic),
    }
    return render(request, "clinic/protocols.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    clinic = own_clinic(request.user)
    permission.require(request.user, "protocol.save", clinic)
    form = ProtocolForm(
        posted(request),
        known=knowledge(),
        own_products=product.terms_of(clinic),
        taken=protocol.of_clinic(clinic).values_list("key", flat=True),
    )
    if request.method == "POST" and form.is_valid():
        try:
            protocol.save(by=request.user, clinic=clinic, protocol=form.to_terms())
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(
                request, _("The template is saved; the planner offers it from now on.")
            )
            return redirect("clinic_protocols")
    return render(
        request, "clinic/protocol_add.html", {"form": form}, status=422 if form.errors else 200
    )


def _kept(request: Request, pk: UUID):  # type: ignore[no-untyped-def]
    found = protocol.of_clinic(own_clinic(request.user)).filter(pk=pk).first()
    if found is None:
        raise Http404("no such template in your clinic")
    permission.require(request.user, "protocol.save", found)
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: UUID) -> HttpResponse:
    found = _kept(request, pk)
    form = ProtocolForm(
        posted(request),
        known=knowledge(),
        own_products=product.terms_of(own_clinic(request.user)),
        kept=protocol.to_terms(found),
    )
    if request.method == "POST" and form.is_valid():
        try:
            protocol.change(by=request.user, record=found, protocol=form.to_terms())
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(
                request, _("The change is saved. Plans already made keep what they said.")
            )
            return redirect("clinic_protocols")
    context = {"form": form, "kept": found}
    return render(request, "clinic/protocol_add.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def withdraw(request: Request, pk: UUID) -> HttpResponse:
    found = _kept(request, pk)
    protocol.withdraw(by=request.user, protocol=found)
    messages.success(request, _("The template is no longer offered."))
    return redirect("clinic_protocols")
