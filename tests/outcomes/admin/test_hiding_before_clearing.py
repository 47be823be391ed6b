"""The safeguarding lead hides details in withheld words, for as long as they are withheld."""

import re
from html import unescape

import pytest
from django.urls import reverse

from outcomes.actions import clear_concern, hide, raise_concern
from outcomes.actions.curating import AlreadyDecided
from outcomes.actions.redacting import CLEARED
from outcomes.hiding import suggest
from surveys.models import AuditEvent, Concern, Passage, Redaction
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
HIDE, CONCERN = "surveys_concern_hide-details", "surveys_concern_change"
ORIGINAL = "surveys_redaction_passage"
WORDS = "Zebedee hurts me at Hill School."
NAME, SCHOOL = (0, 7), (20, 31)


@pytest.fixture
def passage(survey) -> Passage:
    made = world.response(survey, WORDS, NOW).answers.get().passage
    suggest(made, [(*NAME, "person", 0.9)])
    return made


@pytest.fixture
def concern(passage, asha) -> Concern:
    return raise_concern(
        source=passage.answer, category="disclosure", reason="I worry.", by=asha, now=NOW
    )


@pytest.fixture
def clear(concern, lena):
    def clear():
        clear_concern(concern=concern, reason="A story.", by=lena, now=NOW)

    return clear


def text(page) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))


def words(passage) -> str:
    return Passage.everything.get(pk=passage.pk).words


def school(**more):
    return {"do": "several", "seen": 0, "words": "hill school", "kind": "school"} | more


def test_nobody_but_the_lead_opens_it(visit, concern, asha, ben, fran, gwen, dev, groups):
    redactor = world.person("rosa", "Officer", "Redactor")
    for person in (asha, ben, fran, gwen, dev, redactor):
        for data in (None, {"do": "keep", "seen": 0}):
            assert visit(person, HIDE, concern.pk, data=data).status_code == 403, person
    assert visit(None, HIDE, concern.pk).status_code == 302
    assert not Redaction.objects.exists()


def test_the_concern_leads_to_the_words_with_their_details(visit, concern, lena):
    link = reverse(f"admin:{HIDE}", args=[concern.pk])
    assert link in visit(lena, CONCERN, concern.pk).content.decode()
    page = text(visit(lena, HIDE, concern.pk))
    assert "Zebedee hurts me at Hill School." in page
    assert "[name] hurts me at Hill School." in page
    assert "May be quoted?" not in page


def test_what_is_hidden_stays_hidden_once_it_is_cleared(visit, concern, clear, lena, asha, passage):
    page = visit(lena, HIDE, concern.pk, data={**school(), "do": "find"})
    assert "They stand in 1 place" in text(page)
    visit(lena, HIDE, concern.pk, data=school(places="20-31"))
    kept = visit(lena, HIDE, concern.pk, data={"do": "keep", "seen": Redaction.objects.get().pk})
    assert kept.url == reverse(f"admin:{CONCERN}", args=[concern.pk])
    assert words(passage) == "[name] hurts me at [school]."
    clear()
    page = text(visit(asha, "surveys_passage_change", passage.pk))
    assert "[name] hurts me at [school]." in page
    assert "Hill" not in page


def test_each_reading_and_each_decision_is_an_event_about_the_concern(visit, concern, lena, asha):
    visit(lena, HIDE, concern.pk)
    visit(lena, HIDE, concern.pk, data={"do": "keep", "seen": 0})
    events = AuditEvent.objects.filter(by=lena).order_by("number")
    about = f"surveys.concern {concern.pk}"
    assert [(one.what, one.about, one.detail) for one in events] == [
        ("concern: read the original", about, ""),
        ("concern: details hidden", about, "person at 0 to 7"),
    ]
    visit(lena, HIDE, concern.pk, data={"do": "show", "seen": 99, "start": 0, "end": 7})
    log = visit(asha, "surveys_auditevent_changelist").content.decode()
    assert "details hidden" not in log
    assert "lena" not in log


def test_once_it_is_cleared_a_redactor_decides(visit, concern, clear, lena, passage):
    clear()
    assert HIDE not in visit(lena, CONCERN, concern.pk).content.decode()
    for data in (None, {"do": "keep", "seen": 0}, school(places="20-31")):
        page = visit(lena, HIDE, concern.pk, data=data)
        assert page.url == reverse(f"admin:{CONCERN}", args=[concern.pk])
    assert CLEARED in text(visit(lena, CONCERN, concern.pk))
    assert not Redaction.objects.exists()
    assert visit(lena, ORIGINAL, passage.pk).status_code == 403
    rosa = world.person("rosa", "Officer", "Redactor")
    assert visit(rosa, ORIGINAL, passage.pk).status_code == 200


def test_cleared_by_somebody_else_meanwhile_it_is_refused(concern, clear, lena, passage):
    clear()
    with pytest.raises(AlreadyDecided, match="cleared"):
        hide(passage=passage, start=0, end=7, kind="person", by=lena, now=NOW, concern=concern)


def test_a_concern_opens_no_other_words(survey, concern, lena):
    other = world.response(survey, "Ann was here", NOW).answers.get().passage
    with pytest.raises(AlreadyDecided):
        hide(passage=other, start=0, end=3, kind="person", by=lena, now=NOW, concern=concern)


def test_what_was_never_flagged_or_taken_back_is_not_the_leads(visit, survey, lena, concern):
    other = world.response(survey, "Ann was here", NOW).answers.get().passage
    assert visit(lena, ORIGINAL, other.pk).status_code == 403
    assert visit(lena, HIDE, 999_999).status_code == 404
    concern.answer.delete()
    page = visit(lena, HIDE, concern.pk)
    assert page.url == reverse(f"admin:{CONCERN}", args=[concern.pk])


def test_a_second_worry_opens_it_again(visit, concern, clear, lena, asha, passage):
    clear()
    raise_concern(source=passage.answer, category="other", reason="Still.", by=asha, now=NOW)
    assert visit(lena, HIDE, concern.pk).status_code == 200


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (school(words="Yolanda"), "These words are not in the text"),
        (school(), "Tick the places"),
        ({"do": "hide", "seen": 0, "start": 0, "end": 10**9, "kind": "person"}, "one word of"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(visit, concern, lena, data, sentence):
    page = visit(lena, HIDE, concern.pk, data=data | {"reason": "Because of this"})
    assert page.status_code == 200
    assert sentence in text(page)
    assert not Redaction.objects.exists()


@pytest.mark.parametrize("data", [{"do": "nothing of the kind"}, {"do": "quote", "seen": 0}, {}])
def test_forged_forms_change_nothing(visit, concern, lena, data):
    assert visit(lena, HIDE, concern.pk, data=data).status_code == 302
    assert not Redaction.objects.exists()
