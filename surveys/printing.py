"""What is printed: the receipt of somebody's answers, a survey's poster and its paper forms."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from surveys import about_you, qr
from surveys.dates import in_words, moment_words
from surveys.models import Form, Picture, Question, Response, Survey
from surveys.models.survey import ENGLISH, nearest
from surveys.pdf import make_pdf
from surveys.said import VERDICTS, Said, said
from surveys.worded import FORMS, LARGE, Worded, label_of, spoken, words_of

RIGHT_TO_LEFT = ("R", "AL")
RULED_LINES = {Form.STANDARD: 11, Form.EASY_READ: 6, Form.UNDER_11: 0}
FEWER_LINES = {Form.STANDARD: 6, Form.EASY_READ: 4, Form.UNDER_11: 0}  # beside something to tick


def receipt(
    response: Response, *, code: str, come_back: str, may_change: bool, help: str = ""
) -> bytes:
    """What was sent and how to come back to it. `come_back` is the address of that page."""
    survey = response.survey
    answers = [_answer(one) for one in said(response)]
    due = survey.consultation.report_due
    context = _common(survey) | {
        "words": words_of(survey, response.wording_form),
        "response": response,
        "code": code,
        "come_back": come_back,
        "may_change": may_change,
        "qr": qr.svg(f"{come_back}#{code}", _("The way back to your answers")),
        "sent": moment_words(response.sent_at) if response.sent_at else "",
        "report_due": in_words(due) if due else "",
        "answers": answers,
        "described": [(name, lines(str(text))) for name, text in about_you.described(response)],
        "help": lines(help),
    }
    chosen = [picture for one in answers for picture in one["said"].pictures]
    return make_pdf("surveys/print/receipt.html", context, _images(chosen))


def _answer(one: Said) -> dict[str, Any]:
    return {
        "said": one,
        "lines": lines(one.text),
        "chosen": [(label_of(picture), _source(picture)) for picture in one.pictures],
    }


def poster(survey: Survey, *, address: str, language: str) -> bytes:
    """One A4 page for a wall. `address` is that of the survey; whoever scans it says "poster"."""
    with translation.override(language):
        words = words_of(survey, survey.first_form)
    with translation.override(_interface(language)):
        context = _common(survey) | {
            "words": words,
            "to_type": _to_type(address),
            "address_parts": re.findall(r"[^/]+/*", _to_type(address)),
            "qr": qr.svg(f"{address}?from={Response.Source.POSTER}", _("The way to the questions")),
            "easy_read": Form.EASY_READ in survey.forms(),
            "tight": len(words.title + words.card_text + survey.consultation.title) > 350,
        }
        return make_pdf("surveys/print/poster.html", context)


def paper_forms(survey: Survey) -> list[tuple[str, str]]:
    """Each form and language in which every question is worded. Reads them all."""
    worded = [
        {(one.form, one.language) for one in question.wordings.all()}
        for question in survey.questions.prefetch_related("wordings")
    ]
    found = set.intersection(*worded) if worded else set()
    return sorted(found, key=lambda each: (Form.values.index(each[0]), each[1] != ENGLISH, each[1]))


def languages(survey: Survey) -> list[str]:
    """English, and each language that the survey's own words are in."""
    others = {one.language for one in survey.wordings.all()} - {ENGLISH}
    return [ENGLISH, *sorted(others)]


def paper_name(survey: Survey, form: str, language: str) -> str:
    return f"paper-{survey.slug}-{form.replace('_', '-')}-{language}.pdf"


def nearest_form(forms: list[tuple[str, str]], form: str, language: str) -> tuple[str, str]:
    """Of the paper forms there are, the one asked for, or the nearest to it."""
    form, language = form or Form.STANDARD, language or spoken()
    return next((each for each in nearest(form, language) if each in forms), forms[0])


