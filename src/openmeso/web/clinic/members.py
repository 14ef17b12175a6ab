"""Members of the clinic: their roles, trainings and access."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openmeso.gateways import clock
from openmeso.services import membership, permission, practitioner
from openmeso.services.knowledge import knowledge
from openmeso.services.permission import own_clinic
from openmeso.terms.practitioner import Role
from openmeso.web.clinic.forms import MemberForm, RoleForm, TrainingForm
from openmeso.web.refusal import tell
from openmeso.web.requests import Request, posted


@login_required
@require_safe
def members(request: Request) -> HttpResponse:
    clinic = own_clinic(request.user)
    permission.require(request.user, "training.see", clinic)
    context = {
        "members": membership.members(clinic).prefetch_related("user__trainings"),
        "techniques": knowledge().techniques,
        "today": clock.today(),
        "may_manage": permission.may(request.user, "membership.manage", clinic),
    }
    return render(request, "clinic/members.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    permission.require(request.user, "membership.manage", own_clinic(request.user))
    form = MemberForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | {"role": Role(form.cleaned_data["role"])}
        try:
            place, password = membership.add(by=request.user, **given)
        except ValidationError as error:
            tell(form, error)
        else:
            # shown once on this very page: a message would keep it in the session
            context = {"member": place, "password": password}
            return render(request, "clinic/member_added.html", context)
    return render(
        request, "clinic/member_add.html", {"form": form}, status=422 if form.errors else 200
    )


def _member(request: Request, pk: UUID):  # type: ignore[no-untyped-def]
    clinic = own_clinic(request.user)
    permission.require(request.user, "membership.manage", clinic)
    found = membership.members(clinic).filter(pk=pk).first()
    if found is None:
        raise Http404("no such member of your clinic")
    return found


def _page(  # type: ignore[no-untyped-def]
    request: Request, member, *, training: TrainingForm | None = None, role: RoleForm | None = None
) -> HttpResponse:
    held = list(practitioner.trainings(member.user))
    refused = any(form is not None and form.errors for form in (training, role))
    context = {
        "member": member,
        "role_form": role or RoleForm(initial={"role": member.role}),
        "training_form": training
        or TrainingForm(known=knowledge(), initial={"trained_on": clock.today()}),
        "techniques": [
            (technique, [each for each in held if each.technique == technique.id])
            for technique in knowledge().techniques.values()
        ],
        "today": clock.today(),
        "is_oneself": member.user_id == request.user.pk,
    }
    return render(request, "clinic/member.html", context, status=422 if refused else 200)


@login_required
@require_safe
def member(request: Request, pk: UUID) -> HttpResponse:
    return _page(request, _member(request, pk))


@login_required
@require_POST
def change_role(request: Request, pk: UUID) -> HttpResponse:
    place = _member(request, pk)
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            membership.change_role(
                by=request.user, membership=place, role=Role(form.cleaned_data["role"])
            )
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("The role is changed."))
            return redirect("clinic_member", pk)
    return _page(request, place, role=form)


@login_required
@require_POST
def train(request: Request, pk: UUID) -> HttpResponse:
    place = _member(request, pk)
    form = TrainingForm(request.POST, known=knowledge())
    if form.is_valid():
        try:
            practitioner.record_training(by=request.user, user=place.user, **form.cleaned_data)
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("The training is recorded."))
            return redirect("clinic_member", pk)
    return _page(request, place, training=form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reset_mfa(request: Request, pk: UUID) -> HttpResponse:
    place = _member(request, pk)
    if request.method == "POST":
        membership.reset_mfa(by=request.user, membership=place)
        messages.success(request, _("The second factors are gone; the member can set up new ones."))
        return redirect("clinic_member", pk)
    return render(request, "clinic/member_reset_mfa.html", {"member": place})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def give_password(request: Request, pk: UUID) -> HttpResponse:
    place = _member(request, pk)
    if request.method == "POST":
        password = membership.give_password(by=request.user, membership=place)
        # shown once on this very page: a message would keep it in the session
        context = {"member": place, "password": password}
        return render(request, "clinic/member_added.html", context)
    return render(request, "clinic/member_password.html", {"member": place})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Request, pk: UUID) -> HttpResponse:
    place = _member(request, pk)
    if request.method == "POST":
        try:
            membership.end(by=request.user, membership=place)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("clinic_member", pk)
        messages.success(request, _("The access is closed."))
        return redirect("clinic_members")
    return render(request, "clinic/member_end.html", {"member": place})
