"""How the questions are put: in which form and in which language. Nothing typed is lost by it."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from surveys.actions import choose_wording
from surveys.models import Response, Survey
from surveys.views.languages import speak
from surveys.worded import FORMS, spoken


@dataclass(frozen=True)
class Way:
    """One form that a person may choose."""

    form: str
    is_chosen: bool

    @property
    def name(self) -> str:
        return str(FORMS[self.form])


def ways_of(survey: Survey, chosen: str) -> list[Way]:
    """The forms to choose from; none where there is no choice."""
    forms = survey.forms()
    return [Way(form, form == chosen) for form in forms] if len(forms) > 1 else []


def chosen_form(request: HttpRequest, survey: Survey) -> str:
    """The form that a page or its address asks for, where it is offered; else ""."""
    form = request.POST.get("form", "") or request.GET.get("form", "")
    return form if form in survey.forms() else ""


def keep_wording(request: HttpRequest, response: Response) -> None:
    """Record the form and language that the person now reads."""
    form = chosen_form(request, response.survey) or response.wording_form
    language = _chosen_language(request) or spoken()
    if (form, language) != (response.wording_form, response.language):
        now = timezone.now()
        choose_wording(response=response, form=form, language=language, now=now)


def other_wording(request: HttpRequest) -> HttpResponse | None:
    """The same page again, where a button for another wording was pressed."""
    language = _chosen_language(request)
    if not language and "form" not in request.POST:
        return None
    page = redirect(request.get_full_path())
    return speak(page, language) if language else page


def _chosen_language(request: HttpRequest) -> str:
    language = request.POST.get("language", "")
    return language if language in dict(settings.LANGUAGES) else ""
