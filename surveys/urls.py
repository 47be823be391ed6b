"""Addresses of the consultation and its surveys."""

from django.urls import path

from surveys.views import about, answering, home, returning, sending

urlpatterns = [
    path("", home.home, name="home"),
    path("s/<slug:slug>/", answering.start, name="survey"),
    path("s/<slug:slug>/<int:number>/", answering.question, name="question"),
    path("s/<slug:slug>/later/", answering.later, name="later"),
    path("s/<slug:slug>/check/", sending.check, name="check"),
    path("s/<slug:slug>/sent/", sending.sent, name="sent"),
    path("s/<slug:slug>/leave/", sending.leave, name="leave"),
    path("return/", returning.come_back, name="come_back"),
    path("privacy/", about.privacy, name="privacy"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("cookies/", about.cookies, name="cookies"),
    path("healthz", about.healthz, name="healthz"),
]
