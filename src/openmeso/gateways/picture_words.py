"""Picture faults in words: what is wrong with an upload, and how to mend it."""

from django.utils.translation import gettext as _

from openmeso.gateways.picture import PictureError, PictureFault
from openmeso.gateways.words import words_ready


def fault_words(error: PictureError) -> str:
    """One sentence on what is wrong, one on what to do.

    >>> fault_words(PictureError(PictureFault.EMPTY))
    'The file is empty. Save or copy it again.'
    """
    words_ready()
    detail = error.detail
    said = {
        PictureFault.EMPTY: _("The file is empty. Save or copy it again."),
        PictureFault.TOO_MANY_BYTES: _("The file is larger than %(most)s. Save it as a JPEG."),
        PictureFault.HEIC: _(
            "This is a HEIC picture, which not every computer can read. On an iPhone choose "
            "Settings, Camera, Formats, Most Compatible; or export it as a JPEG."
        ),
        PictureFault.NOT_A_PICTURE: (
            _("This is no picture but %(what)s. Choose a JPEG, PNG, WebP or TIFF.")
            if detail
            else _("This is no picture. Choose a JPEG, PNG, WebP or TIFF.")
        ),
        PictureFault.TOO_LARGE: _(
            "The picture has too many pixels (%(size)s at most). Save it smaller."
        ),
        PictureFault.TOO_SMALL: _(
            "The picture is too small to show anything (%(size)s px). Choose the original."
        ),
        PictureFault.MOVES: _(
            "The picture moves or has several pages. Save the one to use by itself."
        ),
        PictureFault.BROKEN: _("The picture is broken or cut short. Take it, or copy it, again."),
        PictureFault.COLOURS: _("Its colours (%(what)s) cannot be read. Save it as a JPEG or PNG."),
    }[error.fault]
    return said % {"most": detail, "what": detail, "size": detail}
