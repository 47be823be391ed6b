from datetime import datetime

import pytest
from django.utils import timezone

from benchmarks.serving import serving
from tests import world


@pytest.fixture
def now() -> datetime:
    """The pages read the real clock."""
    return timezone.now()


@pytest.fixture
def survey(consultation, now):
    """The parents' survey, open today."""
    return world.survey(consultation, "parent_carer", "parents", now)


@pytest.fixture(scope="session")
def production(tmp_path_factory):
    """The address of the demonstration, served as a real site is: compressed, without DEBUG."""
    with serving(tmp_path_factory.mktemp("production")) as site:
        yield site
