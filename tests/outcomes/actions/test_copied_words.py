"""Words that colleagues copied into what they wrote go with the words when these are withheld, and
with the details when these are hidden."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outcomes.actions import (
    adopt,
    answer_comment,
    as_read,
    carry_over,
    comment,
    cut,
    dispose,
    draft_outcome,
    hide,
    raise_concern,
    rename,
    set_aside,
    words_about,
)
from outcomes.models import (
    NAME_WITHHELD,
    Cluster,
    ClusterDecision,
    Comment,
    Disposition,
    GroupSuggestion,
    Idea,
    Job,
    KeptCount,
    OutcomeDecision,
    Wording,
)
from outcomes.repeating import TAKEN_OUT
from surveys.actions import add_note
from surveys.models import AuditEvent, Passage, Redaction, Response, Session
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
WORDS = "My uncle comes into my room at night and I lock it."
COPIED = "comes into my room at night"
NAME = "Comes into my room"


@pytest.fixture
def answer(council, nhs, survey):
    return world.response(survey, WORDS, NOW).answers.get()


@pytest.fixture
def cluster(answer, survey, asha):
    """Named by a person."""
    return world.cluster(survey, asha, NOW)


def withhold(source, by):
    return raise_concern(source=source, category="other", reason="I worry.", by=by, now=NOW)


def say(about, text, by) -> Comment:
    seen = as_read(words_about(about))
    comment(about=about, text=text, seen=seen, by=by, now=NOW)
    return Comment.objects.latest("pk")


def kept(consultation, note, by):
    facts = {"numbers": {}, "sha256": "", "by": by, "at": NOW}
    KeptCount.objects.create(consultation=consultation, note=note, **facts)


@pytest.fixture
def outcome(cluster, asha):
    return draft_outcome(
        clusters=[cluster],
        i_statement="I feel safe.",
        reason=f"One says: {COPIED}.",
        by=asha,
        now=NOW,
    )


def test_comments_and_their_answers_lose_what_was_copied(cluster, outcome, answer, asha, lena):
    rows = [say(one, f"Why “{COPIED}”?", asha) for one in (cluster, outcome)]
    seen = as_read("")
    answer_comment(comment=rows[0], answer=f"Yes, {COPIED}!", seen=seen, by=asha, now=NOW)
    other = say(cluster, "There is a room at night for it.", asha)
    withhold(answer, asha)
    for row in (*rows, other):
        row.refresh_from_db()
    assert {one.text for one in rows} == {f"Why “{TAKEN_OUT}”?"}
    assert rows[0].answer == f"Yes, {TAKEN_OUT}!"
    assert other.text == "There is a room at night for it."


def test_so_do_reasons_and_notes(cluster, outcome, answer, survey, session, asha):
    rename(cluster=cluster, name="Nights", reason=f"It says {COPIED}.", by=asha, now=NOW)
    idea = Idea.objects.exclude(answer=answer).first()
    Disposition.objects.create(
        idea=idea, what="set aside", reason=f"As in: {COPIED}", by=asha, at=NOW
    )
    kept(survey.consultation, f"For {COPIED}", asha)
    Redaction.objects.create(
        passage=idea.answer.passage, start=0, end=2, hides=True, reason=COPIED, by=asha, at=NOW
    )
    Session.objects.filter(pk=session.pk).update(about=f"Somebody said {COPIED}.")
    withhold(answer, asha)
    kinds = (ClusterDecision, Disposition, KeptCount, OutcomeDecision, Redaction, Session, Wording)
    told = "".join(str(list(kind.objects.values())) for kind in kinds)
    assert COPIED not in told
    assert told.count(TAKEN_OUT) == len(kinds)


def test_what_was_said_by_somebody_else_too_stays(cluster, answer, survey, asha):
    row = say(cluster, f"Why “{COPIED}”, and I lock it?", asha)
    second = say(cluster, f"“{COPIED}”", asha)
    world.response(survey, f"The dog {COPIED} too.", NOW)
    withhold(answer, asha)
    for one in (row, second):
        one.refresh_from_db()
    assert second.text == f"“{COPIED}”"
    withhold(Passage.objects.exclude(answer=answer).latest("pk").answer, asha)
    second.refresh_from_db()
    assert second.text == f"“{TAKEN_OUT}”"


def test_what_a_helper_thinks_is_copied_no_more_than_the_answer(cluster, answer, asha):
    Response.objects.filter(pk=answer.response_id).update(
        helper_words="She means that he goes to her."
    )
    answer.response.refresh_from_db()
    row = say(cluster, "She means that he goes often.", asha)
    withhold(answer, asha)
    row.refresh_from_db()
    assert row.text == f"{TAKEN_OUT} often."


def test_so_it_is_with_a_note_of_a_workshop(cluster, session, asha):
    note = add_note(session=session, text="Dad’s friend looks through the door.")
    row = say(cluster, "Friend looks through the door", asha)
    withhold(note, asha)
    row.refresh_from_db()
    assert row.text == TAKEN_OUT


def test_a_name_that_a_person_made_of_the_words_is_withheld_wherever_it_is_quoted(
    cluster, answer, outcome, asha
):
    rename(cluster=cluster, name=COPIED, by=asha, now=NOW)
    row = say(outcome, f"It is drawn from {COPIED.upper()}.", asha)
    rename(cluster=cluster, name="Nights", by=asha, now=NOW)
    rename(cluster=cluster, name=COPIED, by=asha, now=NOW)
    withhold(answer, asha)
    cluster.refresh_from_db()
    row.refresh_from_db()
    assert cluster.name == NAME_WITHHELD
    assert row.text == f"It is drawn from {NAME_WITHHELD}."
    assert COPIED not in str(list(ClusterDecision.objects.values()))


def test_a_cluster_that_the_words_are_in_is_not_called_by_a_few_of_them(
    named, cluster, answer, survey, asha
):
    rename(cluster=named, name="My ROOM at night", by=asha, now=NOW)
    rename(cluster=cluster, name="And I lock", by=asha, now=NOW)
    world.response(survey, "I lock it.", NOW)
    withhold(answer, asha)
    told = [Cluster.objects.get(pk=one.pk).name for one in (named, cluster)]
    assert told == [NAME_WITHHELD, "And I lock"]


def test_it_keeps_a_name_that_others_say_too(named, answer, survey, asha):
    rename(cluster=named, name="My room at night", by=asha, now=NOW)
    world.response(survey, "It is cold in my room at night.", NOW)
    withhold(answer, asha)
    named.refresh_from_db()
    assert named.name == "My room at night"


# Names that the machine gave.


@pytest.fixture
def group(answer, survey, asha):
    made = world.group(world.run(survey.consultation, asha, NOW), "health", [answer])
    GroupSuggestion.objects.filter(pk=made.pk).update(name=NAME)
    made.refresh_from_db()
    return made


@pytest.fixture
def named(group, asha):
    GroupSuggestion.objects.filter(pk=group.pk).update(name="comes into my room")
    group.refresh_from_db()
    return adopt(suggestion=group, name=group.name, by=asha, now=NOW)


def test_a_comment_on_an_outcome_and_a_reason_lose_a_name_of_the_machine(named, answer, asha):
    outcome = draft_outcome(
        clusters=[named], i_statement="I feel safe.", reason=f"From “{NAME}”.", by=asha, now=NOW
    )
    row = say(outcome, f"Why is it from “{NAME}”?", asha)
    other = world.cluster(answer.response.survey, asha, NOW)
    set_aside(cluster=other, reason=NAME, by=asha, now=NOW)
    withhold(answer, asha)
    row.refresh_from_db()
    assert row.text == f"Why is it from “{NAME_WITHHELD}”?"
    told = [OutcomeDecision, Wording, ClusterDecision]
    assert not any(NAME.lower() in str(list(one.objects.values())).lower() for one in told)


def test_a_name_of_one_word_is_taken_from_names_and_not_from_what_people_say(
    survey, asha, council, nhs
):
    answer = world.response(survey, "Rest", NOW).answers.get()
    group = world.group(world.run(survey.consultation, asha, NOW), "health", [answer])
    GroupSuggestion.objects.update(name="Rest")
    made = adopt(suggestion=group, name="Rest", by=asha, now=NOW)
    row = say(made, "The rest of the forest.", asha)
    withhold(answer, asha)
    row.refresh_from_db()
    assert (row.about_words, row.text) == (NAME_WITHHELD, "The rest of the forest.")


def test_a_name_is_withheld_also_where_the_idea_was_cut_otherwise_since(named, answer, asha):
    cut(idea=Idea.objects.get(answer=answer), at=18, by=asha, now=NOW)
    withhold(answer, asha)
    named.refresh_from_db()
    assert named.name == NAME_WITHHELD
    assert GroupSuggestion.objects.get().name == NAME_WITHHELD


@pytest.fixture
def carry(area, asha):
    """Take a cluster's name over into a later consultation."""

    def carry(cluster):
        later = world.consultation(area, by=asha, now=NOW, slug="later")
        asked = world.survey(later, "parent_carer", "later-parents", NOW)
        said = [world.response(asked, "Rest", NOW).answers.get()]
        group = world.group(world.run(later, asha, NOW), "health", said)
        return carry_over(into=later, chosen={cluster: group}, by=asha, now=NOW)[0]

    return carry


