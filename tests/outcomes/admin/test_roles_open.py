"""Every address of the admin, and the roles that open it; it is closed to all others.

Each role is tried alone, by somebody who has no other. An address of one row is tried with a row of
the world of test_who_may_open.py, a button with a form that says nothing; what each did is undone.
"""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.test import RequestFactory
from django.urls import resolve, reverse

from outcomes.actions import code, draw_sample, hide, preview
from outcomes.models import FrameworkVersion, Idea, ImprovementPriority, Strategy
from outcomes.roles import ROLES
from surveys.models import Contact, Passage
from tests import world
from tests.conftest import NOW
from tests.outcomes.admin.test_who_may_open import PAGES, _args, rows  # noqa: F401

pytestmark = pytest.mark.django_db
OURS = ("auth", "surveys", "outcomes")
SHORT = {
    "O": "Officer",
    "P": "Publisher",
    "L": "Agency lead",
    "F": "Facilitator",
    "A": "Analyst",
    "R": "Redactor",
    "C": "Co-production reviewer",
    "S": "Safeguarding lead",
    "D": "Data protection reader",
    "M": "Administrator",
}
OPENS = {
    "OPLACM": """
        surveys_agency_change surveys_agency_changelist surveys_agency_export
        surveys_agency_history surveys_area_change surveys_area_changelist surveys_area_history
    """,
    "OPFARC": """
        surveys_passage_change surveys_passage_changelist
    """,
    "OPARC": """
        surveys_passage_history
    """,
    "OPFAC": """
        surveys_concern_raise-note
    """,
    "OPLFACS": """
        surveys_concern_raise
    """,
    "OPLAC": """
        outcomes_comment_change outcomes_comment_changelist outcomes_comment_history
        outcomes_frameworkversion_change outcomes_frameworkversion_changelist
        outcomes_frameworkversion_history outcomes_improvementpriority_change
        outcomes_improvementpriority_changelist outcomes_improvementpriority_export
        outcomes_improvementpriority_history outcomes_outcome_by-code outcomes_outcome_change
        outcomes_outcome_changelist outcomes_outcome_history outcomes_signatory_change
        outcomes_signatory_changelist outcomes_signatory_history outcomes_strategy_change
        outcomes_strategy_changelist outcomes_strategy_export outcomes_strategy_history
        surveys_consultation_change surveys_consultation_changelist surveys_consultation_history
        surveys_privacynotice_change surveys_privacynotice_changelist
        surveys_privacynotice_history surveys_question_change surveys_question_changelist
        surveys_question_history surveys_question_picture surveys_questionwording_change
        surveys_questionwording_changelist surveys_questionwording_history surveys_survey_change
        surveys_survey_changelist surveys_survey_history surveys_survey_paper
        surveys_survey_poster surveys_survey_preview surveys_survey_print surveys_survey_qr
        surveys_surveywording_change surveys_surveywording_changelist
        surveys_surveywording_history surveys_theme_change surveys_theme_changelist
        surveys_theme_history
    """,
    "OPAC": """
        outcomes_cluster_board outcomes_cluster_change outcomes_cluster_changelist
        outcomes_cluster_history outcomes_cluster_picture outcomes_groupsuggestion_change
        outcomes_groupsuggestion_changelist outcomes_groupsuggestion_history
        outcomes_idea_change outcomes_idea_changelist outcomes_idea_check outcomes_idea_history
        surveys_concern_raise-answer
    """,
    "OPFA": """
        surveys_response_changelist surveys_session_change surveys_session_changelist
        surveys_session_history surveys_session_notes
    """,
    "OSDM": """
        surveys_auditevent_change surveys_auditevent_changelist
    """,
    "ODM": """
        surveys_auditevent_history surveys_breakglass_change surveys_breakglass_changelist
        surveys_breakglass_history
    """,
    "OPA": """
        outcomes_analysisrun_change outcomes_analysisrun_changelist outcomes_analysisrun_history
        outcomes_codebook_change outcomes_codebook_changelist outcomes_codebook_history
        outcomes_disposition_change outcomes_disposition_changelist outcomes_disposition_history
        outcomes_disposition_ledger outcomes_idea_answer outcomes_idea_note
        outcomes_sample_change outcomes_sample_changelist outcomes_sample_history
        surveys_response_change surveys_response_history surveys_survey_equality
    """,
    "C": """
        outcomes_cluster_comment
    """,
    "LC": """
        outcomes_outcome_comment
    """,
    "OA": """
        outcomes_codebook_bring outcomes_codebook_stop outcomes_codebook_use
        outcomes_comment_answer
        outcomes_analysisrun_ask outcomes_analysisrun_cancel outcomes_cluster_bring-in
        outcomes_cluster_campaign outcomes_cluster_contradict outcomes_cluster_count-file
        outcomes_cluster_draft-outcome outcomes_cluster_keep-count
        outcomes_cluster_merge outcomes_cluster_move-ideas outcomes_cluster_no-campaign
        outcomes_cluster_rename outcomes_cluster_set-aside outcomes_cluster_split
        outcomes_cluster_take-in outcomes_cluster_take-up outcomes_cluster_theme
        outcomes_cluster_undo outcomes_cluster_unlink outcomes_coding_carry-over
        outcomes_coding_change outcomes_coding_changelist outcomes_coding_file
        outcomes_coding_history outcomes_coding_import outcomes_coding_of
        outcomes_coding_process_import outcomes_disposition_hand-on
        outcomes_disposition_hand-on-several outcomes_disposition_nothing-found
        outcomes_disposition_paper outcomes_disposition_sheet outcomes_groupsuggestion_add-to
        outcomes_job_changelist
        outcomes_groupsuggestion_adopt outcomes_idea_together outcomes_idea_undo-together
        outcomes_outcome_retire
        outcomes_outcome_reword outcomes_sample_draw outcomes_sample_settle
        outcomes_sample_stop outcomes_sample_take-over outcomes_strategy_add
        outcomes_strategy_import outcomes_strategy_process_import
        surveys_passage_together
    """,
    "OFA": """
        outcomes_idea_borders outcomes_idea_cut outcomes_idea_decide outcomes_idea_join
        surveys_passage_dispose surveys_passage_mark surveys_passage_rest surveys_passage_uncut
    """,
    "OF": """
        surveys_response_add surveys_response_check surveys_response_checks
        surveys_response_choose surveys_response_empty-sheet surveys_response_enter
        surveys_response_import surveys_response_process_import surveys_session_add
        surveys_session_file surveys_session_note surveys_session_paste surveys_session_preview
    """,
    "D": """
        surveys_auditevent_sheet
    """,
    "L": """
        outcomes_outcome_position
    """,
    "M": """
        auth_group_change auth_group_changelist auth_group_history auth_user_add
        auth_user_change auth_user_changelist auth_user_history auth_user_password_change
        surveys_agency_add surveys_agency_import surveys_agency_process_import
        surveys_agencylead_add surveys_agencylead_change surveys_agencylead_changelist
        surveys_agencylead_history surveys_breakglass_add surveys_breakglass_end
    """,
    "O": """
        outcomes_outcome_ask outcomes_outcome_put-forward outcomes_signatory_add
        surveys_consultation_add surveys_consultation_publish surveys_consultation_reach
        surveys_consultation_standard-list surveys_contact_changelist surveys_contact_write
        surveys_formatrequest_change surveys_formatrequest_changelist
        surveys_formatrequest_history surveys_formatrequest_met surveys_privacynotice_add
        surveys_questionwording_fix-words surveys_response_settle surveys_survey_add
        surveys_survey_ask-extra-equality surveys_survey_extend surveys_survey_fix-words
        surveys_survey_start-pilot surveys_survey_stop-pilot surveys_surveywording_fix-words
    """,
    "P": """
        outcomes_frameworkversion_publish
    """,
    "R": """
        surveys_redaction_change surveys_redaction_history
    """,
    "FR": """
        surveys_redaction_changelist surveys_redaction_passage
    """,
    "S": """
        surveys_concern_close
        surveys_concern_change surveys_concern_changelist surveys_concern_clear
        surveys_concern_hide-details surveys_concern_history surveys_concern_refer
        surveys_concern_seen
    """,
    "": """
        outcomes_job_add outcomes_job_cancel outcomes_job_change outcomes_job_confirm
        outcomes_job_decide outcomes_job_delete outcomes_job_history outcomes_job_take
        outcomes_codebook_add outcomes_codebook_delete
        outcomes_comment_add outcomes_comment_delete surveys_breakglass_delete
        auth_group_add auth_group_delete auth_user_delete outcomes_analysisrun_add
        outcomes_analysisrun_delete outcomes_cluster_add outcomes_cluster_delete
        outcomes_coding_add outcomes_coding_delete outcomes_disposition_add
        outcomes_disposition_delete outcomes_frameworkversion_add
        outcomes_frameworkversion_delete outcomes_groupsuggestion_add
        outcomes_groupsuggestion_delete outcomes_idea_add outcomes_idea_delete
        outcomes_improvementpriority_add outcomes_improvementpriority_delete
        outcomes_improvementpriority_import outcomes_improvementpriority_process_import
        outcomes_outcome_add outcomes_outcome_delete outcomes_sample_add outcomes_sample_code
        outcomes_sample_delete outcomes_signatory_delete outcomes_strategy_delete
        surveys_agency_delete surveys_agencylead_delete surveys_area_add surveys_area_delete
        surveys_auditevent_add surveys_auditevent_delete surveys_concern_add
        surveys_concern_delete surveys_consultation_delete surveys_contact_add
        surveys_contact_change surveys_contact_delete surveys_contact_history
        surveys_formatrequest_add surveys_formatrequest_delete surveys_passage_add
        surveys_passage_delete surveys_privacynotice_delete surveys_question_add
        surveys_question_delete surveys_questionwording_add surveys_questionwording_delete
        surveys_redaction_add surveys_redaction_delete surveys_response_delete
        surveys_response_export surveys_session_delete surveys_survey_delete
        surveys_surveywording_add surveys_surveywording_delete surveys_theme_add
        surveys_theme_delete
    """,
}
TABLE = {name: roles for roles, names in OPENS.items() for name in names.split()}
TRIED = {name.rstrip("!"): (about, name.endswith("!")) for name, about, _ in PAGES}


