"""The groups of the migration hold what outcomes/roles.py says, and nobody gets more."""

import pytest
from django.contrib.auth.models import Group, Permission

from outcomes.roles import READ_VIEWS, ROLES

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
        ("Facilitator", "surveys.view_passage"),
        ("Analyst", "surveys.read_original"),
        ("Analyst", "surveys.work_concern"),
        ("Analyst", "outcomes.propose_outcome"),
        ("Analyst", "outcomes.publish_frameworkversion"),
        ("Officer", "surveys.read_original"),
        ("Redactor", "surveys.work_concern"),
        ("Co-production reviewer", "surveys.view_response"),
        ("Co-production reviewer", "outcomes.code_idea"),
        ("Administrator", "surveys.raise_concern"),
        ("Data protection reader", "surveys.work_concern"),
    ],
)
def test_roles_stay_apart(role, never):
    assert never not in ROLES[role]


@pytest.mark.parametrize("role", ["Administrator", "Data protection reader", "Agency lead"])
def test_these_roles_hold_nothing_by_which_words_are_read(role):
    words = set(READ_VIEWS) - {"outcomes.view_comment"}  # what staff say of drafts to each other
    assert words.isdisjoint(ROLES[role])
    assert "surveys.read_original" not in ROLES[role]


def test_accounts_are_managed_by_one_role():
    assert [name for name, words in ROLES.items() if "auth.change_user" in words] == [
        "Administrator"
    ]
    every = {word for words in ROLES.values() for word in words if word.startswith("auth.")}
    assert every == {"auth.view_user", "auth.add_user", "auth.change_user", "auth.view_group"}


def test_nobody_deletes_what_people_said_or_decided():
    words = {word for words in ROLES.values() for word in words if ".delete_" in word}
    assert words == {
        "surveys.delete_document",
        "surveys.delete_timelineevent",
        "surveys.delete_picture",
        "surveys.delete_reachtarget",
        "surveys.delete_stakeholder",
    }
