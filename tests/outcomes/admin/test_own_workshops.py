"""A facilitator codes and redacts the notes of their own workshops, and opens nothing else."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from outcomes.actions import adopt, code, dispose, hide, raise_concern
from outcomes.hiding import suggest
from outcomes.models import Coding, Disposition, Idea, ThemeSuggestion
from surveys.actions import add_note
from surveys.models import AuditEvent, Passage, Redaction
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
INBOX, PAGE = "surveys_passage_changelist", "surveys_passage_change"
QUEUE, ORIGINAL = "surveys_redaction_changelist", "surveys_redaction_passage"
GROUP = "what others call it"
WORDS = "Zebedee needs a club. And a bus."


@pytest.fixture
def flo(groups):
    """Another facilitator."""
    return world.person("flo", "Facilitator")


@pytest.fixture
def run(survey, asha):
    return world.run(survey.consultation, asha, NOW)


@pytest.fixture
def own(session) -> Passage:
    """Of a note in Fran's workshop; the screen takes its first word for a name."""
    passage = add_note(session=session, text=WORDS).passage
    suggest(passage, [(0, 7, "person", 0.9)])
    return passage


@pytest.fixture
def idea(own, run, area) -> Idea:
    return _idea(own, run, area)


def _idea(passage, run, area) -> Idea:
    """Its first sentence, in a group that is named in what others say."""
    group = world.group(run, "health", [])
    group.name = GROUP
    group.save()
    made = Idea.objects.create(note=passage.note, start=0, end=21, found_by=run)
    theme = area.themes.get(code="health")
    ThemeSuggestion.objects.create(
        run=run, idea=made, theme=theme, scores={"health": 0.7}, reason="Near.", group=group
    )
    return made


@pytest.fixture
def others(survey, consultation, flo) -> dict[str, Passage]:
    """What Fran does not read: an answer, and a note of Flo's workshop."""
    answer = world.response(survey, "A quiet garden", NOW).answers.get()
    theirs = world.session(consultation, flo, NOW.replace(day=1))
    return {"answer": answer.passage, "note": add_note(session=theirs, text="A quiet pool").passage}


def text(page) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))


def decide(visit, who, idea, do, **data):
    current = idea.codings.filter(is_current=True).values_list("pk", flat=True).first()
    sent = {"do": do, "seen": current or "", "end_seen": "", **data}
    return visit(who, "outcomes_idea_decide", idea.pk, data=sent)


def test_the_workshop_leads_its_facilitator_to_both_lists(visit, fran, asha, flo, own):
    ways = [
        reverse(f"admin:{name}") + f"?workshop={own.note.session_id}" for name in (INBOX, QUEUE)
    ]
    pages = [reverse(f"admin:{name}", args=[own.pk]) for name in (PAGE, ORIGINAL)]
    workshop = visit(fran, "surveys_session_change", own.note.session_id).content.decode()
    notes = visit(fran, "surveys_session_notes", own.note.session_id).content.decode()
    for address in ways:
        assert address in workshop
        assert address in notes
    assert all(address in notes for address in pages)
    officers = visit(asha, "surveys_session_notes", own.note.session_id).content.decode()
    assert not [address for address in (*ways, *pages) if address in officers]


@pytest.mark.parametrize("which", ["answer", "note"])
def test_what_is_not_of_their_own_workshop_is_not_there(visit, fran, others, run, which):
    passage = others[which]
    about = {"answer": passage.answer, "note": passage.note}
    idea = Idea.objects.create(**about, start=0, end=7, found_by=run)
    for name, key in [
        (PAGE, passage.pk),
        ("surveys_passage_dispose", passage.pk),
        ("surveys_passage_mark", passage.pk),
        ("outcomes_idea_decide", idea.pk),
        ("outcomes_idea_borders", idea.pk),
        ("outcomes_idea_cut", idea.pk),
        ("outcomes_idea_join", idea.pk),
        (ORIGINAL, passage.pk),
    ]:
        for data in (None, {"do": "not-sure", "seen": "", "what": "nothing", "first": 0}):
            assert visit(fran, name, key, data=data).status_code == 404, name
    assert not Coding.objects.exists()
    assert not Disposition.objects.exists()
    assert not Redaction.objects.exists()


