"""The queue shows words short enough to be read there, and clears what was read."""

import pytest

from outcomes.actions import clear_concern, raise_concern
from surveys.models import AuditEvent, Concern
from tests import world

QUEUE = "/admin/surveys/concern/"
SHORT, LONG = "The bus is killing me.", "He said it again. " * 60


@pytest.fixture
def sol(groups):
    return world.person("sol", "Safeguarding lead")


@pytest.fixture
def raised(survey, asha, now):
    """A concern about a short answer, and one about a long one."""
    answers = [world.response(survey, text, now).answers.get() for text in (SHORT, LONG)]
    return [
        raise_concern(source=answer, category="other", reason="Look.", by=asha, now=now)
        for answer in answers
    ]


def clear(client, concerns):
    data = {"action": "clear_read", "_selected_action": [one.pk for one in concerns]}
    return client.post(QUEUE, data, follow=True).content.decode()


def test_short_words_are_read_in_the_list_and_long_ones_opened(client, sol, raised):
    client.force_login(sol)
    page = client.get(QUEUE).content.decode()
    assert SHORT in page
    assert "… (open to read on)" in page


def test_what_was_read_in_the_list_is_cleared_with_a_record_of_it(client, sol, raised):
    client.force_login(sol)
    page = clear(client, raised)
    assert "1 cleared: others may read them." in page
    assert f"too long to be read here (open each): {raised[1].pk}." in page
    short, long = (Concern.objects.get(pk=one.pk) for one in raised)
    assert (short.state, long.state) == ("cleared", "new")
    assert short.steps.get().reason.startswith("Read in the queue")
    event = AuditEvent.objects.get(what="concern: cleared: others may read it")
    assert event.about == f"surveys.concern {short.pk}"


def test_what_somebody_cleared_meanwhile_is_named_and_the_rest_is_cleared(
    client, sol, raised, survey, asha, now
):
    also = world.response(survey, "A cat.", now).answers.get()
    other = raise_concern(source=also, category="other", reason="Look.", by=asha, now=now)
    clear_concern(concern=raised[0], reason="Read by another.", by=sol, now=now)
    client.force_login(sol)
    page = clear(client, [raised[0], other])
    assert "1 cleared: others may read them." in page
    assert f"for somebody cleared them before: {raised[0].pk}." in page
    assert raised[0].steps.get().reason == "Read by another."


def test_what_the_list_shows_is_read_and_so_it_is_an_event(client, sol, raised):
    client.force_login(sol)
    client.get(QUEUE)
    event = AuditEvent.objects.first()
    assert (event.what, event.by) == ("concern: read the original", sol)
    assert {str(one.pk) for one in raised} == set(event.detail.split(": ")[1].split(", "))
    client.get(QUEUE, {"state__exact": "cleared"})
    assert AuditEvent.objects.first() == event


def test_nobody_else_clears_from_the_list(client, asha, raised):
    client.force_login(asha)
    assert client.post(QUEUE, {"action": "clear_read"}).status_code == 403
    assert Concern.objects.open().count() == 2


def test_what_nobody_has_read_stands_first_and_the_gravest_of_it(client, sol, raised, now):
    first, second = raised
    Concern.objects.filter(pk=first.pk).update(state="seen", score=1)
    worse = Concern.objects.create(category="sexual", reason="x", raised_at=now, score=0.9)
    Concern.objects.filter(pk=second.pk).update(score=0.6)
    assert list(Concern.objects.gravest_first()) == [worse, second, first]
