"""Documents to keep or to print: the receipt, and the questions on paper."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from surveys import pdf, printing
from surveys.actions import may_change
from surveys.refusals import CannotPrint
from surveys.views.caching import unstored
from surveys.views.refusals import refuse
from surveys.views.respondent import code_of, find_survey, help_of, sent_and_kept


@require_safe
@unstored
def receipt_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """What was sent, for whoever's browser holds the code."""
    survey = find_survey(slug)
    response = sent_and_kept(request, survey)
    if response is None:
        return redirect("sent", slug)
    try:
        made = printing.receipt(
            response,
            code=code_of(request),
            come_back=request.build_absolute_uri(reverse("come_back")),
            may_change=may_change(response, timezone.now()),
            help=help_of(survey),
        )
    except CannotPrint as refusal:
        return cannot_print(request, refusal)
    return pdf.document(made, f"answers-{response.reference}.pdf", keep=True)


@require_safe
def paper_form(request: HttpRequest, slug: str) -> HttpResponse:
    """The questions on paper, while the survey is open. Without a choice, the first form there is.

    A form or language that nobody has worded gives the nearest there is.
    """
    survey = find_survey(slug)
    forms = printing.paper_forms(survey)
    if not forms or not survey.is_open(timezone.now()):
        return redirect("survey", slug)
    form, language = printing.nearest_form(
        forms, request.GET.get("form", ""), request.GET.get("language", "")
    )
    try:
        made = printing.paper_form(
            survey,
            form=form,
            language=language,
            address=request.build_absolute_uri(reverse("survey", args=[slug])),
            privacy=request.build_absolute_uri(reverse("privacy")),
        )
    except CannotPrint as refusal:
        return cannot_print(request, refusal)
    return pdf.document(made, printing.paper_name(survey, form, language))


def cannot_print(request: HttpRequest, refusal: CannotPrint) -> HttpResponse:
    return refuse(request, 503, _("No PDF here"), refusal.sentence)