def paper_form(survey: Survey, *, form: str, language: str, address: str, privacy: str) -> bytes:
    """The questions on paper. `address` and `privacy` are those of the survey and the notice."""
    with translation.override(language):
        words = words_of(survey, form)
    questions = survey.questions.prefetch_related("wordings", "pictures")
    pictures = [one for question in questions for one in question.pictures.all()]
    with translation.override(_interface(language)):
        context = _common(survey) | {
            "words": words,
            "form_name": FORMS[Form(form)],
            "form": form,
            "wording": f"{Form(form).label}, {language}",
            "asked": [_asked(question, form, language) for question in questions],
            "verdicts": _verdicts(form),
            "about": about_you.asked_of(survey),
            "to_type": _to_type(address),
            "privacy": _to_type(privacy),
            "qr": qr.svg(address, _("The way to the questions")),
        }
        context |= _help_asked(survey)
        images = _images(pictures) if form in LARGE else {}
        return make_pdf("surveys/print/paper.html", context, images, keep=True)


def _asked(question: Question, form: str, language: str) -> dict[str, Any]:
    """One question as it stands on paper. Pictures are for the forms that are easy to read."""
    pictures = list(question.pictures.all()) if form in LARGE else []
    ruled = FEWER_LINES if pictures or question.has_verdict else RULED_LINES
    return {
        "question": question,
        "wording": question.wording(form, language),
        "background": Worded(question.background),
        "pictures": [(label_of(picture), _source(picture)) for picture in pictures],
        "ruled": range(ruled[Form(form)]),
    }


def _help_asked(survey: Survey) -> dict[str, Any]:
    """What is asked about help, where it is asked; the first choice of help is none."""
    if not about_you.asks_who_helped(survey):
        return {}
    return {
        "help": [words for _key, words in about_you.HELP],
        "helper": [words for _key, words in about_you.HELPER],
        "asks_what_was_meant": about_you.asks_what_was_meant(survey),
    }


def lines(text: str) -> list[tuple[str, str]]:
    """Each line with the direction in which its letters run: "ltr" or "rtl"."""
    return [(line, direction(line)) for line in re.split(r"\n+", text.strip()) if line.strip()]


def direction(text: str) -> str:
    """That of the first letter which has one, as browsers take it from `dir="auto"`."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind == "L":
            return "ltr"
        if kind in RIGHT_TO_LEFT:
            return "rtl"
    return "ltr"


def _source(picture: Picture) -> str:
    """Where a document finds a picture: what an officer uploaded comes before our drawing."""
    return f"picture:{picture.pk}" if picture.image else _drawing(picture.drawing)


def _drawing(name: str) -> str:
    """One of our own drawings; "" for a name that is none."""
    file = f"drawings/{name}.svg"
    return f"our:{file}" if name and finders.find(file) else ""


def _verdicts(form: str) -> list[tuple[str | Promise, str]]:
    """Yes, nearly, no and not sure, with a drawing each in the forms that are easy to read."""
    drawn = form in LARGE
    return [
        (words, _drawing(choice.replace("_", "-")) if drawn else "")
        for choice, words in VERDICTS.items()
    ]


def _images(pictures: Iterable[Picture]) -> dict[str, bytes]:
    """The uploaded pictures, as `make_pdf` takes them."""
    return {str(one.pk): bytes(one.image) for one in pictures if one.image}


def _common(survey: Survey) -> dict[str, Any]:
    area = survey.consultation.area
    return {
        "survey": survey,
        "area": area,
        "host": Worded(area.host_name),
        "post": Worded(area.contact_post),
        "demonstration": settings.DEMONSTRATION,
        "language": "en-GB" if spoken() == ENGLISH else spoken(),
        "way": "rtl" if translation.get_language_bidi() else "ltr",
    }


def _interface(language: str) -> str:
    """The language of our own words around a wording: its own, or English."""
    return language if language in dict(settings.LANGUAGES) else ENGLISH


def _to_type(address: str) -> str:
    """An address as people type it: without https:// and the last stroke."""
    return address.partition("://")[2].rstrip("/")
