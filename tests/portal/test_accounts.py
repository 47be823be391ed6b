"""Accounts: managed by the administrator, who becomes no more than that and reads nothing."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from surveys.models import AuditEvent
from tests import world

pytestmark = pytest.mark.django_db
PASSWORD = "nine green bicycles"


@pytest.fixture
def admin(groups) -> User:
    return world.person("mo", "Administrator")


@pytest.fixture
def root(groups) -> User:
    made = world.person("root")
    made.is_superuser = True
    made.save()
    return made


@pytest.fixture
def opened(client):
    """`opened(mo, "user_change", 3)`; with `data` it sends a form."""

    def opened(who, name, *args, data=None):
        client.force_login(who)
        address = reverse(f"admin:auth_{name}", args=args)
        return client.get(address) if data is None else client.post(address, data, follow=True)

    return opened


def filled(person: User, **changes) -> dict:
    """The form of an account as its page shows it."""
    groups = [group.pk for group in person.groups.all()]
    form = {"username": person.username, "is_active": "on", "is_staff": "on", "groups": groups}
    form |= {"first_name": "", "last_name": "", "email": ""}
    return {name: value for name, value in (form | changes).items() if value is not None}


def role(name: str) -> int:
    return Group.objects.get(name=name).pk


def kept(what: str) -> list[str]:
    return list(AuditEvent.objects.filter(what=what).values_list("detail", flat=True))


def test_accounts_are_the_administrators_alone(opened, admin, asha, ben, fran, lena, dev):
    for person in (asha, ben, fran, lena, dev):
        for name, *args in [
            ("user_changelist",),
            ("user_add",),
            ("user_change", asha.pk),
            ("user_password_change", asha.pk),
            ("group_changelist",),
        ]:
            assert opened(person, name, *args).status_code == 403, (person, name)
    assert opened(admin, "user_changelist").status_code == 200
    assert b"Officer" in opened(admin, "user_changelist").content


def test_the_administrator_makes_an_account_and_gives_it_a_role(opened, admin):
    data = {"username": "zoe", "password1": PASSWORD, "password2": PASSWORD}
    data["usable_password"] = "true"
    opened(admin, "user_add", data=data)
    zoe = User.objects.get(username="zoe")
    assert zoe.is_staff
    assert not zoe.groups.exists()
    assert kept("user: added") == [""]
    opened(admin, "user_change", zoe.pk, data=filled(zoe, groups=[role("Analyst")]))
    assert [group.name for group in zoe.groups.all()] == ["Analyst"]
    assert kept("user: roles") == ["given Analyst"]
    event = AuditEvent.objects.get(what="user: roles")
    assert (event.by, event.about) == (admin, f"auth.user {zoe.pk}")


@pytest.mark.parametrize("name", ["Redactor", "Safeguarding lead", "Administrator"])
def test_what_opens_more_is_in_the_audit_log_when_given_and_when_taken(opened, admin, dev, name):
    opened(admin, "user_change", dev.pk, data=filled(dev, groups=[role(name)]))
    opened(admin, "user_change", dev.pk, data=filled(dev, groups=[]))
    assert kept("user: roles") == [f"taken {name}", f"given {name}"]


def test_a_change_that_gives_no_role_is_no_event_about_roles(opened, admin, asha):
    opened(admin, "user_change", asha.pk, data=filled(asha, first_name="Asha"))
    asha.refresh_from_db()
    assert asha.first_name == "Asha"
    assert kept("user: roles") == []
    assert kept("user: changed") == ["changed First name"]


def test_nobody_makes_a_superuser_but_a_superuser(opened, admin, root, dev):
    form = opened(admin, "user_change", dev.pk).content.decode()
    assert "is_superuser" not in form
    assert "user_permissions" not in form
    every = list(Permission.objects.values_list("pk", flat=True))
    sent = filled(dev, is_superuser="on", user_permissions=every)
    for pk in (dev.pk, admin.pk):
        opened(admin, "user_change", pk, data=sent | {"username": f"name{pk}"})
        person = User.objects.get(pk=pk)
        assert not person.is_superuser
        assert not person.user_permissions.exists()
    opened(root, "user_change", dev.pk, data=filled(dev, is_superuser="on"))
    assert User.objects.get(pk=dev.pk).is_superuser


def test_a_superusers_account_is_not_there_for_the_administrator(opened, admin, root):
    before = root.password
    listed = opened(admin, "user_changelist").content.decode()
    assert reverse("admin:auth_user_change", args=[root.pk]) not in listed
    data = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    for name in ("user_change", "user_history", "user_password_change"):
        assert opened(admin, name, root.pk).status_code in (403, 404)
    assert opened(admin, "user_change", root.pk, data=filled(root)).status_code in (403, 404)
    assert opened(admin, "user_password_change", root.pk, data=data).status_code in (403, 404)
    root.refresh_from_db()
    assert root.password == before
    assert opened(root, "user_password_change", root.pk).status_code == 200


def test_administrators_leave_their_own_roles_alone(opened, admin, root):
    more = filled(admin, groups=[role("Administrator"), role("Safeguarding lead")])
    opened(admin, "user_change", admin.pk, data=more | {"first_name": "Mo"})
    admin.refresh_from_db()
    assert admin.first_name == "Mo"
    assert [group.name for group in admin.groups.all()] == ["Administrator"]
    assert kept("user: roles") == []
    opened(root, "user_change", admin.pk, data=more)
    assert admin.groups.count() == 2


def test_nobody_deletes_an_account_and_whoever_left_is_made_inactive(
    opened, client, admin, root, dev
):
    for who in (admin, root):
        assert opened(who, "user_delete", dev.pk, data={"post": "yes"}).status_code == 403
    opened(admin, "user_change", dev.pk, data=filled(dev, is_active=None))
    dev.refresh_from_db()
    assert not dev.is_active
    assert kept("user: changed") == ["changed Active"]
    signed_in = {"username": "dev", "password": "a good long password"}
    client.logout()
    assert client.post(reverse("admin:login"), signed_in).status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_password_set_by_somebody_else_is_an_event(opened, client, admin, dev):
    data = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    opened(admin, "user_password_change", dev.pk, data=data)
    assert kept("user: changed") == ["changed password"]
    dev.refresh_from_db()
    assert dev.check_password(PASSWORD)


def test_a_bad_password_is_refused_with_a_sentence(opened, admin, dev):
    before = dev.password
    data = {"password1": "12345678", "password2": "12345678", "usable_password": "true"}
    refused = opened(admin, "user_password_change", dev.pk, data=data).content.decode()
    assert "too common" in refused
    dev.refresh_from_db()
    assert dev.password == before


def test_roles_are_read_and_changed_by_nobody(opened, admin, root):
    pk = role("Officer")
    for who in (admin, root):
        assert b"Can publish" not in opened(who, "group_change", pk).content
        assert b"Can raise a worry about harm" in opened(who, "group_change", pk).content
        refused = opened(who, "group_change", pk, data={"name": "Mine", "permissions": []})
        assert refused.status_code == 403
        assert opened(who, "group_add").status_code == 403
        assert opened(who, "group_delete", pk).status_code == 403
    assert Group.objects.get(pk=pk).permissions.count() > 50


def test_a_search_tells_nothing_of_passwords(opened, client, admin):
    client.force_login(admin)
    address = reverse("admin:auth_user_changelist")
    for lookup in ("password__startswith", "is_superuser__exact", "groups__permissions__codename"):
        assert client.get(address, {lookup: "1"}).status_code in (302, 400)


def test_the_list_asks_the_database_no_more_for_more_accounts(
    opened, admin, django_assert_num_queries, django_assert_max_num_queries
):
    world.person("first", "Officer")
    opened(admin, "user_changelist")
    with django_assert_max_num_queries(30) as few:
        opened(admin, "user_changelist")
    for number in range(8):
        world.person(f"more{number}", "Officer", "Analyst")
    with django_assert_num_queries(len(few)):
        opened(admin, "user_changelist")
