"""A world in which words are withheld on every path by which staff might read them.

A count of it is kept while they are still read, and names them: clusters are called after them.
"""

from outcomes.actions import adopt, ask_about, draft_outcome, keep_count, raise_concern
from outcomes.frozen import picture_in
from outcomes.models import Idea, ThemeSuggestion
from surveys.actions import (
    Received,
    add_note,
    begin_response,
    check_entry,
    enter_response,
    save_answer,
    send_response,
)
from surveys.models import Answer, Concern, Response, Survey
from tests import world

# Of each, one word that is nowhere else: online, what the helper thinks, typed in by Fran and a
# second time by Asha, beside a verdict of the second round, in a note of Fran's.
ONLINE, HELPER, TYPED, AGAIN, COMMENT, NOTED = (
    "marmalade",
    "damson",
    "gooseberry",
    "elderflower",
    "quince",
    "rhubarb",
)
SECRETS = (ONLINE, HELPER, TYPED, AGAIN, COMMENT, NOTED)
NAME = f"He hides the {ONLINE} from me"


def filled(survey, session, asha, fran, now) -> list:
    """What people said, analysed, adopted and asked about; gives what there is to withhold."""
    online = world.response(survey, f"{NAME} every night.", now)
    Response.objects.filter(pk=online.pk).update(helper_words=f"She means the {HELPER}.")
    typed = _typed_twice(survey, fran, asha, now)
    note = add_note(session=session, text=f"A {NOTED} was mentioned.")
    add_note(session=session, text="A club that says yes.")
    cluster = _adopted(survey, online.answers.get(), note, asha, now)
    kept = keep_count(consultation=survey.consultation, note="For the board.", by=asha, now=now)
    assert NAME in {one.name for one in picture_in(kept).named}
    world.cluster(survey, asha, now, voices=1)
    comment = _asked(survey.consultation, cluster, asha, now)
    return [online.answers.get(), typed.answers.get(), comment, note]


def withhold(sources, by, now) -> list[Concern]:
    return [
        raise_concern(source=one, category="other", reason="I worry.", by=by, now=now)
        for one in sources
    ]


def _typed_twice(survey, fran, asha, now) -> Response:
    received = Received(
        survey=survey,
        channel="paper",
        received_on=now.date(),
        number="12",
        texts={"what_matters": f"The {TYPED} hurts."},
    )
    made = enter_response(received=received, by=fran, now=now, reference="BCDFGHJKMP")
    check_entry(response=made, texts={"what_matters": f"The {AGAIN}."}, by=asha, now=now)
    return made


def _adopted(survey, answer, note, by, now):
    """A group named in the answer's words, adopted under that name, and quoted by another."""
    run = world.run(survey.consultation, by, now)
    said = [world.response(survey, f"Sleep at night, {number}", now) for number in range(2)]
    others = list(Answer.objects.filter(response__in=said))
    group = world.group(run, "health", [answer, others[0]])
    group.name, group.reason = NAME, f"2 ideas that share the words: {ONLINE}."
    group.save()
    idea = Idea.objects.create(note=note, start=0, end=len(note.text), found_by=run)
    ThemeSuggestion.objects.create(
        run=run, idea=idea, theme=group.theme, scores={"health": 1.0}, reason="Close.", group=group
    )
    quoting = world.group(run, "families", others[1:])
    quoting.reason = f"What people ask for; what they say happens: “{NAME}”."
    quoting.save()
    return adopt(suggestion=group, name=NAME, by=by, now=now)


def _asked(consultation, cluster, by, now) -> Answer:
    """A comment on an outcome drawn from the cluster."""
    outcome = draft_outcome(
        clusters=[cluster], i_statement="I feel safe.", reason="Yes.", by=by, now=now
    )
    second = world.second_round(consultation, "young_person")
    ask_about(survey=second, outcomes=[outcome], now=now)
    Survey.objects.filter(pk=second.pk).update(opens_on=now.date(), closes_on=now.date())
    second.refresh_from_db()
    made, _ = begin_response(survey=second, now=now)
    save_answer(
        response=made,
        question=second.questions.get(),
        choice="no",
        text=f"Not with the {COMMENT}.",
        seen=None,
        now=now,
    )
    return send_response(response=made, may_quote=None, now=now).answers.get()