def test_a_name_that_was_carried_over_is_withheld_there_too(carry, named, answer, asha):
    carried = carry(named)
    row = say(carried, f"What is “{carried.name}”?", asha)
    withhold(answer, asha)
    carried.refresh_from_db()
    row.refresh_from_db()
    assert carried.name == NAME_WITHHELD
    assert row.text == f"What is “{NAME_WITHHELD}”?"


def test_a_hidden_name_is_hidden_in_what_was_carried_over(carry, named, survey, asha):
    rename(cluster=named, name="What Zebedee needs", by=asha, now=NOW)
    named.refresh_from_db()
    carried = carry(named)
    answer = world.response(survey, "Zebedee is nice.", NOW).answers.get()
    hidden(answer, "Zebedee", asha)
    carried.refresh_from_db()
    assert carried.name == "What […] needs"


# Details that are hidden.


def hidden(answer, words, by, kind="person"):
    start = answer.text.index(words)
    hide(passage=answer.passage, start=start, end=start + len(words), kind=kind, by=by, now=NOW)


def test_a_hidden_sentence_is_not_read_where_part_of_it_was_copied(cluster, outcome, answer, asha):
    row = say(cluster, f"One {COPIED}.", asha)
    kept(answer.passage.consultation, f"For {COPIED}", asha)
    hidden(answer, WORDS, asha, kind="rare")
    row.refresh_from_db()
    assert row.text == f"One {TAKEN_OUT}."
    assert KeptCount.objects.get().note == f"For {TAKEN_OUT}"
    assert COPIED not in str(list(Wording.objects.values()))


