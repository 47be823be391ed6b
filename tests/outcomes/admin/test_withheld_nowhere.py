"""Withheld words are on no page that staff may open; once cleared, they are on pages again.

Every address of the admin is walked, with the key of every row: an address that is added later is
walked too.
"""

import json

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse

from outcomes.actions import clear_concern
from outcomes.models import Idea
from surveys.models import Answer, AuditEvent, Note
from tests import withheld, world
from tests.admin_addresses import addresses, keys, opened, text_of
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
# What each reads once it is cleared; what a helper thinks is for who may read originals. Asha
# publishes too, and the other roles of those who read are one person's here, for more rights never
# show less.
SAID = set(withheld.SECRETS) - {withheld.HELPER}
READ = {
    "asha": SAID,
    "fran": {withheld.NOTED, withheld.TYPED},
    "rae": set(withheld.SECRETS) - {withheld.AGAIN},
}
READING = ["Analyst", "Publisher", "Redactor", "Co-production reviewer"]
NOT_READING = ["Administrator", "Data protection reader", "Agency lead"]


@pytest.fixture
def sources(survey, session, asha, fran):
    return withheld.filled(survey, session, asha, fran, NOW)


@pytest.fixture
def concerns(sources, asha):
    return withheld.withhold(sources, asha, NOW)


@pytest.fixture
def people(groups, asha, fran):
    """By their names, and whoever has one role alone by that."""
    asha.groups.add(Group.objects.get(name="Publisher"))
    rae, nat = world.person("rae", *READING), world.person("nat", *NOT_READING)
    alone = {role: world.person(f"role{n}", role) for n, role in enumerate(READING)}
    return {"asha": asha, "fran": fran, "rae": rae, "nat": nat, **alone}


def told(client, address: str, **headers) -> set[str]:
    """The secret words on the page, however many redirects lead to it."""
    return words_in(opened(client, address, **headers))


def words_in(page) -> set[str]:
    text = text_of(page)
    return {word for word in withheld.SECRETS if word in text}


def searched_lists() -> list[str]:
    """Every list of ours that can be searched."""
    return [
        model._meta.label_lower.replace(".", "_")
        for model, model_admin in admin.site._registry.items()
        if model_admin.search_fields and model._meta.app_label in ("surveys", "outcomes")
    ]


@pytest.mark.any_database
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
    again = set()
    for address in addresses():
        again |= told(client, address)
        if who == "asha" and again == READ[who]:
            break  # that an officer never reads the rest is shown where words are hidden
    assert again == READ[who]


@pytest.mark.any_database
def test_who_manages_watches_over_or_signs_reads_nobodys_words(
    client, clock, people, concerns, lena
):
    for concern in concerns[1:]:
        clear_concern(concern=concern, reason="A story.", by=lena, now=NOW)
    client.force_login(people["nat"])
    assert {address: words for address in addresses() if (words := told(client, address))} == {}


@pytest.mark.parametrize("who", [*READ, *READING])
def test_no_search_and_no_filter_tells_whether_a_withheld_word_is_there(
    client, clock, people, concerns, who
):
    client.force_login(people[who])
    searched = 0
    for name in searched_lists():
        for word in withheld.SECRETS:
            page = client.get(reverse(f"admin:{name}_changelist"), {"q": word})
            if page.status_code == 200:
                searched += 1
                assert page.context_data["cl"].result_count == 0, (name, word)
    assert searched
    for lookup in ("answer__text__contains", "note__text__contains", "answer__concern__state"):
        for name in ("outcomes_idea", "surveys_passage"):
            page = client.get(reverse(f"admin:{name}_changelist"), {lookup: "new"})
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


@pytest.mark.parametrize("who", ["asha", "Analyst", "Co-production reviewer"])
def test_who_asks_for_what_is_withheld_finds_nothing_and_that_is_kept(
    client, clock, people, concerns, who
):
    client.force_login(people[who])
    answer = concerns[0].answer
    idea = Idea.everything.get(answer=answer)
    for name, key in [
        ("surveys_concern_raise-answer", answer.pk),
        ("surveys_passage_change", answer.passage.pk),
        ("outcomes_idea_change", idea.pk),
        ("outcomes_idea_history", idea.pk),
    ]:
        before = AuditEvent.objects.count()
        pages = [client.get(reverse(f"admin:{name}", args=[one])) for one in (key, 999_999)]
        assert [page.status_code for page in pages] == [404, 404]
        said = {page.content.replace(page.request["PATH_INFO"].encode(), b"") for page in pages}
        assert len(said) == 1
        assert AuditEvent.objects.count() == before + 1
        event = AuditEvent.objects.get(number=before + 1)
        assert event.what == "concern: refused to show the words"
        assert (event.by, event.about) == (people[who], f"surveys.concern {concerns[0].pk}")
        assert "concern" not in client.get("/admin/surveys/auditevent/").content.decode()


def test_that_a_row_is_not_there_at_all_is_no_event(client, clock, concerns, asha):
    client.force_login(asha)
    before = AuditEvent.objects.count()
    for key in (999_999, 99_999_999_999_999_999_999):
        address = reverse("admin:surveys_concern_raise-answer", args=[key])
        assert client.get(address).status_code == 404
    assert AuditEvent.objects.count() == before
