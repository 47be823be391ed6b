"""What the log holds, however much of it an operator asks for."""

import itertools
import logging
import sys
import traceback

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.urls import reverse

from outcomes.tasks import Broken, screen_said
from surveys.models import Note
from tests import withheld, world
from tests.conftest import NOW

CONSOLE = logging.StreamHandler


@pytest.mark.parametrize("name", ["django.db.backends", "import_export", "weasyprint", "fontTools"])
def test_at_debug_those_that_would_repeat_peoples_words_stay_silent(name, caplog):
    caplog.set_level(logging.DEBUG)
    assert not logging.getLogger(name).isEnabledFor(logging.DEBUG)


def logged(error: BaseException) -> str:
    """What the console would show of an error that a page did not expect."""
    handler = next(one for one in logging.getLogger().handlers if type(one) is CONSOLE)
    try:
        raise error
    except BaseException:
        facts = sys.exc_info()
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Broken", (), facts)
    return handler.format(record)


def test_an_error_is_written_with_its_places_and_without_what_was_said():
    written = logged(ValueError("no number: marmalade"))
    assert "builtins.ValueError" in written
    assert f"{__file__}:" in written
    assert "marmalade" not in written


def test_so_are_the_errors_that_led_to_it():
    error = ValueError("marmalade")
    error.__cause__ = KeyError("damson")
    written = logged(error)
    assert written.index("builtins.KeyError") < written.index("builtins.ValueError")
    assert not {"marmalade", "damson"} & set(written.replace("'", " ").split())


def test_an_error_about_the_program_says_what_it_is():
    assert "No module named 'nope'" in logged(ImportError("No module named 'nope'"))


@pytest.mark.django_db
def test_a_database_that_refuses_a_row_is_written_without_the_row(session):
    """PostgreSQL's own words hold every value of the row."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Note.objects.create(session=session, order=1, text="marmalade", kind="dots", dots=None)
    written = logged(refused.value)
    assert "IntegrityError" in written
    assert "marmalade" not in written


# Where words are read or sent: as whom, and what is asked.
FAILING = [
    ("rosa", "surveys_redaction_passage", "passage"),
    ("asha", "surveys_passage_change", "passage"),
    ("asha", "outcomes_idea_answer", "answer"),
    ("asha", "surveys_response_change", "response"),
    ("lena", "surveys_concern_change", "concern"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "name", "about"), FAILING)
def test_a_page_that_breaks_half_way_tells_nothing_on_it_or_in_the_log(
    client, caplog, request, survey, session, asha, fran, lena, who, name, about
):
    answer = withheld.filled(survey, session, asha, fran, NOW)[0]
    rows = {"passage": answer.passage, "answer": answer, "response": answer.response}
    if about == "concern":
        rows |= {"concern": withheld.withhold([answer], asha, NOW)[0]}
    person = world.person("rosa", "Officer", "Redactor") if who == "rosa" else None
    client.force_login(person or request.getfixturevalue(who))
    client.raise_request_exception = False
    address = reverse(f"admin:{name}", args=[rows[about].pk])
    broken = 0
    for asked in range(3, 60, 4):
        with connection.execute_wrapper(fails_at(asked)), transaction.atomic():
            page = client.get(address)
            transaction.set_rollback(True)
        if page.status_code == 500:
            broken += 1
            assert withheld.ONLINE not in page.content.decode()
    assert broken > 2
    console = next(one for one in logging.getLogger().handlers if type(one) is CONSOLE)
    assert caplog.records
    assert withheld.ONLINE not in "".join(console.format(one) for one in caplog.records)


@pytest.mark.django_db
def test_a_task_that_breaks_leaves_no_words_in_the_queue():
    with pytest.raises(Broken) as broken:
        screen_said.call([withheld.ONLINE], [])  # no number: the error names it
    kept = "".join(traceback.format_exception(broken.value))
    assert "Broken" in kept
    assert withheld.ONLINE not in kept


def fails_at(number: int):
    """The database breaks off at this query of a request, as it does when it is restarted."""
    asked = itertools.count(1)

    def wrapper(execute, sql, params, many, context):
        if next(asked) == number:
            raise OperationalError(f"server closed the connection: {params!r}")
        return execute(sql, params, many, context)

    return wrapper
