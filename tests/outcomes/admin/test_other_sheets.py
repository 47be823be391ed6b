"""Clusters, ideas into clusters, and what becomes of ideas, in sheets: shown, then decided."""

import csv
import io
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outcomes.actions import dispose, raise_concern, rename, set_aside
from outcomes.models import Cluster, ClusterDecision, ClusterIdea, Disposition, Idea
from surveys.models import Answer, Passage
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

ENDS, MEMBERS, CLUSTERS = "1", "2", "3"
COLUMNS = {
    ENDS: ["idea", "what", "reason", "seen"],
    MEMBERS: ["idea", "cluster", "cluster_seen"],
    CLUSTERS: ["cluster", "name", "theme", "campaign", "seen"],
}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def other(survey, cluster, asha):
    """A second cluster of two parents' ideas."""
    made = world.cluster(survey, asha, NOW, theme="families")
    Passage.everything.update(screened_at=NOW)
    return made


@pytest.fixture
def free(group):
    """Three ideas in no cluster."""
    Passage.everything.update(screened_at=NOW)
    return list(Idea.objects.filter(membership=None).order_by("pk"))


@pytest.fixture
def send(visit, asha):
    def send(what, *rows, who=asha, columns=None):
        out = io.StringIO()
        csv.writer(out).writerows([columns or COLUMNS[what], *rows])
        file = SimpleUploadedFile("sheet.csv", out.getvalue().encode())
        sent = {"import_file": file, "format": "1", "resource": what}
        return visit(who, "outcomes_coding_import", data=sent)

    return send


@pytest.fixture
def confirm(visit, asha):
    def confirm(preview, who=asha):
        form = {name: str(value) for name, value in preview.context["confirm_form"].initial.items()}
        return visit(who, "outcomes_coding_process_import", data=form)

    return confirm


@pytest.fixture
def taken_out(visit, asha, survey):
    def taken_out(what):
        query = f"?what={what}&as=csv"
        page = visit(asha, "outcomes_coding_file", survey.consultation_id, query=query)
        return list(csv.reader(io.StringIO(page.content.decode("utf-8-sig"), newline="")))

    return taken_out


def words(page) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))


def newest(cluster):
    return cluster.decisions.latest("pk").pk


def row_of(cluster, *, name=None, theme="health", campaign="no", seen=None):
    return [cluster.pk, name or cluster.name, theme, campaign, seen or newest(cluster)]


@pytest.mark.parametrize(
    ("what", "file"), [(ENDS, "dispositions"), (MEMBERS, "ideas"), (CLUSTERS, "clusters")]
)
def test_a_sheet_that_was_taken_out_changes_nothing(send, taken_out, other, free, asha, what, file):
    dispose(of=free[0], what="set aside", reason="Not ours.", by=asha, now=NOW)
    columns, *rows = taken_out(file)
    preview = send(what, *rows, columns=columns)
    assert f"something: 0. Rows that say what is decided already: {len(rows)}." in words(preview)
    assert rows


@pytest.mark.parametrize("what", [ENDS, MEMBERS, CLUSTERS])
def test_who_may_not_decide_brings_nothing_in(send, cluster, what):
    pat = world.person("pat", "Publisher")
    assert send(what, who=pat).status_code == 403


# Clusters


def test_names_themes_and_campaigns_change_once_confirmed_and_are_in_the_history(
    send, confirm, visit, cluster, other, asha
):
    preview = send(
        CLUSTERS,
        row_of(cluster, name="Rest at night", theme="Great education", campaign="yes"),
        row_of(other, theme="families"),
    )
    assert "Rows that will change something: 1." in words(preview)
    assert "Rest at night (Great education, a campaign)" in words(preview)
    cluster.refresh_from_db()
    assert cluster.name == "Feeling well"
    confirm(preview)
    cluster.refresh_from_db()
    assert (cluster.name, cluster.theme.code, cluster.is_campaign) == (
        "Rest at night",
        "education",
        True,
    )
    decided = cluster.decisions.order_by("pk").values_list("what", "by__username", "reason")
    why = "Brought in from a sheet."
    assert list(decided)[1:] == [
        ("renamed", "asha", why),
        ("theme", "asha", why),
        ("campaign", "asha", why),
    ]


def test_what_somebody_decided_of_a_cluster_since_stays(send, confirm, cluster, asha, ben):
    seen = newest(cluster)
    rename(cluster=cluster, name="Ben’s name", by=ben, now=NOW)
    preview = send(CLUSTERS, row_of(cluster, name="Mine", seen=seen))
    assert "which stays so: 1." in words(preview)
    confirm(preview)
    assert Cluster.objects.get(pk=cluster.pk).name == "Ben’s name"


