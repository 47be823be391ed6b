"""Pictures to choose from: in easy read and for under 11s, kept apart from words."""

import hashlib
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from surveys.models import Answer, Picture, QuestionWording, Tick
from surveys.said import VERDICTS
from surveys.worded import DRAWINGS

PNG = b"\x89PNG\r\n\x1a\n" + b"not really" * 3


@pytest.fixture
def survey(survey):
    """Easy read too, with three pictures to the first question."""
    for question in survey.questions.all():
        QuestionWording.objects.create(question=question, text="Easy?", form="easy_read")
    for order, name in enumerate(("home", "friends")):
        Picture.objects.create(
            question=survey.questions.first(), drawing=name, label=DRAWINGS[name], order=order
        )
    Picture.objects.create(
        question=survey.questions.first(), image=PNG, label="My <swing>", order=2
    )
    return survey


@pytest.fixture
def easy(parent):
    parent.post("/s/parents/", form="easy_read")
    assert parent.response.wording_form == "easy_read"
    return parent


def ticked(parent) -> list[str]:
    labels = parent.response.ticks.order_by("picture__order")
    return list(labels.values_list("picture__label", flat=True))


def key(label: str) -> str:
    return str(Picture.objects.get(label=label).pk)


def test_easy_read_shows_each_picture_with_its_word(easy):
    words = easy.get("/s/parents/1/").content.decode()
    assert words.count('type="checkbox"') == 3
    assert "Choose as many as you like." in words
    assert "drawings/home" in words
    assert 'alt=""' in words
    assert "My &lt;swing&gt;" in words
    assert "You can write your own words here" in words


def test_other_questions_and_the_standard_form_show_none(easy):
    assert 'type="checkbox"' not in easy.get("/s/parents/2/").content.decode()
    easy.answers(1, "", form="standard")
    assert 'type="checkbox"' not in easy.get("/s/parents/1/").content.decode()


def test_pictures_and_words_are_stored_apart(easy):
    easy.answers(1, "My dog", ticks=[key("Home"), key("My <swing>")])
    assert ticked(easy) == ["Home", "My <swing>"]
    assert Answer.objects.get().text == "My dog"
    page = easy.get("/s/parents/1/").content.decode()
    assert page.count(" checked") == 2


def test_pictures_alone_are_an_answer(easy):
    easy.answers(1, "", ticks=[key("Home")])
    assert not Answer.objects.exists()
    assert "Home" in easy.get("/s/parents/check/").content.decode()
    assert easy.post("/s/parents/", form="easy_read").url == "/s/parents/2/"
    easy.sends()
    assert easy.response.is_sent


def test_taking_all_ticks_away_takes_them_away(easy):
    easy.answers(1, "", ticks=[key("Home")])
    easy.answers(1, "")
    assert ticked(easy) == []


def test_what_another_tab_ticked_stays(easy):
    """Each tab takes away only what it showed as ticked."""
    empty = easy.get("/s/parents/1/").context["form"]["pictured"].value()
    easy.answers(1, "", ticks=[key("Home")])
    with_home = easy.get("/s/parents/1/").context["form"]["pictured"].value()
    easy.answers(1, "", ticks=[key("Friends")], pictured=empty)
    assert ticked(easy) == ["Home", "Friends"]
    easy.answers(1, "", ticks=[], pictured=with_home)
    assert ticked(easy) == ["Friends"]


def test_ticks_are_kept_where_the_code_is_gone_and_new_answers_are_begun(easy):
    easy.answers(1, "", ticks=[key("Home")])
    shown = easy.get("/s/parents/1/").context["form"]["pictured"].value()
    easy.client.cookies.clear()
    easy.post("/s/parents/1/", text="", ticks=[key("Home")], pictured=shown)
    assert ticked(easy) == ["Home"]


def test_the_standard_form_leaves_ticks_as_they_are(easy):
    easy.answers(1, "", ticks=[key("Home")], form="standard")
    easy.answers(1, "Now in words")
    assert ticked(easy) == ["Home"]


def test_a_refused_text_shows_the_ticks_back(easy):
    page = easy.answers(1, "x" * 2001, ticks=[key("Friends")])
    words = " ".join(page.content.decode().split())
    assert page.status_code == 422
    assert f'value="{key("Friends")}" checked' in words
    assert words.count(" checked") == 1
    assert ticked(easy) == []


@pytest.mark.parametrize("made_up", ["0", "-1", "x", "9" * 40, "\x00", "1e3"])
def test_made_up_pictures_are_not_stored(easy, made_up):
    assert easy.answers(1, "Words", ticks=[made_up, key("Home")]).status_code == 302
    assert ticked(easy) == ["Home"]


def test_a_picture_of_another_question_is_not_stored(easy, survey):
    other = Picture.objects.create(question=survey.questions.last(), drawing="fun", label="Fun")
    easy.answers(1, "", ticks=[str(other.pk)])
    assert not Tick.objects.exists()


def test_a_drawing_that_we_do_not_have_shows_its_word_alone(easy, survey):
    Picture.objects.create(question=survey.questions.first(), drawing="gone", label="Gone")
    words = easy.get("/s/parents/1/").content.decode()
    assert "Gone" in words
    assert words.count("<img") == 3


def test_the_usual_words_of_our_drawings_are_in_the_language_of_the_page(easy):
    easy.client.cookies["django_language"] = "pl"
    words = easy.get("/s/parents/1/").content.decode()
    assert '<span lang="en" dir="ltr">My &lt;swing&gt;</span>' in words
    assert '<span lang="en" dir="ltr">Home</span>' not in words


def test_an_uploaded_picture_is_served_by_what_it_holds(client, survey):
    mark = hashlib.sha256(PNG).hexdigest()[:16]
    page = client.get(f"/pictures/{key('My <swing>')}/{mark}.png")
    assert (page.status_code, page.content) == (200, PNG)
    assert page["Content-Type"] == "image/png"
    assert page["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in page["Cache-Control"]
    assert "Set-Cookie" not in page


@pytest.mark.parametrize("address", ["{swing}/0000000000000000", "{home}/0", "999999/0", "x/0"])
def test_another_address_is_no_picture(client, survey, address):
    address = address.format(swing=key("My <swing>"), home=key("Home"))
    assert client.get(f"/pictures/{address}.png").status_code == 404


@pytest.mark.parametrize("name", [*DRAWINGS, *(choice.replace("_", "-") for choice in VERDICTS)])
def test_each_drawing_is_ours_small_and_alike(name):
    drawing = Path(finders.find(f"drawings/{name}.svg")).read_text()
    assert len(drawing) < 1200
    assert 'viewBox="0 0 64 64"' in drawing
    assert 'stroke-width="3"' in drawing
    assert "script" not in drawing
    assert "href" not in drawing
