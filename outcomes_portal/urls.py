"""All addresses, in river order."""

from django.contrib import admin
from django.urls import include, path

handler400 = "surveys.views.refusals.bad_request"
handler403 = "surveys.views.refusals.forbidden"
handler404 = "surveys.views.refusals.not_found"
handler500 = "surveys.views.refusals.server_error"

urlpatterns = [
    path("", include("surveys.urls")),
    path("", include("outcomes.urls")),
    path("admin/", admin.site.urls),
]
