"""What an officer may want to look at again in an outcome's words."""

import pytest

from outcomes.models import Wording


@pytest.mark.parametrize(
    "words",
    ["I have friends near home.", "My family tells our story once.", "People ask me first."],
)
def test_words_about_a_life_raise_no_doubt(words):
    assert Wording(i_statement=words).doubts() == []


def test_words_about_a_service_do():
    doubts = Wording(i_statement="Provide timely access to quiet rooms.").doubts()
    assert "could a young person say it?" in doubts[0]
    assert "“access to” and “provide” and “timely”" in doubts[1]
