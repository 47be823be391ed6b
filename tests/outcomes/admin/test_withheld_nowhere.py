"""Withheld words are on no page that staff may open; once cleared, they are on pages again.

Every address of the admin is walked, with the key of every row: an address that is added later is
walked too.
"""

import itertools
import json

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import ForeignKey
from django.urls import reverse

from outcomes.actions import clear_concern
from outcomes.models import Cluster, Idea
from surveys.models import Answer, Consultation, Note, Picture, Survey
from tests import withheld
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
OURS = [*apps.get_app_config("surveys").get_models(), *apps.get_app_config("outcomes").get_models()]
READ = {
    "asha": set(withheld.SECRETS),
    "ben": set(withheld.SECRETS),
    "fran": {withheld.NOTED, withheld.TYPED},
}


@pytest.fixture
def sources(survey, session, asha, fran):
    return withheld.filled(survey, session, asha, fran, NOW)


@pytest.fixture
def concerns(sources, asha):
    return withheld.withhold(sources, asha, NOW)


@pytest.fixture
def people(asha, ben, fran):
    return {"asha": asha, "ben": ben, "fran": fran}


def keys(model) -> list:
    rows = getattr(model, "everything", model._default_manager)
    return [*rows.values_list("pk", flat=True)]


def fillings(model) -> dict[str, list]:
    """What may stand in each place of an address."""
    both = sorted({*keys(Answer), *keys(Note)})
    return {
        "object_id": keys(model),
        "key": both,
        "order": [1, 2],
        "consultation_id": keys(Consultation),
        "survey_id": keys(Survey),
        "picture_id": keys(Picture),
        "code": ["HL-1"],
    }


def addresses():
    """All of ours but the PDFs, which hold only what is asked."""
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label not in ("surveys", "outcomes"):
            continue
        values = fillings(model)
        for pattern in model_admin.get_urls():
            names = list(pattern.pattern.converters)
            if pattern.name is None or str(pattern.pattern).endswith(".pdf"):
                continue
            for filling in itertools.product(*(values[name] for name in names)):
                yield reverse(
                    f"admin:{pattern.name}", kwargs=dict(zip(names, filling, strict=True))
                )
    yield from (reverse(f"admin:{name}") for name in ("index", "jsi18n"))
    yield from (reverse("admin:app_list", args=[app]) for app in ("surveys", "outcomes"))
    yield from lists()
    yield from autocompletes()
    ids = ",".join(map(str, keys(Cluster)))
    yield reverse("admin:outcomes_cluster_merge") + f"?ids={ids}"
    yield from map(reverse, ("home", "framework", "strategies"))


def lists():
    """Lists by each of their columns, and what officers filter the ideas by."""
    for name in ("outcomes_idea", "outcomes_cluster", "outcomes_groupsuggestion"):
        for query in ("o=1", "o=-2.1", "o=3", "all=", "p=1"):
            yield reverse(f"admin:{name}_changelist") + f"?{query}"
    for query in ("in_cluster=yes", "in_cluster=no", "theme=health", "audience=parent_carer"):
        yield reverse("admin:outcomes_idea_changelist") + f"?{query}"


def autocompletes():
    """What a field of any row would offer."""
    for model in OURS:
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey):
                where = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}"
                yield reverse("admin:autocomplete") + f"?{where}&field_name={field.name}&term="


def told(client, address: str, **headers) -> set[str]:
    """The secret words on the page, however many redirects lead to it."""
    page = client.get(address, follow=True, headers=headers)
    assert page.status_code in (200, 302, 403, 404, 405), address
    return words_in(page)


def words_in(page) -> set[str]:
    text = page.content.decode(errors="replace").lower()
    return {word for word in withheld.SECRETS if word in text}


@pytest.mark.parametrize("who", READ)
def test_withheld_words_are_on_no_page_until_they_are_cleared(
    client, clock, people, concerns, lena, who
):
    client.force_login(people[who])
    walked = list(addresses())
    assert len(walked) > 300
    found = {address: told(client, address) for address in walked}
    assert {address: words for address, words in found.items() if words} == {}
    for concern in concerns:
        clear_concern(concern=concern, reason="A story.", by=lena, now=NOW)
    again = set().union(*(told(client, address) for address in addresses()))
    assert again == READ[who]


