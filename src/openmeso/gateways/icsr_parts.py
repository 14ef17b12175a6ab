"""The small parts that an ICSR is built of."""

import re
from collections.abc import Mapping
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
OID = "2.16.840.1.113883.3.989.2.1"
OBSERVATION = f"{OID}.1.19"


def part(
    holder: Element, name: str, typed: Mapping[str, str] | None = None, /, **said: str
) -> Element:
    """An element with its attributes, those with a prefix in ``typed``."""
    return SubElement(holder, name, {**(typed or {}), **said})


def coded(holder: Element, relation: str, code: str, **said: str) -> Element:
    """An observation of a code, hung on its holder by a relation."""
    observation = part(
        part(holder, relation, **said), "observation", classCode="OBS", moodCode="EVN"
    )
    part(observation, "code", code=code, codeSystem=OBSERVATION)
    return observation


def flag(holder: Element, *, is_met: bool) -> None:
    """True, or no information: these elements know no *false*."""
    said = {"value": "true"} if is_met else {"nullFlavor": "NI"}
    part(holder, "value", {"xsi:type": "BL", **said})


def boolean(holder: Element, *, is_so: bool) -> None:
    """True or false."""
    part(holder, "value", {"xsi:type": "BL"}, value=str(is_so).lower())


def stamp(moment: datetime) -> str:
    """CCYYMMDDhhmmss and the offset from UTC."""
    return f"{moment:%Y%m%d%H%M%S%z}"


def words(element: Element, said: str, most: int) -> None:
    """The element's text, no longer than ``most``, without what XML cannot hold."""
    element.text = NOT_XML.sub(" ", said).strip()[:most]
