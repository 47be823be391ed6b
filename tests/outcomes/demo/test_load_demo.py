"""`manage.py load_demo` loads the Somerset demonstration, once, and says where to look."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from outcomes.models import ImprovementPriority, Signatory, Strategy
from outcomes.roles import make_groups
from surveys.models import (
    Agency,
    Answer,
    Area,
    Concern,
    Consultation,
    Note,
    Response,
    Session,
    Survey,
    Theme,
)

pytestmark = pytest.mark.django_db


def load_demo():
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def loaded(for_the_module):
    """Gives what was said."""
    make_groups(Group.objects, Permission.objects)
    return load_demo()


def test_outside_the_demonstration_it_refuses(groups, settings):
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="passwords that everybody knows"):
        load_demo()
    assert not User.objects.exists()


def test_it_loads_what_the_seed_pages_tell(loaded):
    said = loaded
    assert "221 responses, 50 notes" in said
    for name in (
        "/s/parents/",
        "/s/practitioners/",
        "/s/young-people/",
        "/admin/",
        "demonstration",
    ):
        assert name in said
    assert Area.objects.get().is_demonstration
    assert list(Theme.objects.values_list("label", flat=True)) == [
        "Supporting families",
        "Healthy lives",
        "Great education",
        "Positive activities",
        "None of the four",
    ]
    assert Strategy.objects.count() == 7
    assert ImprovementPriority.objects.count() == 9
    assert Session.objects.count() == 3
    assert Note.objects.count() == 50
    assert Signatory.objects.filter(is_required=True).count() == 2
    assert Agency.objects.filter(successor__isnull=False).count() == 2


def test_periods_and_statuses_are_as_printed(loaded):
    rows = {row.title: row for row in Strategy.objects.all()}
    autism = rows["Somerset Autism Strategy"]
    assert (autism.period_text, autism.start_year, autism.end_year) == ("2015 -18", 2015, 2018)
    assert autism.status_text == "This strategy is under review."
    assert rows["Somerset Sustainability and Transformation Plan"].end_year is None


def test_the_surveys_are_open_on_the_day_and_close_on_days_of_their_own(loaded):
    surveys = Survey.objects.filter(kind="ideas")
    assert all(survey.is_open(timezone.now()) for survey in surveys)
    assert len({survey.closes_on for survey in surveys}) == 3
    second = Survey.objects.get(kind="outcomes")
    assert second.state(timezone.now()) == "coming soon"


def test_each_survey_is_offered_in_easy_read_with_pictures(loaded):
    for survey in Survey.objects.filter(kind="ideas"):
        assert "easy_read" in survey.forms()
        assert survey.questions.all()[0].pictures.count() == 12
    assert Survey.objects.get(slug="children").forms() == ["standard", "easy_read", "under_11"]


def test_the_responses_are_sent_as_people_send_them(loaded):
    responses = Response.objects.all()
    assert {response.state for response in responses} == {"sent"}
    online = responses.filter(channel="online")
    assert all(response.started_at < response.sent_at < timezone.now() for response in online)
    assert not online.filter(entered_by__isnull=False).exists()
    typed = responses.exclude(channel="online")
    assert {response.entered_by.username for response in typed} == {"fran"}
    assert all(response.received_on <= timezone.localdate() for response in typed)
    assert len({response.reference for response in responses}) == 221


def test_two_worries_wait_for_the_safeguarding_lead_and_one_was_cleared(loaded):
    rows = Concern.objects.order_by("raised_at").select_related("raised_by")
    assert [(row.category, row.state, row.raised_by.username) for row in rows] == [
        ("self_harm", "cleared", "ben"),
        ("disclosure", "new", "asha"),
        ("allegation", "new", "asha"),
    ]
    cleared = rows[0]
    assert [(step.state, step.by.username) for step in cleared.steps.all()] == [
        ("seen", "nia"),
        ("cleared", "nia"),
    ]
    for row in rows:
        moments = [row.answer.response.sent_at, row.raised_at, *(s.at for s in row.steps.all())]
        assert moments == sorted(moments)
        assert moments[-1] < timezone.now()
    hidden = {"disclosure": "i go in the shed", "allegation": "he grabbed him by the arm"}
    withheld = {row.concern.category: row.text for row in Answer.objects.withheld()}
    assert withheld.keys() == hidden.keys()
    assert all(words in withheld[category] for category, words in hidden.items())


def test_the_safeguarding_lead_alone_may_work_with_them(loaded):
    may = [one.username for one in User.objects.all() if one.has_perm("surveys.work_concern")]
    assert may == ["nia"]


def test_all_of_it_is_screened_by_one_task(loaded):
    [task] = DBTaskResult.objects.all()
    assert task.task_path == "outcomes.tasks.screen_said"
    asked = task.args_kwargs["kwargs"]
    assert set(asked["responses"]) == set(Response.objects.values_list("pk", flat=True))
    assert set(asked["sessions"]) == set(Session.objects.values_list("pk", flat=True))


def test_a_second_time_changes_nothing(loaded):
    before = (Response.objects.count(), Note.objects.count(), User.objects.count())
    assert "Nothing was changed" in load_demo()
    assert (Response.objects.count(), Note.objects.count(), User.objects.count()) == before
    assert Consultation.objects.count() == 1
