"""The page with the map, the bars and the tables, and where everything stands in them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.actions import adopt
from outcomes.admin.picture_drawing import (
    AUDIENCE_COLOURS,
    EDGE,
    NO_COLOUR,
    SHAPES,
    THEME_COLOURS,
    TOP,
    WIDTH,
    drawn,
    field_of,
    labels,
)
from outcomes.models import AnalysisRun, GroupSuggestion, ThemeSuggestion
from outcomes.picture import Heading, Named
from surveys.models import Answer
from tests import world
from tests.conftest import NOW

GROUNDS = ["#ffffff", "#f8f8f8", "#121212", "#212121"]  # the admin's, light and dark


@pytest.fixture
def mapped(survey, asha):
    """Six parents' ideas of one group, each with a place."""
    run = world.run(survey.consultation, asha, NOW)
    said = [world.response(survey, f"Sleep, {number}", NOW) for number in range(6)]
    group = world.group(run, "health", list(Answer.objects.filter(response__in=said)))
    GroupSuggestion.objects.update(name="Sleep & <rest>")
    for number, one in enumerate(group.members.all()):
        ThemeSuggestion.objects.filter(pk=one.pk).update(x=number / 6, y=0.1)
    group.refresh_from_db()
    return group


def page_of(visit, who, group):
    return visit(who, "outcomes_cluster_picture", group.run.consultation_id).content.decode()


@pytest.mark.django_db
def test_the_count_names_its_moment_and_its_analysis(visit, asha, mapped):
    page = page_of(visit, asha, mapped)
    run = mapped.run
    assert f"as of 22 November 2026, 12:00, from {run}" in page
    assert f"<caption>People by theme and audience, 22 November 2026, 12:00, {run}" in page
    assert page.count(f"22 November 2026, 12:00, {run}</") == 3


@pytest.mark.django_db
def test_all_pictures_say_the_same(visit, asha, mapped):
    page = page_of(visit, asha, mapped)
    assert "Parents and carers: 6</text>" in page
    assert page.count('<td class="number">6</td>') == 2  # by theme, and by group
    assert "6 ideas as marks" in re.sub(r"\s+", " ", page)


@pytest.mark.django_db
def test_drawings_have_a_title_a_description_and_no_script_or_style(visit, asha, mapped):
    page = page_of(visit, asha, mapped)
    for drawing in re.findall(r"<svg viewBox.*?</svg>", page, re.S):
        assert '<title id="' in drawing
        assert '<desc id="' in drawing
        assert 'role="img"' in drawing
        assert not re.search(r"\sstyle=|<script|<style|href=|url\(", drawing)
    assert page.count("<svg viewBox") == 2


@pytest.mark.django_db
def test_names_stand_on_the_map_and_in_the_table(visit, asha, mapped):
    page = page_of(visit, asha, mapped)
    assert ">1 Sleep &amp; &lt;rest&gt;</text>" in page
    assert "Suggested by the machine, adopted by nobody yet" in page
    assert "<td>D6</td>" in page
    adopt(suggestion=mapped, name="Sleeping well", by=asha, now=NOW)
    page = page_of(visit, asha, mapped)
    assert 'font-weight="bold">1 Sleeping well</text>' in page
    assert "Sleep &amp;" not in page


@pytest.mark.django_db
def test_ideas_of_an_analysis_without_a_map_are_in_the_table(visit, asha, mapped):
    ThemeSuggestion.objects.update(x=None, y=None)
    page = page_of(visit, asha, mapped)
    assert "<td>no place</td>" in page
    assert "0 are drawn." in page


@pytest.mark.django_db
def test_without_an_analysis_the_page_says_so(visit, asha, mapped):
    AnalysisRun.objects.update(state="cancelled")
    assert "there is nothing to draw" in page_of(visit, asha, mapped)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.text(max_size=200)), max_size=40))
def test_no_name_lies_on_another_or_outside(places):
    named = [
        Named(("group", key), text, Heading("x", "X"), (x, y), ["0", "0", "0"], 0)
        for key, (x, y, text) in enumerate(places)
    ]
    boxes = []
    for one in labels(named):
        half = len(one.text) * 3.5
        assert one.x - half + 0.1 >= EDGE
        assert one.x + half - 0.1 <= WIDTH - EDGE
        assert one.y > TOP
        boxes.append((one.x - half, one.x + half, one.y))
    for number, (left, right, y) in enumerate(boxes):
        for other_left, other_right, other_y in boxes[number + 1 :]:
            assert right <= other_left or other_right <= left or abs(y - other_y) >= 16.9


@given(st.floats(0, 1), st.floats(0, 1))
def test_every_place_has_a_field(x, y):
    assert re.fullmatch("[A-H][1-6]", field_of(x, y))


def test_fields_are_read_as_on_a_street_map():
    assert field_of(0, 1) == "A1"
    assert field_of(1, 0) == "H6"


def test_themes_differ_by_shape_and_not_by_colour_alone():
    paths = {drawn(shape, 10, 10) for shape in [*SHAPES, "ring"]}
    assert len(paths) == len(SHAPES) + 1
    assert len(set(THEME_COLOURS)) == len(THEME_COLOURS)


@pytest.mark.parametrize("colour", [*THEME_COLOURS, *AUDIENCE_COLOURS, NO_COLOUR])
@pytest.mark.parametrize("ground", GROUNDS)
def test_colours_stand_out_on_light_and_dark(colour, ground):
    one, other = sorted((_light(colour), _light(ground)), reverse=True)
    assert (one + 0.05) / (other + 0.05) >= 3


def _light(colour):
    """Relative luminance, as WCAG defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