def test_what_is_decided_between_preview_and_confirming_stays_too(send, confirm, cluster, ben):
    preview = send(CLUSTERS, row_of(cluster, name="Mine"))
    rename(cluster=cluster, name="Ben’s name", by=ben, now=NOW)
    confirm(preview)
    assert Cluster.objects.get(pk=cluster.pk).name == "Ben’s name"


@pytest.mark.parametrize(
    ("change", "column", "sentence"),
    [
        ({"theme": "joy"}, "theme", "“joy” is no theme of this area"),
        ({"name": " "}, "name", "Give the cluster a name"),
        ({"name": "word " * 13}, "name", "Use 12 words or fewer"),
        ({"campaign": "perhaps"}, "campaign", "“perhaps” is neither yes nor no"),
        ({"name": "Feeling WELL"}, "name", "Another cluster is called"),
        ({"name": "Same"}, "name", "Row 2 gives another cluster this name"),
        ({"name": "New", "seen": "soon"}, "seen", "“soon” is not a whole number"),
    ],
)
def test_what_is_wrong_with_a_cluster_is_told_by_row_and_nothing_comes_in(
    send, cluster, other, change, column, sentence
):
    first = row_of(cluster, name="Same" if change.get("name") == "Same" else "Feeling well")
    preview = send(CLUSTERS, first, row_of(other, **({"theme": "families"} | change)))
    assert f"Row 3, column “{column}”: {sentence}" in words(preview)
    assert "confirm_form" not in preview.context


def test_a_cluster_that_was_set_aside_or_that_nobody_knows_is_refused(send, cluster, asha):
    set_aside(cluster=cluster, reason="It is not ours.", by=asha, now=NOW)
    preview = words(send(CLUSTERS, row_of(cluster, name="Mine"), [99_999, "A", "health", "", ""]))
    assert "Row 2, column “cluster”: “Feeling well” is set aside: it does not change." in preview
    assert "Row 3, column “cluster”: No cluster has this number." in preview


def test_more_rows_take_as_many_queries_to_preview(send, survey, cluster, asha):
    some = [world.cluster(survey, asha, NOW, voices=1) for _ in range(4)]

    def queries(clusters):
        with CaptureQueriesContext(connection) as asked:
            send(CLUSTERS, *(row_of(one, name=f"Named {one.pk}") for one in clusters))
        return len(asked) - len(clusters)  # that row_of() asked

    queries(some[:1])
    assert queries(some[:1]) == queries(some)


# Ideas into clusters


def test_ideas_move_from_cluster_to_cluster_out_and_in(send, confirm, cluster, other, free):
    first, second = cluster.ideas.order_by("pk")
    third = other.ideas.first()
    preview = send(
        MEMBERS,
        [first.pk, other.pk, cluster.pk],
        [second.pk, cluster.pk, cluster.pk],
        [third.pk, "", other.pk],
        [free[0].pk, cluster.pk, ""],
    )
    assert "Rows that will change something: 3." in words(preview)
    confirm(preview)
    held = dict(ClusterIdea.objects.values_list("idea", "cluster"))
    assert held[first.pk] == other.pk
    assert held[free[0].pk] == cluster.pk
    assert third.pk not in held
    moved = ClusterDecision.objects.filter(what__in=["moved in", "moved out"])
    assert set(moved.values_list("reason", flat=True)) == {"Brought in from a sheet."}


def test_an_idea_that_somebody_moved_since_stays(send, confirm, cluster, other, free):
    idea = cluster.ideas.first()
    ClusterIdea.objects.filter(idea=idea).update(cluster=other)
    preview = send(MEMBERS, [idea.pk, "", cluster.pk])
    assert "which stays so: 1." in words(preview)
    confirm(preview)
    assert ClusterIdea.objects.get(idea=idea).cluster == other


def test_the_last_ideas_of_a_cluster_stay_in_it(send, cluster, other):
    rows = [[idea.pk, other.pk, cluster.pk] for idea in cluster.ideas.order_by("pk")]
    preview = words(send(MEMBERS, *rows))
    assert "Row 2, column “cluster”: These are all the ideas of “Feeling well”." in preview
    assert send(MEMBERS, rows[0]).context["confirm_form"]


def test_all_ideas_of_a_cluster_are_swapped_for_others_in_one_sheet(
    send, confirm, cluster, other, free
):
    here, there = (list(one.ideas.order_by("pk")) for one in (cluster, other))
    rows = [[idea.pk, other.pk, cluster.pk] for idea in here]
    rows += [[idea.pk, cluster.pk, other.pk] for idea in there]
    confirm(send(MEMBERS, *rows))
    assert list(other.ideas.order_by("pk")) == here
    assert list(cluster.ideas.order_by("pk")) == there
    rows = [[idea.pk, "", cluster.pk] for idea in there] + [[free[0].pk, cluster.pk, ""]]
    confirm(send(MEMBERS, *rows))
    assert list(cluster.ideas.all()) == free[:1]


