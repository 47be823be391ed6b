"""The pages of the second typing: blind, by another person, settled by an officer."""

import pytest

from surveys.actions import Received, enter_response
from surveys.admin.checking import apart
from surveys.models import EntryCheck
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
CHECKS, CHECK, SETTLE = (f"surveys_response_{name}" for name in ("checks", "check", "settle"))


@pytest.fixture
def flo(groups):
    """Another facilitator."""
    return world.person("flo", "Facilitator")


@pytest.fixture
def entered(survey, fran):
    received = Received(
        survey=survey,
        channel="paper",
        received_on=NOW.date(),
        texts={"what_matters": "Being heard at school", "how_know": "A party"},
        number="12",
    )
    return enter_response(received=received, by=fran, now=NOW)


def text(page):
    return page.content.decode()


def test_who_may_type_again_and_who_settles(visit, entered, asha, fran, flo, gwen, dev):
    for refused in (gwen, dev):
        for name, args in ((CHECKS, []), (CHECK, [entered.pk]), (SETTLE, [entered.pk])):
            assert visit(refused, name, *args).status_code == 403
    assert visit(fran, CHECK, entered.pk).status_code == 403  # typed it first
    for allowed in (asha, flo):
        assert visit(allowed, CHECK, entered.pk).status_code == 200
    assert visit(flo, SETTLE, entered.pk).status_code == 404  # not theirs to read
    assert visit(fran, SETTLE, entered.pk).status_code == 403
    assert visit(asha, SETTLE, entered.pk).status_code == 403  # nothing to settle yet


def test_what_waits_is_listed_by_number_and_never_by_its_words(visit, entered, fran, flo):
    theirs = text(visit(flo, CHECKS))
    assert "number 12" in theirs
    assert f"Type {entered} again" in theirs
    own = text(visit(fran, CHECKS))
    assert f"Type {entered} again" not in own
    assert "somebody else types them again" in own


def test_the_second_person_sees_nothing_of_the_first_typing(visit, entered, flo):
    pages = [visit(flo, CHECK, entered.pk), visit(flo, CHECK, entered.pk, data={})]
    pages.append(visit(flo, CHECK, entered.pk, data={"what_matters": "x" * 2001}))
    pages.append(visit(flo, CHECKS))
    assert "Type what is on the paper." in text(pages[1])
    assert "x" * 2001 in text(pages[2])
    for page in pages:
        for secret in ("Being heard", "A party"):
            assert secret not in text(page)


def test_the_same_words_are_told_so(visit, entered, flo):
    sent = {"what_matters": "Being  heard at school", "how_know": "A party"}
    assert visit(flo, CHECK, entered.pk, data=sent).status_code == 302
    assert not EntryCheck.objects.get().differs
    page = text(visit(flo, CHECKS))
    assert "Both typed the same" in page
    assert "Nothing waits for you" in page
    assert visit(flo, CHECK, entered.pk).status_code == 404


def test_a_difference_is_shown_to_officers_side_by_side_and_settled(visit, entered, asha, flo):
    sent = {"what_matters": "Being hurt at school", "how_know": "A party"}
    visit(flo, CHECK, entered.pk, data=sent)
    assert f"Settle {entered}" not in text(visit(flo, CHECKS))
    assert f"Settle {entered}" in text(visit(asha, CHECKS))
    page = text(visit(asha, SETTLE, entered.pk))
    assert "Being <mark>heard</mark> at school" in page
    assert "Being <mark>hurt</mark> at school" in page
    assert "A party" not in page
    assert visit(asha, SETTLE, entered.pk, data={}).status_code == 200
    assert visit(asha, SETTLE, entered.pk, data={"keep": "second"}).status_code == 302
    assert {one.text for one in entered.answers.all()} == {"Being hurt at school", "A party"}
    assert "settled as typed the second time by asha" in " ".join(
        text(visit(asha, "surveys_response_change", entered.pk)).split()
    )
    again = text(visit(asha, SETTLE, entered.pk, data={"keep": "first"}))
    assert "settled this already" in again


def test_words_are_told_apart_and_keep_their_spaces():
    left, right = apart("one two\n three", "one 2\n three four")
    assert left == [(False, "one "), (True, "two"), (False, "\n three")]
    assert right == [(False, "one "), (True, "2"), (False, "\n three"), (True, " four")]
    for first, second in (("", "x"), ("x", ""), ("a b", "a b")):
        pieces = apart(first, second)
        assert ["".join(words for _, words in side) for side in pieces] == [first, second]
