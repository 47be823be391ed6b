"""Two officers who keep the same count at the same moment keep it once, and the second is told."""

import pytest

from outcomes.actions import keep_count
from outcomes.actions.keeping import NothingToKeep
from outcomes.models import KeptCount
from surveys.models import AuditEvent
from tests import world
from tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_count_is_kept_once(survey, consultation, asha, ben, now):
    world.cluster(survey, asha, now)
    found = at_once(
        *(
            lambda who=who: keep_count(consultation=consultation, by=who, now=now)
            for who in (asha, ben)
        )
    )
    kept = KeptCount.objects.get()
    assert kept in found
    assert [type(one) for one in found if one != kept] == [NothingToKeep]
    assert AuditEvent.objects.filter(what="kept a count").count() == 1
