"""Untrusted pictures: what is kept, and what is refused with its reason."""

import io
import struct
import zlib
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageFile

from openmeso.gateways.picture import (
    MOST_BYTES,
    SCREEN_PX,
    THUMB_PX,
    PictureError,
    PictureFault,
    read_picture,
)
from tests.gateways.example_picture import (
    bomb_png,
    gradient,
    hostile,
    saved,
    with_camera_notes,
)


def fault(content: bytes) -> PictureFault:
    with pytest.raises(PictureError) as error:
        read_picture(content)
    return error.value.fault


@pytest.mark.parametrize(("form", "kept"), [("JPEG", "image/jpeg"), ("WEBP", "image/jpeg"), ("PNG", "image/png"), ("TIFF", "image/png")])  # fmt: skip
def test_pictures_are_kept_whole(form, kept):
    picture = read_picture(saved(gradient(), form))
    whole = picture.whole()
    again = Image.open(io.BytesIO(whole.content))
    assert (whole.media_type, again.size, again.mode) == (kept, (120, 80), "RGB")
    assert (picture.width_px, picture.height_px) == (whole.width_px, whole.height_px) == (120, 80)


def test_lossless_keeps_every_decoded_pixel():
    content = saved(gradient(), "JPEG")
    kept = Image.open(io.BytesIO(read_picture(content).whole(lossless=True).content))
    assert kept.format == "PNG"
    assert kept.tobytes() == Image.open(io.BytesIO(content)).convert("RGB").tobytes()


def test_the_name_is_never_asked():
    assert fault(b"GIF89a picture.jpg") is PictureFault.NOT_A_PICTURE


@pytest.mark.parametrize("name", sorted(hostile()))
def test_hostile_uploads_are_refused_with_their_reason(name):
    content, expected = hostile()[name]
    assert fault(content) is expected


@pytest.mark.parametrize("name", ["half a jpeg", "half a png"])
def test_half_a_picture_is_refused_after_a_pdf_was_printed_too(name):
    import weasyprint  # noqa: F401 (importing it tells Pillow to accept what is cut short)

    ImageFile.LOAD_TRUNCATED_IMAGES = True  # even where it was imported long before
    assert fault(hostile()[name][0]) is PictureFault.BROKEN


def test_what_was_uploaded_by_mistake_is_named():
    for start, name in (
        (b"%PDF-1.7", "PDF"),
        (b"<svg xmlns=''>", "SVG"),
        (b"\n<!DOCTYPE html>", "HTML"),
    ):
        with pytest.raises(PictureError) as error:
            read_picture(start)
        assert error.value.detail == name


def test_too_many_bytes():
    assert fault(b"\xff\xd8\xff" + bytes(MOST_BYTES)) is PictureFault.TOO_MANY_BYTES


def test_a_bomb_is_refused_before_it_is_unpacked():
    content = bomb_png(60_000, 60_000)
    assert len(content) < 200_000
    assert fault(content) is PictureFault.TOO_LARGE


def test_a_polyglot_comes_out_as_nothing_but_a_picture():
    """A JPEG with a page in its comment and a ZIP behind it opens; only its pixels are kept."""
    plain = saved(gradient(), "JPEG")
    page = b"<html><script>alert(1)</script></html>"
    comment = b"\xff\xfe" + struct.pack(">H", len(page) + 2) + page
    picture = read_picture(plain[:2] + comment + plain[2:] + b"PK\x03\x04" + page)
    for kept in (picture.whole(), picture.within(SCREEN_PX), picture.within(THUMB_PX)):
        assert b"script" not in kept.content
        assert b"PK\x03\x04" not in kept.content