def test_what_does_not_come_does_not_let_others_go(send, cluster, other, free):
    rows = [[idea.pk, other.pk, cluster.pk] for idea in cluster.ideas.order_by("pk")]
    for one, seen in ((free[0].pk, other.pk), (999_999, "")):
        preview = words(send(MEMBERS, *rows, [one, cluster.pk, seen]))
        assert "Row 2, column “cluster”: These are all the ideas of “Feeling well”." in preview


def test_what_belongs_in_no_cluster_or_is_withheld_does_not_come_in(send, cluster, free, asha):
    dispose(of=free[0], what="off topic", by=asha, now=NOW)
    raise_concern(source=free[1].source, category="harm", reason="Look.", by=asha, now=NOW)
    preview = words(send(MEMBERS, *([one.pk, cluster.pk, ""] for one in free)))
    assert "Row 2, column “idea”: It was decided that this idea belongs in no cluster." in preview
    assert "Row 3, column “idea”: No idea here has this number." in preview


def test_a_name_in_place_of_the_number_is_refused(send, free):
    preview = words(send(MEMBERS, [free[0].pk, "Sleep", ""]))
    assert "Row 2, column “cluster”: No cluster has this number." in preview


def test_moving_many_takes_as_many_queries_as_few(send, confirm, survey, cluster, free, asha):
    said = [world.response(survey, f"Rest {number}", NOW) for number in range(9)]
    answers = Answer.objects.filter(response__in=said)
    world.group(world.run(survey.consultation, asha, NOW), "health", answers)
    ideas = list(Idea.objects.filter(answer__in=answers).order_by("pk"))

    def queries(some):
        with CaptureQueriesContext(connection) as asked:
            confirm(send(MEMBERS, *([one.pk, cluster.pk, ""] for one in some)))
        assert ClusterIdea.objects.filter(idea__in=some).count() == len(some)
        return len(asked)

    queries(ideas[:1])
    assert queries(ideas[1:2]) == queries(ideas[2:])


# What becomes of ideas


def test_what_becomes_of_ideas_changes_once_confirmed(send, confirm, free, asha):
    held = dispose(of=free[2], what="nothing", by=asha, now=NOW)
    preview = send(
        ENDS,
        [free[0].pk, "set aside", "Not for this plan.", ""],
        [free[1].pk, "A complaint: to hand on", "", ""],
        [free[2].pk, "", "", held.pk],
    )
    assert "Rows that will change something: 3." in words(preview)
    assert not Disposition.objects.filter(what="set aside").exists()
    confirm(preview)
    current = {
        one.idea_id: (one.what, one.reason) for one in Disposition.objects.filter(is_current=True)
    }
    assert current == {
        free[0].pk: ("set aside", "Not for this plan."),
        free[1].pk: ("complaint", ""),
        free[2].pk: ("open", ""),
    }


def test_what_somebody_decided_of_an_idea_since_stays(send, confirm, free, ben):
    dispose(of=free[0], what="case", by=ben, now=NOW)
    preview = send(ENDS, [free[0].pk, "nothing", "", ""])
    assert "which stays so: 1." in words(preview)
    assert "about one child or family: to hand on (ben)" in words(preview)
    confirm(preview)
    assert Disposition.objects.get(is_current=True).what == "case"


@pytest.mark.parametrize(
    ("what", "reason", "column", "sentence"),
    [
        ("joy", "", "what", "“joy” is none of these: nothing, off topic"),
        ("rest", "", "what", "“rest” is none of these"),
        ("set aside", " ", "reason", "Say why it is set aside"),
    ],
)
def test_what_is_wrong_with_an_end_is_told_by_row(send, free, what, reason, column, sentence):
    preview = send(ENDS, [free[0].pk, "nothing", "", ""], [free[1].pk, what, reason, ""])
    assert f"Row 3, column “{column}”: {sentence}" in words(preview)
    assert "confirm_form" not in preview.context


def test_an_idea_in_a_cluster_has_no_end_of_its_own(send, cluster):
    preview = words(send(ENDS, [cluster.ideas.first().pk, "nothing", "", ""]))
    assert "Row 2, column “idea”: This idea is in a cluster." in preview


def test_too_many_changes_are_refused(send, free, monkeypatch):
    monkeypatch.setattr("outcomes.admin.sheets_ends.EndsResource.most_changes", 2)
    preview = send(ENDS, *([one.pk, "nothing", "", ""] for one in free))
    assert "This sheet changes 3 rows. Divide it: at most 2 at a time." in words(preview)
    assert "confirm_form" not in preview.context
