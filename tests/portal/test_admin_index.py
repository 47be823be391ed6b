"""The first page of the admin: every list, what it is for, and what of it waits."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from surveys.models import Concern, Contact, FormatRequest
from tests import world
from tests.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def words(page) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))


@pytest.fixture
def index(client):
    def index(who):
        client.force_login(who)
        return words(client.get(reverse("admin:index")))

    return index


def test_every_list_says_what_it_is_for(client, asha, area):
    root = world.person("root")
    root.is_superuser = True
    root.save()
    client.force_login(root)
    groups = client.get(reverse("admin:index")).context_data["app_list"]
    ours = [one for group in groups for one in group["models"] if group["name"][-6:] != "upkeep"]
    assert len(ours) > 15
    assert not [one["name"] for one in ours if not one["about"]]
    upkeep = {one["model"]._meta.app_label for one in groups[-1]["models"]}
    assert upkeep.isdisjoint({"surveys", "outcomes"})


def test_an_officer_is_told_what_waits(index, asha, consultation):
    assert "not met yet" not in index(asha)
    FormatRequest.objects.create(
        area=consultation.area, format="braille", contact="01632 960111", asked_at=NOW
    )
    for email, day in (("a@example.org", NOW.date()), ("b@example.org", None)):
        Contact.objects.create(
            consultation=consultation, email=email, asked_on=NOW.date(), confirmed_on=day
        )
    page = index(asha)
    assert "1 not met yet" in page
    assert "1 to write to" in page
    assert "example.org" not in page


def test_what_waits_is_told_only_beside_lists_that_a_person_may_open(index, fran, gwen, area):
    FormatRequest.objects.create(area=area, format="braille", contact="0", asked_at=NOW)
    for person in (fran, gwen):
        assert "not met yet" not in index(person)


@pytest.mark.parametrize("app", ["surveys", "outcomes"])
def test_the_page_of_one_app_which_the_breadcrumbs_lead_to(client, asha, app):
    client.force_login(asha)
    page = client.get(reverse("admin:app_list", args=[app]))
    assert page.status_code == 200
    assert "what it is for" in words(page).lower()


def test_whoever_has_no_role_is_told_so(index, dev):
    assert "Your account has no role here yet" in index(dev)


UNREAD = "about harm that nobody has read"


def worry(state="new"):
    Concern.objects.create(category="other", state=state, reason="Look.", raised_at=NOW)


def test_a_safeguarding_lead_is_told_on_every_page_what_nobody_has_read(client, lena, asha, dev):
    client.force_login(lena)
    pages = [reverse("admin:index"), reverse("admin:surveys_concern_changelist")]
    pages.append(reverse("admin:password_change"))
    worry("seen")
    assert not any(UNREAD in words(client.get(page)) for page in pages)
    worry()
    assert all(f"1 worry {UNREAD}" in words(client.get(page)) for page in pages)
    worry()
    assert all(f"2 worries {UNREAD}" in words(client.get(page)) for page in pages)
    for person in (asha, dev):
        client.force_login(person)
        assert UNREAD not in words(client.get(reverse("admin:index")))


def test_telling_it_takes_as_many_queries_however_many_there_are(
    client, lena, django_assert_num_queries
):
    client.force_login(lena)
    page = reverse("admin:password_change")
    with CaptureQueriesContext(connection) as before:
        client.get(page)
    for _ in range(5):
        worry()
    with django_assert_num_queries(len(before)):
        client.get(page)