def addresses() -> dict:
    """Each of the admin's own, with its list and how many keys it takes."""
    return {
        pattern.name: (model, len(pattern.pattern.converters))
        for model, model_admin in admin.site._registry.items()
        if model._meta.app_label in OURS
        for pattern in model_admin.get_urls()
        if pattern.name
    }


@pytest.fixture
def filled(rows, consultation, area, asha):  # noqa: F811
    """A row of every list."""
    idea = Idea.objects.first()
    code(idea=idea, themes=[area.themes.first()], by=asha, now=NOW)
    hide(passage=Passage.objects.first(), start=0, end=2, kind="other", by=asha, now=NOW)
    ada, ian = (world.person(name, "Analyst") for name in ("ada", "ian"))
    draw_sample(consultation=consultation, first=ada, second=ian, by=asha, now=NOW, number=1)
    Contact.objects.create(consultation=consultation, email="a@example.org", asked_on=NOW.date())
    Strategy.objects.create(area=area, title="Plan")
    ImprovementPriority.objects.create(area=area, number=1, order_in_report=1, name="Leading")
    FrameworkVersion.objects.create(
        consultation=consultation, major=1, snapshot=preview(consultation=consultation),
        sha256="0" * 64, change_summary="The first.", published_by=asha, published_at=NOW,
    )  # fmt: skip
    return rows


