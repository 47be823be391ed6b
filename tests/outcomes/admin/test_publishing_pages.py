"""Publishing a version, and registers in and out."""

import csv
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from outcomes.actions import preview, snapshot_hash
from outcomes.models import FrameworkVersion, Strategy
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreed(outcome, council, nhs, gwen, hari):
    world.endorse(outcome, council, gwen, NOW)
    world.endorse(outcome, nhs, hari, NOW)
    return outcome


def publish(visit, who, outcome, **changes):
    where = outcome.consultation_id
    seen = snapshot_hash(preview(consultation=outcome.consultation))
    sent = {"change_summary": "The first.", "minor": "", "seen": seen} | changes
    return visit(who, "outcomes_frameworkversion_publish", where, data=sent)


def test_the_page_shows_what_will_be_published_and_publishes_nothing(visit, ben, agreed):
    page = visit(ben, "outcomes_frameworkversion_publish", agreed.consultation_id)
    shown = page.content.decode()
    assert "I feel well." in shown
    assert "parents and carers: fewer than 5" in shown
    assert "People are still answering" in shown
    assert not FrameworkVersion.objects.exists()


def test_a_version_is_published_and_shown(visit, ben, agreed):
    page = publish(visit, ben, agreed)
    made = FrameworkVersion.objects.get()
    assert (made.number, made.published_by, made.published_at) == ("1.0", ben, NOW)
    assert page.url == f"/admin/outcomes/frameworkversion/{made.pk}/change/"
    shown = visit(ben, "outcomes_frameworkversion_change", made.pk).content.decode()
    assert "to the letter" in shown
    assert 'href="/framework/1.0/"' in shown
    publish(visit, ben, agreed, minor="minor")
    assert FrameworkVersion.objects.newest_first()[0].number == "1.1"


def test_what_changed_while_reading_is_shown_before_it_is_published(visit, ben, agreed):
    page = publish(visit, ben, agreed, seen="what was read")
    assert "changed while you were reading" in page.content.decode()
    assert not FrameworkVersion.objects.exists()
    fresh = snapshot_hash(preview(consultation=agreed.consultation))
    assert f'value="{fresh}"' in page.content.decode()


def test_a_copy_that_was_tampered_with_is_told(visit, ben, agreed):
    publish(visit, ben, agreed)
    made = FrameworkVersion.objects.get()
    snapshot = made.snapshot | {"change_summary": "Other words."}
    FrameworkVersion.objects.update(snapshot=snapshot)
    shown = visit(ben, "outcomes_frameworkversion_change", made.pk).content.decode()
    assert "This is not what was published" in shown


def test_refusals_are_told_and_keep_what_was_typed(visit, ben, agreed, cluster):
    shown = publish(visit, ben, agreed, minor="minor").content.decode()
    assert "The first version is 1.0." in shown
    assert "The first." in shown
    words = world.proposed(cluster, ben, NOW, words="I have a say.")
    for place in agreed.consultation.area.agencies.all():
        lead = place.leads.get().user
        world.endorse(words, place, lead, NOW)
    shown = publish(visit, ben, agreed).content.decode()
    assert "You prepared some of what is in it." in shown
    assert not FrameworkVersion.objects.exists()


def test_nothing_agreed_is_nothing_published(visit, ben, outcome):
    assert "nothing to publish" in publish(visit, ben, outcome).content.decode()


def sheet(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("strategies.csv", text.encode(), "text/csv")


def test_strategies_come_in_after_a_preview(visit, asha, client, area):
    text = "title,period_text\nAutism Strategy,2015 -18\nPlain Plan,\n"
    sent = {"import_file": sheet(text), "format": "1"}
    preview = visit(asha, "outcomes_strategy_import", data=sent)
    assert "Autism Strategy" in preview.content.decode()
    assert not Strategy.objects.exists()
    confirm = preview.context["confirm_form"].initial
    visit(asha, "outcomes_strategy_process_import", data=confirm)
    autism = Strategy.objects.get(title="Autism Strategy")
    assert (autism.area, autism.start_year, autism.end_year) == (area, 2015, 2018)
    assert Strategy.objects.get(title="Plain Plan").start_year is None


def test_a_strategy_that_is_there_is_changed_not_doubled(visit, asha, area):
    Strategy.objects.create(area=area, title="Autism Strategy", start_year=2010, end_year=2012)
    text = "area,title,start_year,end_year\nlevels,Autism Strategy,2015,2018\n"
    preview = visit(
        asha, "outcomes_strategy_import", data={"import_file": sheet(text), "format": "1"}
    )
    visit(asha, "outcomes_strategy_process_import", data=preview.context["confirm_form"].initial)
    assert [(one.start_year, one.end_year) for one in Strategy.objects.all()] == [(2015, 2018)]


def test_an_unknown_area_is_told_in_the_preview(visit, asha, area):
    text = "area,title\nnowhere,Plan\n"
    sent = {"import_file": sheet(text), "format": "1"}
    shown = visit(asha, "outcomes_strategy_import", data=sent).content.decode()
    assert "Write the area’s slug: “nowhere” names none." in shown
    assert not Strategy.objects.exists()


def test_only_xlsx_and_csv_are_offered(visit, asha, area):
    for name in ("outcomes_strategy_import", "outcomes_strategy_export"):
        page = visit(asha, name)
        choices = [label for value, label in page.context["form"].fields["format"].choices if value]
        assert {"xlsx", "csv"} >= set(choices) - {"---"}
        assert len(choices) >= 2


@pytest.mark.parametrize("form", ["0", "1"])
def test_formulae_go_out_as_text_and_come_back_as_they_were(visit, asha, area, form):
    one = Strategy.objects.create(area=area, title="=1+1", summary="@SUM(A1)", status_text="-2")
    page = visit(asha, "outcomes_strategy_export", data={"format": form, "resource": ""})
    if form == "0":
        rows = load_workbook(BytesIO(page.content)).active.iter_rows(values_only=True)
    else:
        rows = csv.reader(page.content.decode().splitlines())
    cells = [str(cell) for row in rows for cell in row]
    assert {"'=1+1", "'@SUM(A1)", "'-2"} <= set(cells)
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+", "-"))]
    Strategy.objects.update(summary="", status_text="")
    back = SimpleUploadedFile("back", page.content)
    preview = visit(asha, "outcomes_strategy_import", data={"import_file": back, "format": form})
    visit(asha, "outcomes_strategy_process_import", data=preview.context["confirm_form"].initial)
    one.refresh_from_db()
    assert (one.title, one.summary, one.status_text) == ("=1+1", "@SUM(A1)", "-2")
    assert Strategy.objects.count() == 1


def test_importing_needs_the_right_at_the_last_step_too(visit, gwen, area):
    sent = {"import_file_name": "x", "original_file_name": "x.csv", "format": "1"}
    assert visit(gwen, "outcomes_strategy_process_import", data=sent).status_code == 403
