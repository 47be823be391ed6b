"""Break glass: for an hour, with a reason, and everybody told; it reads, and nothing else."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core import mail
from django.urls import reverse

from outcomes.actions import hide, raise_concern
from outcomes.roles import READ_VIEWS, ROLES, VIEW_ALL
from surveys.models import Answer, AuditEvent, BreakGlass
from tests import world
from tests.conftest import NOW
from tests.mail_servers import no_server  # noqa: F401

pytestmark = pytest.mark.django_db
REASON = "An analysis stops at one answer; I have to see which."
CONTENT = ["surveys_response_changelist", "surveys_passage_changelist", "outcomes_idea_changelist"]
BANNER = "you read what people said"


def text(page) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))


@pytest.fixture
def pip(groups):
    return world.person("pip", "Administrator")


@pytest.fixture
def dora(groups):
    made = world.person("dora", "Data protection reader")
    made.email = "dora@example.org"
    made.save()
    return made


@pytest.fixture
def at(monkeypatch):
    """`at(minutes=59)`: the pages read a later clock."""

    def at(**later):
        monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(**later))

    return at


@pytest.fixture
def broken(visit, pip):
    """Pip opened it at NOW."""
    visit(pip, "surveys_breakglass_add", data={"reason": REASON})
    return BreakGlass.objects.get()


def test_an_administrator_reads_nothing_before_and_what_officers_read_for_an_hour(
    visit, at, pip, asha, survey
):
    cluster = world.cluster(survey, asha, NOW)
    assert {visit(pip, name).status_code for name in CONTENT} == {403}
    assert visit(pip, "surveys_breakglass_add", data={"reason": REASON}).status_code == 302
    assert {visit(pip, name).status_code for name in CONTENT} == {200}
    page = visit(pip, "outcomes_cluster_change", cluster.pk)
    assert "Feeling well matters" in text(page)
    assert f"Until 13:00 {BANNER}" in text(page)
    at(minutes=59, seconds=59)
    assert visit(pip, CONTENT[0]).status_code == 200
    at(minutes=60)
    assert {visit(pip, name).status_code for name in CONTENT} == {403}
    assert BANNER not in text(visit(pip, "index"))


def test_it_ends_by_the_button_of_every_page(visit, pip, broken):
    for name in ("index", "auth_user_changelist", "password_change"):
        page = visit(pip, name).content.decode()
        assert reverse("admin:surveys_breakglass_end", args=[broken.pk]) in page
    assert visit(pip, "surveys_breakglass_end", broken.pk, data={}).status_code == 302
    assert {visit(pip, name).status_code for name in CONTENT} == {403}
    broken.refresh_from_db()
    assert broken.ended_at == NOW
    visit(pip, "surveys_breakglass_end", broken.pk, data={})
    assert "It has ended already." in text(visit(pip, "index"))
    kept = AuditEvent.objects.filter(what="break glass: ended", by=pip)
    assert kept.count() == 1


def test_nobody_else_opens_or_ends_it(visit, broken, asha, ben, fran, gwen, lena, dev, dora):
    for person in (asha, ben, fran, gwen, lena, dev, dora):
        page = visit(person, "surveys_breakglass_add", data={"reason": REASON})
        assert page.status_code == 403
        assert visit(person, "surveys_breakglass_end", broken.pk, data={}).status_code == 403
    assert BreakGlass.objects.get().ended_at is None


def test_it_reads_for_nobody_but_who_opened_it(visit, broken, dev):
    paul = world.person("paul", "Administrator")
    for person in (paul, dev):
        assert {visit(person, name).status_code for name in CONTENT} == {403}


def test_whoever_loses_the_role_reads_no_longer(visit, pip, broken):
    pip.groups.clear()
    assert {visit(pip, name).status_code for name in CONTENT} == {403}


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "This field is required."),
        ("Because  I must.   ", "in 20 characters or more"),
        ("x" * 2001, "2,000 characters or fewer"),
    ],
)
def test_a_reason_that_says_nothing_is_refused_and_kept(visit, pip, reason, sentence):
    page = visit(pip, "surveys_breakglass_add", data={"reason": reason})
    assert sentence in text(page)
    assert reason.strip() in page.content.decode()
    assert not BreakGlass.objects.exists()
    assert not mail.outbox


def test_it_is_not_opened_twice_at_once_but_again_later(visit, at, pip, broken):
    page = visit(pip, "surveys_breakglass_add", data={"reason": REASON})
    assert "It is open for you already." in text(page)
    at(hours=1)
    visit(pip, "surveys_breakglass_add", data={"reason": REASON})
    assert BreakGlass.objects.count() == 2


def test_it_gives_the_right_to_read_and_no_other(pip, broken, clock):
    pip = type(pip).objects.get(pk=pip.pk)
    more = pip.get_all_permissions() - set(ROLES["Administrator"])
    assert more == {*VIEW_ALL, *READ_VIEWS} - set(ROLES["Administrator"])
    assert all(word.partition(".")[2].startswith("view_") for word in more)


def test_what_is_hidden_or_withheld_stays_so(visit, pip, survey, asha, broken):
    for words in ("Mia likes the pool", "He hurts me at night"):
        world.response(survey, words, NOW)
    hidden, withheld = Answer.objects.order_by("pk")
    hide(passage=hidden.passage, start=0, end=3, kind="person", by=asha, now=NOW)
    raise_concern(source=withheld, category="other", reason="Look.", by=asha, now=NOW)
    world.run(survey.consultation, asha, NOW)
    places = [(name,) for name in CONTENT]
    places += [("surveys_passage_change", hidden.passage.pk), ("surveys_auditevent_changelist",)]
    places += [("surveys_response_change", one.response_id) for one in (hidden, withheld)]
    for name, *args in places:
        page = visit(pip, name, *args)
        assert page.status_code == 200, name
        assert "hurts" not in text(page)
        assert "Mia" not in text(page)
    for name, *args in [
        ("surveys_passage_change", withheld.passage.pk),
        ("surveys_concern_changelist",),
        ("surveys_concern_raise-answer", hidden.pk),
        ("surveys_redaction_changelist",),
        ("surveys_contact_changelist",),
        ("surveys_response_export",),
        ("outcomes_coding_file", survey.consultation_id),
        ("outcomes_disposition_sheet",),
        ("surveys_auditevent_sheet",),
    ]:
        assert visit(pip, name, *args).status_code in (403, 404), name


def test_officers_and_data_protection_readers_are_told_by_email(visit, pip, asha, dora, gwen):
    asha.email = gwen.email = "both@example.org"
    asha.save()
    gwen.save()
    gone = world.person("gone", "Officer")
    gone.email, gone.is_active = "gone@example.org", False
    gone.save()
    visit(pip, "surveys_breakglass_add", data={"reason": REASON})
    page = reverse("admin:surveys_breakglass_change", args=[BreakGlass.objects.get().pk])
    for sent, to, role in zip(
        mail.outbox,
        ("both@example.org", "dora@example.org"),
        ("an officer of", "a data protection reader of"),
        strict=True,
    ):
        assert (sent.to, sent.bcc) == ([], [to])
        assert "pip, who looks after accounts" in sent.body
        assert f"because you are {role} the portal" in sent.body
        assert page in sent.body
        assert REASON not in sent.body


def test_who_has_both_roles_is_written_to_once_and_a_role_without_address_is_told(
    visit, pip, asha, dora
):
    asha.email = dora.email = "one@example.org"
    asha.save()
    dora.save()
    visit(pip, "surveys_breakglass_add", data={"reason": REASON})
    assert [sent.bcc for sent in mail.outbox] == [["one@example.org"]]
    assert "was written to" not in text(visit(pip, "index"))
    visit(pip, "surveys_breakglass_end", BreakGlass.objects.get().pk, data={})
    dora.email = ""
    dora.save()
    visit(pip, "surveys_breakglass_add", data={"reason": REASON})
    assert "No data protection reader was written to" in text(visit(pip, "index"))


@pytest.mark.usefixtures("no_server")
def test_a_mail_server_that_fails_hides_nothing(visit, pip, dora):
    visit(pip, "surveys_breakglass_add", data={"reason": REASON})
    assert "Nobody was written to: our email does not work" in text(visit(pip, "index"))
    assert {visit(pip, name).status_code for name in CONTENT} == {200}
    assert "pip opened what people said" in text(visit(dora, "index"))


def test_whoever_opens_it_is_told_when_there_is_nobody_to_write_to(visit, pip, settings, dora):
    settings.EMAILS_GO_OUT = False
    visit(pip, "surveys_breakglass_add", data={"reason": REASON})
    assert "this site sends no email" in text(visit(pip, "index"))


def test_they_are_told_on_the_first_page_for_a_week(visit, at, broken, asha, dora, gwen, fran):
    for person in (asha, dora):
        assert "pip opened what people said" in text(visit(person, "index"))
    for person in (gwen, fran):
        assert "opened what people said" not in text(visit(person, "index"))
    at(days=7)
    assert "opened what people said" not in text(visit(asha, "index"))


def test_its_page_says_why_and_which_pages_were_opened(visit, pip, broken, asha, dora, gwen):
    visit(pip, CONTENT[0])
    visit(pip, "surveys_contact_changelist")
    visit(pip, "jsi18n")
    for person in (asha, dora):
        assert "pip" in text(visit(person, "surveys_breakglass_changelist"))
        page = text(visit(person, "surveys_breakglass_change", broken.pk))
        assert REASON in page
        assert "Break glass: opened a page /admin/surveys/response/" in page
        assert "/contact/" not in page
        assert "jsi18n" not in page
    assert visit(gwen, "surveys_breakglass_change", broken.pk).status_code == 403
    for way in ("delete", "history"):
        page = visit(asha, f"surveys_breakglass_{way}", broken.pk)
        assert page.status_code == (403 if way == "delete" else 200)


def test_what_others_open_meanwhile_is_not_kept(visit, broken, asha):
    before = AuditEvent.objects.count()
    visit(asha, CONTENT[0])
    assert AuditEvent.objects.count() == before


def test_that_a_list_was_searched_or_filtered_is_kept_and_never_for_what(visit, pip, broken):
    for query, told in {
        "?q=Mia+Quill&audience=young_person": " (searched; filtered by: audience)",
        "?q=&audience=&p=1&o=1": "",
        "?quote=yes&alike=no&p=0": " (filtered by: alike, quote)",
        "?audience=young_person&audience=": " (filtered by: audience)",
    }.items():
        assert visit(pip, "surveys_passage_changelist", query=query).status_code == 200
        event = AuditEvent.objects.order_by("number").last()
        assert event.detail == f"/admin/surveys/passage/{told}"
    assert "Mia" not in str(list(AuditEvent.objects.values()))


def test_a_search_is_kept_of_an_answer_that_is_opened_as_one_of_what_was_found(
    visit, pip, survey, broken
):
    world.response(survey, "Mia likes the pool", NOW)
    passage = Answer.objects.get().passage
    query = "?_changelist_filters=q%3DMia&Mia+Quill+hurts=1"
    assert visit(pip, "surveys_passage_change", passage.pk, query=query).status_code == 200
    event = AuditEvent.objects.order_by("number").last()
    assert event.detail.endswith("/change/ (searched; filtered by: others)")
