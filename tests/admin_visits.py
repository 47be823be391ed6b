"""Somebody opens a page of the admin at NOW: the fixtures of both apps' admin tests."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from tests.conftest import NOW


@pytest.fixture
def clock(monkeypatch):
    """The pages read NOW."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def visit(client, clock) -> Callable:
    """`visit(asha, "surveys_survey_change", 3)`; with `data` it sends a form."""

    def visit(who, name, *args, data=None, query=""):
        if who is None:
            client.logout()
        else:
            client.force_login(who)
        address = reverse(f"admin:{name}", args=args) + query
        return client.get(address) if data is None else client.post(address, data)

    return visit
