"""What may be asked of a list by its address: what its filters send, and nothing else."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from outcomes.models import Coding
from surveys.actions import begin_response, save_answer
from surveys.admin.pages import PortalAdmin
from surveys.models import Contact, Redaction
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
HUGE = "9" * 20
# Pages of their own: no filters.
NO_LISTS = (Contact, Redaction, Coding)
LISTS = [
    f"{one.opts.app_label}_{one.opts.model_name}_changelist"
    for one in admin.site._registry.values()
    if isinstance(one, PortalAdmin) and one.model not in NO_LISTS
]
WRONG = [
    "+".join("a" * 1000),
    "",
    "abc",
    HUGE,
    "-1",
    "0",
    "1.5",
    "True",
    "1,2",
    "२",
    "'",
    "%ED%A0%80",
    "a" * 1000,
]
# What reads a key's value meets all wrong values once; elsewhere it meets a few.
FEW_WRONG = ["abc", HUGE, "%ED%A0%80"]
STOCK = ["p", "o", "all", "_facets", "_popup"]
ENDS = ["", "__in", "__startswith", "__exact__in", "__id__lt", "__isnull__exact"]
FEW_ENDS = ENDS[:3]
FULL = ("outcomes_idea_changelist", "surveys_response_changelist")  # where people's words are


@pytest.fixture
def root(asha):
    asha.is_superuser = True
    asha.save()
    return asha


@pytest.fixture
def everything(outcome, group, note, survey):
    """At least one row in most lists."""


def shown(client, name):
    """The filters that the page of a list offers."""
    return client.get(reverse(f"admin:{name}")).context["cl"].filter_specs


def test_there_are_lists():
    assert len(LISTS) > 12


@pytest.mark.any_database
def test_only_what_filters_send_is_taken(visit, client, root, everything, subtests):
    for name in LISTS:
        with subtests.test(name):
            visit(root, name)
            sent = {key for spec in shown(client, name) for key in spec.expected_parameters()}
            for field in apps.get_model(*name.split("_")[:2])._meta.get_fields():
                for end in ENDS if name in FULL else FEW_ENDS:
                    key = f"{field.name}{end}"
                    if key not in sent:
                        page = client.get(reverse(f"admin:{name}"), {key: "1"})
                        assert page.status_code == 400, key
            assert client.get(reverse(f"admin:{name}"), {"no_such_thing": "1"}).status_code == 400


def test_every_choice_that_a_filter_shows_works(visit, client, root, everything, subtests):
    for name in LISTS:
        with subtests.test(name):
            visit(root, name)
            changelist = client.get(reverse(f"admin:{name}")).context["cl"]
            for spec in changelist.filter_specs:
                for choice in spec.choices(changelist):
                    # A filter with a form of its own, such as for days, has no choices to follow.
                    query = choice.get("query_string", "?")
                    assert client.get(reverse(f"admin:{name}") + query).status_code == 200


def keys_of(client, name):
    """The keys that a list takes, each with what looks at its value."""
    for spec in shown(client, name):
        field = type(getattr(spec, "field", None))
        for key in spec.expected_parameters():
            reader = type(spec).queryset, field, key.rpartition("__")[2]
            yield key, reader if hasattr(spec, "field") else reader[:2]
    yield from ((key, key) for key in STOCK)
    of = admin.site._registry[apps.get_model(*name.split("_")[:2])]
    yield "q", (type(of).get_search_results, bool(of.search_fields))


@pytest.mark.filterwarnings("ignore::django.core.paginator.UnorderedObjectListWarning")
def test_a_wrong_value_leads_back_to_the_list(visit, client, root, everything, subtests):
    met = set()
    for name in LISTS:
        with subtests.test(name):
            visit(root, name)
            for key, reader in list(keys_of(client, name)):
                few = [HUGE] if key in STOCK else FEW_WRONG
                for value in few if reader in met else WRONG:
                    page = client.get(reverse(f"admin:{name}") + f"?{key}={value}")
                    assert page.status_code in (200, 302), f"{key}={value}"
                    if page.status_code == 302:
                        assert page["Location"].endswith("?e=1")
                met.add(reader)


@pytest.mark.parametrize(
    "query",
    [
        "survey__responses__answers__text__startswith=n",
        "survey__consultation__published_by__password__startswith=p",
        "survey__slug=parents",
        "survey__id__in=1",
        "survey=1",
        "survey__id=1",
        "channel=online",
        "channel__in=online",
        "code_hash__startswith=a",
        "state__exact=draft",
    ],
)
def test_nothing_unsent_or_secret_is_guessed_at_through_responses(visit, asha, survey, query):
    draft, _ = begin_response(survey=survey, now=NOW)
    first = survey.questions.all()[0]
    save_answer(response=draft, question=first, text="not sent yet", seen=None, now=NOW)
    world.response(survey, "Being heard", NOW)
    assert visit(asha, "surveys_response_changelist", query=f"?{query}").status_code == 400


def test_responses_are_filtered_by_survey_and_channel(visit, asha, survey):
    made = world.response(survey, "Being heard", NOW)
    world.survey(survey.consultation, "young_person", "young", NOW)
    for query, found in (
        (f"?survey__id__exact={survey.pk}", True),
        ("?survey__id__exact=0", False),
        ("?survey__isnull=True", False),
        ("?channel__exact=online", True),
        ("?channel__exact=phone", False),
        (f"?channel__exact=online&survey__id__exact={survey.pk}&o=1&p=1&q={made.reference}", True),
    ):
        page = visit(asha, "surveys_response_changelist", query=query)
        assert (made.reference in page.content.decode()) is found, query


def test_a_filter_that_somebody_is_not_shown_is_not_theirs(visit, gwen, asha, outcome):
    query = "?state__exact=proposed"
    assert visit(asha, "outcomes_outcome_changelist", query=query).status_code == 200
    assert visit(gwen, "outcomes_outcome_changelist", query=query).status_code == 400


def test_ideas_are_filtered_by_a_run_that_is_known(visit, asha, cluster, consultation):
    first = cluster.adopted_from.run
    for _ in range(11):
        empty = world.run(consultation, asha, NOW)

    def listed(run):
        return visit(asha, "outcomes_idea_changelist", query=f"?run={run}")

    assert "Feeling well matters" in listed(first.pk).content.decode()  # too old to be offered
    assert "Feeling well matters" not in listed(empty.pk).content.decode()
    for unknown in (HUGE, "0", "abc", "-1", "²"):
        assert "Feeling well matters" in listed(unknown).content.decode()


@pytest.mark.parametrize("error", [ValueError, OverflowError, TypeError])
def test_a_fault_of_ours_is_not_hidden_as_a_wrong_value(visit, asha, monkeypatch, survey, error):
    def broken(*args, **kwargs):
        raise error

    monkeypatch.setattr("surveys.admin.response.ResponseAdmin.get_queryset", broken)
    assert visit(asha, "surveys_response_changelist", query="?q=a").status_code == 302
    for query in ("", "?e=1"):
        with pytest.raises(error):
            visit(asha, "surveys_response_changelist", query=query)
