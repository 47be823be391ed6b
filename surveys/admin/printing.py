"""Posters, QR codes and paper forms of a survey, for officers to print and hand on."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.translation import get_language_info

from surveys import pdf, printing, qr
from surveys.admin.pages import PortalAdmin
from surveys.models import Form, Response, Survey
from surveys.models.survey import ENGLISH
from surveys.refusals import CannotPrint


class Printing(PortalAdmin):
    """Gives each survey a page of what can be printed of it. Whoever sees the survey sees it."""

    def get_urls(self) -> list[URLPattern]:
        own = [
            self.address("<int:object_id>/print/", self.print_page, "print"),
            self.address("<int:object_id>/print/poster.pdf", self.poster, "poster"),
            self.address("<int:object_id>/print/paper.pdf", self.paper, "paper"),
            self.address("<int:object_id>/print/qr/", self.qr_code, "qr"),
        ]
        return own + super().get_urls()

    def tools(self, request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        url = reverse("admin:surveys_survey_print", args=[row.pk])
        ours = {"label": "Posters, paper and links", "at_once": False, "url": url}
        return [*super().tools(request, row), ours]

    def print_page(self, request: HttpRequest, object_id: int) -> HttpResponse:
        survey = self.find(request, object_id)
        sources = [
            (source, label, f"{_address(request, survey)}?from={source}")
            for source, label in Response.Source.choices
        ]
        forms = printing.paper_forms(survey)
        context = {
            "sources": sources,
            "forms": [
                (form, Form(form).label, language, in_english(language)) for form, language in forms
            ],
            "languages": [(one, in_english(one)) for one in printing.languages(survey)],
            "title": f"Posters, paper and links: {survey}",
            "tools": [],
        }
        return self.show(request, "surveys/survey/print", survey, **context)

    def poster(self, request: HttpRequest, object_id: int) -> HttpResponse:
        survey = self.find(request, object_id)
        language = request.GET.get("language", ENGLISH)
        if language not in printing.languages(survey):
            raise Http404
        try:
            made = printing.poster(survey, address=_address(request, survey), language=language)
        except CannotPrint as refusal:
            return self._cannot(request, survey, refusal)
        return pdf.document(made, f"poster-{survey.slug}-{language}.pdf")

    def paper(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Also before the survey opens, so that there is time to print."""
        survey = self.find(request, object_id)
        asked = (request.GET.get("form", ""), request.GET.get("language", ENGLISH))
        forms = printing.paper_forms(survey)
        if not forms:
            raise Http404
        form, language = printing.nearest_form(forms, *asked)
        privacy = request.build_absolute_uri(reverse("privacy"))
        where = {"address": _address(request, survey), "privacy": privacy}
        try:
            made = printing.paper_form(survey, form=form, language=language, **where)
        except CannotPrint as refusal:
            return self._cannot(request, survey, refusal)
        return pdf.document(made, printing.paper_name(survey, form, language))

    def qr_code(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The QR code of one source, as SVG for printers or as PNG."""
        survey = self.find(request, object_id)
        source, kind = request.GET.get("source", Response.Source.POSTER), request.GET.get("as")
        if source not in Response.Source.values:
            raise Http404
        address = f"{_address(request, survey)}?from={source}"
        if kind == "png":
            page = HttpResponse(qr.png(address), content_type="image/png")
        else:
            kind = "svg"
            page = HttpResponse(qr.svg(address, address), content_type="image/svg+xml")
        name = f"qr-{survey.slug}-{source}.{kind}"
        page["Content-Disposition"] = f'attachment; filename="{name}"'
        return page

    def _cannot(self, request: HttpRequest, survey: Survey, refusal: CannotPrint) -> HttpResponse:
        messages.error(request, refusal.sentence)
        return redirect("admin:surveys_survey_print", survey.pk)


def _address(request: HttpRequest, survey: Survey) -> str:
    return request.build_absolute_uri(reverse("survey", args=[survey.slug]))


def in_english(language: str) -> str:
    """Polish for "pl"."""
    try:
        return get_language_info(language)["name"]
    except KeyError:
        return language
