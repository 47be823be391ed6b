"""What is left to do is seen before anything is published, and why it was all the same is kept."""

from datetime import timedelta

import pytest

from outcomes.actions import code, dispose, preview, publish_framework, raise_concern, snapshot_hash
from outcomes.actions.publishing import PreviewOutdated
from outcomes.models import FrameworkVersion
from outcomes.unfinished import Left, in_words, left_to_do
from surveys.models import Answer, AuditEvent, Passage
from surveys.refusals import BadText
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
WHY = "The board meets today."


@pytest.fixture
def agreed(outcome, council, nhs, gwen, hari):
    world.endorse(outcome, council, gwen, NOW)
    world.endorse(outcome, nhs, hari, NOW)
    return outcome


@pytest.fixture
def unread(agreed, survey):
    """Said since; nobody has decided about it."""
    return world.response(survey, "Somebody to talk to", NOW).answers.get()


def publish(consultation, by, **facts):
    seen = snapshot_hash(preview(consultation=consultation))
    facts = {"left_seen": in_words(left_to_do(consultation)), "despite": ""} | facts
    return publish_framework(
        consultation=consultation, seen=seen, change_summary="New.", by=by, now=NOW, **facts
    )


def form(consultation, **changes):
    return {
        "change_summary": "The first.",
        "minor": "",
        "seen": snapshot_hash(preview(consultation=consultation)),
        "left_seen": in_words(left_to_do(consultation)),
    } | changes


@pytest.fixture
def opened(visit, consultation):
    def opened(who, **changes):
        data = form(consultation, **changes) if changes else None
        name = "outcomes_frameworkversion_publish"
        return visit(who, name, consultation.pk, data=data).content.decode()

    return opened


def events():
    return list(
        AuditEvent.objects.filter(about__startswith="outcomes.frameworkversion").values_list(
            "what", "detail"
        )
    )


def test_each_kind_of_what_is_left_is_counted(agreed, survey, group, note, asha):
    Passage.everything.update(screened_at=NOW - timedelta(hours=1))
    said = [
        world.response(survey, words, NOW).answers.get() for words in ("n/a", "Mine", "He hits")
    ]
    Passage.everything.filter(answer=said[0]).update(screened_at=NOW - timedelta(hours=1))
    dispose(of=said[1].passage, what="case", by=asha, now=NOW)
    raise_concern(source=said[2], category="other", reason="I worry.", by=asha, now=NOW)
    world.cluster(survey, asha, NOW)
    ideas = [one.idea for one in group.members.all()]
    code(idea=ideas[0], themes=[group.theme], by=asha, now=NOW)
    Passage.everything.filter(note=note).update(screened_at=NOW + timedelta(hours=1))
    assert left_to_do(survey.consultation) == {
        Left.TO_READ: 3,  # two answers of the group, and the note
        Left.NOTHING_FOUND: 1,
        Left.WITHHELD: 1,
        Left.NO_THEME: 2,
        Left.NO_CLUSTER: 1,
        Left.NO_OUTCOME: 2,
        Left.TO_HAND_ON: 1,
    }


def test_a_case_that_is_withheld_is_counted_as_withheld_alone(agreed, unread, consultation, asha):
    dispose(of=unread.passage, what="case", by=asha, now=NOW)
    raise_concern(source=unread, category="other", reason="I worry.", by=asha, now=NOW)
    assert left_to_do(consultation) == {Left.WITHHELD: 1}


def test_where_nothing_is_left_no_reason_is_asked(agreed, opened, consultation, ben):
    shown = opened(ben)
    assert "Nothing: everything that was said has its place." in shown
    assert 'name="despite"' not in shown
    opened(ben, despite="Not asked for")
    assert [what for what, _ in events()] == ["published"]


def test_what_is_left_is_shown_with_its_lists(unread, opened, consultation, ben):
    shown = opened(ben)
    assert "<strong>1</strong> answers and notes with something that nobody has decided" in shown
    assert f"/admin/surveys/passage/?of={consultation.pk}&amp;standing=to+read" in shown
    assert f"/admin/outcomes/disposition/ledger/{consultation.pk}/" in shown
    assert 'name="despite"' in shown


def test_every_link_opens_for_who_only_publishes(
    unread, visit, client, consultation, survey, group, asha
):
    dispose(
        of=world.response(survey, "Mine", NOW).answers.get().passage, what="case", by=asha, now=NOW
    )
    raise_concern(source=Answer.objects.last(), category="other", reason="So.", by=asha, now=NOW)
    pam = world.person("pam", "Publisher")
    page = visit(pam, "outcomes_frameworkversion_publish", consultation.pk)
    links = [step.url for step in page.context["steps"] if step.url]
    assert len(links) >= 2
    assert all(client.get(link).status_code == 200 for link in links)
    assert "/admin/surveys/concern/" not in page.content.decode()
    both = world.person("lou", "Publisher", "Safeguarding lead")
    page = visit(both, "outcomes_frameworkversion_publish", consultation.pk)
    assert "/admin/surveys/concern/" in page.content.decode()


def test_with_something_left_a_reason_is_needed_and_kept(unread, opened, consultation, ben):
    shown = opened(ben, minor="")
    assert "Something is left to do. Say why you publish all the same." in shown
    assert "The first." in shown
    assert not FrameworkVersion.objects.exists()
    opened(ben, despite=WHY)
    version = FrameworkVersion.objects.get()
    assert events() == [
        ("published with something left to do", f"to read 1. Why all the same: {WHY}"),
        ("published", version.sha256),
    ]


def test_the_reason_is_not_public_and_agency_leads_do_not_see_it(
    unread, visit, client, consultation, asha, ben, gwen
):
    version = publish(consultation, ben, despite=WHY)
    assert WHY not in str(version.snapshot)
    assert WHY not in client.get("/framework/").content.decode()
    for who, sees in ((asha, True), (ben, True), (gwen, False)):
        shown = visit(who, "outcomes_frameworkversion_change", version.pk).content.decode()
        assert (WHY in shown) == sees, who


def test_what_changed_since_the_page_was_shown_is_shown_again(
    unread, opened, consultation, survey, ben
):
    sent = form(consultation, despite=WHY)
    world.response(survey, "One more", NOW)
    shown = opened(ben, **sent)
    assert "What is left to do changed while you were reading." in shown
    assert "<strong>2</strong> answers and notes" in shown
    assert f"{WHY}</textarea>" in shown
    assert 'name="left_seen" value="to read 2"' in shown
    assert not FrameworkVersion.objects.exists()


def test_the_action_has_the_last_word(unread, consultation, ben):
    with pytest.raises(PreviewOutdated):
        publish(consultation, ben, left_seen="", despite=WHY)
    with pytest.raises(BadText, match="Say why"):
        publish(consultation, ben, despite=" \x00\n")
    with pytest.raises(BadText, match="250 characters or fewer"):
        publish(consultation, ben, despite="x" * 251)
    publish(consultation, ben, despite="x" * 250)
    assert events()[0][1].endswith("x" * 250)


def test_counting_it_asks_three_questions(unread, consultation, django_assert_num_queries):
    with django_assert_num_queries(3):
        left_to_do(consultation)