def test_lists_and_search_have_their_own_alone(visit, fran, asha, own, others):
    suggest(others["note"], [(0, 1, "person", 0.9)])
    assert "1 unread" in text(visit(fran, "index"))
    assert "1 with details to decide on" in text(visit(fran, "index"))
    for name in (INBOX, QUEUE):
        page = text(visit(fran, name))
        assert "club" in page
        assert "quiet" not in page
    for word, number in (("quiet", 0), ("club", 1)):
        found = visit(fran, INBOX, query=f"?q={word}").context["cl"]
        assert found.result_count == number
    assert visit(asha, INBOX, query="?q=quiet").context["cl"].result_count == 2


def test_both_lists_are_narrowed_to_a_workshop_of_theirs(visit, fran, asha, own, others):
    mine, theirs = (one.note.session_id for one in (own, others["note"]))
    for name in (INBOX, QUEUE):
        assert "club" in text(visit(fran, name, query=f"?workshop={mine}"))
        for wrong in (theirs, 0, "x", "9" * 30, "²"):
            assert "quiet" not in text(visit(fran, name, query=f"?workshop={wrong}"))
    page = visit(asha, INBOX, query=f"?workshop={theirs}")
    assert "quiet pool" in text(page)
    assert "club" not in text(page)


def test_no_filter_of_theirs_tells_of_clusters_or_of_others(visit, fran, own):
    filters = {spec.parameter_name for spec in visit(fran, INBOX).context["cl"].filter_specs}
    assert filters.isdisjoint({"cluster", "alike", "survey", "language", "standing"})
    assert visit(fran, INBOX, query="?cluster=1").status_code == 400


def test_they_read_their_own_without_what_is_hidden_and_no_names_of_groups(visit, fran, asha, idea):
    own = Passage.objects.get(note=idea.note)
    page = visit(fran, PAGE, own.pk)
    assert "[name] needs a club." in text(page)
    assert "Zebedee" not in text(page)
    assert "Healthy lives (70%)" in text(page)
    assert GROUP not in text(page)
    assert "/groupsuggestion/" not in page.content.decode()
    assert GROUP in text(visit(asha, PAGE, own.pk))


def test_they_see_that_an_idea_is_in_a_cluster_and_not_in_which(visit, fran, asha, idea):
    group = idea.suggestions.get().group
    adopt(suggestion=group, name="A wish for clubs", by=asha, now=NOW)
    page = visit(fran, PAGE, idea.note.passage.pk)
    assert "in a cluster" in text(page)
    assert "A wish for clubs" not in text(page)
    assert "/cluster/" not in page.content.decode()


def test_how_many_say_the_same_is_not_told(visit, fran, asha, own, others):
    Passage.objects.filter(pk=others["answer"].pk).update(copy_of=own.pk)
    assert "nearly the same" in text(visit(asha, PAGE, own.pk))
    assert "nearly the same" not in text(visit(fran, PAGE, own.pk))


def test_they_say_what_it_is_about_and_take_it_back(visit, fran, idea, area):
    health = area.themes.get(code="health")
    decide(visit, fran, idea, "accept", suggested=health.pk)
    made = Coding.objects.current().get()
    assert (made.idea, made.theme, made.by) == (idea, health, fran)
    assert "People decided: Healthy lives (fran" in text(visit(fran, PAGE, idea.note.passage.pk))
    decide(visit, fran, idea, "undo")
    assert Coding.objects.current().get().themes == []


