"""The redactor's queue, the page of one passage, and what may be done there."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from outcomes.actions import hide, raise_concern
from outcomes.hiding import drawn, marks, suggest, to_decide
from outcomes.models import Idea
from outcomes.quoting import NOT_ASKED, OF_A_WORKSHOP, UNDECIDED
from surveys.actions import add_note
from surveys.models import Answer, AuditEvent, Passage, Redaction, Response
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

QUEUE, PAGE = "surveys_redaction_changelist", "surveys_redaction_passage"
WORDS = "Zebedee goes to Hill School. Zebedee likes <b>it</b>."
FIRST, SCHOOL, SECOND = (0, 7), (16, 27), (29, 36)


@pytest.fixture
def rosa(groups):
    """An officer with the redactor's grant."""
    return world.person("rosa", "Officer", "Redactor")


@pytest.fixture
def passage(survey):
    made = world.response(survey, WORDS, NOW).answers.get().passage
    suggest(made, [(*FIRST, "person", 0.9), (*SCHOOL, "school", 0.8)])
    Passage.objects.update(screened_at=NOW)
    return made


@pytest.fixture
def idea(passage, asha, survey):
    world.group(world.run(survey.consultation, asha, NOW), "health", [passage.answer])
    Response.objects.update(may_quote=True)
    return Idea.objects.get()


@pytest.fixture
def do(visit, rosa, passage):
    """Rosa sends a form of the page; gives the page that comes of it."""

    def do(what, seen=0, **data):
        return visit(rosa, PAGE, passage.pk, data=data | {"do": what, "seen": seen})

    return do


def span(place):
    return {"start": place[0], "end": place[1]}


def words(passage) -> str:
    return Passage.everything.get(pk=passage.pk).words


def original(page) -> str:
    return page.content.decode().split('class="original typed"')[1].split("</blockquote>")[0]


@pytest.mark.parametrize(
    "who", [[], ["Officer"], ["Publisher"], ["Analyst"], ["Safeguarding lead"]]
)
def test_only_a_redactor_opens_the_queue_and_the_originals(visit, groups, passage, who):
    person = world.person("pat", *who)
    for name, *args in ((QUEUE,), (PAGE, passage.pk)):
        assert visit(person, name, *args).status_code == 403
        assert visit(None, name, *args).status_code == 302
    assert visit(person, PAGE, passage.pk, data={"do": "keep", "seen": 0}).status_code == 403
    assert "redaction/" not in visit(person, "index").content.decode()
    only = world.person("only", "Redactor")
    assert visit(only, QUEUE).status_code == 200
    assert "Zebedee" in visit(only, PAGE, passage.pk).content.decode()


@pytest.mark.parametrize("half", ["read_original", "redact_passage"])
def test_one_of_the_two_permissions_is_not_enough(visit, groups, passage, half):
    from django.contrib.auth.models import Permission

    person = world.person("half")
    person.user_permissions.add(Permission.objects.get(codename=half))
    assert visit(person, QUEUE).status_code == 403
    assert visit(person, PAGE, passage.pk).status_code == 403


def test_the_index_counts_what_waits(visit, rosa, passage):
    assert "1 with details to decide on" in visit(rosa, "index").content.decode()
    hide(passage=passage, start=0, end=7, kind="person", by=rosa, now=NOW)
    hide(passage=passage, start=16, end=27, kind="school", by=rosa, now=NOW)
    assert "to decide on</strong>" not in visit(rosa, "index").content.decode()


def test_the_queue_shows_words_as_everybody_reads_them(visit, rosa, passage):
    page = visit(rosa, QUEUE).content.decode()
    assert "[name] goes to [school]" in page
    assert "Hill" not in page
    assert "Zebedee goes" not in page
    decided = visit(rosa, QUEUE, query="?show=decided").content.decode()
    assert "Nobody has decided on anything yet." in decided


