"""Have we got this right? Yes, nearly, no or not sure, and what one would change."""

import pytest

from surveys.models import Answer, Question, QuestionWording, Survey


@pytest.fixture
def survey(survey):
    """The second round: two draft outcomes."""
    survey.kind = Survey.Kind.OUTCOMES
    survey.save()
    survey.questions.all().delete()
    for number in (1, 2):
        question = Question.objects.create(
            survey=survey,
            order=number,
            construct="right",
            label=f"Outcome {number}",
            background="Many <people> said so.",
        )
        for form in ("standard", "easy_read"):
            QuestionWording.objects.create(
                question=question, text=f"I have friends {number}.", form=form
            )
    return survey


def shown(page) -> str:
    return " ".join(page.content.decode().split())


def test_the_draft_outcome_is_the_heading_with_where_it_came_from_above(parent):
    words = shown(parent.get("/s/parents/1/"))
    assert '<h1 class="govuk-heading-l">I have friends 1.</h1>' in words
    assert "Many &lt;people&gt; said so." in words
    assert words.index("Many &lt;people&gt;") < words.index("I have friends 1.</h1>")
    assert "What would you change? (optional)" in words
    for choice in ("yes", "nearly", "no", "not_sure"):
        assert f'name="choice" value="{choice}"' in words
    assert " checked" not in words


def test_a_choice_and_words_are_stored_together(parent):
    assert parent.answers(1, "Say more.", choice="nearly").url == "/s/parents/2/"
    answer = Answer.objects.get()
    assert (answer.choice, answer.text) == ("nearly", "Say more.")
    assert 'value="nearly" checked' in shown(parent.get("/s/parents/1/"))
    page = shown(parent.get("/s/parents/check/"))
    assert "Nearly" in page
    assert "Say more." in page


def test_a_choice_alone_is_an_answer_and_can_be_sent(parent):
    parent.answers(1, "", choice="yes")
    parent.sends()
    assert parent.response.is_sent


def test_a_choice_can_be_taken_back(parent):
    parent.answers(1, "", choice="yes")
    parent.answers(1, "", choice="-")
    assert not Answer.objects.exists()


@pytest.mark.parametrize("choice", ["maybe", "", "YES", "\x00"])
def test_a_made_up_choice_is_none(parent, choice):
    parent.answers(1, "Words", choice=choice)
    assert Answer.objects.get().choice == ""


def test_a_refused_text_shows_the_choice_back(parent):
    page = parent.answers(1, "x" * 2001, choice="no")
    assert page.status_code == 422
    assert 'value="no" checked' in shown(page)


def test_easy_read_has_a_drawing_for_each_choice(parent):
    assert "<img" not in shown(parent.get("/s/parents/1/"))
    parent.answers(1, "", choice="no", form="easy_read")
    words = shown(parent.get("/s/parents/1/"))
    for name in ("yes", "nearly", "no", "not-sure"):
        assert f"drawings/{name}" in words
    assert 'value="no" checked' in words


def test_one_draft_outcome_does_not_show_what_was_written_of_another(parent):
    parent.answers(1, "About the first")
    assert "About the first" not in shown(parent.get("/s/parents/2/"))
