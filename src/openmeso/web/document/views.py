"""Documents: PDFs kept with a patient."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from openmeso.gateways.document import DocumentError
from openmeso.services import document as documents
from openmeso.services import patient as patients
from openmeso.services import permission
from openmeso.web.patient.context import patient_context
from openmeso.web.requests import Request
from openmeso.web.upload import in_words, sent, why_nothing


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def of_patient(request: Request, pk: UUID) -> HttpResponse:
    patient = patients.get(by=request.user, pk=pk, purpose="documents")
    fault = ""
    if request.method == "POST":
        permission.require(request.user, "document.add", patient)
        upload = sent(request, "document")
        if upload is None:
            fault = str(why_nothing(request))
        else:
            try:
                documents.add(
                    by=request.user,
                    patient=patient,
                    content=upload.read(),
                    name=upload.name or "",
                )
            except DocumentError as error:
                fault = in_words(error)
            else:
                messages.success(request, _("The document is kept."))
                return redirect("document_list", pk)
    context = patient_context(patient) | {
        "documents": documents.of_patient(patient),
        "fault": fault,
        "may_add": permission.may(request.user, "document.add", patient),
    }
    return render(request, "document/list.html", context, status=422 if fault else 200)


@login_required
@require_safe
def download(request: Request, pk: UUID) -> HttpResponse:
    """Handed out as a download only: what a PDF does when opened is not ours to judge."""
    content, file = documents.content(by=request.user, pk=pk)
    answer = HttpResponse(content, content_type=file.media_type)
    answer["Content-Disposition"] = content_disposition_header(True, file.name)
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
