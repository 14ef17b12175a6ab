"""`openmeso measure`: pictures in, hairs and numbers out, and no bad file stops the others."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from openmeso.cli.main import main
from openmeso.gateways.device import read_devices
from tests.gateways.example_picture import bomb_png, gradient, hostile, saved

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs" / "examples" / "trichoscopy.jpg"
SCALE = ("--scale", "0.006")

Captured = pytest.CaptureFixture[str]


def test_hairs_are_printed_as_json(capsys: Captured) -> None:
    assert main(["measure", str(PICTURE), *SCALE, "--json", "--device", "Lens A"]) == 0
    said = json.loads(capsys.readouterr().out)
    (picture,) = said["pictures"]
    assert (said["device"], said["errors"], picture["refused"]) == ("Lens A", [], False)
    assert picture["scale"]["um_per_px"] == pytest.approx(6.0)
    # 25 hairs were rendered with their root in the picture, some of them beyond the frame
    assert 15 <= picture["summary"]["counted_hairs"] <= 25
    hair = picture["hairs"][0]
    assert hair["class"] in {"vellus", "intermediate", "terminal"}
    assert (hair["x_px"], hair["y_px"]) == pytest.approx(hair["path_px"][0], abs=0.06)
    assert 10 < hair["width_um"] < 150
    assert 0 < hair["width_error_um"] < 20


def test_the_table_and_the_json_tell_the_same_hairs(capsys: Captured) -> None:
    main(["measure", str(PICTURE), *SCALE, "--csv"])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    main(["measure", str(PICTURE), *SCALE, "--json"])
    hairs = json.loads(capsys.readouterr().out)["pictures"][0]["hairs"]
    assert [float(row["x_px"]) for row in rows] == [one["x_px"] for one in hairs]
    assert {row["file"] for row in rows} == {str(PICTURE)}


def test_without_a_scale_nothing_is_said_per_area(capsys: Captured) -> None:
    main(["measure", str(PICTURE), "--json"])
    (picture,) = json.loads(capsys.readouterr().out)["pictures"]
    assert picture["scale"] is None
    summary = picture["summary"]
    assert summary["counted_hairs"] > 10
    assert summary["density_cm2"] is summary["mean_width_um"] is summary["area_cm2"] is None
    assert all(one["width_um"] is None for one in picture["hairs"])


def test_the_overlay_has_the_size_of_the_picture(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "overlays"
    main(["measure", str(PICTURE), *SCALE, "--overlay", str(folder)])
    with Image.open(folder / "trichoscopy.png") as drawn, Image.open(PICTURE) as plain:
        assert drawn.size == plain.size
        assert drawn.tobytes() != plain.convert("RGB").tobytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "below").mkdir()
    (tmp_path / "a.jpg").write_bytes(PICTURE.read_bytes())
    (tmp_path / "below" / "a.JPG").write_bytes(PICTURE.read_bytes())
    (tmp_path / "broken.png").write_bytes(hostile()["half a png"][0])
    (tmp_path / "notes.txt").write_text("no picture")
    return tmp_path


@pytest.mark.slow
def test_a_bad_file_in_a_folder_is_named_and_the_rest_is_measured(folder: Path) -> None:
    ran = subprocess.run(  # noqa: S603 (this interpreter, our own words)
        [sys.executable, "-m", "openmeso.cli.main", "measure", str(folder), *SCALE, "--json",
         "--workers", "2", "--overlay", str(folder / "drawn")],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src")},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert ran.returncode == 1
    said = json.loads(ran.stdout)
    assert [Path(one["file"]).name for one in said["pictures"]] == ["a.jpg", "a.JPG"]
    (wrong,) = said["errors"]
    assert wrong["file"].endswith("broken.png")
    assert "broken or cut short" in wrong["error"]
    assert "broken.png: not measured" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert {one.name for one in (folder / "drawn").iterdir()} == {"a.png", "a-2.png"}


UNFIT = {name: content for name, (content, _) in hostile().items()} | {
    "20,000 x 20,000": bomb_png(20_000, 20_000),
    "1 x 1": saved(Image.new("RGB", (1, 1)), "PNG"),
}


@pytest.mark.parametrize("name", UNFIT)
def test_what_is_no_picture_is_told_in_words(name: str, tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "picture.png"
    file.write_bytes(UNFIT[name])
    assert main(["measure", str(file), *SCALE]) == 1
    said = capsys.readouterr().out
    assert "picture.png: not measured. " in said
    assert said.rstrip().endswith(".")


@pytest.mark.parametrize(
    ("image", "form"),
    [
        (gradient(400, 300).convert("CMYK"), "TIFF"),
        (gradient(400, 300).convert("L"), "PNG"),
        (gradient(400, 300).convert("RGBA"), "PNG"),
        (gradient(400, 300).convert("P"), "PNG"),
        (gradient(400, 300).convert("L").convert("I;16"), "PNG"),
        (Image.new("1", (400, 300)), "PNG"),
    ],
)
def test_every_kind_of_pixels_is_read(image: Image.Image, form: str, tmp_path: Path) -> None:
    file = tmp_path / "picture"
    file.write_bytes(saved(image, form))
    assert main(["measure", str(file), *SCALE]) in (0, 1)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "file").write_text("")
    words = ["measure", str(PICTURE), *SCALE, "--overlay", str(tmp_path / "file")]
    assert main(words) == 2
    assert "file" in capsys.readouterr().err


@pytest.mark.parametrize("given", ["0", "-0.005", "nan", "inf", "1e-9", "5"])
def test_a_scale_that_cannot_be_is_refused(given: str, capsys: Captured) -> None:
    assert main(["measure", str(PICTURE), f"--scale={given}"]) == 2
    assert "expected 0.2 to 100 µm a pixel" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--device", "Lens A"), "expected one of video_70x_1280"),
        (("--device", "video_70x_1280", "--scale", "0.006"), "Leave out one of the two"),
        (("--scale", "0.006", "--scale-error", "90"), "relative sd of 0 to 0.5"),
        (("--scale", "0.006", "--workers", "0"), "at least 1"),
    ],
)
def test_what_contradicts_itself_is_refused(
    words: tuple[str, ...], says: str, capsys: Captured
) -> None:
    assert main(["measure", str(PICTURE), *words]) == 2
    assert says in capsys.readouterr().err


def test_a_device_gives_the_scale_to_pictures_of_its_width_alone(
    tmp_path: Path, capsys: Captured
) -> None:
    device = read_devices()["video_70x_1280"]
    assert main(["measure", str(PICTURE), "--device", device.id]) == 1
    assert "its scale does not hold" in capsys.readouterr().out
    whole = tmp_path / "whole.png"
    with Image.open(PICTURE) as picture:
        picture.crop((0, 0, 640, 500)).resize((1280, 1000)).save(whole)
    main(["measure", str(whole), "--device", device.id, "--json"])
    (read,) = json.loads(capsys.readouterr().out)["pictures"]
    assert read["scale"] == {"um_per_px": 2.793, "relative_sd": 0.01, "source": "device"}


def test_no_picture_in_an_empty_folder(tmp_path: Path, capsys: Captured) -> None:
    assert main(["measure", str(tmp_path)]) == 2
    assert "No picture was found" in capsys.readouterr().err


def test_it_needs_no_django_settings() -> None:
    ran = subprocess.run(  # noqa: S603 (this interpreter, our own words)
        [sys.executable, "-c",
         "import sys; from openmeso.cli.main import main; "
         f"code = main(['measure', {str(PICTURE)!r}, '--scale', '0.006', '--csv']); "
         "from django.apps import apps; sys.exit(code or apps.ready)"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src")},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("file,hair,x_px,y_px")
