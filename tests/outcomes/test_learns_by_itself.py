"""After five decisions an analysis begins by itself, learns from them and changes none."""

from datetime import timedelta

import pytest

from outcomes.actions import adopt, ask_for_analysis, code, cut, dispose
from outcomes.models import (
    AnalysisRun,
    Cluster,
    ClusterIdea,
    Coding,
    Disposition,
    GroupSuggestion,
    Idea,
    ThemeSuggestion,
)
from outcomes.tasks import carry_out_analysis
from outcomes.worker import _decisions, _texts, write
from tests import world

pytestmark = pytest.mark.django_db
# Ideas much alike; the engine puts them under one theme, people under another.
ALIKE = [
    "Swimming lessons at the pool on Saturdays for our son",
    "Swimming lessons at the pool on Sundays for our son",
    "Swimming lessons at the pool on Fridays for our son",
    "Swimming lessons at the pool on Mondays for our son",
    "Swimming lessons at the pool on Tuesdays for our son",
    "Swimming lessons at the pool on Wednesdays for our son",
]
OTHER = ["To be believed the first time", "A proper night's sleep for all of us"]


@pytest.fixture
def first(survey, asha, now):
    """A finished analysis of eight answers."""
    for text in ALIKE + OTHER:
        world.response(survey, text, now)
    return carried_out(
        ask_for_analysis(consultation=survey.consultation, by=asha, now=now - timedelta(hours=1))
    )


def carried_out(run):
    carry_out_analysis.call(run.pk)
    run.refresh_from_db()
    assert run.state == "done", run.trouble
    return run


def about_swimming():
    rows = Idea.objects.filter(answer__text__startswith="Swimming").with_source()
    return list(rows.order_by("pk"))


def decide(ideas, theme, by, now, after=1):
    for number, idea in enumerate(ideas):
        code(idea=idea, themes=[theme], by=by, now=now + timedelta(minutes=after + number))
    return AnalysisRun.objects.filter(by_itself=True).under_way().first()


def test_five_decisions_teach_the_next_suggestion_of_like_ideas(first, area, asha, now):
    health = area.themes.get(code="health")
    *decided, left = about_swimming()
    before = ThemeSuggestion.objects.get(run=first, idea=left).theme
    assert before != health
    assert decide(decided[:4], health, asha, now) is None
    run = decide(decided[4:], health, asha, now, after=10)
    assert run.asked_by == asha
    carried_out(run)
    assert ThemeSuggestion.objects.get(run=run, idea=left).theme == health
    assert ThemeSuggestion.objects.get(run=first, idea=left).theme == before


def test_what_people_made_is_as_it_was_after_another_run(first, area, asha, ben, now):
    health, none = area.themes.get(code="health"), area.themes.get(code="none")
    *decided, left = about_swimming()
    group = GroupSuggestion.objects.create(
        run=first, theme=health, name="Ours", reason="Alike.", order=99
    )
    ThemeSuggestion.objects.filter(run=first, idea=left).update(group=group)
    adopt(suggestion=group, name="Swimming", by=ben, now=now)
    tired = Idea.objects.get(answer__text=OTHER[1])
    dispose(of=tired, what="off topic", by=ben, now=now)
    run = decide(decided, none, asha, now)

    def made():
        return (
            list(Coding.everything.order_by("pk").values()),
            list(Disposition.objects.order_by("pk").values()),
            list(Cluster.objects.order_by("pk").values()),
            list(ClusterIdea.everything.order_by("pk").values()),
            list(Idea.everything.order_by("pk").values()),
        )

    before = made()
    carried_out(run)
    assert made() == before
    assert {one["theme_id"] for one in before[0]} == {none.pk}


def test_only_the_newest_run_that_began_by_itself_is_kept_but_for_those_adopted_from(
    first, area, asha, now
):
    themes = [area.themes.get(code=code) for code in ("health", "families", "education")]
    decided = about_swimming()[:5]
    runs = []
    for number, theme in enumerate(themes):
        run = decide(decided, theme, asha, now, after=100 * number + 1)
        runs.append(carried_out(run))
        if number == 0:
            idea = ThemeSuggestion.objects.filter(run=run).first()
            idea.group = GroupSuggestion.objects.create(
                run=run, theme=theme, name="Ours", reason="Alike.", order=99
            )
            idea.save()
            adopt(suggestion=idea.group, name="Ours", by=asha, now=now)
    left = set(AnalysisRun.objects.values_list("pk", flat=True))
    assert left == {first.pk, runs[0].pk, runs[2].pk}
    assert Coding.objects.current().count() == 5


def test_ideas_that_people_cut_during_a_run_stay_as_they_cut_them(first, survey, asha, now):
    idea = about_swimming()[0]
    run = ask_for_analysis(consultation=survey.consultation, by=asha, now=now)
    AnalysisRun.objects.take(run.pk, now)
    found = _analysed(run)
    parts = cut(idea=idea, at=idea.start + 17, by=asha, now=now)
    write(run, found)
    run.refresh_from_db()
    assert run.state == "done"
    there = Idea.objects.filter(answer=idea.answer).order_by("start")
    assert [(one.start, one.end, one.cut_by) for one in there] == [
        (one.start, one.end, asha) for one in parts
    ]
    assert not ThemeSuggestion.objects.filter(run=run, idea__in=parts).exists()


def _analysed(run):
    from outcomes.engine.pipeline import Pipeline

    labels = {theme.code: theme.label for theme in run.consultation.area.themes.all()}
    return Pipeline(theme_labels=labels, labels=_decisions(run)).analyse(_texts(run))
