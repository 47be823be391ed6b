"""Who is answering: whoever holds a response's code, which this survey's cookie keeps.

The cookie is sent to this survey's pages only and ends with the browser. There is no account and
no session, and the server stores no code.
"""

import json
import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import normalize_newlines

from surveys.actions import find_response, fingerprint
from surveys.models import Question, Response, Survey
from surveys.models.response import normal_code

COOKIE = "answers"


def find_survey(slug: str) -> Survey:
    """The survey of that short address, once its consultation is published."""
    surveys = Survey.objects.select_related("consultation__area")
    return get_object_or_404(surveys, slug=slug, consultation__published_at__isnull=False)


def questions_of(survey: Survey) -> list[Question]:
    return list(survey.questions.prefetch_related("wordings"))


def answers_of(survey: Survey, response: Response) -> list[tuple[str, str]]:
    """Each question as it was put, and what was answered; "" for nothing."""
    texts = response.texts()
    return [
        (question.wording(response.wording_form).text, texts.get(question.pk, ""))
        for question in questions_of(survey)
    ]


def mark_of(response: Response) -> str:
    """Names in a page the response that it was made from. It opens nothing."""
    return fingerprint(response.reference)


def mark_of_answers(response: Response) -> str:
    """Names all the answers of a response together, as they stand now."""
    return fingerprint(json.dumps([response.reference, sorted(response.texts().items())]))


def help_of(survey: Survey) -> str:
    """Where to turn when not safe: the safety text from its second paragraph on; "" for none."""
    paragraphs = re.split(r"\n{2,}", normalize_newlines(survey.safety_text).strip(), maxsplit=1)
    return paragraphs[1] if len(paragraphs) > 1 else ""


def code_of(request: HttpRequest) -> str:
    return in_fours(request.COOKIES.get(COOKIE, ""))


def response_of(request: HttpRequest, survey: Survey) -> Response | None:
    """The draft or sent response of this browser; one of another survey is not seen here."""
    found = find_response(code=code_of(request))
    return found if found and found.survey_id == survey.pk else None


def remember(page: HttpResponse, survey: Survey, code: str) -> HttpResponse:
    page.set_cookie(
        COOKIE,
        in_fours(code),
        path=reverse("survey", args=[survey.slug]),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return page


def forget(page: HttpResponse, survey: Survey) -> HttpResponse:
    """Also asks the browser not to show these pages again from its memory."""
    page.delete_cookie(COOKIE, path=reverse("survey", args=[survey.slug]), samesite="Lax")
    page["Clear-Site-Data"] = '"cache"'
    return page


def next_address(survey: Survey, response: Response) -> str:
    """Where a draft goes on: its first question without an answer, or the check page."""
    texts = response.texts()
    for number, question in enumerate(questions_of(survey), start=1):
        if question.pk not in texts:
            return reverse("question", args=[survey.slug, number])
    return reverse("check", args=[survey.slug])


def in_fours(code: str) -> str:
    """BCDF-GH23-K4MN, however it was typed."""
    letters = normal_code(code)
    return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))
