"""Product: what the clinic keeps besides the products everybody knows."""

from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from openmeso.gateways import clock
from openmeso.gateways.conversion import converter, structure
from openmeso.records.models import Clinic, Product, User
from openmeso.services import audit, permission
from openmeso.services.knowledge import knowledge
from openmeso.terms import product as terms

AS_ENTERED = "as entered by the clinic"


def of_clinic(clinic: Clinic) -> QuerySet[Product]:
    """The clinic's own products in use, by name."""
    return Product.objects.filter(clinic=clinic, withdrawn_at__isnull=True)


def to_terms(record: Product) -> terms.Product:
    """One product, as the science reads it."""
    return structure(record.data, terms.Product)


def terms_of(clinic: Clinic) -> tuple[terms.Product, ...]:
    """All the clinic's own products."""
    return tuple(to_terms(record) for record in of_clinic(clinic))


@transaction.atomic
def save(*, by: User, clinic: Clinic, product: terms.Product) -> Product:
    """Keep a product, new or corrected, under its id."""
    permission.require(by, "product.save", clinic)
    product = replace(product, assumption=product.assumption or AS_ENTERED)
    _check(product)
    record = Product.objects.filter(clinic=clinic, key=product.id).first() or Product(
        clinic=clinic, key=product.id, created_at=clock.now(), created_by=by
    )
    record.name, record.data, record.withdrawn_at = (
        product.name,
        converter().unstructure(product),
        None,
    )
    record.full_clean()
    record.save()
    audit.record(by=by, action="save", of=record, details={"product": product.id})
    return record


@transaction.atomic
def change(*, by: User, record: Product, product: terms.Product) -> Product:
    """Correct a product on the shelf under its id; plans keep their own copy of it.

    The trail keeps what stood in each field before.
    """
    permission.require(by, "product.save", record)
    record = (
        Product.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=record.pk)
    )
    product = replace(product, id=record.key, assumption=product.assumption or AS_ENTERED)
    _check(product)
    before, after = record.data, converter().unstructure(product)
    record.name, record.data = product.name, after
    record.full_clean()
    record.save(update_fields=["name", "data"])
    was = {name: before.get(name) for name in after if before.get(name) != after[name]}
    audit.record(by=by, action="change", of=record, details={"product": record.key, "before": was})
    return record


@transaction.atomic
def withdraw(*, by: User, product: Product) -> Product:
    """Take a product off the shelf; plans that used it keep what they said."""
    permission.require(by, "product.save", product)
    product.withdrawn_at = clock.now()
    product.save(update_fields=["withdrawn_at"])
    audit.record(by=by, action="withdraw", of=product, details={"product": product.key})
    return product


def _check(product: terms.Product) -> None:
    known = knowledge()
    if product.id in known.products:
        # Else a clinic's own strength would silently stand for the published one.
        raise ValidationError({"id": f"{product.id} is a published product; choose another id."})
    unknown = [s.ingredient for s in product.strengths if s.ingredient not in known.ingredients]
    if unknown:
        raise ValidationError({"strengths": f"Unknown ingredient {', '.join(unknown)}."})
    if not product.strengths and product.id:
        raise ValidationError({"strengths": "Say what the product contains."})
    if product.ampoule_ml <= 0 or any(s.per_ml <= 0 for s in product.strengths):
        raise ValidationError({"ampoule_ml": "Ampoule size and strengths are above zero."})
