"""What is said of a device: its scale, how it was calibrated, how far it is to be trusted."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from openmeso.services.device import KnownDevice
from openmeso.terms.device import Basis
from openmeso.terms.units import UM_PER_MM

PER_CENT = 100.0
FIGURES = 4

WAYS: Mapping[str, object] = {
    "ruler": lazy("A ruler was photographed"),
    "certificate": lazy("The scale is certified"),
    "stated": lazy("The maker states the field"),
}
WAYS_ABOUT: Mapping[str, object] = {
    "ruler": lazy("Two points on a picture taken with it, a known length apart: the surest way"),
    "certificate": lazy("A calibration certificate, or a figure the device itself was tested for"),
    "stated": lazy("Not checked by anybody here: it is labelled an assumption wherever it shows"),
}


def scale_words(um_per_px: float, relative_sd: float) -> str:
    """A scale and its error."""
    return _("%(um)s µm a pixel ± %(sd)s %%") % {
        "um": f"{um_per_px:.2f}",
        "sd": f"{PER_CENT * relative_sd:.2g}",
    }


def device_words(device: KnownDevice) -> str:
    """A device's scale; that it is assumed, where it is."""
    words = _("%(scale)s, pictures %(width)d px wide") % {
        "scale": scale_words(device.um_per_px, device.relative_sd),
        "width": device.picture_width_px,
    }
    if device.basis is not Basis.ASSUMPTION:
        return str(words)
    return f"{words}. {_('An assumption: confirm it with a ruler.')}"


def mm_per_px(um_per_px: float) -> str:
    """The scale as the command line takes it."""
    return f"{um_per_px / UM_PER_MM:.{FIGURES}g}"
