"""The forms that stand on the pages: where each is sent, and what it sends as it stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import html

CONTROLS = ("input", "select", "textarea", "button")
SILENT = {"button", "image", "reset"}
TYPED = {"", "text", "search", "email", "tel", "url"}


@dataclass
class FormFound:
    """Names and values as a browser would send them; of files, the names alone.

    ``texts`` are the names of what a person types, and a page that comes back must show again.
    """

    values: dict[str, list[str]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)


def forms_of(page: bytes, address: str) -> Iterator[tuple[str, str, FormFound]]:
    """The method, the address and the fields of every form of a page, button by button."""
    document = html.fromstring(page)
    for form in document.iter("form"):
        controls = [one for one in form.iter(*CONTROLS) if one.get("form") is None]
        if form.get("id"):
            controls += document.xpath("//*[@form=$id]", id=form.get("id"))
        found = FormFound()
        for control in controls:
            _read(control, found)
        method = (form.get("method") or "get").lower()
        targets = {form.get("action") or ""}
        targets |= {one.get("formaction") for one in controls if one.get("formaction")}
        for target in targets:
            yield method, urlsplit(urljoin(address, target)).path, found


def _read(control: Any, found: FormFound) -> None:
    name, kind = control.get("name"), control.get("type") or ""
    if not name or name == "csrfmiddlewaretoken" or kind in SILENT:
        return
    if kind == "file":
        found.files.add(name)
        return
    if control.tag == "textarea" or (control.tag == "input" and kind in TYPED):
        found.texts.add(name)
    held = found.values.setdefault(name, [])
    if control.tag == "select":
        held += [one.get("value", "") for one in control.xpath(".//option[@selected]")]
    elif control.tag == "textarea":
        held.append(control.text or "")
    elif kind not in {"checkbox", "radio", "submit"} or control.get("checked") is not None:
        held.append(control.get("value", ""))
