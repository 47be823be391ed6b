"""The cast and the world of the tests. The clock is a constant."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.cache import cache
from django.db import connection, transaction
from django.test import override_settings

from outcomes.roles import ROLES, make_groups
from surveys.models import Agency, AgencyLead, Area, Consultation, Session, Survey
from tests import world

pytest_plugins = ["tests.chromium"]
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("Europe/London"))
# They take longest, so they begin first, lest one core works alone at the end.
LONG = (
    "test_afternoon",
    "test_whole_chain",
    "test_html_validity",
    "test_engine_bad_input",
    "test_withheld_nowhere",
    "test_query_strings",
    "test_hidden_nowhere",
    "test_engine_executors",
    "test_who_may_open",
    "test_engine_command",
    "test_exports",
    "test_worker",
)


def pytest_collection_modifyitems(items):
    for item in items:
        uses = {"db", "transactional_db", "django_db_setup"} & set(item.fixturenames)
        if not uses and item.get_closest_marker("django_db") is None:
            item.add_marker(pytest.mark.any_database)
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))


QUICK = {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = QUICK["PASSWORD_HASHERS"]


@pytest.fixture(autouse=True)
def _quick_files(settings):
    """Static files are looked up when they are asked for: each client would read all of them."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def _quick_people(settings):
    """Tests answer faster than people can, and as many as one test needs."""
    settings.SECONDS_TO_ANSWER = 0
    cache.clear()


@pytest.fixture(scope="module")
def for_the_module(django_db_setup, django_db_blocker):
    """Rows that are made once for all tests of a file. What a test does with them is undone."""
    with (
        django_db_blocker.unblock(),
        override_settings(**QUICK),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        patch.setattr(connection, "close", lambda: None)  # Django would, after each test
        yield
        transaction.set_rollback(True)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def groups(db) -> None:
    """The groups of the migration, which the flush after a transactional test takes away."""
    if Group.permissions.through.objects.count() != sum(map(len, map(set, ROLES.values()))):
        make_groups(Group.objects, Permission.objects)


@pytest.fixture
def asha(groups) -> User:
    """The officer."""
    return world.person("asha", "Officer")


@pytest.fixture
def ben(groups) -> User:
    """An officer who publishes what others prepared."""
    return world.person("ben", "Officer", "Publisher")


@pytest.fixture
def fran(groups) -> User:
    """The facilitator."""
    return world.person("fran", "Facilitator")


@pytest.fixture
def lena(groups) -> User:
    """The safeguarding lead, who by this role reads what is withheld and nothing else."""
    return world.person("lena", "Safeguarding lead")


@pytest.fixture
def dev(groups) -> User:
    """A member of staff without any role, whom every page refuses."""
    return world.person("dev")


@pytest.fixture
def area(db) -> Area:
    return world.area()


@pytest.fixture
def council(area) -> Agency:
    return world.agency(area, "Council", required=True)


@pytest.fixture
def nhs(area) -> Agency:
    return world.agency(area, "NHS", required=True)


@pytest.fixture
def forum(area) -> Agency:
    return world.agency(area, "Parent Carer Forum")


@pytest.fixture
def gwen(groups, council) -> User:
    """The council's lead."""
    user = world.person("gwen", "Agency lead")
    AgencyLead.objects.create(user=user, agency=council, role="Director", since=NOW.date())
    return user


@pytest.fixture
def hari(groups, nhs) -> User:
    """The lead of the NHS."""
    user = world.person("hari", "Agency lead")
    AgencyLead.objects.create(user=user, agency=nhs, role="Nursing lead", since=NOW.date())
    return user


@pytest.fixture
def consultation(area, asha) -> Consultation:
    return world.consultation(area, by=asha, now=NOW)


@pytest.fixture
def survey(consultation) -> Survey:
    """The parents' survey: open at NOW, closing at the end of 5 December 2026."""
    return world.survey(consultation, "parent_carer", "parents", NOW)


@pytest.fixture
def session(consultation, fran) -> Session:
    """Fran's workshop with parents."""
    return world.session(consultation, fran, NOW)
