"""A hidden name is nowhere that staff or the public may look, but on the page of a redactor.

The world of the withheld words is walked again: here its words are hidden, and not withheld.
"""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db.models import F
from django.urls import resolve, reverse

from outcomes.actions import hide
from outcomes.hiding import occurrences
from surveys.actions import begin_response, save_answer, send_response
from surveys.models import AuditEvent, Note, Passage, Response, Survey
from tests import withheld, world
from tests.admin_addresses import addresses, opened, text_of
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

HIDDEN = set(withheld.SECRETS)
SEARCHED = (
    "outcomes_idea",
    "outcomes_cluster",
    "surveys_passage",
    "surveys_response",
    "surveys_session",
    "surveys_auditevent",
    "surveys_redaction",
)
REDACTORS = {"surveys_redaction_passage", "surveys_redaction_change"}  # one leads to the other
# Where whoever may read originals reads what no screen has looked at, and settles or corrects.
ORIGINALS = {
    "surveys_response_change": {withheld.HELPER},
    "surveys_response_settle": {withheld.TYPED, withheld.AGAIN},
    "surveys_session_note": {withheld.NOTED},
}


@pytest.fixture
def rosa(groups):
    return world.person("rosa", "Officer", "Redactor")


@pytest.fixture
def people(asha, ben, fran):
    """All who read words, but redactors and the safeguarding lead.

    Ben has all roles but one: he is an officer and an analyst too, for more rights never show less.
    """
    roles = {"ana": "Analyst", "cora": "Co-production reviewer"}
    others = {name: world.person(name, role) for name, role in roles.items()}
    ben.groups.add(Group.objects.get(name="Analyst"))
    return {"asha": asha, "ben": ben, "fran": fran, **others}


@pytest.fixture
def sources(survey, session, asha, fran, rosa):
    """An answer, one typed in on paper, a comment and a note, with a name hidden in each."""
    made = withheld.filled(survey, session, asha, fran, NOW)
    LogEntry.objects.create(
        user=asha, object_repr=f"He hides the {withheld.ONLINE}", action_flag=2, content_type=None
    )
    for passage in Passage.objects.all():
        for word in HIDDEN:
            for start, end in occurrences(passage.source.text, word):
                facts = {"start": start, "end": end, "kind": "person", "by": rosa, "now": NOW}
                hide(passage=passage, **facts)
    return made


def hidden_in(page) -> set[str]:
    text = text_of(page)
    return {word for word in HIDDEN if word in text}


def walk(client, only=None) -> dict[str, set[str]]:
    """The hidden words by the names of the addresses where they stand."""
    found: dict[str, set[str]] = {}
    for address in addresses():
        name = resolve(address.partition("?")[0]).url_name
        if only and name not in only:
            continue
        if words := hidden_in(opened(client, address)):
            found.setdefault(name, set()).update(words)
    return found


@pytest.mark.any_database
@pytest.mark.parametrize("who", ["ben", "cora"])
def test_a_hidden_name_is_on_no_page(client, clock, people, sources, who):
    client.force_login(people[who])
    assert walk(client) == {}


@pytest.mark.any_database
def test_a_facilitator_reads_it_in_their_own_workshop_alone(client, clock, people, sources):
    client.force_login(people["fran"])
    own = {"surveys_session_notes", "surveys_session_note", "surveys_session_preview"}
    assert walk(client) == {name: {withheld.NOTED} for name in own | REDACTORS}


@pytest.mark.any_database
def test_a_redactor_reads_it_where_originals_are_and_each_time_that_is_kept(
    client, clock, rosa, sources
):
    client.force_login(rosa)
    found = walk(client)
    passages = {withheld.ONLINE, withheld.TYPED, withheld.NOTED, withheld.COMMENT}
    assert found == ORIGINALS | dict.fromkeys(REDACTORS, passages)
    read = AuditEvent.objects.filter(what="read the original", by=rosa)
    assert {one.about.split()[0] for one in read} == {
        "surveys.passage",
        "surveys.response",
        "surveys.note",
    }


