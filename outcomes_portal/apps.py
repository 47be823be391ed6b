"""Makes the officers' side ours."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    default_site = "outcomes_portal.admin.PortalAdminSite"
