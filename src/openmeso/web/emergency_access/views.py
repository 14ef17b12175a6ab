"""Another clinic's record in an emergency: open it, give it back, see who did."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openmeso.gateways import clock
from openmeso.services import emergency_access, permission
from openmeso.services import patient as patients
from openmeso.services.refusal import NotAllowed, NotFound
from openmeso.web.emergency_access.forms import EmergencyForm
from openmeso.web.refusal import tell
from openmeso.web.requests import Request, posted

ACCESSES_A_PAGE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_record(request: Request) -> HttpResponse:
    """The form says the same of a record that exists and of one that does not."""
    if permission.own_membership(request.user).role not in permission.DECIDE:
        raise NotAllowed("Only practitioners and leads may open a record in an emergency.")
    form = EmergencyForm(posted(request), initial={"reference": request.GET.get("reference")})
    if request.method == "POST" and form.is_valid():
        pk = form.cleaned_data["reference"]
        if patients.visible_to(request.user).filter(pk=pk).exists():
            messages.info(request, _("This record is open to you already."))
            return redirect("patient_page", pk)
        try:
            emergency_access.open_with_reason(
                by=request.user, pk=pk, reason=form.cleaned_data["reason"]
            )
        except NotFound:
            form.add_error("reference", _("No record has this reference."))
        except ValidationError as error:
            tell(form, error)
        else:
            return redirect("patient_page", pk)
    context = {"form": form, "minutes": int(emergency_access.OPEN_FOR.total_seconds() // 60)}
    status = 422 if form.errors else 200
    return render(request, "emergency_access/open.html", context, status=status)


@login_required
@require_POST
def close(request: Request, pk: UUID) -> HttpResponse:
    patient = patients.get(by=request.user, pk=pk, purpose="emergency")
    emergency_access.close(by=request.user, patient=patient)
    messages.success(request, _("The record is closed to you again."))
    return redirect("home")


@login_required
@require_safe
def accesses(request: Request) -> HttpResponse:
    inward = Paginator(emergency_access.of_clinic(by=request.user), ACCESSES_A_PAGE)
    context = {
        "page": inward.get_page(request.GET.get("page")),
        "outward": emergency_access.by_members(by=request.user)[:ACCESSES_A_PAGE],
        "now": clock.now(),
        # the auditor is shown no identified patient
        "may_see_patients": permission.may(request.user, "patient.see"),
    }
    return render(request, "emergency_access/list.html", context)
