"""Addresses of the published outcomes and what lies alongside."""

from django.urls import path

from outcomes.views.framework import framework, framework_data
from outcomes.views.strategies import strategies
from outcomes.views.traces import what_happened

urlpatterns = [
    path("framework/", framework, name="framework"),
    path("framework/<int:major>.<int:minor>/", framework, name="framework_version"),
    path("framework/<int:major>.<int:minor>.json", framework_data, name="framework_data"),
    path("strategies/", strategies, name="strategies"),
    path("s/<slug:slug>/what-happened/", what_happened, name="what_happened"),
]
