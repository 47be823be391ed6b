"""Officers write to those who asked to hear, and see no address; requests for other formats."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from surveys.models import Contact, FormatRequest
from surveys.tasks import write_to_waiting
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
SECRET = "secret.person@example.org"
WORDS = {"wish": "wants_results", "subject": "The results", "text": "Read <them> & see."}


@pytest.fixture
def contact(consultation):
    return Contact.objects.create(
        consultation=consultation, email=SECRET, asked_on=NOW.date(), confirmed_on=NOW.date()
    )


@pytest.fixture
def write(visit, asha, contact):
    def write(who=asha, **fields):
        where = ("surveys_contact_write", contact.consultation_id)
        return visit(who, *where, data=WORDS | fields)

    return write


def seen(page) -> str:
    return re.search(r'name="seen" value="(\w+)"', page.content.decode())[1]


def words(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def test_only_who_may_write_opens_the_pages(visit, contact, asha, fran, gwen, dev, write):
    for who in (fran, gwen, dev):
        assert visit(who, "surveys_contact_changelist").status_code == 403
        assert visit(who, "surveys_contact_write", contact.consultation_id).status_code == 403
        assert write(who, send="1").status_code == 403
    assert visit(asha, "surveys_contact_changelist").status_code == 200
    assert visit(asha, "surveys_contact_write", contact.consultation_id).status_code == 200
    assert visit(asha, "surveys_contact_write", 999_999).status_code == 404


def test_no_page_shows_an_address_not_even_to_the_highest(visit, contact, asha, write):
    root = world.person("root")
    root.is_superuser = True
    root.save()
    for who in (asha, root):
        assert "the results 1" in words(visit(who, "surveys_contact_changelist"))
        pages = [
            visit(who, "surveys_contact_changelist"),
            visit(who, "surveys_contact_changelist", query=f"?email={SECRET}&q=secret"),
            visit(who, "surveys_contact_write", contact.consultation_id),
            write(who),
            visit(who, "index"),
        ]
        for name in ("change", "history", "delete"):
            page = visit(who, f"surveys_contact_{name}", contact.pk)
            assert page.status_code in (403, 404)
            pages.append(page)
        for page in pages:
            assert "secret" not in page.content.decode()
        assert visit(who, "surveys_contact_add").status_code == 403


def test_a_mail_is_previewed_then_sent_to_all_in_the_background(visit, asha, write, contact):
    page = write(preview="Preview")
    assert "We have now deleted your address." in words(page)
    assert "Read &lt;them&gt; &amp; see." in page.content.decode()
    assert not DBTaskResult.objects.exists()
    done = write(send="1", seen=seen(page))
    assert done.headers["Location"] == reverse("admin:surveys_contact_changelist")
    lines = words(visit(asha, "surveys_contact_changelist"))
    assert "The mail to 1 person is on its way" in lines
    assert "a mail is on its way" in lines
    history = words(visit(asha, "surveys_consultation_history", contact.consultation_id))
    assert "Wrote to 1 person about the results: “The results”." in history
    assert "asha" in history
    write_to_waiting.call(**DBTaskResult.objects.get().args_kwargs["kwargs"])
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([SECRET], "The results")
    assert sent.body.startswith("Read <them> & see.")
    assert not Contact.objects.exists()


def test_words_that_were_not_previewed_are_not_sent(write):
    first = write(preview="Preview")
    for unseen in ("", seen(first)):
        page = write(send="1", seen=unseen, text="Other words.")
        assert "The words changed after you read them." in words(page)
        assert "Other words." in words(page)
    assert not DBTaskResult.objects.exists()


@pytest.mark.parametrize("fields", [{"subject": ""}, {"text": " "}, {"wish": "email"}])
def test_a_mail_without_words_is_refused_and_keeps_what_was_typed(write, fields):
    page = write(send="1", **fields)
    assert "Please correct what is marked below." in words(page)
    for name, value in (WORDS | fields).items():
        if name == "subject":
            assert value in page.content.decode()
    assert not DBTaskResult.objects.exists()


def test_a_mail_that_nobody_waits_for_is_refused_in_a_sentence(write):
    page = write(preview="1", wish="wants_openings")
    page = write(send="1", wish="wants_openings", seen=seen(page))
    assert "Nobody waits for this mail." in words(page)


@pytest.fixture
def request_(area):
    return FormatRequest.objects.create(
        area=area, format="braille", details="<b>Soon</b>", contact="01632 960111", asked_at=NOW
    )


def test_a_request_is_read_and_met_and_then_holds_no_contact(visit, asha, request_):
    lines = visit(asha, "surveys_formatrequest_changelist").content.decode()
    assert "braille" in lines
    assert "01632 960111" not in lines
    page = visit(asha, "surveys_formatrequest_change", request_.pk).content.decode()
    assert "01632 960111" in page
    assert "&lt;b&gt;Soon&lt;/b&gt;" in page
    assert "deleted for good" in words(visit(asha, "surveys_formatrequest_met", request_.pk))
    assert visit(asha, "surveys_formatrequest_met", request_.pk, data={}).status_code == 302
    request_.refresh_from_db()
    assert (request_.contact, request_.details, request_.met_by) == ("", "", asha)
    again = visit(asha, "surveys_formatrequest_change", request_.pk).content.decode()
    assert "01632 960111" not in again
    assert "They have what they asked for" not in again


def test_only_officers_see_requests(visit, fran, gwen, dev, request_):
    for who in (fran, gwen, dev):
        for name, *key in [("changelist",), ("change", request_.pk), ("met", request_.pk)]:
            assert visit(who, f"surveys_formatrequest_{name}", *key).status_code == 403
        visit(who, "surveys_formatrequest_met", request_.pk, data={})
    request_.refresh_from_db()
    assert request_.met_at is None


def test_a_mail_for_which_nobody_waits_has_no_button_that_sends(write):
    page = write(wish="wants_openings")
    assert "Nobody waits to hear about this" in words(page)
    assert 'name="send"' not in page.content.decode()
    assert 'name="send"' in write().content.decode()
