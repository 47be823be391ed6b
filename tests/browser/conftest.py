from datetime import datetime

import pytest
from django.utils import timezone

from tests import world


@pytest.fixture
def now() -> datetime:
    """The pages read the real clock."""
    return timezone.now()


@pytest.fixture
def survey(consultation, now):
    """The parents' survey, open today."""
    return world.survey(consultation, "parent_carer", "parents", now)
