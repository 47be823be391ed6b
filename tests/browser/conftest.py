import pytest
from django.utils import timezone

from tests import world


@pytest.fixture
def survey(consultation):
    """The parents' survey, open today."""
    return world.survey(consultation, "parent_carer", "parents", timezone.now())