def test_they_cut_and_mark(visit, fran, idea):
    assert "Zebedee" not in text(visit(fran, "outcomes_idea_cut", idea.pk))
    seen = f"{idea.pk}:0-21"
    visit(fran, "outcomes_idea_cut", idea.pk, data={"at": 14, "seen": seen})
    assert [one.text for one in Idea.objects.order_by("start")] == ["[name] needs", "a club."]
    own = idea.note.passage
    visit(fran, "surveys_passage_mark", own.pk, data={"first": 22, "last": 28})
    assert Idea.objects.order_by("start").last().text == "And a bus."


def test_they_say_what_becomes_of_a_note_but_set_nothing_aside(visit, fran, asha, own):
    page = visit(fran, PAGE, own.pk).content.decode()
    assert 'value="case"' in page
    assert 'value="set aside"' not in page
    assert 'value="set aside"' in visit(asha, PAGE, own.pk).content.decode()
    refused = visit(
        fran, "surveys_passage_dispose", own.pk, data={"what": "set aside", "reason": "Let me."}
    )
    assert "Select a valid choice" in text(refused)
    visit(fran, "surveys_passage_dispose", own.pk, data={"what": "case", "seen": ""})
    assert Disposition.objects.get().what == "case"
    assert "Take this back" in text(visit(fran, PAGE, own.pk))


def test_what_an_officer_set_aside_stays_so(visit, fran, asha, own):
    made = dispose(of=own, what="set aside", reason="Another plan.", by=asha, now=NOW)
    assert "Take this back" not in text(visit(fran, PAGE, own.pk))
    data = {"take_back": "1", "seen": made.pk}
    assert visit(fran, "surveys_passage_dispose", own.pk, data=data).status_code == 403
    assert Disposition.objects.current().get() == made
    assert visit(asha, "surveys_passage_dispose", own.pk, data=data).status_code == 302


def test_they_decide_on_details_in_sight_of_what_they_typed_and_that_is_kept(visit, fran, own):
    page = text(visit(fran, ORIGINAL, own.pk))
    assert "Zebedee needs a club" in page
    assert "May be quoted?" not in page
    event = AuditEvent.objects.get(what="read the original")
    assert (event.about, event.by) == (f"surveys.passage {own.pk}", fran)
    visit(fran, ORIGINAL, own.pk, data={"do": "show", "seen": 0, "start": 0, "end": 7})
    assert Passage.objects.get(pk=own.pk).words == WORDS
    data = {"do": "several", "seen": 0, "words": "club", "kind": "other", "places": "16-20"}
    visit(fran, ORIGINAL, own.pk, data=data)
    assert Passage.objects.get(pk=own.pk).words == "Zebedee needs a [hidden]. And a bus."
    assert Redaction.objects.filter(by=fran).count() == 2


def test_whether_words_may_be_quoted_is_a_redactors_to_answer(visit, fran, idea):
    data = {"do": "quote", "seen": 0, "idea": idea.pk, "answer": "no one"}
    visit(fran, ORIGINAL, idea.note.passage.pk, data=data)
    assert not AuditEvent.objects.filter(what__startswith="quote").exists()


def test_the_queue_goes_through_their_own_alone(visit, fran, own, others, session):
    suggest(others["note"], [(0, 1, "person", 0.9)])
    second = add_note(session=session, text="Ann came.").passage
    suggest(second, [(0, 3, "person", 0.9)])
    assert "1 of 2 to decide on" in text(visit(fran, ORIGINAL, own.pk))
    page = visit(fran, ORIGINAL, own.pk, data={"do": "keep", "seen": 0})
    assert page.url == reverse(f"admin:{ORIGINAL}", args=[second.pk])
    page = visit(fran, ORIGINAL, second.pk, data={"do": "keep", "seen": 0})
    assert page.url == reverse(f"admin:{QUEUE}")


def test_decisions_about_other_words_are_not_found_by_their_key(visit, fran, asha, own, others):
    hide(passage=others["answer"], start=0, end=1, kind="other", by=asha, now=NOW)
    hide(passage=own, start=0, end=7, kind="person", by=asha, now=NOW)
    theirs, mine = Redaction.objects.order_by("pk")
    for name in ("change", "history"):
        assert visit(fran, f"surveys_redaction_{name}", theirs.pk).status_code == 404
        assert visit(fran, f"surveys_redaction_{name}", mine.pk).status_code in (200, 302)


