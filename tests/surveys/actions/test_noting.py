"""Workshop notes: added in order, corrected in place, removed; nothing twice, nothing lost."""

import pytest

from outcomes.models import Idea
from surveys.actions import (
    add_note,
    add_notes,
    correct_note,
    remove_note,
    sessions_for,
)
from surveys.actions.noting import AlreadyThere, NewNote, NoteChanged
from surveys.models import Note
from surveys.refusals import BadText, NotAllowed
from tests import world
from tests.conftest import NOW


def said(session):
    return [(note.order, note.text) for note in session.notes.all()]


def test_notes_stand_in_the_order_in_which_they_came(session):
    for text in ("One", "Two", "Three"):
        add_note(session=session, text=text)
    assert said(session) == [(1, "One"), (2, "Two"), (3, "Three")]


def test_many_notes_are_added_together_or_not_at_all(session):
    add_note(session=session, text="First")
    with pytest.raises(BadText, match="number of dots"):
        add_notes(session=session, notes=[NewNote("Second"), NewNote("Third", "dots")])
    assert said(session) == [(1, "First")]
    add_notes(session=session, notes=[NewNote("Second"), NewNote("Third", "dots", 7)])
    assert said(session) == [(1, "First"), (2, "Second"), (3, "Third")]


@pytest.mark.parametrize(
    ("text", "kind", "dots", "sentence"),
    [
        ("", "said", None, "Write something"),
        (" \n\t ", "said", None, "Write something"),
        ("x" * 10_001, "said", None, "10,000 characters or fewer"),
        ("x", "shouted", None, "what kind"),
        ("x", "dots", None, "Give the number of dots"),
        ("x", "said", 3, "for dots or votes alone"),
        ("x", "dots", -1, "from 0 to 10,000"),
        ("x", "dots", 10_001, "from 0 to 10,000"),
    ],
)
def test_what_is_no_note_is_refused_with_a_sentence(session, text, kind, dots, sentence):
    with pytest.raises(BadText, match=sentence):
        add_note(session=session, text=text, kind=kind, dots=dots)
    assert not session.notes.exists()


def test_a_note_sent_twice_is_there_once(session):
    first = add_note(session=session, text="A club", seen=0)
    with pytest.raises(AlreadyThere, match="Note 1 says exactly this already") as refusal:
        add_note(session=session, text="A club", seen=0)
    assert refusal.value.notes == [first]
    assert said(session) == [(1, "A club")]


def test_it_is_known_again_although_somebody_wrote_in_between(session):
    seen = add_note(session=session, text="Before").pk
    add_note(session=session, text="A club", seen=seen)
    add_note(session=session, text="Somebody else’s", seen=seen)
    with pytest.raises(AlreadyThere):
        add_note(session=session, text="A club", seen=seen)
    assert session.notes.count() == 3


def test_the_same_words_said_again_are_another_note(session):
    first = add_note(session=session, text="A club", seen=0)
    add_note(session=session, text="A club", seen=first.pk)
    add_note(session=session, text="A club")
    add_note(session=session, text="A club", kind="exact", seen=0)
    assert session.notes.count() == 4


def test_a_preview_confirmed_twice_adds_once(session):
    notes = [NewNote("One"), NewNote("Two", "dots", 2), NewNote("One")]
    add_notes(session=session, notes=notes, seen=0)
    with pytest.raises(AlreadyThere, match="Notes 1 to 3 say exactly this already"):
        add_notes(session=session, notes=notes, seen=0)
    assert session.notes.count() == 3
    add_notes(session=session, notes=[*notes[:2], NewNote("Three")], seen=0)
    assert session.notes.count() == 6


def idea_of(note, asha):
    run = world.run(note.session.consultation, asha, NOW)
    return Idea.objects.create(note=note, start=0, end=4, found_by=run)


def test_other_words_take_the_place_and_what_a_run_made_goes(session, fran, asha):
    before, after = add_notes(session=session, notes=[NewNote("A clob"), NewNote("A bus")])
    idea_of(before, asha)
    seen = before.pk
    made = correct_note(note=before, text="A club", kind="exact", dots=None, seen=seen, by=fran)
    assert not Note.objects.filter(pk=seen).exists()
    assert said(session) == [(1, "A club"), (2, "A bus")]
    assert made.kind == "exact"
    assert not Idea.objects.exists()
    assert Note.objects.filter(pk=after.pk).exists()


def test_the_same_words_of_another_kind_keep_their_ideas(session, fran, asha):
    note = add_note(session=session, text="A club")
    idea_of(note, asha)
    made = correct_note(note=note, text=" A club ", kind="dots", dots=4, seen=note.pk, by=fran)
    assert (made.pk, made.kind, made.dots) == (note.pk, "dots", 4)
    assert Idea.objects.count() == 1


def test_a_removed_note_leaves_the_others_their_numbers(session, fran, asha):
    notes = add_notes(session=session, notes=[NewNote(text) for text in ("One", "Two", "Three")])
    idea_of(notes[1], asha)
    remove_note(note=notes[1], seen=notes[1].pk, by=fran)
    assert said(session) == [(1, "One"), (3, "Three")]
    assert not Idea.objects.exists()
    assert add_note(session=session, text="Four").order == 4


def test_two_who_correct_one_note_do_not_overwrite_each_other(session, fran, asha):
    note = add_note(session=session, text="A clob")
    read = note.pk
    now = correct_note(note=note, text="A club", kind="said", dots=None, seen=read, by=fran)
    with pytest.raises(NoteChanged, match="changed this note meanwhile") as refusal:
        correct_note(note=note, text="A clock", kind="said", dots=None, seen=read, by=asha)
    assert refusal.value.now == now
    with pytest.raises(NoteChanged, match="changed this note meanwhile"):
        remove_note(note=note, seen=read, by=asha)
    remove_note(note=note, seen=now.pk, by=asha)
    with pytest.raises(NoteChanged, match="removed this note") as refusal:
        correct_note(note=note, text="A clock", kind="said", dots=None, seen=now.pk, by=asha)
    assert refusal.value.now is None


def test_only_its_facilitator_or_an_officer_changes_a_note(session, fran, asha, dev):
    note = add_note(session=session, text="A club")
    flo = world.person("flo", "Facilitator")
    for other in (flo, dev):
        with pytest.raises(NotAllowed):
            remove_note(note=note, seen=note.pk, by=other)
        with pytest.raises(NotAllowed):
            correct_note(note=note, text="x", kind="said", dots=None, seen=note.pk, by=other)
    assert said(session) == [(1, "A club")]
    correct_note(note=note, text="A bus", kind="said", dots=None, seen=note.pk, by=asha)
    assert said(session) == [(1, "A bus")]


def test_a_facilitator_has_their_own_workshops_and_an_officer_all(session, fran, asha):
    flo = world.person("flo", "Facilitator")
    assert list(sessions_for(fran)) == list(sessions_for(asha)) == [session]
    assert not sessions_for(flo).exists()
