"""Who may do what: the groups that a migration makes, with their permissions."""

from typing import Any

VIEW_ALL = [
    "surveys.view_area",
    "surveys.view_theme",
    "surveys.view_consultation",
    "surveys.view_document",
    "surveys.view_timelineevent",
    "surveys.view_survey",
    "surveys.view_question",
    "surveys.view_questionwording",
    "surveys.view_deadlinechange",
    "surveys.view_session",
    "surveys.view_agency",
    "outcomes.view_outcome",
    "outcomes.view_wording",
    "outcomes.view_endorsement",
    "outcomes.view_signatory",
    "outcomes.view_frameworkversion",
    "outcomes.view_strategy",
    "outcomes.view_improvementpriority",
]
READ_VIEWS = [
    "surveys.view_response",
    "surveys.view_answer",
    "surveys.view_note",
    "outcomes.view_analysisrun",
    "outcomes.view_idea",
    "outcomes.view_themesuggestion",
    "outcomes.view_groupsuggestion",
    "outcomes.view_cluster",
    "outcomes.view_clusterdecision",
    "outcomes.view_outcomedecision",
]
OFFICER = [
    *VIEW_ALL,
    *READ_VIEWS,
    "surveys.add_consultation",
    "surveys.change_consultation",
    "surveys.add_document",
    "surveys.change_document",
    "surveys.delete_document",
    "surveys.add_timelineevent",
    "surveys.change_timelineevent",
    "surveys.delete_timelineevent",
    "surveys.add_survey",
    "surveys.change_survey",
    "surveys.add_question",
    "surveys.change_question",
    "surveys.add_questionwording",
    "surveys.change_questionwording",
    "surveys.add_session",
    "surveys.change_session",
    "surveys.add_note",
    "outcomes.ask_analysisrun",
    "outcomes.curate_cluster",
    "outcomes.draft_outcome",
    "outcomes.propose_outcome",
    "outcomes.add_signatory",
    "outcomes.change_signatory",
    "outcomes.add_strategy",
    "outcomes.change_strategy",
    "outcomes.change_improvementpriority",
]
ROLES = {
    "Officer": OFFICER,
    "Publisher": [*VIEW_ALL, *READ_VIEWS, "outcomes.publish_frameworkversion"],
    "Agency lead": [
        *(word for word in VIEW_ALL if word != "surveys.view_session"),
        "outcomes.record_endorsement",
    ],
    "Facilitator": [
        "surveys.view_session",
        "surveys.add_session",
        "surveys.change_session",
        "surveys.view_note",
        "surveys.add_note",
    ],
}


def make_groups(groups: Any, permissions: Any) -> None:
    """Make every group, or add to it what it lacks. Takes the managers of Group and Permission."""
    for name, words in ROLES.items():
        group, _ = groups.get_or_create(name=name)
        for word in words:
            label, codename = word.split(".")
            group.permissions.add(permissions.get(content_type__app_label=label, codename=codename))
