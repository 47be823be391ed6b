"""What was decided stays with whoever may decide it, and goes with the words it was decided of."""

from datetime import timedelta

import pytest
from django.urls import reverse

from outcomes.actions import (
    ask_for_file,
    code,
    code_several,
    cut,
    dispose,
    hand_on,
    hide,
    join,
    newest_cutting,
    raise_concern,
    take_file,
    undo_several,
)
from outcomes.actions.jobs import FileGone
from outcomes.models import BlindCode, ClusterIdea, Coding, Disposition, Idea, Sample, SampleIdea
from outcomes.tasks import carry_out_job
from surveys.actions import add_note
from surveys.models import Passage
from surveys.refusals import BadText
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(session) -> Passage:
    """Of a note in Fran's workshop."""
    return add_note(session=session, text="Zebedee needs a club. And a bus. And tea.").passage


@pytest.fixture
def two(own, survey, asha) -> list[Idea]:
    run = world.run(survey.consultation, asha, NOW)
    spans = [(0, 21), (22, 32)]
    return [Idea.objects.create(note=own.note, start=a, end=b, found_by=run) for a, b in spans]


def test_a_facilitator_joins_nothing_that_a_cluster_draws_on(client, fran, two, asha, cluster):
    ClusterIdea.objects.create(cluster=cluster, idea=two[1], added_by=asha, added_at=NOW)
    client.force_login(fran)
    seen = " ".join(f"{one.pk}:{one.start}-{one.end}" for one in two)
    page = client.post(reverse("admin:outcomes_idea_join", args=[two[0].pk]), {"seen": seen})
    assert "is in a cluster" in page.content.decode()
    assert Idea.objects.filter(pk__in=[one.pk for one in two]).count() == 2


def test_nor_do_they_take_such_a_step_back(client, fran, own, two, asha, cluster):
    ClusterIdea.objects.create(cluster=cluster, idea=two[1], added_by=asha, added_at=NOW)
    join(idea=two[0], by=asha, now=NOW)
    client.force_login(fran)
    address = reverse("admin:surveys_passage_uncut", args=[own.pk])
    client.post(address, {"seen": newest_cutting(own).pk})
    assert ClusterIdea.objects.filter(idea__note=own.note).count() == 1


@pytest.mark.parametrize("do", ["undo", "nothing"])
@pytest.mark.parametrize("what", ["set aside", "case"])
def test_a_facilitator_leaves_alone_what_others_set_aside_or_handed_on(
    client, fran, two, asha, what, do
):
    end = dispose(of=two[0], what=what, reason="Because.", by=asha, now=NOW)
    client.force_login(fran)
    data = {"do": do, "seen": "", "end_seen": end.pk}
    page = client.post(reverse("admin:outcomes_idea_decide", args=[two[0].pk]), data)
    assert page.status_code == 403
    assert Disposition.objects.get(idea=two[0], is_current=True) == end


def test_what_two_people_code_blind_is_not_joined_away(two, consultation, asha, ben):
    sample = Sample.objects.create(
        consultation=consultation, first=asha, second=ben, made_by=asha, made_at=NOW, seed=1
    )
    place = SampleIdea.objects.create(sample=sample, idea=two[1], order=1)
    BlindCode.objects.create(place=place, by=ben, at=NOW)
    with pytest.raises(BadText, match="sample"):
        join(idea=two[0], by=asha, now=NOW)
    assert BlindCode.objects.exists()


def test_both_halves_keep_what_was_decided_before(two, asha, area):
    health, families = (area.themes.get(code=one) for one in ("health", "families"))
    later = NOW + timedelta(minutes=1)
    code(idea=two[0], themes=[health], by=asha, now=NOW)
    code_several(ideas=[two[0]], themes=[families], by=asha, now=later)
    halves = cut(idea=Idea.objects.get(pk=two[0].pk), at=8, by=asha, now=later)
    undo_several(made_by=asha, made_at=later, by=asha, now=later + timedelta(minutes=1))
    assert [Coding.objects.current().get(idea=one).theme for one in halves] == [health, health]


def test_another_reason_forgets_nobody_who_was_told(two, asha):
    case = dispose(of=two[0], what="case", reason="One child.", by=asha, now=NOW)
    hand_on(disposition=case, to="SEN team", by=asha, now=NOW)
    again = dispose(of=two[0], what="case", reason="One family.", by=asha, now=NOW)
    assert (again.reason, again.handed_to, again.handed_by) == ("One family.", "SEN team", asha)


def test_a_file_goes_when_a_name_in_a_reason_is_hidden(session, own, two, asha):
    about = add_note(session=session, text="Zebedee is scared at home.")
    Passage.everything.update(screened_at=NOW)
    raised = raise_concern(source=about, category="other", reason="Worry.", by=asha, now=NOW)
    dispose(of=two[1], what="set aside", reason="Zebedee asked for it.", by=asha, now=NOW)
    facts = {"what": "dispositions", "kind": "csv", "by": asha, "now": NOW}
    job = ask_for_file(consultation=own.consultation, **facts)
    carry_out_job.call(job.pk)
    assert b"Zebedee" in bytes(take_file(job=job, by=asha, now=NOW).made)
    span = {"start": 0, "end": 7, "kind": "person"}
    hide(passage=about.passage, **span, by=asha, now=NOW, concern=raised)
    with pytest.raises(FileGone):
        take_file(job=job, by=asha, now=NOW)


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+05:00", "x"])
def test_no_moment_breaks_the_page_that_undoes_many(client, asha, at):
    client.force_login(asha)
    address = reverse("admin:outcomes_idea_undo-together")
    assert client.get(address, {"by": asha.pk, "at": at}).status_code == 302


def test_no_number_breaks_the_page_that_decides_for_many(client, asha):
    client.force_login(asha)
    page = client.post(reverse("admin:outcomes_idea_together"), {"ids": "1" * 5000})
    assert page.status_code in (200, 302)