def test_an_empty_queue_says_so(visit, rosa):
    assert "Nothing waits." in visit(rosa, QUEUE).content.decode()


def test_the_original_is_drawn_with_its_details_marked_and_numbered(visit, rosa, passage):
    text = original(visit(rosa, PAGE, passage.pk))
    assert '<sup class="number-of">1</sup><mark class="hides">Zebedee</mark> goes to' in text
    assert '<sup class="number-of">2</sup><mark class="hides">Hill School</mark>. Zebedee' in text
    assert "&lt;b&gt;it&lt;/b&gt;" in text


def test_drawn_pieces_put_together_are_the_text_whatever_overlaps(passage, rosa):
    hide(passage=passage, start=3, end=20, kind="rare", by=rosa, now=NOW)
    hide(passage=passage, start=3, end=5, kind="rare", by=rosa, now=NOW)
    passage = Passage.objects.get()
    pieces = list(drawn(WORDS, marks(passage)))
    assert "".join(one.text for one in pieces) == WORDS
    assert "".join(one.text for one in pieces if one.hides) == WORDS[:27]
    assert sorted(n for one in pieces for n in one.begins) == [1, 2, 3, 4]


def test_each_reading_of_an_original_is_in_the_audit_log(visit, rosa, passage):
    visit(rosa, QUEUE)
    assert not AuditEvent.objects.filter(what="read the original").exists()
    visit(rosa, PAGE, passage.pk)
    visit(rosa, PAGE, passage.pk)
    events = AuditEvent.objects.filter(what="read the original")
    assert [(one.about, one.by, one.detail) for one in events] == [
        (f"surveys.passage {passage.pk}", rosa, "")
    ] * 2


def test_what_is_withheld_or_of_a_trial_or_not_sent_is_not_found(visit, rosa, asha, passage):
    raise_concern(source=passage.answer, category="other", reason="Worry.", by=asha, now=NOW)
    assert visit(rosa, PAGE, passage.pk).status_code == 404
    assert "[name]" not in visit(rosa, QUEUE).content.decode()
    passage.answer.concern.delete()
    assert visit(rosa, PAGE, passage.pk).status_code == 200
    Response.objects.update(is_pilot=True)
    assert visit(rosa, PAGE, passage.pk).status_code == 404
    for key in (999_999, 10**30):
        assert visit(rosa, PAGE, key).status_code == 404


def test_a_detail_is_shown_and_hidden_again(do, passage, rosa):
    assert do("show", **span(SCHOOL), reason="Everybody goes there.").status_code == 302
    assert words(passage).startswith("[name] goes to Hill School.")
    seen = Redaction.objects.get().pk
    do("hide", seen, **span(SCHOOL), kind="place")
    assert words(passage).startswith("[name] goes to [place].")


def test_all_that_is_suggested_is_kept_and_the_next_passage_comes(do, passage, survey):
    other = world.response(survey, "Ann was here", NOW).answers.get().passage
    suggest(other, [(0, 3, "person", 0.9)])
    page = do("keep")
    assert page.url == reverse(f"admin:{PAGE}", args=[other.pk])
    assert list(to_decide()) == [other]


def test_after_the_last_passage_comes_the_queue(do):
    assert do("keep").url == reverse(f"admin:{QUEUE}")


