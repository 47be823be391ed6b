"""Typing in answers in the admin: one page after the other, and nothing lost."""

from datetime import timedelta

import pytest
from django.urls import reverse

from surveys.models import Picture, Response, Survey
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
ENTER, CHOOSE = "surveys_response_enter", "surveys_response_choose"


def form_of(**changes):
    """What the page sends."""
    sent = {
        "channel": "paper",
        "received_on": "22/11/2026",
        "form": "standard",
        "language": "en",
        "what_matters": "Friends\r\nand rest",
        "may_quote": "",
        "reference": "BCDFGHJKMN",
    }
    return sent | changes


@pytest.fixture
def enter(visit, fran, survey):
    """`enter(number="12")` sends the page; `who` is Fran unless said."""

    def enter(who=fran, to=survey, **changes):
        return visit(who, ENTER, to.pk, data=form_of(**changes))

    return enter


def text(page):
    return page.content.decode()


def test_only_those_who_may_enter_open_the_page(visit, asha, fran, gwen, dev, survey):
    for name, args in ((CHOOSE, []), (ENTER, [survey.pk])):
        for refused in (gwen, dev):
            assert visit(refused, name, *args).status_code == 403
        assert visit(None, name, *args).status_code == 302
        for allowed in (asha, fran):
            assert visit(allowed, name, *args).status_code == 200


def test_what_is_typed_becomes_a_response_and_the_next_page_names_it(enter, visit, fran, survey):
    page = enter(number="p12", may_quote="yes", **{"about-relationship": "foster"})
    made = Response.objects.get()
    assert page.status_code == 302
    assert (made.entered_by, made.paper_number, made.may_quote) == (fran, "P12", True)
    assert (made.received_on, made.reference) == (NOW.date(), "BCDFGHJKMN")
    assert made.answers.get().text == "Friends\nand rest"
    assert made.about.get().choice == "foster"
    following = text(
        visit(fran, ENTER, survey.pk, query=page.url.partition("?")[1] + "last=BCDFGHJKMN")
    )
    assert "Entered as" in following
    assert "BCDFGHJKMN" in following
    assert "number P12" in following
    assert "Friends" not in following


def test_survey_channel_and_day_stay_for_the_next(enter, visit, fran, survey):
    enter(channel="email", received_on="20/11/2026", form="easy_read")
    assert visit(fran, CHOOSE).url == reverse(f"admin:{ENTER}", args=[survey.pk])
    form = visit(fran, ENTER, survey.pk).context["form"]
    assert form["channel"].value() == "email"
    assert form["received_on"].value().isoformat() == "2026-11-20"
    assert form["form"].value() == "easy_read"
    assert form["number"].value() is None
    assert visit(fran, CHOOSE, query="?choose").status_code == 200


def test_a_survey_that_has_not_opened_is_not_offered(visit, fran, survey):
    Survey.objects.update(opens_on=NOW.date() + timedelta(days=1))
    assert visit(fran, ENTER, survey.pk).status_code == 404
    assert "No survey has opened yet" in text(visit(fran, CHOOSE))


def test_the_fields_stand_in_the_order_of_the_paper(visit, fran, survey):
    Picture.objects.create(question=survey.questions.all()[0], drawing="home", label="home")
    fields = [field.name for field in visit(fran, ENTER, survey.pk).context["form"]]
    first = survey.questions.all()[0].pk
    assert fields[:8] == [
        "number",
        "channel",
        "received_on",
        "form",
        "language",
        "reference",
        f"ticks-{first}",
        "what_matters",
    ]
    assert fields[-3:] == ["help", "helper", "may_quote"]


def test_the_default_button_saves_and_enters_the_next(visit, fran, survey):
    page = text(visit(fran, ENTER, survey.pk))
    button = page[page.index('type="submit"', page.index('class="entry"')) :][:200]
    assert "Save and enter the next" in button
    assert 'accesskey="s"' in button