@pytest.mark.parametrize("who", READ)
def test_no_search_and_no_filter_tells_whether_a_withheld_word_is_there(
    client, clock, people, concerns, who
):
    client.force_login(people[who])
    searched = 0
    for name in ("outcomes_idea", "surveys_response", "surveys_auditevent", "surveys_concern"):
        for word in withheld.SECRETS:
            page = client.get(reverse(f"admin:{name}_changelist"), {"q": word})
            if page.status_code == 200:
                searched += 1
                assert page.context_data["cl"].result_count == 0, (name, word)
    assert searched
    for lookup in ("answer__text__contains", "note__text__contains", "answer__concern__state"):
        page = client.get(reverse("admin:outcomes_idea_changelist"), {lookup: "new"})
        assert page.status_code in (302, 400, 403)


def test_a_search_finds_the_words_once_they_are_cleared(client, clock, concerns, asha, lena):
    for concern in concerns:
        clear_concern(concern=concern, reason="A story.", by=lena, now=NOW)
    client.force_login(asha)
    page = client.get(reverse("admin:outcomes_idea_changelist"), {"q": withheld.ONLINE})
    assert page.context_data["cl"].result_count == 1


@pytest.fixture
def sent(client, clock, concerns):
    """Send a form as somebody; gives the page that comes of it."""

    def sent(who, name, *args, data, **headers):
        client.force_login(who)
        address = reverse(f"admin:{name}", args=args)
        return client.post(address, data, follow=True, headers=headers)

    return sent


@pytest.fixture
def noted(sources) -> Note:
    return sources[-1]


def test_the_live_page_of_notes_sends_no_withheld_note(sent, noted, fran, session):
    data = {"text": "Another", "kind": "said", "seen": "0", "shown": "0"}
    page = sent(fran, "surveys_session_notes", session.pk, data=data, accept="application/json")
    assert len(json.loads(page.content)["rows"]) == 2
    assert not words_in(page)


@pytest.mark.parametrize("way", [{"remove": "1"}, {"text": "Other words", "kind": "said"}])
def test_a_withheld_note_is_not_written_over_nor_removed(sent, noted, fran, session, way):
    data = way | {"seen": noted.pk}
    page = sent(fran, "surveys_session_note", session.pk, noted.order, data=data)
    assert not words_in(page)
    assert Note.objects.get(pk=noted.pk).text == noted.text


def test_a_preview_of_notes_says_nothing_of_a_withheld_one(sent, noted, fran, session):
    data = {"text": noted.text, "divide": "line"}
    page = sent(fran, "surveys_session_paste", session.pk, data=data).content.decode()
    assert noted.text in page
    assert "same" not in page.split("<table")[1].split("</table>")[0]


def test_the_second_typing_of_withheld_words_is_neither_settled_nor_shown(sent, asha, sources):
    response = sources[1].response
    page = sent(asha, "surveys_response_settle", response.pk, data={"keep": "second"})
    assert page.status_code == 403
    assert not words_in(page)
    listed = sent(asha, "surveys_response_checks", data={}).content.decode()
    assert f"Settle {response}" not in listed
    assert Answer.objects.get(response=response).text == sources[1].text


def test_a_sheet_is_not_compared_with_what_is_withheld_from_whoever_brings_it(
    concerns, sources, asha, fran
):
    from surveys.admin.response_sheet import ResponseResource

    entered = sources[1].response
    for who, may in ((asha, False), (fran, True)):
        resource = ResponseResource()
        resource.user = who
        assert resource.may_read(entered) is may


def test_no_idea_of_withheld_words_is_found_by_its_key(client, clock, concerns, asha):
    client.force_login(asha)
    gone = set(keys(Idea)) - set(Idea.objects.values_list("pk", flat=True))
    assert len(gone) == 2
    for key in gone:
        for name in ("change", "history"):
            address = reverse(f"admin:outcomes_idea_{name}", args=[key])
            assert client.get(address).status_code == 404
