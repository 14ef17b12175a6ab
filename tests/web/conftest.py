"""Pages are tested without collected static files."""

import pytest


@pytest.fixture(autouse=True)
def empty_static_root(settings, tmp_path) -> None:
    # whitenoise warns of a folder that is not there, and warnings are errors
    settings.STATIC_ROOT = tmp_path
