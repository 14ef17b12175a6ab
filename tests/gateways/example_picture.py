"""Pictures for tests: sound ones, and those that no upload should get past."""

import functools
import io
import struct
import zlib

from PIL import ExifTags, Image

from openmeso.gateways.picture import PictureFault


def gradient(width: int = 120, height: int = 80) -> Image.Image:
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (across, down, Image.new("L", (width, height), 90)))


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def with_camera_notes(
    image: Image.Image,
    *,
    orientation: int = 1,
    taken: str = "2026:03:14 09:26:53",
    form: str = "JPEG",
) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "GPSmaker"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (41.0, 0.0, 29.0)
    return saved(image, form, exif=exif)


def bomb_png(width: int, height: int) -> bytes:
    """A small file that says it is huge, and would unpack to some hundred megabytes of nought."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">II5B", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(bytes(20_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@functools.cache
def hostile() -> dict[str, tuple[bytes, PictureFault]]:
    """By name: what is uploaded, and why it is refused."""
    jpeg, png = saved(gradient(), "JPEG"), saved(gradient(), "PNG")
    frames = [gradient(), gradient().rotate(90)]
    moving = {"save_all": True, "append_images": frames[1:]}
    script = b"<script>alert(1)</script>"
    heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(100)
    return {
        "nothing": (b"", PictureFault.EMPTY),
        "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'>" + script, PictureFault.NOT_A_PICTURE),
        "svg after xml": (b"<?xml version='1.0'?><svg>" + script, PictureFault.NOT_A_PICTURE),
        "page": (b"<!DOCTYPE html>" + script, PictureFault.NOT_A_PICTURE),
        "page named a jpeg": (b"\xff\xd8\xff\xe0" + script, PictureFault.BROKEN),
        "gif": (saved(gradient(), "GIF"), PictureFault.NOT_A_PICTURE),
        "bmp": (saved(gradient(), "BMP"), PictureFault.NOT_A_PICTURE),
        "pdf": (b"%PDF-1.7\n" + jpeg, PictureFault.NOT_A_PICTURE),
        "zip before a jpeg": (b"PK\x03\x04" + jpeg, PictureFault.NOT_A_PICTURE),
        "program": (b"\x7fELF" + bytes(100), PictureFault.NOT_A_PICTURE),
        "video": (b"\x00\x00\x00\x18ftypisom" + bytes(100), PictureFault.NOT_A_PICTURE),
        "heic": (heic, PictureFault.HEIC),
        "half a jpeg": (jpeg[: len(jpeg) // 2], PictureFault.BROKEN),
        "half a png": (png[: len(png) // 2], PictureFault.BROKEN),
        "jpeg that says it is a png": (png[:8] + jpeg, PictureFault.BROKEN),
        "moving webp": (saved(frames[0], "WEBP", **moving), PictureFault.MOVES),
        "moving png": (saved(frames[0], "PNG", **moving), PictureFault.MOVES),
        "tiff of pages": (saved(frames[0], "TIFF", **moving), PictureFault.MOVES),
        "bomb": (bomb_png(30_000, 30_000), PictureFault.TOO_LARGE),
        "long ribbon": (bomb_png(1_000_000, 40), PictureFault.TOO_LARGE),
        "dot": (saved(gradient(8, 8), "PNG"), PictureFault.TOO_SMALL),
        "numbers, not colours": (saved(Image.new("F", (64, 64)), "TIFF"), PictureFault.COLOURS),
    }
