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