def test_their_own_note_is_closed_to_them_while_it_is_withheld(visit, fran, lena, idea):
    own = idea.note.passage
    raise_concern(source=own.note, category="other", reason="I worry.", by=fran, now=NOW)
    for name, key in [
        (PAGE, own.pk),
        (ORIGINAL, own.pk),
        ("outcomes_idea_cut", idea.pk),
        ("outcomes_idea_decide", idea.pk),
    ]:
        for data in (None, {"do": "keep", "seen": 0}):
            assert visit(fran, name, key, data=data).status_code == 404, name
    for name in (INBOX, QUEUE):
        assert "club" not in text(visit(fran, name))


def test_whoever_is_no_longer_its_facilitator_reads_it_no_longer(visit, fran, flo, own):
    session = own.note.session
    session.facilitator = flo
    session.save()
    for name in (PAGE, ORIGINAL):
        assert visit(fran, name, own.pk).status_code == 404
        assert visit(flo, name, own.pk).status_code == 200


def test_by_this_they_open_no_list_of_everybodys(visit, fran, idea, consultation):
    for name, *args in [
        ("outcomes_idea_changelist",),
        ("outcomes_idea_check",),
        ("outcomes_cluster_changelist",),
        ("outcomes_cluster_board", consultation.pk),
        ("outcomes_disposition_ledger", consultation.pk),
        ("outcomes_coding_file", consultation.pk),
        ("outcomes_analysisrun_changelist",),
    ]:
        assert visit(fran, name, *args).status_code == 403, name
    checking = visit(fran, PAGE, idea.note.passage.pk, query="?way=check")
    assert "Check these next" not in text(checking)


def test_a_reviewer_who_facilitates_reads_all_and_codes_their_own(visit, groups, own, others, run):
    both = world.person("bo", "Facilitator", "Co-production reviewer")
    own.note.session.facilitator = both
    own.note.session.save()
    idea = Idea.objects.create(note=own.note, start=0, end=21, found_by=run)
    other = Idea.objects.create(answer=others["answer"].answer, start=0, end=7, found_by=run)
    assert "quiet" in text(visit(both, INBOX))
    assert decide(visit, both, idea, "not-sure").status_code == 302
    assert decide(visit, both, other, "not-sure").status_code == 403
    assert "/decide/" not in visit(both, PAGE, others["answer"].pk).content.decode()


@pytest.mark.parametrize("codename", ["code_own_session", "redact_own_session"])
def test_one_of_the_two_permissions_gives_its_half(visit, own, fran, codename):
    from django.contrib.auth.models import Permission

    fran.groups.clear()
    fran.user_permissions.add(Permission.objects.get(codename=codename))
    fran = User.objects.get(pk=fran.pk)
    coding, redacting = codename.startswith("code"), codename.startswith("redact")
    assert visit(fran, PAGE, own.pk).status_code == (200 if coding else 403)
    assert visit(fran, ORIGINAL, own.pk).status_code == (200 if redacting else 403)


@pytest.mark.parametrize("name", [INBOX, QUEUE, PAGE, ORIGINAL])
def test_more_notes_cost_no_more_questions(visit, fran, asha, session, run, area, name):
    def more(number):
        for n in range(number):
            passage = add_note(session=session, text=f"{WORDS} {n}").passage
            suggest(passage, [(0, 7, "person", 0.9)])
            made = _idea(passage, run, area)
            code(idea=made, themes=[area.themes.first()], by=asha, now=NOW)
        return [passage.pk] if name in (PAGE, ORIGINAL) else []

    def cost(args):
        with CaptureQueriesContext(connection) as counted:
            assert visit(fran, name, *args).status_code == 200
        return len(counted)

    visit(fran, name, *more(1))
    assert cost(more(2)) == cost(more(4))
