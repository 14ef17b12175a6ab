"""The clinic's own products."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openmeso.services import permission, product
from openmeso.services.knowledge import knowledge
from openmeso.services.permission import own_clinic
from openmeso.web.clinic.shelf_forms import ProductForm
from openmeso.web.refusal import tell
from openmeso.web.requests import Request, posted


@login_required
@require_safe
def products(request: Request) -> HttpResponse:
    clinic = own_clinic(request.user)
    permission.require(request.user, "training.see", clinic)
    context = {
        "products": [(each, product.to_terms(each)) for each in product.of_clinic(clinic)],
        "ingredients": knowledge().ingredients,
        "may_save": permission.may(request.user, "product.save", clinic),
    }
    return render(request, "clinic/products.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    clinic = own_clinic(request.user)
    permission.require(request.user, "product.save", clinic)
    taken = product.of_clinic(clinic).values_list("key", flat=True)
    form = ProductForm(posted(request), known=knowledge(), taken=taken)
    if request.method == "POST" and form.is_valid():
        try:
            product.save(by=request.user, clinic=clinic, product=form.to_terms())
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("The product is on the shelf."))
            return redirect("clinic_products")
    return render(
        request, "clinic/product_add.html", {"form": form}, status=422 if form.errors else 200
    )


def _kept(request: Request, pk: UUID):  # type: ignore[no-untyped-def]
    found = product.of_clinic(own_clinic(request.user)).filter(pk=pk).first()
    if found is None:
        raise Http404("no such product in your clinic")
    permission.require(request.user, "product.save", found)
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: UUID) -> HttpResponse:
    found = _kept(request, pk)
    form = ProductForm(posted(request), known=knowledge(), kept=product.to_terms(found))
    if request.method == "POST" and form.is_valid():
        try:
            product.change(by=request.user, record=found, product=form.to_terms())
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(
                request, _("The change is saved. Plans already made keep what they said.")
            )
            return redirect("clinic_products")
    context = {"form": form, "kept": found}
    return render(request, "clinic/product_add.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def withdraw(request: Request, pk: UUID) -> HttpResponse:
    found = _kept(request, pk)
    product.withdraw(by=request.user, product=found)
    messages.success(
        request, _("The product is off the shelf. Plans that used it keep what they said.")
    )
    return redirect("clinic_products")
