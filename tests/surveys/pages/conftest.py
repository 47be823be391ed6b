"""A survey that is open today: pages read the real clock."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from surveys.actions import fingerprint
from surveys.models import Question, Response
from tests import world


@pytest.fixture
def survey(consultation):
    """The parents' survey, open today for 13 more days."""
    return world.survey(consultation, "parent_carer", "parents", timezone.now())


@pytest.fixture
def closed(survey):
    """Closes the survey: its last day was the day before yesterday, when drafts had begun."""

    def close():
        Response.objects.filter(state="draft").update(started_at=timezone.now() - timedelta(days=5))
        survey.closes_on = timezone.localdate() - timedelta(days=2)
        survey.save()

    return close


class Parent:
    """One browser at the survey: it fills in the forms that it was shown."""

    seen = ""

    def __init__(self, **options):
        self.client = Client(**options)

    @property
    def code(self) -> str:
        return self.client.cookies["answers"].value

    @property
    def response(self) -> Response:
        return Response.objects.with_code(self.code).get()

    @property
    def of(self) -> str:
        """What a page made from this browser's response says of it."""
        return fingerprint(self.response.reference)

    def get(self, address: str):
        return self.client.get(address)

    def post(self, address: str, **fields):
        return self.client.post(address, fields)

    def begins(self):
        return self.post("/s/parents/")

    def answers(self, number: int, text: str, **more):
        """Types into the box of question `number`, as it is shown now, and continues."""
        page = self.get(f"/s/parents/{number}/")
        form = page.context["form"] if page.context else None
        names = [name for name in ("seen", "of", "pictured") if form and name in form.fields]
        hidden = {name: form[name].value() for name in names}
        return self.post(f"/s/parents/{number}/", **{"text": text, **hidden, **more})

    def describes(self, **chosen):
        """Says something about itself, or nothing, and continues."""
        return self.post("/s/parents/about-you/", **{"of": self.of} | chosen)

    def reads(self) -> str:
        """Opens the check page: what it says of the answers shown."""
        page = self.get("/s/parents/check/")
        if page.context and "form" in page.context:
            self.seen = page.context["form"]["seen"].value()
        return self.seen

    def stored(self, number: int) -> str:
        question = Question.objects.get(survey__slug="parents", order=number)
        return self.response.texts().get(question.pk, "")

    def sends(self, **fields):
        """Reads the answers once more, as they are shown now, and sends them."""
        return self.post("/s/parents/check/", **{"seen": self.reads()} | fields)


@pytest.fixture
def parent(survey) -> Parent:
    """A browser with a draft."""
    made = Parent()
    made.begins()
    return made


@pytest.fixture
def stranger(survey) -> Parent:
    """Another browser, with nothing."""
    return Parent()


def where(response) -> str:
    """The address that a page sends the browser on to."""
    assert response.status_code == 302, response.status_code
    return urlsplit(response["Location"]).path
