"""Whatever a person decides through an action is an event of the audit log."""

import ast
from pathlib import Path

from django.conf import settings

FOLDERS = [Path(settings.BASE_DIR) / app / "actions" for app in ("surveys", "outcomes")]
# Not decisions about anything: the row that each makes names the person and the moment for good.
KEPT_BY_THE_ROW = {
    "enter_response",  # Response.entered_by; a sheet that was brought in is an event as a whole
    "enter_responses",
    "ask_for_analysis",  # AnalysisRun.asked_by
    "learn",
    # Job.asked_by; what comes of it, a file taken or ideas coded, is an event.
    "ask_for_file",
    "ask_for_codes",
    "ask_for_themes",
    "ask_what_changes",
    "ask_what_changes_back",
    "ask_to_check_code_book",
    "confirm_codes",
    "confirm_themes",
    "cancel_job",  # by whoever asked for it alone; the row says when
    # Events of the page's own log_change, about the workshop.
    "correct_note",
    "remove_note",
}


def functions() -> dict[str, ast.FunctionDef]:
    """Every function of the actions by its name, and that of what raises a concern."""
    files = [path for folder in FOLDERS for path in sorted(folder.glob("*.py"))]
    files.append(Path(settings.BASE_DIR) / "outcomes" / "withholding.py")
    return {
        node.name: node
        for path in files
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }


def called(node: ast.FunctionDef) -> set[str]:
    calls = [one.func for one in ast.walk(node) if isinstance(one, ast.Call)]
    names = {one.id for one in calls if isinstance(one, ast.Name)}
    return names | {one.attr for one in calls if isinstance(one, ast.Attribute)}


def recording(known: dict[str, ast.FunctionDef]) -> set[str]:
    """Those that record, or call one that does."""
    found = {"record", "record_many"}
    while more := {name for name, node in known.items() if called(node) & found} - found:
        found |= more
    return found


def test_every_action_that_somebody_takes_is_recorded():
    known = functions()
    taken = {
        name
        for name, node in known.items()
        if not name.startswith("_") and any(one.arg == "by" for one in node.args.kwonlyargs)
    }
    assert len(taken) > 40
    assert taken - recording(known) - KEPT_BY_THE_ROW == set()
    assert taken >= KEPT_BY_THE_ROW


def test_the_search_tells_one_from_the_other():
    found = recording(functions())
    assert found >= {"hide", "hand_on", "withhold", "merge"}
    assert "begin_response" not in found
