"""Pages and files of counts that are kept."""

import csv
import hashlib
import json
from datetime import timedelta

import pytest

from outcomes.actions import adopt, keep_count, raise_concern, rename
from outcomes.models import GroupSuggestion, KeptCount, ThemeSuggestion
from surveys.actions import withdraw_response
from surveys.models import Answer, AuditEvent, Response
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
EARLIER = NOW - timedelta(days=1)


@pytest.fixture
def group(survey, asha):
    """Six parents' ideas, each with a place."""
    run = world.run(survey.consultation, asha, NOW)
    said = [world.response(survey, f"Zebras, {number}", NOW) for number in range(6)]
    made = world.group(run, "health", list(Answer.objects.filter(response__in=said)))
    GroupSuggestion.objects.update(name="=SUM(A1)")
    for number, one in enumerate(made.members.all()):
        ThemeSuggestion.objects.filter(pk=one.pk).update(x=number / 6, y=0.1)
    return GroupSuggestion.objects.get()


@pytest.fixture
def kept(group, consultation, asha):
    return keep_count(consultation=consultation, note="For the board", by=asha, now=EARLIER)


@pytest.fixture
def shown(visit, consultation):
    def shown(who, query=""):
        page = visit(who, "outcomes_cluster_picture", consultation.pk, query=query)
        return " ".join(page.content.decode().split())

    return shown


def press(visit, who, consultation, note=""):
    return visit(who, "outcomes_cluster_keep-count", consultation.pk, data={"note": note})


def file(visit, who, kept, ending):
    return visit(who, "outcomes_cluster_count-file", kept.pk, query=f"?as={ending}")


def test_an_officer_keeps_the_count_that_the_page_shows(visit, shown, group, consultation, asha):
    assert "It is not kept" in shown(asha)
    assert (
        "cannot be changed afterwards"
        in visit(asha, "outcomes_cluster_keep-count", consultation.pk).content.decode()
    )
    page = press(visit, asha, consultation, "For the board")
    assert page.url == f"/admin/outcomes/cluster/picture/{consultation.pk}/"
    kept = KeptCount.objects.get()
    page = shown(asha)
    assert "Counted on 22 November 2026 by asha: “For the board”. What came since is not" in page
    assert f'<span class="hash">{kept.sha256}</span>' in page
    assert "The count is kept." in page


def test_the_newest_kept_count_is_shown_first_and_now_is_a_link_away(shown, kept, group, asha):
    withdraw_response(response=Response.objects.first(), now=NOW)
    withdraw_response(response=Response.objects.last(), now=NOW)
    assert "Parents and carers: 6</text>" in shown(asha)
    assert '?count=now">As it stands now</a>' in shown(asha)
    now = shown(asha, "?count=now")
    assert "Parents and carers: fewer than 5</text>" in now
    assert f'?count={kept.pk}">21 November 2026, 12:00</a>' in now


def test_all_pictures_of_a_kept_count_say_the_same(shown, kept, asha):
    page = shown(asha)
    assert page.count('<td class="number">6</td>') == 2  # by theme, and by group
    assert "6 ideas as marks" in page
    assert page.count("21 November 2026, 12:00, Analysis") == 3


def test_earlier_counts_are_listed_and_shown(visit, shown, kept, group, consultation, asha):
    adopt(suggestion=group, name="Sleep", by=asha, now=NOW)
    press(visit, asha, consultation, "For the paper")
    assert "“For the paper”" in shown(asha)
    page = shown(asha, f"?count={kept.pk}")
    assert "“For the board”" in page
    assert "21 November 2026, 12:00, shown here" in page
    assert "For the paper" in page


@pytest.mark.parametrize("asked", ["0", "abc", "²", "9" * 30])
def test_a_count_that_is_not_there_leads_back_with_a_sentence(
    visit, shown, kept, consultation, asha, asked
):
    page = visit(asha, "outcomes_cluster_picture", consultation.pk, query=f"?count={asked}")
    assert page.url == f"/admin/outcomes/cluster/picture/{consultation.pk}/"
    assert "This consultation has no such kept count." in shown(asha)


def test_another_consultations_count_is_not_shown_here(visit, kept, area, asha):
    other = world.consultation(area, by=asha, now=NOW, slug="other")
    page = visit(asha, "outcomes_cluster_picture", other.pk, query=f"?count={kept.pk}")
    assert page.url == f"/admin/outcomes/cluster/picture/{other.pk}/"


def test_refusals_are_told_and_keep_what_was_typed(visit, kept, consultation, asha):
    page = press(visit, asha, consultation, "Again").content.decode()
    assert "Nothing has changed since asha kept the count" in page
    assert 'value="Again"' in page
    page = press(visit, asha, consultation, "x" * 201).content.decode()
    assert "at most 200 characters (it has 201)" in page
    assert KeptCount.objects.count() == 1


