"""What was decided for many is taken back on a page of its own, offered where it was decided."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from outcomes.actions import code, code_several
from outcomes.admin.inbox_undo import undo_address
from outcomes.models import Coding, Idea
from surveys.models import Answer
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
LIST, UNDO = "outcomes_idea_changelist", "outcomes_idea_undo-together"


@pytest.fixture
def ideas(survey, asha):
    said = [world.response(survey, f"Sleep at night, {number}", NOW) for number in range(3)]
    answers = list(Answer.objects.filter(response__in=said).order_by("pk"))
    world.group(world.run(survey.consultation, asha, NOW), "health", answers)
    return list(Idea.objects.order_by("pk"))


@pytest.fixture
def decided(visit, asha, ideas):
    """Asha accepted for all three what the machine suggests."""
    sent = {"ids": ",".join(str(one.pk) for one in ideas), "what": "accept"}
    seen = visit(asha, "outcomes_idea_together", data=sent).context["plan"]["seen"]
    return visit(asha, "outcomes_idea_together", data=sent | {"seen": seen})


def text(page) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())))


def coded():
    return Coding.objects.current().filter(theme__isnull=False).count()


def test_the_list_offers_it_and_a_page_says_what_changes_back(client, decided):
    page = client.get(decided.url)
    assert "You decided about 3 ideas together at 12:00. Undo for all 3…" in text(page)
    sure = client.get(page.context["just_together"]["address"])
    assert "Decided together by asha, 22 November 2026, 12:00." in text(sure)
    assert "3 of 3 ideas will change back" in text(sure)
    assert coded() == 3
    done = client.post(sure.wsgi_request.get_full_path(), {"seen": sure.context["found"].seen})
    page = client.get(done.url)
    assert "3 ideas are as before." in text(page)
    assert "Undo for" not in text(page)
    assert coded() == 0


def test_what_was_decided_otherwise_since_is_counted_and_stays(
    client, decided, ideas, area, asha, ben
):
    families = area.themes.get(code="families")
    code(idea=ideas[0], themes=[families], by=ben, now=NOW + timedelta(minutes=1))
    address = undo_address(asha.pk, NOW)
    sure = client.get(address)
    assert "2 of 3 ideas will change back" in text(sure)
    assert "1 stay as they are: they were decided otherwise since." in text(sure)
    client.post(address, {"seen": sure.context["found"].seen})
    assert Coding.objects.current().get(theme__isnull=False).theme == families


def test_an_old_page_and_a_second_time_change_nothing(client, decided, ideas, area, asha, ben):
    address = undo_address(asha.pk, NOW)
    seen = client.get(address).context["found"].seen
    code(idea=ideas[0], themes=[area.themes.get(code="families")], by=ben, now=NOW)
    for sent in (seen, "", "x"):
        again = client.post(address, {"seen": sent})
        assert "Look at what will change back now." in text(client.get(again.url))
    assert coded() == 3
    seen = client.get(address).context["found"].seen
    client.post(address, {"seen": seen})
    assert "Nothing: none of it stands any longer." in text(client.get(address))
    client.post(address, {"seen": client.get(address).context["found"].seen})
    assert coded() == 1


@pytest.mark.parametrize(
    "query", ["", "?by=x&at=y", "?by=1&at=2026-13-41T99:00", "?by=1&at=2026-11-22T12:00", "?by=²"]
)
def test_what_no_page_links_to_leads_back_to_the_list(visit, client, asha, decided, query):
    done = visit(asha, UNDO, query=query)
    assert done.url == reverse(f"admin:{LIST}")
    assert "nothing left to be read" in text(client.get(done.url))
    assert coded() == 3


def test_it_is_for_those_who_code(visit, client, asha, decided):
    reader = world.person("rob", "Co-production reviewer")
    query = "?" + undo_address(asha.pk, NOW).partition("?")[2]
    assert visit(reader, UNDO, query=query).status_code == 403
    assert visit(reader, UNDO, query=query, data={"seen": "x"}).status_code == 403
    assert visit(asha, UNDO, query=query).status_code == 200


def test_the_history_of_an_idea_leads_there_later(visit, asha, ideas, area):
    code_several(ideas=ideas, themes=[area.themes.get(code="health")], by=asha, now=NOW)
    page = visit(asha, "surveys_passage_change", ideas[0].answer.passage.pk).content.decode()
    assert undo_address(asha.pk, NOW) in unescape(page)
