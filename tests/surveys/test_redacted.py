"""Words without what is hidden in them: whatever the text, whatever the spans."""

import random

from surveys.redacted import BLOCK, Hidden, joined, masked, redacted

LETTERS = "ab 🎈é\n👩‍👧ß[]█…"
KINDS = ["person", "school", "rare", "insult", "other"]


def any_text(chance) -> str:
    return "".join(chance.choice(LETTERS) for _ in range(chance.randrange(1, 40)))


def any_spans(chance, text) -> list[Hidden]:
    """Some of them overlap, lie in each other or touch."""
    found = []
    for _ in range(chance.randrange(6)):
        start = chance.randrange(len(text))
        end = chance.randrange(start + 1, len(text) + 1)
        found.append(Hidden(start, end, chance.choice(KINDS)))
    return found


def cases():
    """Texts with spans, and chance for more: the same each time."""
    for seed in range(400):
        chance = random.Random(seed)
        text = any_text(chance)
        yield text, any_spans(chance, text), chance


def covered(spans) -> set[int]:
    return {place for one in spans for place in range(one.start, one.end)}


def test_joined_spans_cover_the_same_characters_in_order_and_apart():
    for _text, spans, _chance in cases():
        found = joined(spans)
        assert covered(found) == covered(spans)
        assert sum(one.end - one.start for one in found) == len(covered(spans))
        assert found == sorted(found)
        assert joined(found) == found
        assert joined(reversed(spans)) == found
        assert {one.kind for one in found} <= {one.kind for one in spans}


def test_masked_every_place_stays_where_it_is():
    for text, spans, _chance in cases():
        dark = masked(text, joined(spans))
        assert len(dark) == len(text)
        for place, letter in enumerate(dark):
            assert letter == (BLOCK if place in covered(spans) else text[place])


def test_redacted_only_what_is_hidden_goes_and_the_rest_stays_in_order():
    for text, spans, _chance in cases():
        hidden = joined(spans)
        expected, at = "", 0
        for one in hidden:
            expected += text[at : one.start] + one.shown_as
            at = one.end
        assert redacted(text, hidden) == expected + text[at:]


def test_a_part_shows_no_hidden_character_however_it_is_cut():
    for text, spans, chance in cases():
        hidden = joined(spans)
        start = chance.randrange(len(text))
        end = chance.randrange(start + 1, len(text) + 1)
        bare = redacted(text, hidden, start, end)
        for one in hidden:
            if one.end > start and one.start < end:
                assert one.shown_as in bare
                bare = bare.replace(one.shown_as, "", 1)
        assert bare == "".join(text[n] for n in range(start, end) if n not in covered(spans))


def test_parts_of_a_text_in_which_nothing_is_hidden_are_the_text():
    for text, _spans, chance in cases():
        cut = chance.randrange(len(text) + 1)
        assert redacted(text, [], 0, cut) + redacted(text, [], cut) == text
        assert masked(text, []) == text


def test_a_whole_text_is_hidden():
    text = "👩‍👧 Zoë"
    whole = [Hidden(0, len(text), "person")]
    assert redacted(text, whole) == "[name]"
    assert set(masked(text, whole)) == {BLOCK}


def test_places_are_those_of_characters_and_not_of_bytes():
    text = "🎈🎈 Zoë 🎈"
    assert redacted(text, [Hidden(3, 6, "person")]) == "🎈🎈 [name] 🎈"


def test_spans_that_touch_stay_two():
    spans = [Hidden(0, 3, "person"), Hidden(3, 6, "place")]
    assert joined(spans) == spans
    assert redacted("AnnBea", spans) == "[name][place]"


def test_of_spans_that_overlap_the_first_names_the_kind():
    spans = [Hidden(4, 9, "school"), Hidden(0, 6, "person"), Hidden(1, 2, "rare")]
    assert joined(spans) == [Hidden(0, 9, "person")]


def test_a_detail_without_a_word_of_its_own_is_just_hidden():
    assert {Hidden(0, 1, kind).shown_as for kind in ("rare", "insult", "other", "new")} == {
        "[hidden]"
    }


def test_an_empty_text_is_empty():
    assert redacted("", []) == masked("", []) == ""
    assert joined([]) == []