@pytest.mark.any_database
def test_it_is_on_every_page_that_shows_words_until_it_is_hidden(
    client, clock, asha, survey, session, fran
):
    """Otherwise the tests above could not fail."""
    withheld.filled(survey, session, asha, fran, NOW)
    client.force_login(asha)
    everywhere = {"surveys_response_change", "outcomes_idea_answer", "outcomes_cluster_changelist"}
    others = {"surveys_session_notes", "surveys_response_settle", "outcomes_coding_file"}
    found = walk(client, only=everywhere | others)
    assert everywhere <= {name for name, words in found.items() if withheld.ONLINE in words}
    assert withheld.NOTED in found["surveys_session_notes"]
    assert withheld.TYPED in found["surveys_response_settle"]
    assert withheld.ONLINE in found["outcomes_coding_file"]


@pytest.mark.parametrize("who", ["asha", "ana", "cora", "rosa"])
def test_no_search_finds_it(client, clock, people, rosa, sources, who):
    client.force_login((people | {"rosa": rosa})[who])
    searched = 0
    for name in SEARCHED:
        for word in HIDDEN:
            page = client.get(reverse(f"admin:{name}_changelist"), {"q": word})
            shown = page.context_data.get("cl") if page.status_code == 200 else None
            if shown and shown.search_fields:
                searched += 1
                assert shown.result_count == 0, (name, word)
    assert searched


@pytest.mark.parametrize("lookup", ["answer__text__contains", "note__text", "passage__words"])
def test_no_filter_of_an_address_tells_whether_it_is_there(client, clock, asha, sources, lookup):
    client.force_login(asha)
    for name in ("outcomes_idea", "surveys_passage", "surveys_response"):
        page = client.get(reverse(f"admin:{name}_changelist"), {lookup: withheld.ONLINE})
        assert page.status_code in (302, 400, 403)


def test_it_is_in_no_row_that_is_kept_beside_the_words(sources):
    assert not [one for one in AuditEvent.objects.all() if withheld.ONLINE in str(vars(one))]
    found = Passage.everything.filter(words__icontains=withheld.ONLINE)
    assert not found.exists()


def test_a_sheet_is_not_compared_with_what_is_hidden_from_whoever_brings_it(
    sources, asha, fran, rosa
):
    from surveys.admin.response_sheet import ResponseResource

    entered = sources[1].response
    for who, may in ((asha, False), (fran, True), (rosa, True)):
        resource = ResponseResource()
        resource.user = who
        assert resource.may_read(entered) is may


def test_a_paste_is_not_compared_with_what_is_hidden(client, clock, sources, asha, fran, session):
    note = Note.objects.get(text__contains=withheld.NOTED)
    address = reverse("admin:surveys_session_paste", args=[session.pk])
    for who, warned in ((asha, False), (fran, True)):
        client.force_login(who)
        page = client.post(address, {"text": note.text, "divide": "line"})
        table = page.content.decode().split('<table class="wide preview')[1].split("</table>")[0]
        assert ("The same words as note" in table) is warned


@pytest.fixture
def own(consultation, rosa):
    """Somebody's own answer after the survey closed, with a name hidden in it; gives their code."""
    survey = world.survey(consultation, "young_person", "young", NOW - timedelta(days=60))
    early = NOW - timedelta(days=55)
    response, code = begin_response(survey=survey, now=early)
    question = survey.questions.first()
    text = f"Friends matter, says {withheld.ONLINE}."
    save_answer(response=response, question=question, text=text, seen=None, now=early)
    send_response(response=response, may_quote=None, now=early)
    passage = response.answers.get().passage
    start, end = occurrences(text, withheld.ONLINE)[0]
    hide(passage=passage, start=start, end=end, kind="person", by=rosa, now=early)
    return code


def test_ones_own_trace_shows_words_as_others_read_them_and_says_why(client, clock, own):
    client.cookies["answers"] = own
    page = client.get("/s/young/what-happened/")
    text = text_of(page)
    assert "friends matter, says [name]." in text
    assert "they could tell who somebody is" in text
    assert withheld.ONLINE not in text
    assert Response.objects.filter(survey__slug="young").count() == 1
    assert Survey.objects.filter(closes_on__lt=F("opens_on")).count() == 0
