"""Every link of every error summary leads to something on the page that takes focus."""

from html.parser import HTMLParser

import pytest
from crispy_forms_gds.helper import FormHelper
from django import forms
from django.template import Context, Template


class Ids(HTMLParser):
    """The ids that take focus, those of all else, and where the error summary's links lead."""

    def __init__(self, page: str):
        super().__init__()
        self.focusable, self.all, self.links = set(), [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if "id" in found:
            self.all.append(found["id"])
            if tag in {"input", "textarea", "select", "button"} or (tag == "a" and found["href"]):
                self.focusable.add(found["id"])
        if tag == "a" and found["href"].startswith("#") and found["href"] != "#main":
            self.links.append(found["href"][1:])


def assert_links_lead_somewhere(page: str, links: int = 1) -> None:
    ids = Ids(page)
    assert "There is a problem" in page
    assert len(ids.links) == links
    assert set(ids.links) <= ids.focusable
    assert len(ids.all) == len(set(ids.all))


def too_long(parent):
    return parent.answers(1, "x" * 2001)


def changed_elsewhere(parent):
    parent.post("/s/parents/1/", text="First", seen="", of=parent.of)
    return parent.post("/s/parents/1/", text="Second", seen="", of=parent.of)


def nothing_answered(parent):
    return parent.sends()


def bad_choice(parent):
    parent.answers(1, "Words")
    return parent.sends(may_quote="maybe")


def wrong_code(parent):
    return parent.post("/return/", code="wrong")


@pytest.mark.parametrize(
    "mistake", [too_long, changed_elsewhere, nothing_answered, bad_choice, wrong_code]
)
def test_the_link_leads_to_its_field(parent, mistake):
    page = mistake(parent).content.decode()
    assert_links_lead_somewhere(page)
    assert "<title> Error: " in " ".join(page.split()).replace("<title>Error", "<title> Error")


class Everything(forms.Form):
    """One field of each kind that the pages may come to use."""

    text = forms.CharField()
    words = forms.CharField(widget=forms.Textarea)
    one = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    some = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)
    pick = forms.ChoiceField(choices=[("a", "A")])
    tick = forms.BooleanField(label="<b>Tick</b>", help_text="<i>Do</i>")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)

    def clean(self):
        raise forms.ValidationError("All of it is wrong.")


def test_the_link_of_every_kind_of_field_leads_to_it():
    template = Template(
        "{% load crispy_forms_gds crispy_forms_tags %}{% error_summary form %}{% crispy form %}"
    )
    page = template.render(Context({"form": Everything({})}))
    assert_links_lead_somewhere(page, links=7)
    assert "<b>Tick" not in page
    assert "<i>Do" not in page


def described_by(page: str) -> set[str]:
    return {
        name for part in page.split('aria-describedby="')[1:] for name in part.split('"')[0].split()
    }


def test_what_describes_a_field_is_on_the_page(parent):
    for page in (parent.get("/s/parents/1/"), too_long(parent), wrong_code(parent)):
        words = page.content.decode()
        assert described_by(words)
        assert described_by(words) <= set(Ids(words).all)
