"""Kept courses: made once, mapped after, and made anew when they are not whole."""

import numpy as np
import pytest

from openmeso.gateways import library_stop
from openmeso.gateways.forecast_library import library_source
from openmeso.science.forecast.library import COURSES, make_library
from tests.science.forecast.conftest import of_size


@pytest.fixture(scope="module")
def small():
    random = np.random.default_rng(5)
    return make_library(of_size(library_source(), 4, 1), random, "moderate", False)


@pytest.fixture
def folder(tmp_path, small, monkeypatch):
    monkeypatch.setattr(library_stop, "library", lambda *_: small)
    return tmp_path / "forecast"


def test_nothing_is_known_before_it_is_made(folder):
    assert library_stop.kept_courses("moderate", False, folder) is None


def test_what_was_made_is_mapped(folder, small):
    library_stop.keep_courses("moderate", False, folder)
    found = library_stop.kept_courses("moderate", False, folder)
    assert found is not None
    assert set(found) == set(COURSES)
    one = found["minoxidil"][0]
    assert isinstance(one.after, np.memmap)
    made = library_stop.stopped(small, "minoxidil")[0]
    assert np.array_equal(one.on, made.on)
    assert np.array_equal(one.after, made.after)


def test_a_torn_file_is_made_anew_and_an_old_one_goes(folder):
    library_stop.keep_courses("moderate", False, folder)
    torn, whole = sorted(folder.glob("*.npy"))
    torn.write_bytes(torn.read_bytes()[:4000])
    old = folder / "0123456789abcdef-moderate-male-minoxidil.npy"
    old.write_bytes(b"of other code")
    assert library_stop.kept_courses("moderate", False, folder) is None
    kept = whole.stat().st_mtime_ns
    library_stop.keep_courses("moderate", False, folder)
    assert library_stop.kept_courses("moderate", False, folder) is not None
    assert whole.stat().st_mtime_ns == kept
    assert not old.exists()
