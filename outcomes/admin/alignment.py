"""What lies alongside: strategies and improvement priorities, in and out as spreadsheets."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from outcomes.actions import agencies_led_by
from outcomes.models import ImprovementPriority, Strategy, years_of
from surveys.admin.sheets import AreaResource, SheetAdmin
from surveys.dates import day_of

KEPT_BY_OFFICERS = ("area", "title", "agency", "order")


class StrategyResource(AreaResource):
    class Meta:
        model = Strategy
        import_id_fields = ["area", "title"]
        fields = [
            "area",
            "title",
            "summary",
            "period_text",
            "status_text",
            "start_year",
            "end_year",
            "review_due",
            "url",
            "order",
        ]
        clean_model_instances = True
        skip_unchanged = True

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Years left out are read from the period as printed, where the sheet has it."""
        super().before_import(dataset, **kwargs)
        if "period_text" not in dataset.headers:
            return
        for header in ("start_year", "end_year"):
            if header not in dataset.headers:
                dataset.append_col([""] * len(dataset), header=header)

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        super().before_import_row(row, **kwargs)
        if "period_text" in row and not row["start_year"] and not row["end_year"]:
            row["start_year"], row["end_year"] = years_of(str(row["period_text"]))


@admin.register(Strategy)
class StrategyAdmin(SheetAdmin):
    about = "Plans and programmes of the area, as it prints them."
    resource_classes = [StrategyResource]
    list_display = ["title", "period_text", "status_text", "flags"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever keeps the register; and who speaks for the agency whose strategy it is."""
        return super().has_change_permission(request, obj) or self._is_own(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str]:
        """Whose it is, and where it stands, is for whoever keeps the register."""
        keeps = super().has_change_permission(request, obj) or self.has_add_permission(request)
        return () if keeps else KEPT_BY_OFFICERS

    def _is_own(self, request: HttpRequest, strategy: Strategy | None) -> bool:
        if strategy is None or not request.user.has_perm("outcomes.change_own_strategy"):
            return False
        own = agencies_led_by(user=request.user, now=timezone.now())  # type: ignore[arg-type]
        return strategy.agency_id in [agency.pk for agency in own]

    @admin.display(description="what its dates say today")
    def flags(self, strategy: Strategy) -> str:
        return "; ".join(strategy.flags(day_of(timezone.now())))


class ImprovementPriorityResource(AreaResource):
    class Meta:
        model = ImprovementPriority
        import_id_fields = ["area", "number"]
        fields = [
            "area",
            "number",
            "order_in_report",
            "name",
            "name_verified",
            "wording",
            "source",
            "judgement",
        ]
        clean_model_instances = True
        skip_unchanged = True


@admin.register(ImprovementPriority)
class ImprovementPriorityAdmin(SheetAdmin):
    about = "What inspectors said has to get better."
    resource_classes = [ImprovementPriorityResource]
    list_display = ["order_in_report", "name", "number", "name_verified", "judgement"]
    list_display_links = ["name"]
