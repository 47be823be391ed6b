"""What happened to what I said: one's own ideas, and where each is now."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from outcomes.actions import adopt, draft_outcome, merge, rename, set_aside, take_up_again
from outcomes.models import AskedWording, Cluster, Idea, Outcome
from surveys.models import Answer, Picture, Question, Response, Tick
from tests import world
from tests.surveys.pages.conftest import Parent

ADDRESS = "/s/parents/what-happened/"
WORDS = "Friends matter. So does <rest>."


@pytest.fixture
def now():
    """The pages read the real clock."""
    return timezone.now()


@pytest.fixture
def survey(consultation, now):
    return world.survey(consultation, "parent_carer", "parents", now)


@pytest.fixture
def parent(survey) -> Parent:
    """Somebody who sent two ideas in one answer."""
    made = Parent()
    made.begins()
    made.answers(1, WORDS)
    made.sends()
    return made


@pytest.fixture
def closed(survey, now):
    survey.closes_on = timezone.localdate() - timedelta(days=2)
    survey.save()


@pytest.fixture
def group(parent, survey, asha, now):
    """A suggested group of the first of the two ideas, and of the ideas of nine others."""
    earlier = now - timedelta(days=5)
    others = [world.response(survey, f"What neighbour {n} said", earlier) for n in range(9)]
    run = world.run(survey.consultation, asha, timezone.now())
    made = world.group(run, "families", list(Answer.objects.filter(response__in=others)))
    answer = parent.response.answers.get()
    for start, end, of in ((0, 15, made), (16, len(WORDS), None)):
        idea = Idea.objects.create(answer=answer, start=start, end=end, found_by=run)
        idea.suggestions.create(run=run, theme=made.theme, scores={}, reason="Close.", group=of)
    return made


@pytest.fixture
def cluster(group, asha, now) -> Cluster:
    return adopt(suggestion=group, name="Good friends", by=asha, now=now)


def read(parent) -> str:
    """The page's main part, without its tags."""
    page = parent.get(ADDRESS)
    assert page.status_code == 200
    main = page.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def test_before_closing_it_says_when_to_look(parent, survey, cluster):
    words = read(parent)
    assert f"after the survey closes at {survey.closes_words}." in words
    assert "Good friends" not in words
    assert "Friends matter" not in words


def test_after_closing_it_says_that_nothing_is_sorted_yet(parent, closed):
    words = read(parent)
    assert "We have not sorted your answers yet." in words
    assert WORDS in words


def test_each_idea_is_marked_in_ones_own_untouched_words(parent, closed, group):
    page = parent.get(ADDRESS).content.decode()
    assert '<mark class="portal-idea">Friends matter.</mark> <strong>[1]</strong>' in page
    assert "So does &lt;rest&gt;.</mark> <strong>[2]</strong>" in page
    assert read(parent).count("Nobody has sorted this idea yet.") == 2


def test_an_idea_in_a_group_has_the_name_that_people_gave_it(parent, closed, cluster, asha, now):
    rename(cluster=cluster, name="People to be with", by=asha, now=now)
    words = read(parent)
    assert "They call the group: People to be with" in words
    assert words.count("Nobody has sorted this idea yet.") == 1
    assert "what the machine calls it" not in words


def test_a_group_that_was_set_aside_says_why_and_only_the_last_reason(
    parent, closed, cluster, asha, now
):
    set_aside(cluster=cluster, reason="We were hasty.", by=asha, now=now)
    take_up_again(cluster=cluster, reason="", by=asha, now=now)
    assert "This is why" not in read(parent)
    set_aside(cluster=cluster, reason="Parks do this.", by=asha, now=now + timedelta(minutes=1))
    words = read(parent)
    assert "We did not take this group forward. This is why: Parks do this." in words
    assert "hasty" not in words


def test_a_merged_group_is_the_one_that_was_kept(parent, closed, survey, cluster, asha, now):
    other = world.cluster(survey, asha, now - timedelta(days=5), theme="families")
    merge(keep=other, others=[cluster], by=asha, now=now)
    words = read(parent)
    assert "They call the group: Feeling well" in words
    assert "Good friends" not in words


def test_words_that_are_still_a_draft_are_not_shown(parent, closed, cluster, asha, now):
    draft_outcome(
        clusters=[cluster], i_statement="I have friends.", reason="So they said.", by=asha, now=now
    )
    words = read(parent)
    assert "People are writing an outcome from this group." in words
    assert "I have friends." not in words


