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
    "surveys.view_surveywording",
    "surveys.view_surveyfix",
    "surveys.view_picture",
    "surveys.view_privacynotice",
    "surveys.view_reachtarget",
    "surveys.view_stakeholder",
    "surveys.view_extraequalityquestion",
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
    "surveys.view_aboutyou",
    "surveys.view_tick",
    "surveys.view_entrycheck",
    "surveys.view_equalitytally",
    "surveys.view_passage",
    "outcomes.view_askedwording",
    "outcomes.view_analysisrun",
    "outcomes.view_idea",
    "outcomes.view_themesuggestion",
    "outcomes.view_groupsuggestion",
    "outcomes.view_cluster",
    "outcomes.view_clusterdecision",
    "outcomes.view_coding",
    "outcomes.view_disposition",
    "outcomes.view_sample",
    "outcomes.view_outcomedecision",
]
OFFICER = [
    *VIEW_ALL,
    *READ_VIEWS,
    "surveys.raise_concern",
    "surveys.view_auditevent",
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
    "surveys.add_surveywording",
    "surveys.change_surveywording",
    "surveys.add_picture",
    "surveys.change_picture",
    "surveys.delete_picture",
    "surveys.add_surveyfix",
    "surveys.add_extraequalityquestion",
    "surveys.add_privacynotice",
    "surveys.add_reachtarget",
    "surveys.change_reachtarget",
    "surveys.delete_reachtarget",
    "surveys.add_stakeholder",
    "surveys.change_stakeholder",
    "surveys.delete_stakeholder",
    "surveys.enter_response",
    "surveys.add_entrycheck",
    "surveys.change_entrycheck",
    "surveys.write_to_contact",
    "surveys.view_formatrequest",
    "surveys.change_formatrequest",
    "outcomes.add_askedwording",
    "surveys.add_session",
    "surveys.change_session",
    "surveys.add_note",
    "surveys.change_note",
    "outcomes.ask_analysisrun",
    "outcomes.code_idea",
    "outcomes.draw_sample",
    "outcomes.curate_cluster",
    "outcomes.draft_outcome",
    "outcomes.propose_outcome",
    "outcomes.add_signatory",
    "outcomes.change_signatory",
    "outcomes.add_strategy",
    "outcomes.change_strategy",
    "outcomes.change_improvementpriority",
]
# Sorts what people said and keeps the register of strategies; neither runs a survey, nor puts
# outcomes forward, nor publishes.
ANALYST = [
    *VIEW_ALL,
    *READ_VIEWS,
    "surveys.raise_concern",
    "outcomes.ask_analysisrun",
    "outcomes.code_idea",
    "outcomes.draw_sample",
    "outcomes.curate_cluster",
    "outcomes.draft_outcome",
    "outcomes.add_strategy",
    "outcomes.change_strategy",
    "outcomes.change_improvementpriority",
]
ROLES = {
    "Officer": OFFICER,
    "Publisher": [
        *VIEW_ALL,
        *READ_VIEWS,
        "surveys.raise_concern",
        "outcomes.publish_frameworkversion",
    ],
    "Agency lead": [
        *(word for word in VIEW_ALL if word != "surveys.view_session"),
        "outcomes.record_endorsement",
    ],
    "Facilitator": [
        "surveys.raise_concern",
        "surveys.view_session",
        "surveys.add_session",
        "surveys.change_session",
        "surveys.view_note",
        "surveys.add_note",
        "surveys.change_note",
        "surveys.enter_response",
        "surveys.add_entrycheck",
    ],
    "Analyst": ANALYST,
    # A grant beside another role: sees what is hidden, and decides what is.
    "Redactor": ["surveys.read_original", "surveys.redact_passage", "surveys.view_passage"],
    # For the parent carer forum or the youth forum: reads ideas, clusters and drafts, takes
    # nothing away.
    "Co-production reviewer": [
        *(word for word in VIEW_ALL if word != "surveys.view_session"),
        "surveys.view_passage",
        "surveys.raise_concern",
        "outcomes.view_idea",
        "outcomes.view_themesuggestion",
        "outcomes.view_groupsuggestion",
        "outcomes.view_cluster",
        "outcomes.view_clusterdecision",
        "outcomes.view_outcomedecision",
    ],
    # Accounts, roles, agencies and who speaks for each, and nothing that anybody said.
    "Administrator": [
        "auth.view_user",
        "auth.add_user",
        "auth.change_user",
        "auth.view_group",
        "surveys.view_area",
        "surveys.change_area",
        "surveys.view_agency",
        "surveys.add_agency",
        "surveys.change_agency",
        "surveys.view_agencylead",
        "surveys.add_agencylead",
        "surveys.change_agencylead",
        "surveys.view_auditevent",
    ],
    # Reads what is withheld, and by this role nothing else.
    "Safeguarding lead": ["surveys.work_concern", "surveys.raise_concern"],
    "Data protection reader": ["surveys.view_auditevent", "surveys.export_auditevent"],
}


def make_groups(groups: Any, permissions: Any) -> None:
    """Make every group, or add to it what it lacks. Takes the managers of Group and Permission.

    A permission that a later migration brings is added by that one's call.
    """
    known = {
        f"{one.content_type.app_label}.{one.codename}": one
        for one in permissions.select_related("content_type")
    }
    for name, words in ROLES.items():
        group, _ = groups.get_or_create(name=name)
        group.permissions.add(*(known[word] for word in words if word in known))
