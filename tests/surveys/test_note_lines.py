"""Lines that become notes: their bullets, their kinds, and what to look at before adding them."""

import pytest

from surveys.note_lines import Line, Unreadable, checked, compared, line_of, lines_of


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("We want a club", "We want a club"),
        ("- We want a club", "We want a club"),
        ("– We want a club", "We want a club"),
        ("•We want a club", "We want a club"),
        ("  * We want a club  ", "We want a club"),
        ("12. We want a club", "We want a club"),
        ("(3) We want a club", "We want a club"),
        ("b) We want a club", "We want a club"),
        ("- 4) We want a club", "We want a club"),
        ("☐ We want a club", "We want a club"),
        ("1.5 hours is too long", "1.5 hours is too long"),
        ("3 in 4 said so", "3 in 4 said so"),
        ("2021. was hard", "2021. was hard"),
        ("-5 degrees in the room", "-5 degrees in the room"),
        ("“Quoted” words", "“Quoted” words"),
        ("=1+1", "=1+1"),
    ],
)
def test_bullets_and_numbers_at_the_start_are_taken_off(typed, text):
    assert line_of("line 1", typed).text == text


@pytest.mark.parametrize(
    ("typed", "text", "kind", "dots"),
    [
        ("exact: I just want to sleep", "I just want to sleep", "exact", None),
        ("- Exact words: I want", "I want", "exact", None),
        ("view: the room was cold", "the room was cold", "facilitator", None),
        ("Facilitator’s view: cold", "cold", "facilitator", None),
        ("said: a club", "a club", "said", None),
        ("dots 7: more buses", "more buses", "dots", 7),
        ("7 votes: more buses", "more buses", "dots", 7),
        ("VOTES 0: nobody", "nobody", "dots", 0),
        ("dots: more buses", "dots: more buses", "said", None),
        ("exact:", "exact:", "said", None),
        ("One mum said: a club", "One mum said: a club", "said", None),
        ("Reviewing: yes", "Reviewing: yes", "said", None),
    ],
)
def test_a_marker_at_the_start_tells_the_kind(typed, text, kind, dots):
    line = line_of("line 1", typed)
    assert (line.text, line.kind, line.dots) == (text, kind, dots)


def test_each_line_is_a_note_and_empty_ones_are_none():
    lines = lines_of("First\r\n\r\n  - \n---\nSecond\r3.\nThird")
    assert [(line.where, line.text) for line in lines] == [
        ("line 1", "First"),
        ("line 5", "Second"),
        ("line 7", "Third"),
    ]


def test_each_paragraph_is_a_note_with_its_lines():
    lines = lines_of("1. First\nand more\n\n\nexact: Second\n \nThird", by_paragraph=True)
    assert [(line.where, line.text, line.kind) for line in lines] == [
        ("line 1", "First\nand more", "said"),
        ("line 5", "Second", "exact"),
        ("line 7", "Third", "said"),
    ]


def test_too_many_too_long_too_much_and_nothing_are_refused_and_named():
    with pytest.raises(Unreadable, match="nothing in it"):
        checked([])
    with pytest.raises(Unreadable, match="2,001 notes"):
        checked(lines_of("x\n" * 2001))
    assert len(checked(lines_of("x\n" * 2000))) == 2000
    with pytest.raises(Unreadable, match=r"Line 3 has 10,001 characters"):
        checked(lines_of("a\n\n" + "x" * 10_001))
    with pytest.raises(Unreadable, match="2,000,000 characters together"):
        checked(lines_of("\n".join(["x" * 9_999] * 201)))


def test_a_very_long_line_is_warned_of():
    short, long = checked(lines_of("short\n" + "word " * 300))
    assert short.warnings == ()
    assert long.warnings == ("Long: 1,499 characters. Is it one note?",)
    assert long.take


def test_what_is_there_already_is_warned_of_and_not_ticked():
    notes = [(4, "We want a club that meets after school."), (9, "More buses")]
    lines = lines_of(
        "we want a club that meets after school\n"
        "We want a club that meets straight after school\n"
        "Something else\n"
        "dots 3: more buses\n"
        "something else!"
    )
    same, near, new, voted, again = compared(lines, notes)
    assert (same.warnings, same.take) == (("The same words as note 4.",), False)
    assert (near.warnings, near.take) == (("Nearly the same as note 4.",), True)
    assert (new.warnings, new.take) == ((), True)
    assert (voted.warnings, voted.take) == (("The same words as note 9.",), True)
    assert (again.warnings, again.take) == (("The same words as line 3.",), True)


def test_thousands_are_compared_quickly_and_nothing_is_like_nothing():
    notes = [(n, f"We want thing {n} and thing {n + 1} in the town") for n in range(3000)]
    lines = [Line(f"line {n}", f"Give us item {n} and item {n + 7} please") for n in range(2000)]
    assert len(compared(lines, notes)) == 2000
    assert compared([Line("line 1", "?!"), Line("line 2", "…")], [(1, "👍")])[1].warnings == ()
