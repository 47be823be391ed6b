"""What kind of place led to a survey: a word of ours in the address, and nothing else."""

import pytest

from surveys.models import QuestionWording, Response


@pytest.mark.parametrize("source", ["poster", "email", "school", "social", "group"])
def test_a_known_source_goes_with_the_response(stranger, source):
    words = stranger.get(f"/s/parents/?from={source}").content.decode()
    assert f'<input type="hidden" name="source" value="{source}">' in words
    stranger.post("/s/parents/", source=source)
    assert stranger.response.source == source


@pytest.mark.parametrize("source", ["", "leaflet", "POSTER", "<b>", "poster poster", "x" * 500])
def test_an_unknown_source_is_dropped(stranger, source):
    page = stranger.client.get("/s/parents/", {"from": source})
    assert 'name="source"' not in page.content.decode()
    stranger.post("/s/parents/", source=source)
    assert stranger.response.source == ""


def test_nothing_else_of_where_somebody_came_from_is_kept(stranger):
    stranger.client.post(
        "/s/parents/",
        headers={"referer": "https://school.example/anna", "user-agent": "Phone of Anna"},
        REMOTE_ADDR="203.0.113.7",
    )
    kept = str(Response.objects.values().get())
    for trace in ("school.example", "Anna", "203.0.113"):
        assert trace not in kept


def test_choosing_a_form_first_keeps_the_source(stranger, survey):
    for question in survey.questions.all():
        QuestionWording.objects.create(question=question, text="Easy?", form="easy_read")
    words = stranger.get("/s/parents/?from=poster").content.decode()
    assert 'href="?form=easy_read&amp;from=poster"' in words
