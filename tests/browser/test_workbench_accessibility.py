"""axe on every page of the admin, opened by somebody whose work it is.

Addresses come from the admin itself: a page that is added later is read too. Each is read at the
width of a desk; at that of a phone nothing of it lies outside the window.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as site
from django.test import Client
from django.urls import reverse

from outcomes.actions import accept_several, ask_for_themes
from outcomes.admin.inbox_undo import undo_address
from outcomes.models import Idea, Job
from outcomes.tasks import carry_out_job
from tests import accessibility_report, world
from tests.admin_visits import clock  # noqa: F401
from tests.chromium import DESKTOP, PHONE
from tests.conftest import NOW
from tests.outcomes.admin.conftest import cluster, group, note, outcome  # noqa: F401
from tests.outcomes.admin.test_roles_open import (
    SHORT,
    TABLE,
    TRIED,
    addresses,
    filled,  # noqa: F401
    keys_of,
)
from tests.outcomes.admin.test_who_may_open import rows  # noqa: F401

# Whoever comes first in this line and may open a page opens it.
IN_LINE = "OFSMDCLPAR"
# Files, and what only leads to another page of these.
NO_PAGE = {
    "outcomes_cluster_count-file",
    "outcomes_coding_file",
    "outcomes_coding_process_import",
    "outcomes_disposition_hand-on-several",
    "outcomes_disposition_sheet",
    "outcomes_idea_answer",
    "outcomes_idea_note",
    "outcomes_outcome_by-code",
    "outcomes_strategy_process_import",
    "surveys_agency_export",
    "surveys_agency_process_import",
    "surveys_auditevent_sheet",
    "surveys_question_picture",
    "surveys_response_add",
    "surveys_response_empty-sheet",
    "surveys_response_process_import",
    "surveys_survey_paper",
    "surveys_survey_poster",
    "surveys_survey_qr",
    "outcomes_strategy_export",
    "outcomes_improvementpriority_export",
}
# What happened to a row is told for all in one way, by Django's own template.
ONE_HISTORY = "outcomes_cluster_history"
HEADINGS = {"surveys_survey_preview": 4}  # all pages of a survey, one below the other
# What is off unless asked for: that whatever is pressed is large enough, or has room around it.
RULES = {"target-size": {"enabled": True}}
SUBMIT = "main .submit-row [type=submit]"


@pytest.fixture
def survey(consultation):
    return world.survey(consultation, "parent_carer", "parents", NOW)


@pytest.fixture
def people(filled, asha, ben, fran, gwen, lena):  # noqa: F811
    known = {"O": asha, "P": ben, "F": fran, "L": gwen, "S": lena}
    return {one: known.get(one) or world.person(f"role{one}", SHORT[one]) for one in SHORT}


@pytest.fixture
def jobs(filled, asha):  # noqa: F811
    """In each state that their pages show, and a sheet that waits to be confirmed."""
    consultation, idea = filled["consultation"], Idea.objects.earliest("pk")
    facts = {"kind": "file", "consultation": consultation, "asked_by": asha, "asked_at": NOW}
    ended = {
        "failed": {"trouble": "The worker stopped.", "finished_at": NOW},
        "cancelled": {"finished_at": NOW},
        "running": {"heard_from_at": NOW, "done": 1, "total": 3, "stage": "Writing"},
    }
    for number, (state, more) in enumerate(ended.items()):
        asked = {"what": "notes", "as": "csv", "n": number}
        Job.objects.create(state=state, asked=asked, **facts, **more)
    for theme in ("education", "joy"):
        sheet = f"idea,theme,second,third,seen\n{idea.pk},{theme},,,\n".encode()
        job = ask_for_themes(consultation=consultation, sheet=sheet, kind="csv", by=asha, now=NOW)
        carry_out_job.call(job.pk)
    return Job.objects.order_by("pk")


@pytest.fixture
def read(context, live_server, complaints):
    """`read(asha, address)` opens it as she, presses what is to be pressed; says what is wrong."""
    page = context.pages[0]
    cookies = {}

    def sign_in(who):
        if who not in cookies:
            client = Client()
            client.force_login(who)
            cookies[who] = client.cookies[site.SESSION_COOKIE_NAME].value
        cookie = {"name": site.SESSION_COOKIE_NAME, "value": cookies[who], "url": live_server.url}
        context.add_cookies([cookie])

    def read(who, address, *, headings=1, press=None):
        whole = who not in cookies
        sign_in(who)
        page.set_viewport_size(DESKTOP)
        complaints.clear()
        response = page.goto(live_server.url + address)
        if press:
            with page.expect_navigation():
                press(page)
        wrong = complaints + ([] if response.ok else [f"answers {response.status}"])
        return wrong + broken(page, whole=whole) + misplaced(page, headings)

    return read


def broken(page, *, whole) -> list[str]:
    """Rules that it breaks. The list of lists at its side is the same on each of one person's."""
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    part = None if whole else {"exclude": [["#nav-sidebar"]]}
    options = {"rules": RULES, "resultTypes": ["violations"], "preload": False}
    found = Axe().run(page, context=part, options=options)
    accessibility_report.note(page, DESKTOP, found)
    return [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]


