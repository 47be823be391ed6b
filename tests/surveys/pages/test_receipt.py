"""The receipt: what was sent, how to come back, what can still be done."""

import html
import re

import pytest

from surveys.models import QuestionWording, Response
from surveys.qr import svg


@pytest.fixture
def receipt(parent):
    """What the receipt says, once the answers are sent."""
    parent.answers(1, "My words")
    parent.sends(may_quote="yes")

    def read(address="/s/parents/sent/"):
        return html.unescape(parent.get(address).content.decode())

    return read


def test_it_has_the_reference_the_code_what_is_next_and_the_words(parent, receipt):
    shown = receipt()
    assert parent.response.reference in shown
    assert f'<p class="portal-code" dir="ltr">{parent.code}</p>' in shown
    assert "What happens next" in shown
    assert "My words" in shown
    assert "We may publish some of your words" in shown


def test_the_answers_stand_under_the_words_that_were_read(parent, receipt, survey):
    QuestionWording.objects.create(
        question=survey.questions.first(), text="Mended words?", version=2
    )
    assert "What about what_matters?" in receipt()
    assert "Mended words?" not in receipt()


def test_no_address_on_it_holds_the_code(parent, receipt):
    shown = receipt()
    addresses = re.findall(r'(?:href|src|action|formaction)="([^"]*)"', shown)
    assert addresses
    letters = parent.code.replace("-", "")
    assert not [one for one in addresses if letters in one.replace("-", "")]


def test_the_square_holds_the_way_back_with_the_code_behind_the_hash(parent, receipt):
    page = parent.get("/s/parents/sent/")
    back = "http://testserver/return/"
    assert page.context["back"] == back
    assert svg(f"{back}#{parent.code}", "QR code: come back to your answers") in receipt()


def test_it_can_be_kept_as_a_pdf_and_printed_with_the_address_of_the_site(receipt):
    shown = receipt()
    assert 'href="/s/parents/sent/receipt.pdf"' in shown
    assert "portal-print-only" in shown
    assert "The Levels: http://testserver/return/" in shown


def test_it_leads_to_what_happened_and_to_hearing_the_results(receipt):
    assert 'href="/s/parents/what-happened/"' in receipt()
    assert 'href="/hear/"' in receipt()


def test_while_the_survey_is_open_answers_can_be_changed_or_taken_back(receipt, survey):
    assert "Change my answers" in receipt()
    assert 'href="/s/parents/withdraw/"' in receipt()
    assert f"until the survey closes at {survey.closes_words}." in receipt()


def test_after_closing_it_says_whom_to_ask_with_which_reference(parent, receipt, closed, area):
    area.contact_email = "ask@example.org"
    area.save()
    closed()
    shown = receipt()
    assert "Change my answers" not in shown
    assert "You cannot change your answers now." in shown
    assert f"give your reference: {parent.response.reference}" in shown
    assert "ask@example.org" in shown


def test_words_can_be_kept_from_being_published_also_after_closing(parent, receipt, closed):
    closed()
    assert "Do not publish my words" in receipt()
    assert parent.post("/s/parents/keep-words/").url == "/s/parents/sent/"
    assert parent.response.may_quote is False
    assert "We will not publish your words as they are." in receipt()
    assert "Do not publish my words" not in receipt()


def test_keeping_words_is_asked_by_a_form_alone(parent, receipt, stranger):
    assert parent.get("/s/parents/keep-words/").status_code == 405
    assert stranger.post("/s/parents/keep-words/").url == "/s/parents/sent/"
    assert parent.response.may_quote is True


def test_answers_that_somebody_typed_in_are_changed_by_asking(parent, receipt, fran, now):
    Response.objects.update(entered_by=fran, received_on=now.date(), channel="paper")
    shown = receipt()
    assert "Somebody typed these answers in for you." in shown
    assert "Change my answers" not in shown
    assert parent.post("/s/parents/change/").status_code == 403
    assert parent.post("/s/parents/withdraw/").status_code == 403
    assert parent.response.is_sent


def test_it_is_stored_nowhere(parent, receipt):
    for page in ("sent", "change", "withdraw", "withdrawn", "equality", "what-happened"):
        assert "no-store" in parent.get(f"/s/parents/{page}/")["Cache-Control"]


@pytest.mark.parametrize("page", ["change", "withdraw", "withdrawn", "equality", "what-happened"])
def test_nobody_without_a_code_sees_any_of_it(receipt, stranger, page):
    assert stranger.get(f"/s/parents/{page}/").url == "/s/parents/sent/"
    assert stranger.post(f"/s/parents/{page}/").url == "/s/parents/sent/"
    assert stranger.get("/s/parents/sent/").url == "/return/"


@pytest.mark.parametrize("page", ["1/", "about-you/", "later/", "sent/"])
def test_no_page_with_the_code_holds_words_of_its_address(parent, page):
    """Compressed together, the page's length would tell how well they guess the code."""
    parent.answers(1, "My words")
    if page == "sent/":
        parent.sends()
    shown = parent.get(f"/s/parents/{page}?guess=BCDF-GH23").content.decode()
    assert parent.code in shown
    assert "BCDF-GH23" not in shown
