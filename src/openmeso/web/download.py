"""Download: a file as an answer, under a name that says nothing of the patient.

Downloads lie about for years, and their names are seen by whoever uses the same machine.
"""

from django.http import HttpResponse


def download(content: bytes | str, kind: str, name: str, *, inline: bool = False) -> HttpResponse:
    """The content with its media type; ``inline`` where the browser is to show it."""
    where = "inline" if inline else "attachment"
    return HttpResponse(
        content,
        content_type=kind,
        headers={"Content-Disposition": f'{where}; filename="{name}"'},
    )
