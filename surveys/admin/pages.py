"""What admin pages of both apps share: nothing is deleted, decisions have their own pages."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ERROR_FLAG, ChangeList
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import DataError
from django.db.models import Field, Model, QuerySet, TextField, URLField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import capfirst

from surveys import actions
from surveys.admin.deciding import Decision
from surveys.refusals import Refusal

PER_PAGE = 200
MOST_SOUGHT = 100
WRONG_VALUES = (ValueError, OverflowError, TypeError, DataError)
FIELDS: dict[type[Field], dict[str, Any]] = {
    TextField: {"widget": AdminTextareaWidget(attrs={"rows": 4})},
    URLField: {"assume_scheme": "https"},
}


class PortalAdmin(admin.ModelAdmin):
    """A list and page of the portal. What `decisions` name gets an address and a button each."""

    about = ""
    formfield_overrides = FIELDS
    decisions: tuple[type[Decision], ...] = ()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def waits(self, request: HttpRequest) -> str:
        """What of this list waits for this person, for the index; "" for nothing."""
        return ""

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self._keep(request, obj, "added", message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self._keep(request, obj, "changed", message)
        return super().log_change(request, obj, message)

    def _keep(self, request: HttpRequest, obj: Model, done: str, message: Any) -> None:
        """What a form of the admin stored is an event of the audit log, with the fields' names."""
        what = f"{self.opts.verbose_name}: {done}"
        actions.record(
            what=what[:80],
            about=obj,
            by=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
            detail=_fields_of(message),
        )

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, *args: Any) -> HttpResponse:
        raise Http404

    def get_urls(self) -> list[URLPattern]:
        own = [
            self.address(f"<int:object_id>/{kind.path}/", self.decide, kind.path, kind=kind)
            for kind in self.decisions
        ]
        return own + super().get_urls()

    def address(
        self, route: str, view: Callable[..., HttpResponse], name: str, **options: Any
    ) -> URLPattern:
        """An address of our own beside the stock ones: admin:APP_MODEL_NAME."""
        view = self.admin_site.admin_view(partial(view, **options))
        return path(route, view, name=f"{self.opts.app_label}_{self.opts.model_name}_{name}")

    def find(self, request: HttpRequest, object_id: Any) -> Any:
        """The row, for somebody who may read it; 403 for who may read none, 404 for no row."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, str(object_id))
        if row is None:
            raise Http404
        return row

    def show(
        self, request: HttpRequest, template: str, row: Model | None = None, **context: Any
    ) -> TemplateResponse:
        """A page of our own in the look of the admin."""
        common = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "title": str(row) if row else "",
            "tools": self.tools(request, row) if row else [],
        }
        return TemplateResponse(request, f"admin/{template}.html", common | context)

    def tools(self, request: HttpRequest, row: Model) -> list[dict[str, Any]]:
        """The decisions that this person may take about this row now."""
        return [
            {"label": kind.label, "at_once": kind.at_once, "url": kind.address(row)}
            for kind in self.decisions
            if kind.fits(row) and kind.allowed(request.user, row, timezone.now())
        ]

    def decide(self, request: HttpRequest, object_id: int, kind: type[Decision]) -> HttpResponse:
        """A decision's own page: the form, or the form again with the refusal, or done."""
        row, now = self.find(request, object_id), timezone.now()
        if not kind.allowed(request.user, row, now):
            raise PermissionDenied
        if kind.at_once and request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form = kind(request.POST if request.method == "POST" else None, row=row, user=request.user)
        response = carry_out(request, form)
        if response or kind.at_once:
            return response or redirect(page_of(row))
        template = kind.template or "decision"
        return self.show(request, template, row, form=form, tools=[], title=form.title)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only what the filters shown here send.

        Any other, such as `?code_hash__startswith=`, would let somebody guess at what no page
        shows, letter by letter.
        """
        if not hasattr(request, "shown_lookups"):
            request.shown_lookups = self._shown_lookups(request)  # type: ignore[union-attr]
        return lookup in request.shown_lookups  # type: ignore[union-attr]

    def _shown_lookups(self, request: HttpRequest | None) -> set[str]:
        """The keys of the query string that the filters of this list write."""
        keys: set[str] = set()
        for shown in self.get_list_filter(request):
            path, kind = shown if isinstance(shown, tuple) else (shown, None)
            if isinstance(path, str):
                field = get_fields_from_path(self.model, path)[-1]
                make = kind or admin.FieldListFilter.create
                spec = make(field, request, {}, self.model, self, field_path=path)
            else:
                spec = path(request, {}, self.model, self)
            keys.update(spec.expected_parameters())
        return keys

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """A value that no filter sends leads back to the whole list, as Django's own checks do."""
        try:
            return super().get_changelist_instance(request)
        except WRONG_VALUES as error:
            if set(request.GET) <= {ERROR_FLAG}:
                raise  # nothing was asked for: the fault is ours
            raise IncorrectLookupParameters from error

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Each word is a condition of its own, and SQLite takes no more than a thousand."""
        if len(search_term.split()) > MOST_SOUGHT:
            raise IncorrectLookupParameters
        return super().get_search_results(request, queryset, search_term)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        extra = {"tools": self.tools(request, row) if row else []} | (extra_context or {})
        return super().change_view(request, object_id, form_url, extra)


def _fields_of(message: Any) -> str:
    """The names in Django's own record of a change, and none of the values."""
    said = message if isinstance(message, list) else []
    found = [(how, what) for one in said for how, what in one.items() if what]
    return "; ".join(
        " ".join(filter(None, [how, what.get("name"), ", ".join(what.get("fields", []))]))
        for how, what in found
    )


class WrittenElsewhere(PortalAdmin):
    """Rows that a run or an action writes: read here on a page of their own, nothing else."""

    page = ""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.find(request, object_id)
        return self.show(request, self.page, row, **self.facts(request, row))

    def facts(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the page shows beside the row itself."""
        return {}


def carry_out(request: HttpRequest, form: Decision) -> HttpResponse | None:
    """Take the decision of a form that was sent. None when it was not, or was refused.

    A refusal becomes an error of the form, which keeps all that was typed.
    """
    if not form.is_bound or not form.is_valid():
        return None
    try:
        result = form.decide(by=request.user, now=timezone.now())
    except Refusal as refusal:
        form.refused(refusal)
        if form.at_once:
            messages.error(request, refusal.sentence)
        return None
    if form.done:
        messages.success(request, form.done.format(result))
    return redirect(page_of(result))


def number_of(*waiting: tuple[int, str]) -> str:
    """Such as "2 to settle, 1 to type"; what is none is not said."""
    return ", ".join(f"{number:,} {words}" for number, words in waiting if number)


def page_of(row: Model) -> str:
    """The address of a row's page in the admin."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def page_of_rows(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    """The part of a long list that `?page=` asks for; the nearest there is for a wrong number."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
