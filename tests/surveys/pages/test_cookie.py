"""The one cookie of a respondent, and what is never set."""

from django.contrib.sessions.models import Session

from surveys.models import Response


def test_the_cookie_holds_the_code_for_this_survey_until_the_browser_closes(parent):
    cookie = parent.client.cookies["answers"]
    assert cookie["path"] == "/s/parents/"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == cookie["expires"] == ""
    assert not cookie["secure"]


def test_it_is_secure_where_the_site_is(settings, stranger):
    settings.HTTPS = True
    stranger.begins()
    assert stranger.client.cookies["answers"]["secure"]


def test_no_session_and_no_session_cookie(parent):
    parent.answers(1, "Words")
    parent.sends()
    for address in ("/", "/return/", "/s/parents/sent/", "/framework/", "/strategies/", "/nope/"):
        parent.get(address)
    assert "sessionid" not in parent.client.cookies
    assert not Session.objects.exists()


def test_the_server_stores_no_code(parent):
    row = Response.objects.values().get()
    letters = parent.code.replace("-", "")
    assert not [value for value in row.values() if letters in str(value).replace("-", "")]


def test_leaving_takes_the_cookie_away_and_keeps_the_answers(parent):
    parent.answers(1, "Words")
    code = parent.code
    page = parent.post("/s/parents/leave/")
    assert page.url == "/s/parents/leave/"
    assert page.cookies["answers"]["path"] == "/s/parents/"
    assert page.cookies["answers"].value == ""
    assert "You have left" in parent.get("/s/parents/leave/").content.decode()
    assert parent.get("/s/parents/1/").url == "/s/parents/"
    assert Response.objects.with_code(code).get().answers.exists()


def test_opening_the_leave_page_leaves_nothing(parent):
    page = parent.get("/s/parents/leave/")
    assert "Leave: this is a shared device" in page.content.decode()
    assert parent.get("/s/parents/1/").status_code == 200
