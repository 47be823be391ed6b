"""The whole story, in a browser: from a parent's answer to a published outcome, and back.

The demonstration is loaded, so the analysis has a real consultation to work on. A real worker
process carries it out.
"""

import re
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Page, expect

from outcomes.actions import snapshot_hash
from outcomes.demo import load
from outcomes.models import (
    AnalysisRun,
    Cluster,
    ClusterIdea,
    FrameworkVersion,
    GroupSuggestion,
    Idea,
    Outcome,
    ThemeSuggestion,
)
from surveys.actions import find_response
from surveys.models import Answer, EqualityTally, Response, Survey
from tests.chromium import assert_accessible
from tests.journeys.worker import running_worker

SAID = {
    "parents": [
        "I want to tell our story once. Every new person starts again from the beginning.",
        "To be believed the first time, not sent on another parenting course.",
        "Nobody would ask me to fill in the same form again.",
    ],
    "practitioners": [
        "Families have one plan that every service works from.",
        "Children feel safe and wanted in their own class.",
        "Ask families whether they had to repeat their story.",
    ],
    "young-people": ["a best friend", "people who wait for me to finish talking", "id be happy"],
}
# What they say of themselves; all of it may be left out.
ABOUT = {
    "parents": ["Foster carer", "0 to 4, before school"],
    "practitioners": ["Health"],
    "young-people": [],
}


