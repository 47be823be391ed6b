"""The privacy notice in the admin: read, published anew, never edited."""

import pytest

from surveys.models import PrivacyNotice
from tests import world

pytestmark = pytest.mark.django_db


def send(visit, who, area, **fields):
    sent = {"area": area.pk, "language": "en", "body": "## New\n\nWords."} | fields
    return visit(who, "surveys_privacynotice_add", data=sent)


def test_the_first_notice_is_written_already_and_the_next_begins_from_the_newest(visit, asha, area):
    page = visit(asha, "surveys_privacynotice_add").content.decode()
    assert "The council is answerable." in page
    assert send(visit, asha, area).status_code == 302
    made = PrivacyNotice.objects.get()
    assert (made.number, made.published_by, made.language) == (1, asha, "en")
    page = visit(asha, "surveys_privacynotice_add").content.decode()
    assert "## New" in page
    assert "<h2" in visit(asha, "surveys_privacynotice_change", made.pk).content.decode()
    assert send(visit, asha, area, language="pl", body="Po polsku.").status_code == 302
    assert PrivacyNotice.objects.filter(number=1).count() == 2


def test_a_refused_notice_keeps_what_was_typed(visit, asha, area):
    page = send(visit, asha, area, language="pl", body="Po <polsku>.")
    assert "Publish the notice in English first" in page.content.decode()
    assert "Po &lt;polsku&gt;." in page.content.decode()
    assert not PrivacyNotice.objects.exists()


def test_a_notice_is_never_edited_nor_deleted(visit, asha, area, now):
    made = world.notice(area, by=asha, now=now)
    root = world.person("root")
    root.is_superuser = True
    root.save()
    for who in (asha, root):
        visit(who, "surveys_privacynotice_change", made.pk, data={"body": "Else."})
        assert visit(who, "surveys_privacynotice_delete", made.pk, data={}).status_code == 403
    assert PrivacyNotice.objects.get().body == made.body


def test_only_officers_publish_one_and_others_read(visit, area, asha, fran, gwen, dev, now):
    made = world.notice(area, by=asha, now=now)
    for who in (fran, gwen, dev):
        assert visit(who, "surveys_privacynotice_add").status_code == 403
        assert send(visit, who, area).status_code == 403
    assert visit(gwen, "surveys_privacynotice_change", made.pk).status_code == 200
    assert visit(dev, "surveys_privacynotice_change", made.pk).status_code == 403
    assert PrivacyNotice.objects.count() == 1


def test_without_an_area_there_is_nothing_to_publish(visit, asha):
    page = visit(asha, "surveys_privacynotice_add")
    assert page.status_code == 403
    assert "Add the area first" in page.content.decode()