def test_place_and_camera_do_not_come_along_but_the_picture_stands_upright():
    content = with_camera_notes(gradient(), orientation=6)
    assert b"GPSmaker" in content
    picture = read_picture(content)
    assert (picture.width_px, picture.height_px) == (80, 120)
    assert picture.taken_on == date(2026, 3, 14)
    for kept in (picture.whole(), picture.whole(lossless=True), picture.within(THUMB_PX)):
        again = Image.open(io.BytesIO(kept.content))
        assert not again.getexif()
        assert "exif" not in again.info
        assert b"GPSmaker" not in kept.content


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_as_pillow_turns_it(orientation):
    from PIL import ImageOps

    content = with_camera_notes(gradient(), orientation=orientation, form="PNG")
    expected = ImageOps.exif_transpose(Image.open(io.BytesIO(content))).convert("RGB")
    assert read_picture(content).image.tobytes() == expected.tobytes()


@pytest.mark.parametrize("said", ["0000:00:00 00:00:00", "yesterday", "2026:02:31 10:00:00", ""])
def test_a_camera_without_a_clock_is_no_reason_to_refuse(said):
    assert read_picture(with_camera_notes(gradient(), taken=said)).taken_on is None


def test_sixteen_bits_become_eight_without_losing_the_picture():
    ramp = Image.frombytes("I;16", (256, 64), struct.pack("<256H", *range(0, 65536, 256)) * 64)
    row = read_picture(saved(ramp, "PNG")).image.crop((0, 0, 256, 1))
    assert [pixel[0] for pixel in row.get_flattened_data()] == list(range(256))


def test_ink_becomes_light_and_clear_becomes_white():
    cmyk = Image.new("CMYK", (64, 64), (255, 0, 0, 0))
    red, green, blue = read_picture(saved(cmyk, "TIFF")).image.getpixel((5, 5))
    assert red < 40
    assert min(green, blue) > 120
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    assert read_picture(saved(clear, "PNG")).image.getpixel((5, 5)) == (255, 255, 255)


def test_a_profile_is_obeyed_and_a_broken_one_ignored():
    image = Image.new("RGB", (64, 64), (120, 60, 200))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for said in (profile, b"no profile at all"):
        kept = read_picture(saved(image, "PNG", icc_profile=said)).image
        assert (
            max(abs(a - b) for a, b in zip(kept.getpixel((1, 1)), (120, 60, 200), strict=True)) <= 1
        )
        assert not kept.info


@pytest.mark.parametrize("side", [THUMB_PX, SCREEN_PX])
def test_smaller_ones_keep_the_shape_and_never_grow(side):
    large = read_picture(saved(gradient(4000, 1000), "JPEG")).within(side)
    assert (large.width_px, large.height_px) == (side, side // 4)
    assert read_picture(saved(gradient(), "PNG")).within(side).width_px == 120


@given(st.binary(max_size=400))
def test_noise_is_refused_and_nothing_else_happens(noise):
    with pytest.raises(PictureError):
        read_picture(noise)


STARTS = [saved(gradient(40, 40), form) for form in ("JPEG", "PNG", "WEBP", "TIFF")]


@given(st.sampled_from(STARTS), st.data())
def test_damaged_pictures_open_or_are_refused(content, data):
    """A picture with bytes changed, cut or put in never raises anything but PictureError."""
    whole = bytearray(content)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, max(0, len(whole) - 1)))
        deed = data.draw(st.sampled_from(["flip", "cut", "put"]))
        if deed == "flip" and whole:
            whole[at] ^= data.draw(st.integers(1, 255))
        elif deed == "cut":
            del whole[at : at + data.draw(st.integers(1, 40))]
        else:
            whole[at:at] = data.draw(st.binary(max_size=20))
    with suppress(PictureError):
        assert read_picture(bytes(whole)).within(THUMB_PX).content


def test_a_png_whose_length_lies_is_refused():
    head = b"\x89PNG\r\n\x1a\n"
    ihdr = struct.pack(">II5B", 64, 64, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + ihdr + struct.pack(">I", zlib.crc32(b"IHDR" + ihdr))
    assert fault(head + chunk + struct.pack(">I", 2**31 - 1) + b"IDAT") is PictureFault.BROKEN