def test_words_put_forward_are_shown_as_not_yet_published(parent, closed, cluster, asha, now):
    world.proposed(cluster, asha, now, "I have friends.")
    words = read(parent)
    assert "The group helped to shape this outcome: I have friends." in words
    assert "It is not agreed and published yet." in words


def test_published_words_lead_to_the_framework(
    parent, closed, survey, cluster, asha, ben, gwen, council, consultation, now
):
    world.sign(consultation, council, required=True)
    outcome = world.proposed(cluster, asha, now, "I have friends.")
    world.endorse(outcome, council, gwen, now)
    world.publish(consultation, ben, now)
    words = read(parent)
    assert "I have friends. It is published in version 1.0." in words
    page = parent.get(ADDRESS).content.decode()
    assert f'href="/framework/#outcome-{outcome.code.lower()}"' in page
    world.reworded(outcome, "I have good friends.", asha, now)
    assert "I have good friends." not in read(parent)


def test_a_retired_outcome_is_not_shown(parent, closed, cluster, asha, now):
    outcome = world.proposed(cluster, asha, now, "I have friends.")
    Outcome.objects.filter(pk=outcome.pk).update(state="retired")
    assert "I have friends." not in read(parent)


def test_an_answer_without_ideas_says_so_once_it_was_read(parent, closed, survey, asha):
    world.run(survey.consultation, asha, timezone.now())
    assert "We found no idea here that can be sorted." in read(parent)


def test_a_run_from_before_it_was_sent_has_not_read_it(parent, closed, survey, asha):
    world.run(survey.consultation, asha, timezone.now() - timedelta(days=1))
    assert "We have not sorted your answers yet." in read(parent)


def test_it_shows_nobody_elses_words_no_numbers_and_no_officer(parent, closed, cluster, asha):
    words = read(parent)
    assert "neighbour" not in words
    assert "asha" not in words
    shown = words.replace(parent.response.reference, "").replace("01632 960000", "")
    assert set(re.findall(r"\d+", shown)) == {"1", "2"}


def test_the_own_verdict_on_a_draft_outcome_and_its_words_now(
    parent, closed, survey, cluster, asha, now
):
    outcome = world.proposed(cluster, asha, now, "I have friends.")
    question = Question.objects.create(survey=survey, order=4, construct="right", label="Right?")
    AskedWording.objects.create(question=question, wording=outcome.wording)
    Answer.objects.create(
        response=parent.response, question=question, choice="nearly", text="Say good friends."
    )
    words = read(parent)
    assert "We asked you about these words: I have friends." in words
    assert "You said: Nearly" in words
    assert "The words have not changed." in words
    world.reworded(outcome, "I have good friends.", asha, now)
    assert "The words are now: I have good friends." in read(parent)


def test_chosen_pictures_are_shown_apart(parent, closed, survey):
    picture = Picture.objects.create(
        question=survey.questions.first(), label="A dog", drawing="dog"
    )
    Tick.objects.create(response=parent.response, picture=picture)
    assert "You chose these pictures." in read(parent)
    assert "A dog" in read(parent)


def test_a_draft_and_a_stranger_see_nothing(survey, parent):
    other = Parent()
    assert other.get(ADDRESS).url == "/s/parents/sent/"
    other.begins()
    assert other.get(ADDRESS).url == "/s/parents/sent/"


def test_answers_taken_back_have_no_trace(parent, closed):
    Response.objects.update(state="withdrawn", withdrawn_at=timezone.now())
    assert parent.get(ADDRESS).url == "/s/parents/sent/"


def test_the_number_of_queries_does_not_grow_with_the_ideas(
    parent,
    closed,
    survey,
    cluster,
    asha,
    now,
    django_assert_num_queries,
    django_assert_max_num_queries,
):
    world.proposed(cluster, asha, now, "I have friends.")
    with django_assert_max_num_queries(40) as few:
        parent.get(ADDRESS)
    for turn in range(3):
        question = survey.questions.all()[turn]
        answer, _ = Answer.objects.update_or_create(
            response=parent.response, question=question, defaults={"text": "More words. " * 40}
        )
        run = world.run(survey.consultation, asha, now)
        group = world.group(run, "health", [])
        for n in range(1, 9):
            idea = Idea.objects.create(answer=answer, start=30 * n, end=30 * n + 9, found_by=run)
            idea.suggestions.create(
                run=run, theme=group.theme, scores={}, reason="Close.", group=group
            )
        more = adopt(suggestion=group, name=f"More {turn}", by=asha, now=now)
        world.proposed(more, asha, now, f"I have {turn}.")
    with django_assert_num_queries(len(few)):
        parent.get(ADDRESS)
