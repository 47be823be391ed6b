"""The agencies of the area, and who speaks for them."""

from django.contrib import admin

from surveys.admin.pages import PortalAdmin
from surveys.admin.sheets import AreaResource, SheetAdmin
from surveys.models import Agency, AgencyLead


class AgencyResource(AreaResource):
    class Meta:
        model = Agency
        import_id_fields = ["area", "slug"]
        fields = [
            "area",
            "slug",
            "name",
            "short_name",
            "sector",
            "is_accountable",
            "valid_from",
            "valid_to",
        ]
        clean_model_instances = True
        skip_unchanged = True


@admin.register(Agency)
class AgencyAdmin(SheetAdmin):
    about = "The bodies that are asked for their position."
    resource_classes = [AgencyResource]
    list_display = ["name", "short_name", "sector", "is_accountable", "valid_from", "valid_to"]
    list_filter = ["sector", "is_accountable"]
    prepopulated_fields = {"slug": ["short_name"]}


@admin.register(AgencyLead)
class AgencyLeadAdmin(PortalAdmin):
    about = "Who may sign for which agency, from when until when."
    list_display = ["user", "agency", "role", "since", "until"]
    list_display_links = ["user"]
    list_filter = ["agency"]
    list_select_related = ["user", "agency"]
