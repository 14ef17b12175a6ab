"""Picture: untrusted bytes read as a picture, by what they hold and never by their name.

What is kept is always encoded anew from the decoded pixels, upright and in sRGB: whatever else the
upload carried (EXIF, GPS, comments, a second file behind the first) does not come along.
"""

import io
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from PIL import ExifTags, Image, ImageCms, ImageFile, ImageOps
from PIL.Image import DecompressionBombError, DecompressionBombWarning

from openmeso.gateways.picture_kind import PictureKind, foreign_kind, kind_of

MOST_BYTES = 40 * 1024 * 1024
MOST_PIXELS = 64_000_000
LONGEST_SIDE_PX = 16_000
SHORTEST_SIDE_PX = 32
SCREEN_PX = 1600
THUMB_PX = 320
JPEG_QUALITY = 95
DERIVED_QUALITY = 82
JPEG = "image/jpeg"
PNG = "image/png"
DEEP = ("I;16", "I;16B", "I;16L", "I;16N", "I")
DEEP_WHITE = 65535
TRANSPARENT = ("RGBA", "LA", "PA", "RGBa", "La")
PLAIN = ("1", "L", "P", "RGB", "RGBX", "CMYK", "YCbCr", "LAB", "HSV", *TRANSPARENT, *DEEP)


class PictureFault(StrEnum):
    """What is wrong with an upload."""

    EMPTY = "empty"
    TOO_MANY_BYTES = "too_many_bytes"
    HEIC = "heic"
    NOT_A_PICTURE = "not_a_picture"
    TOO_LARGE = "too_large"
    TOO_SMALL = "too_small"
    MOVES = "moves"
    BROKEN = "broken"
    COLOURS = "colours"


class PictureError(ValueError):
    """The bytes are no picture that can be kept; ``fault`` says why, ``detail`` with what."""

    def __init__(self, fault: PictureFault, detail: str = "") -> None:
        super().__init__(f"{fault.value} {detail}".strip())
        self.fault = fault
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture as it is kept: nothing but pixels."""

    content: bytes
    media_type: str
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The decoded picture: 8-bit sRGB, upright; ``taken_on`` is what its camera said, if it did."""

    image: Image.Image
    kind: PictureKind
    taken_on: date | None

    @property
    def width_px(self) -> int:
        """Across, upright."""
        return self.image.width

    @property
    def height_px(self) -> int:
        """Down, upright."""
        return self.image.height

    def whole(self, *, lossless: bool = False) -> Encoded:
        """Every pixel: PNG where the upload lost nothing (or ``lossless`` is asked), else JPEG."""
        if lossless or self.kind in (PictureKind.PNG, PictureKind.TIFF):
            return _encoded(self.image, PNG)
        return _encoded(self.image, JPEG, JPEG_QUALITY)

    def within(self, side_px: int) -> Encoded:
        """A JPEG no longer than ``side_px``; never larger than the picture itself."""
        small = self.image.copy()
        small.thumbnail((side_px, side_px), Image.Resampling.LANCZOS)
        return _encoded(small, JPEG, DERIVED_QUALITY)


def read_picture(content: bytes) -> Picture:
    """The picture in the bytes; PictureError for everything that is none, or is unfit to keep."""
    if not content:
        raise PictureError(PictureFault.EMPTY)
    if len(content) > MOST_BYTES:
        raise PictureError(PictureFault.TOO_MANY_BYTES, f"{MOST_BYTES // 2**20} MB")
    kind = kind_of(content)
    if kind is None:
        raise PictureError(PictureFault.NOT_A_PICTURE, foreign_kind(content))
    if kind is PictureKind.HEIC:
        raise PictureError(PictureFault.HEIC)
    # WeasyPrint, once imported, tells Pillow to fill what was cut off with grey
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(io.BytesIO(content), formats=[kind.value.upper()]) as opened:
            _refuse_unfit(opened, kind)
            taken_on = _taken_on(opened)
            opened.load()
            return Picture(_plain(_upright(opened)), kind, taken_on)
    except PictureError:
        raise
    except (DecompressionBombError, DecompressionBombWarning):
        raise PictureError(PictureFault.TOO_LARGE, _limits()) from None
    except Exception:  # noqa: BLE001 (decoders fail in every way a hostile file can think of)
        raise PictureError(PictureFault.BROKEN) from None


def _refuse_unfit(opened: Image.Image, kind: PictureKind) -> None:
    width, height = opened.size
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE_PX:
        raise PictureError(PictureFault.TOO_LARGE, f"{width} × {height}; {_limits()}")
    if min(width, height) < SHORTEST_SIDE_PX:
        raise PictureError(PictureFault.TOO_SMALL, f"{width} × {height}")
    # a phone's JPEG may carry a depth map as its second picture: the first is what was taken
    if kind is not PictureKind.JPEG and getattr(opened, "n_frames", 1) > 1:
        raise PictureError(PictureFault.MOVES)
    if opened.mode not in PLAIN:
        raise PictureError(PictureFault.COLOURS, opened.mode)


def _limits() -> str:
    return f"{MOST_PIXELS // 1_000_000} megapixels, {LONGEST_SIDE_PX} px"


def _taken_on(opened: Image.Image) -> date | None:
    try:
        exif = opened.getexif()
        details = exif.get_ifd(ExifTags.IFD.Exif)
        said = details.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
        found = re.match(r"(\d{4})[:-](\d\d)[:-](\d\d)", str(said))
        return date(*(int(part) for part in found.groups())) if found else None
    except Exception:  # noqa: BLE001 (a camera's note that cannot be read is no reason to refuse)
        return None


def _upright(opened: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(opened)
    except Exception:  # noqa: BLE001 (see above)
        return opened


def _plain(image: Image.Image) -> Image.Image:
    """Eight bits a channel, sRGB, on white, with nothing attached."""
    if image.mode in DEEP:
        image = _eight_bits(image)
    image = _on_white(_in_srgb(image))
    plain = Image.new("RGB", image.size)
    plain.paste(image)
    return plain


def _eight_bits(image: Image.Image) -> Image.Image:
    wide = image.convert("I")
    low, high = wide.getextrema()
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        raise PictureError(PictureFault.COLOURS, image.mode)
    if low < 0 or high > DEEP_WHITE:
        raise PictureError(PictureFault.COLOURS, image.mode)
    return wide.point([value >> 8 for value in range(DEEP_WHITE + 1)], "L")


def _in_srgb(image: Image.Image) -> Image.Image:
    """By the profile it carries, so that a wide-gamut phone's skin keeps its colour."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "CMYK", "L"):
        return image
    try:
        converted = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image  # an unreadable profile says nothing
    return converted or image


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in TRANSPARENT or "transparency" in image.info:
        clear = image.convert("RGBA")
        white = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(white, clear).convert("RGB")
    if image.mode == "LAB":
        lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB") or image
    return image.convert("RGB")


def _encoded(image: Image.Image, media_type: str, quality: int = 0) -> Encoded:
    out = io.BytesIO()
    if media_type == PNG:
        image.save(out, "PNG", compress_level=6)
    else:
        subsampling = 0 if quality >= JPEG_QUALITY else 2
        image.save(out, "JPEG", quality=quality, subsampling=subsampling, optimize=True)
    return Encoded(out.getvalue(), media_type, image.width, image.height)
