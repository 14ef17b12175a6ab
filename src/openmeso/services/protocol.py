"""Protocol: a clinic's own templates of formula, technique and schedule."""

from dataclasses import replace
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from openmeso.gateways import clock
from openmeso.gateways.conversion import converter, structure
from openmeso.gateways.prepared import Prepared
from openmeso.records.models import Clinic, Protocol, User
from openmeso.services import audit, permission
from openmeso.services.knowledge import knowledge
from openmeso.services.product import of_clinic as products_of
from openmeso.terms import protocol as terms

AS_SAVED = "a template saved by the clinic"


def of_clinic(clinic: Clinic | UUID) -> QuerySet[Protocol]:
    """The clinic's templates in use, by name."""
    return Protocol.objects.filter(clinic=clinic, withdrawn_at__isnull=True)


def to_terms(record: Protocol) -> terms.Protocol:
    """One template, as the science reads it."""
    return structure(record.data, terms.Protocol)


def terms_of(clinic: Clinic) -> tuple[terms.Protocol, ...]:
    """All the clinic's templates."""
    return tuple(to_terms(record) for record in _IN_USE.all(clinic=clinic.pk))


_IN_USE = Prepared(lambda clinic: of_clinic(clinic), clinic=UUID)


@transaction.atomic
def save(*, by: User, clinic: Clinic, protocol: terms.Protocol) -> Protocol:
    """Keep a template, new or corrected, under its id."""
    permission.require(by, "protocol.save", clinic)
    protocol = replace(protocol, assumption=protocol.assumption or AS_SAVED)
    _check(clinic, protocol)
    record = Protocol.objects.filter(clinic=clinic, key=protocol.id).first() or Protocol(
        clinic=clinic, key=protocol.id, created_at=clock.now(), created_by=by
    )
    record.name, record.data = protocol.name, converter().unstructure(protocol)
    record.withdrawn_at = None
    record.full_clean()
    record.save()
    audit.record(by=by, action="save", of=record, details={"protocol": protocol.id})
    return record


@transaction.atomic
def change(*, by: User, record: Protocol, protocol: terms.Protocol) -> Protocol:
    """Correct a template under its id; plans made from it keep what they said.

    The trail keeps what stood in each field before.
    """
    permission.require(by, "protocol.save", record)
    record = (
        Protocol.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=record.pk)
    )
    protocol = replace(protocol, id=record.key, assumption=protocol.assumption or AS_SAVED)
    _check(record.clinic, protocol)
    before, after = record.data, converter().unstructure(protocol)
    record.name, record.data = protocol.name, after
    record.full_clean()
    record.save(update_fields=["name", "data"])
    was = {name: before.get(name) for name in after if before.get(name) != after[name]}
    audit.record(by=by, action="change", of=record, details={"protocol": record.key, "before": was})
    return record


@transaction.atomic
def withdraw(*, by: User, protocol: Protocol) -> Protocol:
    """Offer a template no longer; plans made from it keep what they said."""
    permission.require(by, "protocol.save", protocol)
    protocol.withdrawn_at = clock.now()
    protocol.save(update_fields=["withdrawn_at"])
    audit.record(by=by, action="withdraw", of=protocol, details={"protocol": protocol.key})
    return protocol


def _check(clinic: Clinic, protocol: terms.Protocol) -> None:
    known = knowledge()
    if protocol.id in known.protocols:
        raise ValidationError({"id": f"{protocol.id} is a published protocol; choose another id."})
    if protocol.technique not in known.techniques:
        raise ValidationError({"technique": f"Unknown technique {protocol.technique}."})
    own = set(products_of(clinic).values_list("key", flat=True))
    unknown = [
        part.product
        for part in protocol.components
        if part.product not in known.products and part.product not in own
    ]
    if unknown:
        raise ValidationError({"components": f"Unknown product {', '.join(unknown)}."})
    if not protocol.phases:
        raise ValidationError({"phases": "A protocol needs at least one phase."})
