"""Answers of every length and every script: stored as typed, or shown back with the reason."""

import html

import pytest

from surveys.models import Answer


@pytest.mark.parametrize("length", [0, 1, 1999, 2000])
def test_up_to_2000_characters_are_stored(parent, length):
    assert parent.answers(1, "x" * length).url == "/s/parents/2/"
    assert parent.stored(1) == "x" * length


@pytest.mark.parametrize("length", [2001, 1_000_000])
def test_more_are_refused_with_every_word_still_in_the_box(parent, length):
    page = parent.answers(1, "é" * length)
    words = page.content.decode()
    assert page.status_code == 422
    assert "Your answer must be 2,000 characters or fewer." in words
    assert f"It has {length:,}." in words
    assert "é" * length + "</textarea>" in words
    assert "<title>Error: Question 1 of 3" in " ".join(words.split())
    assert parent.stored(1) == ""


def test_a_refused_answer_leaves_the_stored_one_alone(parent):
    parent.answers(1, "Short")
    parent.answers(1, "x" * 2001)
    assert parent.stored(1) == "Short"


def test_a_line_end_counts_once(parent):
    text = "a\r\n" * 999 + "bc"
    assert parent.answers(1, text).url == "/s/parents/2/"
    assert parent.stored(1) == "a\n" * 999 + "bc"


def test_nul_is_taken_out_and_the_rest_kept(parent):
    assert parent.answers(1, "safe\x00 and well").url == "/s/parents/2/"
    assert parent.stored(1) == "safe and well"


def test_a_lone_surrogate_is_no_trouble(parent):
    page = parent.client.post(
        "/s/parents/1/",
        data=f"text=well%ED%A0%80+now&seen=&of={parent.of}",
        content_type="application/x-www-form-urlencoded",
    )
    assert page.url == "/s/parents/2/"
    assert parent.stored(1).startswith("well")
    assert parent.stored(1).endswith(" now")
    assert parent.get("/s/parents/check/").status_code == 200


@pytest.mark.parametrize(
    "text",
    [
        "אני רוצה חברים",
        "أريد أصدقاء",
        "\u202eabc",
        "👩‍👧‍👦 🏳️‍🌈 me",
        "ẃ́̂̃̄ zalgo",
        "two\n\n\nparagraphs   wide",
        "=HYPERLINK(1)",
        "@SUM(A1)",
        "-2+3",
    ],
)
def test_every_script_and_formula_is_stored_and_shown_as_typed(parent, text):
    parent.answers(1, text)
    assert parent.stored(1) == text
    for address in ("/s/parents/1/", "/s/parents/check/"):
        assert text in html.unescape(parent.get(address).content.decode())


def test_html_is_shown_as_text_and_never_as_html(parent):
    nasty = "<script>alert(1)</script><img src=x onerror=alert(1)></textarea>\"'&amp;"
    parent.answers(1, nasty)
    pages = [parent.get("/s/parents/1/"), parent.get("/s/parents/check/")]
    parent.sends()
    pages.append(parent.get("/s/parents/sent/"))
    for page in pages:
        words = page.content.decode()
        assert "<script>alert" not in words
        assert "<img" not in words
        assert html.escape(nasty) in words


def test_a_question_of_html_is_shown_as_text(parent, survey):
    wording = survey.questions.first().wordings.get()
    wording.text, wording.hint = "<b>What</b>?", "<i>Hint</i>"
    wording.save()
    words = parent.get("/s/parents/1/").content.decode()
    assert "&lt;b&gt;What&lt;/b&gt;?" in words
    assert "&lt;i&gt;Hint&lt;/i&gt;" in words


def test_nothing_is_stored_twice(parent):
    for _ in range(3):
        parent.answers(1, "Once")
    assert Answer.objects.count() == 1