def misplaced(page, headings) -> list[str]:
    page.set_viewport_size(PHONE)
    wide, number = page.evaluate(
        "[document.documentElement.scrollWidth, document.querySelectorAll('h1').length]"
    )
    wrong = [f"is {wide} wide on a phone"] if wide > PHONE["width"] else []
    return wrong + ([f"has {number} main headings"] if number != headings else [])


def pages() -> list[str]:
    """By whoever opens them, so that each signs in once."""
    read = [
        name
        for name in sorted(addresses())
        if TABLE[name] and name not in NO_PAGE and not TRIED.get(name, (None, False))[1]
    ]
    told = [name for name in read if not name.endswith("_history") or name == ONE_HISTORY]
    return sorted(told, key=first_in_line)


def first_in_line(name) -> str:
    return next(role for role in IN_LINE if role in TABLE[name])


def pressed(selector):
    return lambda page: page.locator(selector).first.click()


def chosen_together(page):
    page.locator("input.action-select").first.check()
    page.locator("select[name=action]").select_option("code_together")
    page.locator("button[name=index]").click()


def previewed_together(page):
    with page.expect_navigation():
        chosen_together(page)
    page.locator("input[name=what][value=accept]").check()
    page.locator(SUBMIT).click()


def brought_in(page):
    sheet = {"name": "ideas.csv", "mimeType": "text/csv", "buffer": b"idea,theme,seen\n1,joy,\n"}
    page.locator("input[type=file]").set_input_files(sheet)
    page.locator("select[name=format]").select_option(label="csv")
    page.locator(SUBMIT).click()


def forms(filled, officer):  # noqa: F811
    """What comes of a button: a form of many, a preview, a refusal."""
    ideas = address_of("outcomes_idea_changelist")
    yield officer, ideas, chosen_together
    yield officer, ideas + "?in_cluster=no", previewed_together
    yield officer, address_of("outcomes_coding_import"), brought_in
    yield officer, address_of("surveys_concern_raise"), pressed(SUBMIT)
    yield officer, address_of("outcomes_cluster_set-aside", filled["cluster"].pk), pressed(SUBMIT)


def states(filled, people, jobs):  # noqa: F811
    """What one address shows besides what it shows first."""
    officer, kept = people["O"], filled["kept count"]
    accept_several(ideas=list(Idea.objects.filter(membership=None)), by=officer, now=NOW)
    whole = [filled["consultation"].pk]
    for one in jobs:
        yield officer, address_of("outcomes_job_change", one.pk)
    yield officer, address_of("outcomes_sample_code", filled["sample"].pk)
    yield officer, undo_address(officer.pk, NOW)
    other = world.cluster(filled["survey"], officer, NOW, voices=1)
    query = f"?ids={filled['cluster'].pk},{other.pk}"
    yield officer, address_of("outcomes_cluster_merge", query=query)
    said = world.response(filled["survey"], "Rest. Sleep. And a club.", NOW).answers.get()
    for start, end in ((6, 12), (0, 5)):
        first = Idea.objects.create(answer=said, start=start, end=end, found_by=filled["run"])
    yield officer, address_of("surveys_passage_mark", said.passage.pk)
    yield officer, address_of("outcomes_idea_join", first.pk)
    for query in (f"?count={kept.pk}", "?count=now"):
        yield officer, address_of("outcomes_cluster_picture", *whole, query=query)
    yield officer, address_of("outcomes_coding_file", *whole, query="?what=ideas&as=csv")
    for name in ("surveys_passage", "outcomes_idea", "outcomes_cluster", "outcomes_comment"):
        yield officer, address_of(f"{name}_changelist", query="?q=nowhere")
    for name in ("passage_changelist", "passage_change"):
        yield people["F"], address_of(f"surveys_{name}", *keys_of(f"surveys_{name}", filled))
    for role in people:
        yield people[role], address_of("index")


def address_of(name, *keys, query="") -> str:
    return reverse(f"admin:{name}", args=keys) + query


@pytest.fixture
def opened(filled, people, jobs, monkeypatch):  # noqa: F811
    """Who opens what; how many main headings it has; and what is pressed there."""
    monkeypatch.setattr("outcomes.admin.sheets_leaving.MOST_AT_ONCE", 0)
    walked = []
    for name in pages():
        address = address_of(name, *keys_of(name, filled))
        walked.append((people[first_in_line(name)], address, HEADINGS.get(name, 1), None))
    walked += [(*one, 1, None) for one in states(filled, people, jobs)]
    return walked + [(who, where, 1, press) for who, where, press in forms(filled, people["O"])]


def test_every_page_is_accessible(read, opened, clock, subtests):  # noqa: F811
    for who, address, headings, press in opened:
        with subtests.test(address, who=who, press=press):
            assert read(who, address, headings=headings, press=press) == []