class Story:
    """One browser in which the people of the story take turns."""

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site = page, site

    def open(self, path: str) -> None:
        self.page.goto(self.site + path)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def row_of(self, row: object) -> None:
        """Open an officer's page of one row."""
        meta = row._meta  # type: ignore[attr-defined]
        self.open(f"/admin/{meta.app_label}/{meta.model_name}/{row.pk}/change/")  # type: ignore[attr-defined]

    def expect(self, words: str) -> None:
        expect(self.page.locator("body")).to_contain_text(words)

    def answer(self, slug: str, *, accessible: bool = False) -> str:
        """Answer a survey, from the front page to the receipt. Gives the code."""
        look = assert_accessible if accessible else lambda page: None
        self.open("/")
        self.page.locator(f'a[href="/s/{slug}/"]').first.click()
        self.press("Start now")
        for text in SAID[slug]:
            look(self.page)
            self.page.get_by_role("textbox").fill(text)
            self.press("Continue")
        self.tell_about_you(slug)
        self.expect("Check your answers before sending them")
        for text in [*SAID[slug], *ABOUT[slug]]:
            self.expect(text)
        look(self.page)
        self.press("Send")
        self.answer_equality(slug)
        self.expect("Thank you. We have your answers")
        look(self.page)
        return self.page.locator(".portal-code").inner_text().strip()

    def tell_about_you(self, slug: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text("About you")
        for choice in ABOUT[slug]:
            self.page.get_by_label(choice, exact=True).check()
        self.press("Continue")

    def answer_equality(self, slug: str) -> None:
        """Whoever is asked may answer (the parent does) or pass by (the others do)."""
        self.expect("We have your answers.")
        if slug == "parents":
            self.page.get_by_label("Yes, answer the equality questions (takes 2 minutes)").check()
            self.press("Continue")
            self.page.get_by_label("35 to 44").check()
        else:
            self.page.get_by_label("No, skip the equality questions").check()
        self.press("Continue")

    def sign_in(self, name: str) -> None:
        self.page.context.clear_cookies()
        self.open("/admin/login/?next=/admin/")
        self.page.get_by_label("Username").fill(name)
        self.page.get_by_label("Password").fill(load.PASSWORD)
        self.press("Log in")
        self.expect("Log out")

    def decide(self, decision: str, button: str = "", **fields: str) -> None:
        """Open a decision's page, fill in its fields by their labels, take it."""
        self.follow(decision)
        for label, text in fields.items():
            self.page.get_by_label(label.replace("_", " ")).fill(text)
        self.press(button or decision)

    def adopt(self, group: GroupSuggestion, name: str) -> Cluster:
        self.row_of(group)
        self.page.get_by_label("Your name for it").fill(name)
        self.press("Adopt as a cluster")
        self.expect(f"You adopted “{name}”")
        return Cluster.objects.get(adopted_from=group)

    def endorse(self, outcome: Outcome, lead: str) -> None:
        self.sign_in(lead)
        self.row_of(outcome)
        self.follow("Record your agency’s position")
        self.page.get_by_label("We endorse these words", exact=True).check()
        self.press("Record this position")
        self.expect(f"Your agency’s position on {outcome.code} is recorded.")


@pytest.fixture
def consultation(groups):
    return load.load(now=timezone.now())


@pytest.fixture
def story(consultation, page, live_server):
    page.set_default_timeout(20_000)
    return Story(page, live_server.url)


@pytest.mark.django_db(transaction=True)
def test_from_a_parents_answer_to_a_published_outcome_and_back(story, consultation):
    code = story.answer("parents", accessible=True)
    story.answer("practitioners")
    story.answer("young-people")
    parent = find_response(code=code)
    assert [answer.text for answer in parent.answers.all()] == SAID["parents"]
    about = {one.question: one.choice for one in parent.about.all()}
    assert about == {"relationship": "foster", "phase": "0_to_4"}
    counted = EqualityTally.objects.values_list("survey__slug", "question", "choice", "people")
    assert list(counted) == [("parents", "age", "35_to_44", 1)]

    run = analyse(story, consultation)
    groups = groups_behind(parent, run)
    others = GroupSuggestion.objects.filter(run=run)
    spare = others.exclude(pk__in=[group.pk for group in groups])[:3]
    told, more, friends = (
        story.adopt(groups[0], "Families tell their story once"),
        story.adopt(spare[0], "Told again and again"),
        story.adopt(spare[1], "Friends near home"),
    )
    aside = story.adopt(spare[2], "Parking at the office")
    merge(story, told, more)
    set_aside(story, aside)
    first = draft(story, told, "My family tells our story once, and people remember it.")
    second = draft(story, friends, "I have friends near home.")

    for lead in ("gwen", "hari"):
        for outcome in (first, second):
            story.endorse(outcome, lead)
    void_and_sign_again(story, first, second)

    story.sign_in("ben")
    publish(story, consultation)
    version = FrameworkVersion.objects.get()
    read_framework(story, version, first, second)
    walk_back(version, first, parent, consultation)
    walk_forward(parent, first, run)
    see_what_happened(story, code, told, first)


def analyse(story, consultation) -> AnalysisRun:
    """The officer asks for an analysis and sees it progress, to the end."""
    story.sign_in("asha")
    story.row_of(consultation)
    story.press("Ask for an analysis")
    story.expect("Waiting for the worker")
    with running_worker():
        expect(story.page.locator("body")).to_contain_text("Running:", timeout=300_000)
        expect(story.page.locator("body")).to_contain_text(
            "Themes the machine suggests", timeout=420_000
        )
    run = AnalysisRun.objects.get()
    assert run.state == AnalysisRun.State.DONE
    return run


def groups_behind(response: Response, run: AnalysisRun) -> list[GroupSuggestion]:
    """The suggested groups that hold ideas of a response, in the order of what it says."""
    themes = ThemeSuggestion.objects.filter(
        run=run, idea__answer__response=response, group__isnull=False
    )
    groups = [theme.group for theme in themes.order_by("idea").select_related("group")]
    assert groups, "the parent's words are in no group"
    return list(dict.fromkeys(groups))


def merge(story, keep: Cluster, other: Cluster) -> None:
    story.open("/admin/outcomes/cluster/")
    for cluster in (keep, other):
        story.page.get_by_role("row").filter(has_text=cluster.name).get_by_role("checkbox").check()
    story.page.get_by_label("Action:").select_option("merge_into_one")
    story.press("Go")
    story.page.get_by_label(re.compile(keep.name)).check()
    story.page.get_by_label("Why").fill("They say the same.")
    story.press("Merge")
    story.expect(f"Merged into “{keep.name}”")


def set_aside(story, cluster: Cluster) -> None:
    story.row_of(cluster)
    story.decide("Set aside", Why="About one building, not about children's lives.")
    story.expect("is set aside")


def draft(story, cluster: Cluster, statement: str) -> Outcome:
    """Draft an outcome from a cluster and put it forward."""
    story.row_of(cluster)
    story.follow("Draft an outcome from this cluster")
    story.page.get_by_label("“I” statement").fill(statement)
    story.page.get_by_label("Why these words").fill("It is how people put it.")
    story.press("Draft the outcome")
    outcome = Outcome.objects.get(clusters=cluster)
    story.decide("Put forward", Why="Ready.")
    story.expect("is put forward")
    return outcome


def void_and_sign_again(story, changed: Outcome, other: Outcome) -> None:
    """One word changes: that outcome's endorsements fall away, and only those."""
    story.sign_in("asha")
    story.row_of(changed)
    story.expect("Agreed: every required agency endorses exactly these words.")
    story.follow("Reword")
    box = story.page.get_by_label("“I” statement")
    box.fill(box.input_value().replace("remember", "know"))
    story.page.get_by_label("Why these words").fill("Plainer.")
    story.press("Change the words")
    story.expect("Put forward: the agencies are asked for their positions")
    story.row_of(other)
    story.expect("Agreed: every required agency endorses exactly these words.")
    for lead in ("gwen", "hari"):
        story.endorse(changed, lead)


def publish(story, consultation) -> None:
    story.row_of(consultation)
    story.follow("Publish a framework version")
    story.page.get_by_label("What is new in it").fill("Our first shared outcomes.")
    story.expect("answers and notes with something that nobody has decided about")
    story.page.get_by_label("Why you publish although something is left to do").fill(
        "These were agreed; the rest comes with the next version."
    )
    story.press("Publish")
    story.expect("Framework version 1.0 is published.")


def read_framework(story, version, first: Outcome, second: Outcome) -> None:
    """Anyone reads it, without signing in."""
    story.page.context.clear_cookies()
    story.open("/framework/")
    story.expect("My family tells our story once, and people know it.")
    story.expect("I have friends near home.")
    story.expect("Parking at the office")
    for row in shown(version, first)["people"]:
        story.expect(f"{row['audience']}: {row['count']} people")
    assert_accessible(story.page)


def shown(version: FrameworkVersion, outcome: Outcome) -> dict:
    """The outcome as published."""
    rows = [row for theme in version.snapshot["themes"] for row in theme["outcomes"]]
    return next(row for row in rows if row["code"] == outcome.code)


def walk_back(version, outcome: Outcome, parent: Response, consultation) -> None:
    """From the published words to the spans of the answers they came from."""
    assert snapshot_hash(version.snapshot) == version.sha256
    row = shown(version, outcome)
    assert row["content_hash"] == outcome.wording.content_hash
    clusters = outcome.clusters.all()
    assert all(cluster.state == Cluster.State.ADOPTED for cluster in clusters)
    ideas = list(Idea.objects.filter(membership__cluster__in=clusters).with_source())
    for idea in ideas:
        assert idea.source.text[idea.start : idea.end].strip() == idea.text != ""
    answered = {idea.answer.response for idea in ideas if idea.answer}
    assert parent in answered
    assert all(response.survey.consultation == consultation for response in answered)
    parents = [one for one in answered if one.survey.audience == "parent_carer"]
    assert row["people"][0] == {"audience": "parents and carers", "count": str(len(parents))}


def walk_forward(parent: Response, outcome: Outcome, run: AnalysisRun) -> None:
    """From the parent's words to the published outcome; nothing on the way is orphaned."""
    ideas = Idea.objects.filter(answer__response=parent)
    reached = Outcome.objects.filter(clusters__members__idea__in=ideas).distinct()
    assert outcome in reached
    assert not ThemeSuggestion.objects.filter(reason="").exists()
    suggested = ThemeSuggestion.objects.filter(run=run).values("idea")
    assert not Idea.objects.exclude(pk__in=suggested).exists()
    assert not ClusterIdea.objects.filter(cluster__state=Cluster.State.MERGED).exists()
    assert not Idea.objects.filter(end__lte=F("start")).exists()
    adopted = ThemeSuggestion.objects.filter(group__cluster__isnull=False)
    assert adopted.exists()
    assert not adopted.filter(idea__membership__isnull=True).exists()
    silent = (
        Answer.objects.readable()
        .filter(response__state="sent")
        .exclude(pk__in=Idea.objects.filter(answer__isnull=False).values("answer"))
    )
    assert all(len(answer.text) < 200 for answer in silent), "a long answer gave no idea"


def see_what_happened(story, code: str, cluster: Cluster, outcome: Outcome) -> None:
    """After closing, the parent comes back with the code and reads where each idea went."""
    Survey.objects.filter(slug="parents").update(closes_on=timezone.localdate() - timedelta(days=1))
    story.open("/return/")
    story.page.get_by_label("Your code").fill(code)
    story.press("Continue")
    story.follow("See what happened to what you said")
    story.expect(f"They call the group: {cluster.name}")
    story.expect(outcome.wording.i_statement)
    story.expect("It is published in version 1.0.")
    assert_accessible(story.page)
    assert code not in story.page.url