def test_a_count_that_was_tampered_with_is_told_and_not_shown(visit, shown, kept, asha):
    KeptCount.objects.update(numbers={"themes": "gone"})
    page = shown(asha)
    assert "This is not the count that was kept" in page
    assert "<svg viewBox" not in page
    assert "?count=now" in page
    assert file(visit, asha, kept, "csv").status_code == 302


def test_who_reads_clusters_sees_kept_counts_and_who_curates_keeps_them(
    visit, shown, kept, consultation, groups
):
    reads, keeps, neither = (
        [world.person(name, role) for name, role in roles]
        for roles in (
            [("olu", "Co-production reviewer"), ("pam", "Publisher")],
            [("ada", "Analyst"), ("oda", "Officer")],
            [("lea", "Agency lead"), ("fin", "Facilitator")],
        )
    )
    for who in reads:
        page = shown(who)
        assert "“For the board”" in page
        assert "Keep this count" not in page + shown(who, "?count=now")
        assert "count-file" not in page
        assert "JSON of this count" not in page
    for who in [*reads, *neither]:
        assert press(visit, who, consultation).status_code == 403
        assert file(visit, who, kept, "csv").status_code == 403
    for who in neither:
        page = visit(who, "outcomes_cluster_picture", consultation.pk)
        assert page.status_code == 403
    for who in keeps:
        assert "Keep this count" in shown(who, "?count=now")
        assert file(visit, who, kept, "csv").status_code == 200


def test_the_sheet_says_what_the_page_says_and_where_it_is_from(visit, kept, asha):
    page = file(visit, asha, kept, "csv")
    assert page["Content-Disposition"].endswith(f'-count-{kept.pk}-2026-11-21.csv"')
    rows = list(csv.DictReader(page.content.decode("utf-8-sig").splitlines()))
    by_kind = {(row["what"], row["theme"]): row for row in rows}
    assert by_kind["theme", "Healthy lives"]["parents and carers"] == "6"
    assert by_kind["group", "Healthy lives"]["name"] == "'=SUM(A1)"
    assert by_kind["group", "Healthy lives"]["field_on_map"] == "D6"
    assert {row["sha256"] for row in rows} == {kept.sha256}
    assert {row["counted_at"] for row in rows} == {"2026-11-21 12:00:00"}
    event = AuditEvent.objects.first()
    assert (event.what, event.about) == ("exported", f"outcomes.keptcount {kept.pk}")
    assert kept.sha256 in event.detail


def test_anyone_can_check_the_file_against_its_checksum(visit, kept, asha):
    told = json.loads(file(visit, asha, kept, "json").content)
    plain = json.dumps(
        told["numbers"], sort_keys=True, ensure_ascii=False, separators=(",", ":")
    ).encode()
    assert hashlib.sha256(plain).hexdigest() == told["sha256"] == kept.sha256
    assert told["names"][0]["name"] == "=SUM(A1)"
    assert (told["kept_by"], told["note"]) == ("asha", "For the board")


def test_withheld_names_are_on_no_page_and_in_no_file(visit, shown, group, consultation, asha):
    GroupSuggestion.objects.update(name="Zebras, 3")
    cluster = adopt(
        suggestion=GroupSuggestion.objects.get(), name="Zebras, 3", by=asha, now=EARLIER
    )
    kept = keep_count(consultation=consultation, by=asha, now=EARLIER)
    rename(cluster=cluster, name="Animals", by=asha, now=NOW)
    assert "Zebras, 3" in shown(asha)
    answer = Answer.objects.get(text="Zebras, 3")
    raise_concern(source=answer, category="other", reason="I worry.", by=asha, now=NOW)
    page = shown(asha)
    assert "A group whose name is withheld" in page or "a group whose name is withheld" in page
    assert "Now called “Animals”" in page
    for ending in ("csv", "json"):
        assert "ebras" not in file(visit, asha, kept, ending).content.decode()
    assert "ebras" not in page


def test_the_page_asks_no_more_for_more_counts_and_clusters(
    visit, survey, consultation, asha, django_assert_num_queries, django_assert_max_num_queries
):
    run = world.run(consultation, asha, NOW)

    def more(first, last):
        for number in range(first, last):
            said = [world.response(survey, f"Word {number}", NOW)]
            made = world.group(run, "health", list(Answer.objects.filter(response__in=said)))
            adopt(suggestion=made, name=f"Cluster {number}", by=asha, now=NOW)
            keep_count(consultation=consultation, by=asha, now=NOW + timedelta(hours=number))

    more(0, 2)
    visit(asha, "outcomes_cluster_picture", consultation.pk)
    with django_assert_max_num_queries(20) as few:
        visit(asha, "outcomes_cluster_picture", consultation.pk)
    more(2, 5)
    with django_assert_num_queries(len(few)):
        visit(asha, "outcomes_cluster_picture", consultation.pk)
