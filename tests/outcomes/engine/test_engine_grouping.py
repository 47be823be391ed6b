"""Groups of officers first, then new ones; opposite views apart and linked."""

from outcomes.engine.pipeline import Label, Pipeline, Text

SPECIAL = [
    "We need more special school places, mainstream does not work for everyone.",
    "Build another special school, there are no places left.",
    "More special school places in this county please.",
]
MAINSTREAM = [
    "Children with SEND should be included in their ordinary local school.",
    "Children with SEND belong in the ordinary school with everyone else.",
    "Included in the ordinary school down the road, not sent away.",
]
WAITED = [
    f"We waited {wait} for his autism assessment, and {then}."
    for wait, then in zip(
        ["two years", "26 months", "a year and a half", "over three years"] * 3,
        [
            "nobody rang once", "then they lost the form", "he had left school by then",
            "heard nothing in between", "the letter went to the wrong house", "I cried every week",
            "school would not help without it", "it was cancelled twice", "we paid in the end",
            "she fell apart meanwhile", "they said join the queue again", "it was over in an hour",
        ],
        strict=True,
    )
]  # fmt: skip
WISHES = [
    f"I want autism assessments {wish}."
    for wish in [
        "to take weeks, not years", "done within one term", "to start when school asks",
        "at the surgery near us", "with a date that we can trust", "to be quick for every child",
        "before he goes to big school", "without a waiting list", "for girls as fast as for boys",
        "inside three months", "with someone to ring meanwhile", "in the year that we ask",
        "done in a month", "to be over by Christmas", "in weeks and not in years",
    ]
]  # fmt: skip
BUSES = ["There is one bus a day from our village.", "The bus does not come on Sundays."]


def as_ideas(texts):
    return [Text(f"t{n}", text, spans=((0, len(text)),)) for n, text in enumerate(texts)]


def test_opposite_views_are_apart_and_linked_both_ways(pipeline):
    found = pipeline.analyse(as_ideas([*SPECIAL, *MAINSTREAM]))
    of_special, of_mainstream = (
        {idea.group for idea in half} for half in (found.ideas[:3], found.ideas[3:])
    )
    assert not of_special & of_mainstream - {None}
    opposed = {group.number: group.opposes for group in found.groups if group.opposes}
    assert opposed
    for number, others in opposed.items():
        assert all(number in opposed[other] for other in others)
        assert "The opposite view: “" in found.groups[number - 1].reason


def test_ideas_join_what_officers_made_under_its_name(cache_dir):
    labels = [Label(text, cluster="Getting about") for text in BUSES]
    texts = as_ideas([*BUSES, "One bus a day from the village is all there is.", *SPECIAL])
    found = Pipeline(cache_dir=cache_dir, labels=labels).analyse(texts)
    groups = {group.number: group.name for group in found.groups}
    assert [groups.get(idea.group) for idea in found.ideas[:3]] == ["Getting about"] * 3
    assert "Getting about" not in [groups.get(idea.group) for idea in found.ideas[3:]]


def test_officers_clusters_stand_although_nobody_says_anything_like_them(cache_dir):
    labels = [Label(text, cluster="Getting about") for text in BUSES]
    found = Pipeline(cache_dir=cache_dir, labels=labels).analyse(as_ideas(SPECIAL))
    assert "Getting about" not in {group.name for group in found.groups}


def test_of_a_large_group_wants_and_what_happens_stand_apart_and_are_linked(cache_dir):
    labels = [Label(text, kind="experience") for text in WAITED]
    labels += [Label(text, kind="outcome") for text in WISHES]
    found = Pipeline(cache_dir=cache_dir, labels=labels).analyse(as_ideas([*WAITED, *WISHES]))
    names = {group.number: group.name for group in found.groups}
    reasons = {group.number: group.reason for group in found.groups}
    tells, asks = ({idea.group for idea in half} for half in (found.ideas[:12], found.ideas[12:]))
    (told,), (asked,) = tells - {None}, asks - {None}
    assert told != asked
    assert reasons[told].endswith(f"What people say happens; what they ask for: “{names[asked]}”.")
    assert reasons[asked].endswith(f"What people ask for; what they say happens: “{names[told]}”.")


def test_a_small_group_is_not_parted(cache_dir):
    labels = [Label(text, kind="experience") for text in WAITED]
    labels += [Label(text, kind="outcome") for text in WISHES]
    given = as_ideas([*WAITED[:5], *WISHES[:5]])
    found = Pipeline(cache_dir=cache_dir, labels=labels).analyse(given)
    assert len({idea.group for idea in found.ideas}) == 1
