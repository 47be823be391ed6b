"""The consultation's own page: every date comes from a stored date."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from surveys.dates import closing_words, in_words
from surveys.models import Area, Document, SurveyWording, TimelineEvent
from tests import world

TODAY = timezone.localdate()


def shown(client) -> str:
    page = client.get("/")
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


@pytest.fixture
def event(consultation):
    def make(**fields):
        return TimelineEvent.objects.create(
            consultation=consultation, **{"section": "next", "title": "A step", **fields}
        )

    return make


def test_without_a_consultation_nothing_is_open(client, db):
    assert "Nothing is open now" in shown(client)


def test_an_unpublished_consultation_is_not_shown(client, survey):
    survey.consultation.published_at = survey.consultation.published_by = None
    survey.consultation.save()
    assert "Nothing is open now" in shown(client)
    assert client.get("/s/parents/").status_code == 404
    assert client.post("/s/parents/").status_code == 404
    assert client.get("/s/parents/1/").status_code == 404


def test_it_says_why_what_can_change_and_who_decides(client, survey):
    words = shown(client)
    for text in ("What should get better?", "Tell us.", "Because it matters.", "The outcomes."):
        assert text in words
    assert "The council and the NHS" in words
    assert in_words(survey.closes_on + timedelta(weeks=12)) in words


def test_it_shows_the_themes_and_none_of_them(client, survey):
    words = shown(client)
    for _, _, label in world.THEMES:
        assert label in words


def test_each_audience_has_a_card_with_its_own_closing_date(client, survey, consultation):
    other = world.survey(
        consultation, "practitioner", "practitioners", timezone.now(), closes_on=TODAY
    )
    words = shown(client)
    assert f"Closes at {closing_words(survey.closes_on)}." in words
    assert f"Closes at {closing_words(other.closes_on)}." in words
    assert 'href="/s/parents/"' in words
    assert 'href="/s/practitioners/"' in words


def test_surveys_for_the_same_people_have_jumps_of_their_own(client, survey, consultation):
    right = world.survey(consultation, "parent_carer", "right", timezone.now())
    right.title = "Have we got <this> right?"
    right.save()
    young = world.survey(consultation, "young_person", "young-people", timezone.now())
    children = world.survey(consultation, "young_person", "children", timezone.now())
    children.ages = "under_11"
    children.save()
    jumps = shown(client).split('class="portal-jumps"')[1].split("</nav>")[0]
    found = dict(re.findall(r'href="#card-([\w-]+)">(.*?)</a>', jumps))
    assert found == {
        survey.slug: "Survey for parent_carer",
        right.slug: "Have we got &lt;this&gt; right?",
        young.slug: "Young people",
        children.slug: "Children under 11",
    }
    assert shown(client).count('<li id="card-') == 4


def test_cards_are_in_the_visitors_language_where_somebody_put_them_in_it(client, survey):
    SurveyWording.objects.create(survey=survey, language="pl", title="Ankieta")
    client.cookies["django_language"] = "pl"
    words = shown(client)
    assert '<h3 class="govuk-heading-m">Ankieta</h3>' in words
    assert '<p class="govuk-body" lang="en" dir="ltr">For you.</p>' in words


@pytest.mark.parametrize(
    ("questions", "words"), [(3, "Answer 3 questions"), (1, "Answer 1 question<")]
)
def test_a_card_says_how_many_questions_there_are(client, survey, questions, words):
    survey.questions.filter(order__gt=questions).delete()
    assert words in shown(client)


def test_links_under_the_summary_lead_to_the_cards(client, survey, consultation):
    assert "portal-jumps" not in shown(client)
    world.survey(consultation, "young_person", "young-people", timezone.now())
    words = shown(client)
    jumps = words.split('class="portal-jumps"')[1].split("</nav>")[0]
    assert '<a class="govuk-link" href="#card-parents">Parents and carers</a>' in jumps
    assert '<a class="govuk-link" href="#card-young-people">Young people</a>' in jumps
    assert '<li id="card-parents">' in words
    assert '<li id="card-young-people">' in words


@pytest.mark.parametrize(
    ("ago", "grace", "offered"), [(-1, 0, True), (1, 1440, True), (1, 0, False)]
)
def test_coming_back_is_offered_while_a_draft_may_go_on(client, survey, ago, grace, offered):
    survey.closes_on = TODAY - timedelta(days=ago)
    survey.grace_minutes = grace
    survey.save()
    assert ("Have you begun already?" in shown(client)) is offered


@pytest.mark.parametrize("opens", [None, TODAY + timedelta(days=1)])
def test_coming_back_is_not_offered_before_anything_opens(client, survey, opens):
    survey.opens_on = survey.closes_on = opens
    survey.save()
    assert "Have you begun already?" not in shown(client)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/", "Have your say"),
        ("/framework/", "Agreed outcomes"),
        ("/strategies/", "Strategies"),
        ("/privacy/", None),
        ("/nope/", None),
    ],
)
def test_every_page_leads_to_the_parts_of_the_site(client, survey, address, name):
    words = client.get(address).content.decode()
    navigation = words.split("<header>")[1].split("</header>")[0]
    for part in ("Have your say", "Agreed outcomes", "Strategies"):
        assert f">{part}</a>" in navigation
    current = [part.split("<")[0] for part in words.split('aria-current="page">')[1:]]
    assert current == ([name] if name else [])


def test_an_event_shows_its_date_as_exact_as_it_is(client, survey, event):
    event(section="happened", starts_on=date(2020, 10, 1), precision="quarter", status="done")
    assert "October to December 2020" in shown(client)


def test_a_planned_event_that_is_past_says_so(client, survey, event):
    event(starts_on=date(2021, 3, 5))
    assert "This was due 5 March 2021. We will update this." in shown(client)


def test_a_planned_event_still_to_come_is_not_called_late(client, survey, event):
    event(starts_on=TODAY)
    assert "This was due" not in shown(client)


def test_the_event_of_a_survey_follows_the_survey(client, survey, event):
    event(survey=survey, starts_on=date(2021, 3, 5), title="The survey")
    step = shown(client).split('portal-when">')[1].split("</p>")[0]
    assert step.strip() == f"Open now. Closes at {closing_words(survey.closes_on)}."


def test_a_cancelled_event_is_gone(client, survey, event):
    event(title="Never mind", status="cancelled")
    assert "Never mind" not in shown(client)


def test_a_promise_that_is_past_is_not_repeated(client, survey):
    survey.opens_on = survey.closes_on = date(2021, 3, 5)
    survey.save()
    words = shown(client)
    assert "was due by 28 May 2021. We will update this." in words
    assert "We will publish what people told us by" not in words


def test_documents_are_listed_with_a_link_where_there_is_one(client, survey, consultation):
    Document.objects.create(consultation=consultation, title="A plan", url="https://example.org/a")
    Document.objects.create(consultation=consultation, title="No link")
    words = shown(client)
    assert '<a class="govuk-link" href="https://example.org/a"' in words
    assert "<strong>No link</strong>" in words


@pytest.mark.parametrize("on", [True, False])
def test_the_demonstration_is_labelled_on_every_page(client, survey, settings, on):
    settings.DEMONSTRATION = on
    for address in ("/", "/s/parents/", "/return/", "/framework/", "/strategies/", "/nope/"):
        assert ("This is a demonstration." in client.get(address).content.decode()) is on


def test_the_footer_names_the_host_and_how_to_reach_it(client, survey):
    Area.objects.update(contact_phone="01632 960123", contact_email="send@example.org")
    words = shown(client)
    assert "This site is run by The forum." in words
    assert "01632 960123" in words
    assert "mailto:send@example.org" in words