def test_every_place_where_words_stand_is_offered_and_those_ticked_are_hidden(do, passage):
    page = do("find", words="zebedee", kind="person", reason="A child")
    assert page.status_code == 200
    offered = re.findall(r'name="places" value="([\d-]+)" checked', page.content.decode())
    assert offered == ["0-7", "29-36"]
    assert Redaction.objects.count() == 0
    do("several", words="zebedee", kind="person", reason="A child", places=["29-36"])
    assert words(passage).startswith("[name] goes to [school]. [name] likes")
    decision = Redaction.objects.get()
    assert (decision.span, decision.reason) == (SECOND, "A child")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"words": "Yolanda"}, "These words are not in the text"),
        ({"words": " "}, "This field is required"),
        ({"words": "zebedee"}, "Tick the places"),
        ({"words": "zebedee", "places": ["1-3"]}, "Select a valid choice"),
        ({"words": "zebedee", "places": ["x"]}, "Select a valid choice"),
        ({"words": "zebedee", "places": ["0-7"], "kind": ""}, "what kind of detail"),
        ({"words": "a" * 501}, "at most 500 characters"),
        ({"words": "(.*"}, "These words are not in the text"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(do, data, sentence):
    page = do("several", **({"kind": "person", "reason": "Because of <this>"} | data))
    text = page.content.decode()
    assert page.status_code == 200
    assert sentence in text
    assert "Because of &lt;this&gt;" in text
    assert Redaction.objects.count() == 0


def test_from_one_word_to_another(do, passage):
    do("range", first=1, last=2, kind="rare", reason="")
    assert words(passage).startswith("[name] [hidden] [school].")


def test_the_last_word_does_not_come_before_the_first(do):
    page = do("range", first=3, last=1, kind="rare", reason="")
    assert "The first word comes after the last one." in page.content.decode()
    assert Redaction.objects.count() == 0


def test_in_a_long_text_words_are_typed(visit, rosa, session):
    note = add_note(session=session, text="word " * 1500 + "Zebedee")
    page = visit(rosa, PAGE, note.passage.pk).content.decode()
    assert "This text is long" in page
    assert page.count("<option") < 100
    data = {"do": "several", "seen": 0, "words": "zebedee", "kind": "person", "places": "7500-7507"}
    visit(rosa, PAGE, note.passage.pk, data=data)
    assert words(note.passage).endswith("[name]")


def test_two_redactors_at_once_the_second_is_told(do, visit, passage):
    olga = world.person("olga", "Redactor")
    visit(olga, PAGE, passage.pk, data={"do": "show", "seen": 0, **span(FIRST), "reason": ""})
    page = do("hide", **span(FIRST), kind="person", reason="I think so")
    text = page.content.decode()
    assert "olga showed these words meanwhile. Look at them again." in text
    assert 'value="I think so"' in text
    assert words(passage).startswith("Zebedee goes")
    do("hide", Redaction.objects.get().pk, **span(FIRST), kind="person")
    assert words(passage).startswith("[name] goes")


@pytest.mark.parametrize(
    "data",
    [
        {"do": "hide"},
        {"do": "hide", "seen": "x", "start": "-1", "end": "9" * 30, "kind": "person"},
        {"do": "show", "seen": 0, "start": 0, "end": 10**9},
        {"do": "quote", "seen": 0, "idea": 9_999, "answer": "no one"},
        {"do": "nothing of the kind"},
        {},
    ],
)
def test_forged_forms_change_nothing(visit, rosa, passage, data):
    assert visit(rosa, PAGE, passage.pk, data=data).status_code in (200, 302)
    assert Redaction.objects.count() == 0


def test_the_history_says_who_decided_what_and_when(do, visit, rosa, passage):
    do("show", **span(SCHOOL), reason="Everybody goes there.")
    page = visit(rosa, PAGE, passage.pk).content.decode()
    table = page.split("What was decided")[1]
    for told in (
        "Shown",
        "Hill School",
        "Everybody goes there.",
        "rosa",
        "22 November 2026, 12:00",
    ):
        assert told in table


def test_a_quote_waits_for_everything_against_it(do, visit, rosa, passage, idea):
    page = visit(rosa, PAGE, passage.pk).content.decode()
    assert "It may not be quoted." in page
    assert UNDECIDED in page
    assert NOT_ASKED in page
    assert "Decide first" in do("quote", idea=idea.pk, answer="no one").content.decode()
    do("keep")
    do("quote", idea=idea.pk, answer="no one")
    page = visit(rosa, PAGE, passage.pk).content.decode()
    assert "It may be quoted." in page
    assert "rosa looked at it on 22 November 2026" in page


def test_words_of_a_workshop_are_not_offered_as_quotes(visit, rosa, note, survey, asha):
    run = world.run(note.session.consultation, asha, NOW)
    Idea.objects.create(note=note, start=0, end=6, found_by=run)
    assert OF_A_WORKSHOP in visit(rosa, PAGE, note.passage.pk).content.decode()


def test_the_pages_that_show_words_lead_a_redactor_here(visit, rosa, asha, passage, note):
    link = reverse(f"admin:{PAGE}", args=[passage.pk])
    response = passage.answer.response_id
    assert link in visit(rosa, "surveys_response_change", response).content.decode()
    assert link not in visit(asha, "surveys_response_change", response).content.decode()
    link = reverse(f"admin:{PAGE}", args=[note.passage.pk])
    assert link in visit(rosa, "surveys_session_notes", note.session_id).content.decode()


@pytest.mark.parametrize("name", ["queue", "page"])
def test_more_rows_cost_no_more_questions(visit, rosa, survey, asha, name):
    def more(number):
        for _ in range(number):
            made = world.response(survey, "Ann Bea " * 10, NOW).answers.get().passage
            suggest(made, [(n * 8, n * 8 + 3, "person", 0.9) for n in range(min(number, 9))])
            hide(passage=made, start=4, end=7, kind="person", by=rosa, now=NOW)
            if name == "page":
                run = world.run(survey.consultation, asha, NOW)
                for start in range(0, number * 3, 3):
                    Idea.objects.create(
                        answer=made.answer, start=start, end=start + 3, found_by=run
                    )
        return made

    def cost(made):
        with CaptureQueriesContext(connection) as counted:
            page = visit(rosa, QUEUE) if name == "queue" else visit(rosa, PAGE, made.pk)
        assert page.status_code == 200
        return len(counted)

    visit(rosa, QUEUE)
    assert cost(more(2)) == cost(more(6))


@pytest.fixture
def hidden_note(note, rosa):
    hide(passage=note.passage, start=2, end=6, kind="place", by=rosa, now=NOW)
    return note


def test_a_facilitator_reads_the_notes_of_their_own_workshop_as_typed(
    visit, hidden_note, fran, asha, rosa
):
    address = ("surveys_session_notes", hidden_note.session_id)
    assert "A club that says yes." in visit(fran, *address).content.decode()
    for person in (asha, rosa):
        page = visit(person, *address).content.decode()
        assert "A [place] that says yes." in page
        assert "club" not in page


def test_a_note_with_hidden_details_is_corrected_by_who_may_read_it(
    visit, hidden_note, fran, asha, rosa
):
    address = ("surveys_session_note", hidden_note.session_id, hidden_note.order)
    form = {"text": "Other words", "kind": "said", "seen": hidden_note.pk}
    assert visit(asha, *address).status_code == 403
    assert visit(asha, *address, data=form).status_code == 403
    assert visit(asha, *address, data={"remove": 1, "seen": hidden_note.pk}).status_code == 403
    notes = visit(asha, "surveys_session_notes", hidden_note.session_id).content.decode()
    assert "Correct" not in notes
    assert "A club that" in visit(fran, *address).content.decode()
    assert not AuditEvent.objects.filter(what="read the original").exists()
    assert "A club that" in visit(rosa, *address).content.decode()
    event = AuditEvent.objects.get(what="read the original")
    assert (event.about, event.by) == (f"surveys.note {hidden_note.pk}", rosa)
    assert visit(rosa, *address, data=form).status_code == 302


def test_a_note_in_which_nothing_is_hidden_is_corrected_as_before(visit, note, asha):
    page = visit(asha, "surveys_session_note", note.session_id, note.order)
    assert "A club that says yes." in page.content.decode()
    assert Answer.objects.count() == 0
