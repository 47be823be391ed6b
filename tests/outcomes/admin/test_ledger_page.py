"""The ledger adds up, links to exactly these rows, and says what is left to do."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from outcomes.actions import dispose, draft_outcome, raise_concern
from outcomes.ledger import State, ledger_of_passages
from outcomes.models import Disposition, Idea
from surveys.actions import add_note
from surveys.models import Passage
from tests import world
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
LEDGER, NOTHING = "outcomes_disposition_ledger", "outcomes_disposition_nothing-found"


@pytest.fixture
def said(survey, session, cluster, group, asha):
    """Ideas in a cluster, ideas to read, a note, a facilitator's view, and words without ideas."""
    Passage.everything.update(screened_at=NOW - timedelta(hours=2))
    world.response(survey, "dunno", NOW)
    world.response(survey, "no thanks", NOW)
    Passage.everything.filter(screened_at=None).update(screened_at=NOW - timedelta(hours=1))
    add_note(session=session, text="A club that says yes.")
    add_note(session=session, text="They seemed tired.", kind="facilitator")
    return survey.consultation


def rows_of(page):
    """The cells of each line of the ledger."""
    lines = re.findall(r"<tr.*?</tr>", page.content.decode(), re.S)
    cells = [re.findall(r"<t[hd].*?</t[hd]>", line, re.S) for line in lines]
    return [[" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in row] for row in cells]


def links_of(page):
    """(number, address) of each line with a link."""
    found = re.findall(
        r'<th scope="row"[^>]*>\s*<a href="([^"]+)">.*?<td class="number">(\d+)</td>',
        page.content.decode(),
        re.S,
    )
    return [(int(number), unescape(address)) for address, number in found]


def test_it_is_for_those_who_read_dispositions(visit, said, asha, ben, fran, dev, lena):
    for who in (dev, fran, lena):
        assert visit(who, LEDGER, said.pk).status_code == 403
    for who in (asha, ben):
        assert visit(who, LEDGER, said.pk).status_code == 200


def test_before_anybody_said_anything_it_says_so(visit, consultation, asha):
    page = visit(asha, LEDGER, consultation.pk).content.decode()
    assert "nobody has said anything that counts" in page


def test_it_works_before_any_analysis(visit, survey, asha):
    world.response(survey, "Somebody to talk to", NOW)
    page = visit(asha, LEDGER, survey.consultation.pk)
    assert "No analysis has been finished yet" in page.content.decode()
    assert "Answers and notes: 1, 0% done" in page.content.decode()


def test_the_lines_add_up_to_all_and_to_100(visit, said, asha):
    page = visit(asha, LEDGER, said.pk).content.decode()
    for table in page.split('class="wide ledger"')[1:]:
        numbers = [
            [int(cell.rstrip("%")) for cell in re.findall(r">(\d+%?)</td>", line)]
            for line in re.findall(r"<tr.*?</tr>", table, re.S)
        ]
        lines = [row for row in numbers if row]
        *states, everything = lines
        assert [sum(column) for column in zip(*states, strict=True)] == everything
        assert everything[1] == 100
        for number, _, *by_voice in lines:
            assert sum(by_voice) == number


def test_each_link_leads_to_exactly_these_rows(visit, client, said, asha):
    raise_concern(
        source=Idea.objects.first().answer, category="other", reason="So.", by=asha, now=NOW
    )
    links = links_of(visit(asha, LEDGER, said.pk))
    assert len(links) >= 4
    for number, address in links:
        found = client.get(address)
        assert found.status_code == 200, address
        assert found.context_data["cl"].result_count == number, address


def test_what_is_withheld_is_counted_and_leads_nowhere(visit, said, asha):
    raise_concern(
        source=Idea.objects.first().answer, category="other", reason="So.", by=asha, now=NOW
    )
    page = visit(asha, LEDGER, said.pk)
    withheld = [row for row in rows_of(page) if row and row[0].startswith("Withheld")]
    assert [row[1] for row in withheld] == ["1", "1"]
    assert "standing=withheld" not in page.content.decode()


def test_what_is_left_comes_first_with_where_to_do_it(visit, said, asha):
    dispose(of=Passage.objects.get(words="no thanks"), what="case", by=asha, now=NOW)
    page = visit(asha, LEDGER, said.pk).content.decode()
    left = page[page.index("Left to do") : page.index("wide ledger")]
    assert "in which the machine found no idea" in left
    assert "ideas that have no theme yet" in left
    assert "ideas in clusters that no outcome draws on" in left
    assert "cases and complaints to hand on" in left


def test_when_all_is_done_it_says_so(visit, cluster, asha):
    draft_outcome(clusters=[cluster], i_statement="I sleep.", reason="So.", by=asha, now=NOW)
    page = visit(asha, LEDGER, cluster.consultation_id).content.decode()
    assert "Everything that was said has its place" in page
    assert page.count("100% done") == 2


def test_what_a_facilitator_thinks_stands_in_a_column_of_its_own(visit, said, asha):
    page = visit(asha, LEDGER, said.pk)
    table = rows_of(page)
    heads = next(row for row in table if "Where they stand" in row)
    everything = next(row for row in table if row and row[0] == "All")
    assert everything[heads.index("Facilitators’ own views")] == "1"
    assert everything[heads.index("In workshops")] == "1"


def test_it_asks_the_database_no_more_for_more(
    visit, survey, asha, said, django_assert_num_queries, django_assert_max_num_queries
):
    visit(asha, LEDGER, said.pk)
    with django_assert_max_num_queries(20) as few:
        visit(asha, LEDGER, said.pk)
    for number in range(12):
        world.cluster(survey, asha, NOW, voices=1)
        world.response(survey, f"More {number}", NOW)
    with django_assert_num_queries(len(few)):
        visit(asha, LEDGER, said.pk)


def test_the_consultation_leads_to_it(visit, consultation, asha, gwen):
    address = reverse(f"admin:{LEDGER}", args=[consultation.pk])
    page = visit(asha, "surveys_consultation_change", consultation.pk).content.decode()
    assert address in page
    page = visit(gwen, "surveys_consultation_change", consultation.pk).content.decode()
    assert address not in page


def test_who_may_not_code_confirms_nothing(visit, said, fran, dev):
    pia = world.person("pia", "Publisher")
    for who in (dev, fran, pia):
        assert visit(who, NOTHING, said.pk).status_code == 403
        assert visit(who, NOTHING, said.pk, data={"passage": "1"}).status_code == 403
    assert not Disposition.objects.exists()


def test_nothing_found_is_shown_and_then_confirmed(visit, said, asha):
    page = visit(asha, NOTHING, said.pk).content.decode()
    assert "dunno" in page
    assert "no thanks" in page
    assert "Sleep at night" not in page
    keys = [Passage.objects.get(words="dunno").pk]
    assert visit(asha, NOTHING, said.pk, data={"passage": keys}).status_code == 302
    assert Disposition.objects.get().passage.words == "dunno"
    assert ledger_of_passages(said)[State.NOTHING_FOUND] == 1
    page = visit(asha, NOTHING, said.pk).content.decode()
    assert "1 confirmed: nothing to code." in page


def test_what_was_decided_meanwhile_stays(visit, said, asha, ben):
    passage = Passage.objects.get(words="dunno")
    dispose(of=passage, what="case", by=ben, now=NOW)
    visit(asha, NOTHING, said.pk, data={"passage": [passage.pk]})
    assert Disposition.objects.get().what == "case"
    page = visit(asha, NOTHING, said.pk).content.decode()
    assert "1 left as they are" in page


def test_only_what_nothing_was_found_in_can_be_confirmed(visit, said, asha):
    passage = Passage.objects.filter(words__startswith="Sleep").first()
    sent = [passage.pk, "", "x", "9" * 40, "-1", "²"]
    visit(asha, NOTHING, said.pk, data={"passage": sent})
    assert not Disposition.objects.exists()


def test_to_tick_nothing_changes_nothing_and_says_so(visit, said, asha):
    visit(asha, NOTHING, said.pk, data={})
    assert not Disposition.objects.exists()
    assert "Tick what has nothing to code" in visit(asha, NOTHING, said.pk).content.decode()


def test_withheld_words_are_not_on_it(visit, said, asha):
    source = Passage.objects.get(words="dunno").answer
    raise_concern(source=source, category="other", reason="So.", by=asha, now=NOW)
    assert "dunno" not in visit(asha, NOTHING, said.pk).content.decode()


def test_only_what_says_so_itself_is_ticked_in_advance(visit, said, survey, asha):
    for words in ("N/A", "don’t know", "?", "No.", "less panic attacks", "no bus"):
        world.response(survey, words, NOW)
    Passage.everything.filter(screened_at=None).update(screened_at=NOW - timedelta(hours=1))
    page = " ".join(visit(asha, NOTHING, said.pk).content.decode().split())
    boxes = re.findall(r'name="passage" value="(\d+)"([^>]*)>', page)
    ticked = Passage.objects.filter(pk__in=[key for key, rest in boxes if "checked" in rest])
    assert len(boxes) == 10
    assert {one.words for one in ticked} == {"N/A", "don’t know", "?", "No."}
