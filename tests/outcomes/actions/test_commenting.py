"""Comments on clusters and drafts: said once, about words that were read, and answered."""

import pytest

from outcomes.actions import (
    MOST_IN_A_COMMENT,
    adopt,
    answer_comment,
    as_read,
    comment,
    rename,
    retire,
    set_aside,
    words_about,
)
from outcomes.actions.curating import AlreadyDecided
from outcomes.actions.drafting import WordsChanged
from outcomes.models import NAME_WITHHELD, Comment
from outcomes.withholding import withhold
from surveys.models import Answer, AuditEvent
from surveys.refusals import BadText
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def cluster(council, nhs, survey, asha, now):
    return world.cluster(survey, asha, now)


@pytest.fixture
def cora(groups):
    return world.person("cora", "Co-production reviewer")


@pytest.fixture
def say(cora, now):
    def say(about, text="Say “sleep” too.", seen=None):
        seen = as_read(words_about(about)) if seen is None else seen
        comment(about=about, text=text, seen=seen, by=cora, now=now)
        return Comment.objects.latest("pk")

    return say


def answered(row, text, by, now):
    seen = as_read(row.answer)
    return answer_comment(comment=row, answer=text, seen=seen, by=by, now=now)


def test_a_comment_keeps_the_words_that_it_is_about(say, cluster, asha, now):
    row = say(cluster)
    rename(cluster=cluster, name="Being well", reason="Plainer.", by=asha, now=now)
    row.refresh_from_db()
    assert row.about_words == "Feeling well"
    outcome = world.proposed(cluster, asha, now)
    assert say(outcome).about_words == "I feel well."


def test_words_that_changed_meanwhile_are_read_first(say, cluster, asha, now):
    seen = as_read(words_about(cluster))
    rename(cluster=cluster, name="Being well", reason="Plainer.", by=asha, now=now)
    with pytest.raises(WordsChanged, match="Read them again"):
        say(cluster, seen=seen)
    assert not Comment.objects.exists()


def test_the_same_sent_twice_is_one(say, cluster):
    say(cluster)
    with pytest.raises(AlreadyDecided, match="exactly this already"):
        say(cluster, "  Say “sleep” too.\r\n")
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [(" \x00\r\n", "Write your comment"), ("a" * (MOST_IN_A_COMMENT + 1), "2,001")],
)
def test_an_empty_and_an_endless_comment_are_refused(say, cluster, text, sentence):
    with pytest.raises(BadText, match=sentence):
        say(cluster, text)


def test_line_ends_count_once(say, cluster):
    assert len(say(cluster, "a\r\n" * 999 + "z").text) == 1999


def test_what_is_worked_on_no_more_takes_no_comments(say, cluster, asha, now):
    outcome = world.proposed(cluster, asha, now)
    retire(outcome=outcome, reason="Said twice.", by=asha, now=now)
    set_aside(cluster=cluster, reason="Few said it.", by=asha, now=now)
    for thing in (outcome, cluster):
        with pytest.raises(AlreadyDecided, match="no more comments"):
            say(thing)


def test_the_newest_answer_stands_and_each_is_an_event(say, cluster, asha, ben, now):
    row = answered(say(cluster), "We will.", asha, now)
    row = answered(row, "We did.", ben, now)
    assert (row.answer, row.answered_by) == ("We did.", ben)
    with pytest.raises(BadText, match="says already"):
        answered(row, "We did.", ben, now)
    kept = AuditEvent.objects.filter(what__startswith="comment").order_by("number")
    assert [one.what for one in kept] == [
        "comment: made",
        "comment: answered",
        "comment: answer corrected",
    ]
    assert not any(words in str(kept.values()) for words in ("sleep", "We will", "We did"))


def test_two_who_answer_at_once_do_not_write_over_each_other(say, cluster, asha, ben, now):
    row = say(cluster)
    answered(row, "We will.", asha, now)
    with pytest.raises(WordsChanged, match="meanwhile"):
        answered(row, "We did.", ben, now)


def test_a_name_that_is_withheld_is_withheld_in_comments_too(say, survey, asha, now):
    world.response(survey, "He hurts me at night", now)
    answer = Answer.objects.get()
    run = world.run(survey.consultation, asha, now)
    group = world.group(run, "health", [answer])
    type(group).objects.update(name="He hurts me at night")
    group.refresh_from_db()
    made = adopt(suggestion=group, name=group.name, by=asha, now=now)
    row = say(made, "Why “he hurts me at night”?")
    withhold(source=answer, category="other", score=1, reason="Look.", by=asha, now=now)
    row.refresh_from_db()
    assert row.about_words == NAME_WITHHELD
    assert row.text == f"Why “{NAME_WITHHELD}”?"
