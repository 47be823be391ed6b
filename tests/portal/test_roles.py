"""The groups of the migration hold what outcomes/roles.py says, and nobody gets more."""

import pytest
from django.contrib.auth.models import Group, Permission

from outcomes.roles import ROLES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", sorted(ROLES))
def test_a_group_has_its_permissions_and_no_other(groups, name):
    rows = Permission.objects.filter(group=Group.objects.get(name=name))
    words = {
        f"{label}.{codename}"
        for label, codename in rows.values_list("content_type__app_label", "codename")
    }
    assert words == set(ROLES[name])


@pytest.mark.parametrize(
    ("role", "never"),
    [
        ("Officer", "outcomes.publish_frameworkversion"),
        ("Officer", "outcomes.record_endorsement"),
        ("Officer", "surveys.work_concern"),
        ("Publisher", "surveys.work_concern"),
        ("Facilitator", "surveys.work_concern"),
        ("Safeguarding lead", "surveys.view_answer"),
        ("Publisher", "outcomes.curate_cluster"),
        ("Agency lead", "surveys.view_response"),
        ("Agency lead", "outcomes.view_cluster"),
        ("Facilitator", "surveys.view_response"),
    ],
)
def test_roles_stay_apart(role, never):
    assert never not in ROLES[role]


def test_nobody_deletes_what_people_said_or_decided():
    words = {word for words in ROLES.values() for word in words if ".delete_" in word}
    assert words == {
        "surveys.delete_document",
        "surveys.delete_timelineevent",
        "surveys.delete_picture",
        "surveys.delete_reachtarget",
        "surveys.delete_stakeholder",
    }
