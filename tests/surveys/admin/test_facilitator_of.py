"""Nobody makes themselves the facilitator of a workshop that is there: somebody else has to."""

import pytest

from surveys.actions import add_note
from surveys.models import AuditEvent
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def assign(visit, session):
    """Somebody gives the workshop to somebody on its page; gives the page that comes of it."""

    def assign(who, to):
        sent = {
            "consultation": session.consultation_id,
            "title": session.title,
            "audience": session.audience,
            "held_on": "2026-11-22",
            "people": 12,
            "method": "Kept",
            "facilitator": to.pk if to else "",
        }
        page = visit(who, "surveys_session_change", session.pk, data=sent)
        session.refresh_from_db()
        return page

    return assign


def test_an_officer_gives_it_to_another_and_not_to_themselves(assign, session, asha, ben, fran):
    page = assign(asha, asha)
    assert "Ask somebody else to make you its facilitator" in page.content.decode()
    assert 'value="Kept"' in page.content.decode()
    assert session.facilitator == fran
    assert assign(ben, asha).status_code == 302
    assert session.facilitator == asha


def test_nor_by_making_it_nobodys_first(assign, session, asha):
    assert assign(asha, None).status_code == 302
    assert assign(asha, asha).status_code == 200
    assert session.facilitator is None


def test_whoever_is_its_facilitator_already_stays_so(assign, session, asha, ben):
    assign(ben, asha)
    assert assign(asha, asha).status_code == 302
    assert (session.facilitator, session.method) == (asha, "Kept")


def test_a_redactor_too_is_refused_once_there_are_notes(assign, session, groups, fran, ben):
    rosa = world.person("rosa", "Officer", "Redactor")
    add_note(session=session, text="A club")
    assert assign(rosa, rosa).status_code == 200
    assert session.facilitator == fran
    assert assign(rosa, ben).status_code == 302
    assert session.facilitator == ben


def test_that_it_was_given_is_in_the_audit_log(assign, session, asha, ben, fran):
    assign(ben, fran)
    assert not AuditEvent.objects.filter(what="session: facilitator").exists()
    assign(ben, asha)
    event = AuditEvent.objects.get(what="session: facilitator")
    assert (event.by, event.about, event.detail) == (
        ben,
        f"surveys.session {session.pk}",
        "now asha",
    )