def test_a_hidden_name_leaves_the_notes_of_counts_and_reasons_of_words(
    cluster, outcome, survey, asha
):
    Wording.objects.update(reason="Zebedee said so.")
    kept(survey.consultation, "With Zebedee.", asha)
    answer = world.response(survey, "Zebedee is nice.", NOW).answers.get()
    hidden(answer, "Zebedee", asha)
    assert KeptCount.objects.get().note == "With […]."
    assert Wording.objects.get().reason == "[…] said so."


# Elsewhere.


@pytest.mark.parametrize("kind", ["themes", "codebook"])
def test_the_cells_of_a_sheet_that_was_wrong_lose_the_words(answer, survey, asha, kind):
    job = Job.objects.create(
        kind=kind,
        consultation=survey.consultation,
        asked_by=asha,
        asked_at=NOW,
        finished_at=NOW,
        state="failed",
        asked={"problems": [[3, "theme", f"“{COPIED}” is no theme."]], "as": "csv"},
    )
    withhold(answer, asha)
    job.refresh_from_db()
    assert job.asked == {"problems": [[3, "theme", f"“{TAKEN_OUT}” is no theme."]], "as": "csv"}


def test_the_history_of_the_admin_loses_a_name(named, answer, asha):
    made = LogEntry.objects.create(
        user=asha,
        content_type=ContentType.objects.get_for_model(Session),
        object_repr=f"About {named.name}",
        action_flag=2,
    )
    withhold(answer, asha)
    made.refresh_from_db()
    assert made.object_repr == f"About {NAME_WITHHELD}"


def test_what_is_too_long_for_its_field_then_is_shortened(cluster, answer, survey, asha):
    answer.text = "a b c d e f g"
    answer.save()
    ClusterDecision.objects.update(detail=f"{'x' * 390} a b c d e")
    withhold(answer, asha)
    longest = max(len(one.detail) for one in ClusterDecision.objects.all())
    assert longest == 400


def test_withholding_asks_no_more_of_the_database_when_more_is_written(cluster, survey, asha):
    def cost(comments):
        answer = world.response(survey, WORDS, NOW).answers.get()
        for number in range(comments):
            say(cluster, f"More of {comments}.{number}.", asha)
            dispose(of=answer.passage, what="off topic", reason=f"{number}", by=asha, now=NOW)
        with CaptureQueriesContext(connection) as counted:
            withhold(answer, asha)
        return len(counted)

    assert cost(2) == cost(8)
    assert not any(COPIED in str(one) for one in AuditEvent.objects.values())
    assert Cluster.objects.get().name == "Feeling well"
