"""Programs are held back; a person who is held back by mistake keeps every word."""

import pytest

from surveys.limits import LIMITS, held_back
from surveys.models import Area, Response


@pytest.fixture
def crowded(rf):
    """As many have begun from here as may."""
    for _ in range(LIMITS["begin"].most):
        held_back(rf.get("/"), "begin")


def test_starting_is_refused_with_what_to_do_instead(stranger, survey, crowded):
    Area.objects.update(contact_phone="01632 960123")
    page = stranger.post("/s/parents/", form="standard", source="poster")
    words = page.content.decode()
    assert page.status_code == 429
    assert "Wait a minute, then press the button again." in words
    assert "01632 960123" in words
    assert 'name="source" value="poster"' in words
    assert not Response.objects.exists()


def test_somebody_who_has_begun_is_not_held_back(parent, crowded):
    assert parent.answers(1, "Words").url == "/s/parents/2/"
    assert parent.post("/s/parents/").status_code == 302


def test_words_that_would_begin_a_response_are_shown_back(stranger, crowded):
    page = stranger.post("/s/parents/2/", text="Not <lost>", seen="")
    words = page.content.decode()
    assert page.status_code == 429
    assert "Not &lt;lost&gt;</textarea>" in words
    assert "Wait a minute" in words
    assert not Response.objects.exists()


def test_the_trap_is_out_of_everybodys_way(parent):
    words = " ".join(parent.get("/s/parents/1/").content.decode().split())
    trap = words.split('<div class="portal-trap" aria-hidden="true">')[1].split("</div>")[0]
    assert 'autocomplete="off"' in trap
    assert 'tabindex="-1"' in trap
    assert "portal-trap" not in parent.get("/s/parents/2/").content.decode()


def test_who_walks_into_the_trap_saves_nothing_and_keeps_the_words(parent):
    page = parent.answers(1, "My words", topic="Cheap watches")
    words = page.content.decode()
    assert page.status_code == 429
    assert "It looked as if a program sent it." in words
    assert "My words</textarea>" in words
    assert "Cheap watches" not in words
    assert parent.stored(1) == ""
    assert parent.answers(1, "My words", topic="").url == "/s/parents/2/"