@pytest.fixture
def people(groups, gwen, fran):
    """One for each role, with nothing but that role and, where it says so, what is their own."""
    own = {"L": gwen, "F": fran}
    return {one: own.get(one) or world.person(f"role{one}", name) for one, name in SHORT.items()}


def keys_of(name, filled) -> list:
    model, number = addresses()[name]
    about, _ = TRIED.get(name, (None, False))
    if about is not None:
        return _args(filled, about)
    row = getattr(model, "everything", model._default_manager).first()
    assert row or not number, f"There is no row to try {name} with: make one in `filled`."
    return [row.pk] * number if row else []


def opens(who, name, keys) -> bool:
    posts = TRIED.get(name, (None, False))[1] or name.endswith("_process_import")
    make = RequestFactory().post if posts else RequestFactory().get
    address = reverse(f"admin:{name}", args=keys)
    request = make(address)
    request.user, request.session, request._dont_enforce_csrf_checks = who, {}, True
    request._messages, request.resolver_match = FallbackStorage(request), resolve(address)
    match = request.resolver_match
    try:
        with transaction.atomic():
            response = match.func(request, *match.args, **match.kwargs)
            transaction.set_rollback(True)
    except (PermissionDenied, Http404):
        return False
    return response.status_code in (200, 302, 405)


def test_every_address_opens_for_the_roles_of_the_table_and_no_other(filled, people, clock):
    found = {}
    for name in sorted(addresses()):
        keys = keys_of(name, filled)
        found[name] = "".join(one for one, who in people.items() if opens(who, name, keys))
    assert found == {name: roles for name, roles in TABLE.items() if name in found}


def test_every_address_is_in_the_table():
    missing, gone = set(addresses()) - set(TABLE), set(TABLE) - set(addresses())
    assert not missing, f"Say in OPENS which roles open {sorted(missing)}."
    assert not gone, f"Take out of OPENS what is no address any longer: {sorted(gone)}."


def test_every_role_is_tried():
    assert set(SHORT.values()) == set(ROLES)


def test_no_role_opens_the_upkeep_of_others(groups):
    """What failed sign-ins and tasks leave behind is a superuser's."""
    others = Permission.objects.exclude(content_type__app_label__in=OURS)
    assert others.exists()
    assert not others.filter(group__isnull=False).exists()
