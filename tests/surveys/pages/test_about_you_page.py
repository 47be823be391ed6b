"""The page about oneself: after the last question, all of it optional, nothing chosen before."""

import pytest
from django.utils import timezone

from surveys.actions import fingerprint
from surveys.models import Response
from tests import world

ADDRESS = "/s/parents/about-you/"
CHOSEN = {"about-phase": "primary", "about-relationship": "-", "help": "read", "helper": "friend"}


@pytest.fixture
def young(parent, survey):
    """The same survey, for young people."""
    survey.audience = "young_person"
    survey.save()
    return parent


def said(parent) -> dict[str, str]:
    return dict(parent.response.about.values_list("question", "choice"))


def shown(page) -> str:
    return " ".join(page.content.decode().split())


def test_nothing_is_chosen_and_everything_can_be_left_empty(parent):
    words = shown(parent.get(ADDRESS))
    assert " checked" not in words
    assert words.count("I would rather not answer") == 4
    assert parent.describes().url == "/s/parents/check/"
    assert said(parent) == {}
    assert parent.response.help == ""


def test_what_is_chosen_is_stored_shown_and_read_back(parent):
    assert parent.describes(**CHOSEN).url == "/s/parents/check/"
    assert said(parent) == {"phase": "primary"}
    assert (parent.response.help, parent.response.helper) == ("read", "friend")
    words = shown(parent.get(ADDRESS))
    assert words.count(" checked") == 3
    assert 'value="primary" checked' in words
    assert "At primary school age" in shown(parent.get("/s/parents/check/"))


def test_a_choice_can_be_made_empty_again(parent):
    parent.describes(**CHOSEN)
    parent.describes(**{"about-phase": "-", "help": "-", "helper": "-"})
    assert said(parent) == {}
    assert (parent.response.help, parent.response.helper) == ("", "")


def test_only_young_peoples_helpers_have_a_box_of_their_own(parent, survey):
    assert "helper_words" not in shown(parent.get(ADDRESS))
    survey.audience = "young_person"
    survey.save()
    assert "helper_words" in shown(parent.get(ADDRESS))


def test_a_helpers_view_is_kept_apart(young):
    young.answers(1, "Dog")
    young.describes(help="for", helper="family", helper_words="I think <she> means company")
    assert young.response.helper_words == "I think <she> means company"
    assert young.stored(1) == "Dog"
    assert "I think &lt;she&gt; means company</textarea>" in shown(young.get(ADDRESS))


def test_a_refused_view_is_shown_back_with_all_that_was_chosen(young):
    page = young.describes(
        **{"about-age": "11_to_13", "help": "none", "helper_words": "My <view> "}
    )
    words = shown(page)
    assert page.status_code == 422
    assert "You said that nobody helped." in words
    assert "My &lt;view&gt; </textarea>" in words
    assert 'value="11_to_13" checked' in words
    assert "<title>Error: About you:" in words
    assert said(young) == {}


def test_a_made_up_band_is_refused_with_a_sentence(parent):
    page = parent.describes(**{"about-phase": "x"})
    assert page.status_code == 422
    assert "There is a problem" in shown(page)
    assert parent.describes(**{"about-made-up": "x"}).status_code == 302
    assert said(parent) == {}


def test_saving_and_finishing_later_saves_it(parent):
    assert parent.describes(go="later", **CHOSEN).url == "/s/parents/later/"
    assert said(parent) == {"phase": "primary"}


def test_the_language_can_be_changed_without_losing_a_choice(parent):
    assert parent.describes(language="pl", **CHOSEN).url == ADDRESS
    words = shown(parent.get(ADDRESS))
    assert '<html lang="pl"' in words
    assert 'value="primary" checked' in words


def test_what_another_person_began_is_not_mixed_with_it(young):
    old = young.of
    young.post("/s/parents/", anew="1")
    page = young.describes(of=old, help="read", helper_words="My view")
    assert page.status_code == 409
    assert "This is not saved." in shown(page)
    assert "My view</textarea>" in shown(page)
    assert young.response.help == ""
    assert page.context["form"]["of"].value() == young.of


def test_without_a_code_nothing_is_saved_and_words_are_shown_back(young, stranger):
    page = stranger.post(ADDRESS, helper_words="My view", of="")
    assert page.status_code == 409
    assert "My view</textarea>" in shown(page)
    assert Response.objects.count() == 1
    assert stranger.get(ADDRESS).url == "/return/"


def test_a_view_typed_after_closing_or_sending_is_shown_back(young, closed):
    young.answers(1, "Dog")
    of = young.of
    closed()
    page = young.describes(of=of, helper_words="My view")
    assert page.status_code == 403
    assert "My view" in shown(page)
    assert young.get(ADDRESS).status_code == 403


def test_sent_answers_lead_to_the_receipt(young):
    young.answers(1, "Dog")
    of = young.of
    young.sends()
    assert young.get(ADDRESS).url == "/s/parents/sent/"
    page = young.describes(of=of, helper_words="My view")
    assert page.status_code == 409
    assert "My view" in shown(page)


def test_practitioners_are_asked_for_their_sector_and_role(stranger, consultation):
    world.survey(consultation, "practitioner", "practitioners", timezone.now())
    stranger.post("/s/practitioners/")
    words = shown(stranger.get("/s/practitioners/about-you/"))
    assert "Where do you work?" in words
    assert "What is your role?" in words
    assert "help" not in stranger.get("/s/practitioners/about-you/").context["form"].fields
    of = fingerprint(stranger.response.reference)
    chosen = {"of": of, "about-sector": "health", "about-level": "leader"}
    assert stranger.post("/s/practitioners/about-you/", **chosen).url == "/s/practitioners/check/"
    assert said(stranger) == {"sector": "health", "level": "leader"}
