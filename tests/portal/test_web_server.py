"""How the web server begins."""

import gc
from importlib import reload

import pytest

from outcomes_portal import wsgi


@pytest.fixture
def thawed():
    gc.unfreeze()
    yield
    gc.unfreeze()


def test_what_is_read_at_the_start_is_never_looked_through_again(thawed):
    reload(wsgi)
    assert gc.get_freeze_count() > 100_000
