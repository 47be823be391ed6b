"""Registers in and out as spreadsheets: previewed, then confirmed."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest
from import_export import fields, resources, widgets
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ExportForm

from surveys.admin.pages import PortalAdmin
from surveys.models import Area


class AreaWidget(widgets.ForeignKeyWidget):
    """An area by its slug; the only one there is where the column is empty."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Area:
        areas = Area.objects.filter(slug=value) if value else Area.objects.all()
        try:
            return areas.get()
        except (ObjectDoesNotExist, Area.MultipleObjectsReturned) as error:
            raise ValueError(f"Write the area’s slug: “{value or ''}” names none.") from error


# A spreadsheet takes a cell that begins so for a formula. The library's setting knows only "=".
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class AreaResource(resources.ModelResource):
    """Rows that belong to an area. A text like a formula goes out, and comes in, behind a '."""

    area = fields.Field(column_name="area", attribute="area", widget=AreaWidget(Area, "slug"))

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """A sheet without the column `area` is about the only area there is."""
        if "area" not in (dataset.headers or []):
            dataset.append_col([""] * len(dataset), header="area")

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        for name, value in row.items():
            if isinstance(value, str) and value.startswith("'") and value[1:].startswith(FORMULA):
                row[name] = value[1:]

    def export_field(self, *args: Any, **kwargs: Any) -> Any:
        value = super().export_field(*args, **kwargs)
        if value is None:
            return ""  # XLSX would say "None"
        return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


class SheetAdmin(ImportExportMixin, PortalAdmin):
    """XLSX and CSV. Importing needs the right to add and change; exporting, to see."""

    formats = [XLSX, CSV]
    export_form_class = ExportForm  # the other one has scripts and styles in its page

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)