def test_an_error_is_said_at_the_top_and_at_its_field_and_nothing_is_lost(enter):
    page = enter(
        received_on="23/11/2026",
        what_matters="x" * 2001,
        how_know="<b>A party</b>",
        number="77",
        **{"about-phase": "primary"},
    )
    shown = text(page)
    assert page.status_code == 200
    assert not Response.objects.exists()
    assert "Error:" in shown
    assert '<a href="#id_received_on">This day is still to come.' in shown
    assert '<a href="#id_what_matters">Use 2,000 characters or fewer. This has 2,001.</a>' in shown
    assert "x" * 2001 in shown
    assert "&lt;b&gt;A party&lt;/b&gt;" in shown
    form = page.context["form"]
    assert (form["number"].value(), form["about-phase"].value()) == ("77", "primary")


@pytest.mark.parametrize("day", ["", "31/02/2026", "yesterday", "11/22/2026", "9" * 500])
def test_a_day_that_is_none_is_refused_at_its_field(enter, day):
    page = enter(received_on=day)
    assert "received_on" in page.context["form"].errors
    assert page.context["form"]["what_matters"].value() == "Friends\r\nand rest"


def test_days_are_read_as_they_are_written_here(enter):
    enter(received_on="20/11/26")
    assert Response.objects.get().received_on.isoformat() == "2026-11-20"


def test_the_same_page_twice_is_one_response_and_other_words_are_kept(enter):
    enter()
    enter()
    assert Response.objects.count() == 1
    page = enter(what_matters="Another person")
    assert "saved already, as BCDFGHJKMN" in text(page)
    fresh = page.context["form"]["reference"].value()
    assert fresh != "BCDFGHJKMN"
    assert enter(what_matters="Another person", reference=fresh).status_code == 302
    assert Response.objects.count() == 2


def test_a_reference_of_somebodys_own_making_is_not_taken(enter):
    enter(reference="<script>x!")
    assert Response.objects.get().reference != "<script>x!"


def test_what_comes_late_is_asked_about_once_the_survey_has_closed(enter, visit, fran, survey):
    assert "late" not in visit(fran, ENTER, survey.pk).context["form"].fields
    Survey.objects.update(closes_on=NOW.date() - timedelta(days=2))
    errors = enter().context["form"].errors
    assert set(errors) == {"late", "late_reason"}
    enter(late="not_counted", late_reason="Posted after.")
    assert Response.objects.get().late == "not_counted"


def test_pictures_that_were_ticked_are_entered(enter, survey):
    first = survey.questions.all()[0]
    home = Picture.objects.create(question=first, drawing="home", label="home")
    enter(what_matters="", **{f"ticks-{first.pk}": [home.pk]})
    assert Response.objects.get().ticks.get().picture == home


def test_a_facilitator_reads_what_they_entered_and_nothing_else(enter, visit, fran, asha, survey):
    online = world.response(survey, "Being heard", NOW)
    enter()
    enter(who=asha, reference="BCDFGHJKMM")
    mine, hers = (Response.objects.get(entered_by=one) for one in (fran, asha))
    listed = text(visit(fran, "surveys_response_changelist"))
    assert mine.reference in listed
    assert visit(fran, "surveys_response_change", mine.pk).status_code == 200
    for other in (online, hers):
        assert other.reference not in listed
        assert visit(fran, "surveys_response_change", other.pk).status_code == 404
        assert visit(fran, "surveys_response_history", other.pk).status_code == 404
        last = text(visit(fran, ENTER, survey.pk, query=f"?last={other.reference}"))
        assert other.reference not in last
    listed = text(visit(asha, "surveys_response_changelist"))
    for each in (online, mine, hers):
        assert each.reference in listed


def test_the_page_of_a_response_says_how_it_came(enter, visit, asha, survey):
    Survey.objects.update(closes_on=NOW.date() - timedelta(days=2))
    enter(number="12", late="accepted", late_reason="Stamped before.", help="read")
    page = text(visit(asha, "surveys_response_change", Response.objects.get().pk))
    for words in ("number 12", "entered by fran", "Late, and counted: Stamped before.", "read it"):
        assert words in page


def test_the_way_to_it_is_on_the_first_page_and_on_the_list(visit, fran, survey):
    assert reverse("admin:surveys_response_add") in text(visit(fran, "index"))
    assert visit(fran, "surveys_response_add").url == reverse(f"admin:{CHOOSE}")
    assert reverse(f"admin:{CHOOSE}") in text(visit(fran, "surveys_response_changelist"))
