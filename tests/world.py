"""Makes the rows that tests start from, through actions wherever there is one."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.contrib.auth.models import Group, User

from outcomes.actions import (
    adopt,
    draft_outcome,
    keep_code_book,
    preview,
    publish_framework,
    put_forward,
    record_position,
    reword,
    snapshot_hash,
)
from outcomes.models import (
    AnalysisRun,
    Cluster,
    CodeBook,
    Endorsement,
    FrameworkVersion,
    GroupSuggestion,
    Idea,
    Outcome,
    Signatory,
    ThemeSuggestion,
    Wording,
)
from outcomes.unfinished import in_words, left_to_do
from surveys.actions import (
    begin_response,
    publish_consultation,
    publish_notice,
    save_answer,
    send_response,
)
from surveys.models import (
    Agency,
    Answer,
    Area,
    Consultation,
    PrivacyNotice,
    Question,
    QuestionWording,
    Response,
    Session,
    Survey,
    Theme,
)
from surveys.notices import first_notice

THEMES = [
    ("families", "SF", "Supporting families"),
    ("health", "HL", "Healthy lives"),
    ("education", "GE", "Great education"),
    ("activities", "PA", "Positive activities"),
    ("none", "NEW", "None of the four"),
]


def person(name: str, *roles: str) -> User:
    user = User.objects.create_user(name, password="a good long password", is_staff=True)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def area(slug: str = "levels") -> Area:
    made = Area.objects.create(
        name="The Levels",
        slug=slug,
        host_name="The forum",
        controller="The council is answerable.",
        contact_phone="01632 960000",
    )
    for order, (code, prefix, label) in enumerate(THEMES):
        Theme.objects.create(
            area=made,
            code=code,
            prefix=prefix,
            label=label,
            order=order,
            is_none=code == "none",
        )
    return made


def agency(where: Area, name: str, *, required: bool = False) -> Agency:
    return Agency.objects.create(
        area=where,
        name=name,
        short_name=name,
        slug=name.lower().replace(" ", "-"),
        sector=Agency.Sector.OTHER,
        is_accountable=required,
    )


def consultation(where: Area, *, by: User, now: datetime, slug: str = "outcomes") -> Consultation:
    """A published consultation whose accountable agencies are required to sign."""
    made = Consultation.objects.create(
        area=where,
        title="What should get better?",
        slug=slug,
        summary="Tell us.",
        purpose="Because it matters.",
        what_can_change="The outcomes.",
        decision_maker="The council and the NHS",
    )
    for body in where.agencies.all():
        sign(made, body, required=body.is_accountable)
    notice(where, by=by, now=now)
    return publish_consultation(consultation=made, by=by, now=now)


def notice(where: Area, *, by: User, now: datetime) -> PrivacyNotice:
    """The privacy notice in force; the first is written from the text that the portal brings."""
    found = PrivacyNotice.objects.in_force(where)
    return found or publish_notice(area=where, body=first_notice(where), by=by, now=now)


def sign(asked: Consultation, body: Agency, *, required: bool) -> Signatory:
    signatory, _ = Signatory.objects.update_or_create(
        consultation=asked, agency=body, defaults={"is_required": required}
    )
    return signatory


def survey(
    asked: Consultation,
    audience: str,
    slug: str,
    now: datetime,
    *,
    closes_on: date | None = None,
) -> Survey:
    """A survey of three questions, open from ten days before `now` to 13 days after.

    It asks no equality questions: these have tests of their own.
    """
    made = Survey.objects.create(
        consultation=asked,
        audience=audience,
        slug=slug,
        title=f"Survey for {audience}",
        card_text="For you.",
        intro="There are 3 questions.",
        safety_text="Please do not write names.",
        asks_equality=False,
        opens_on=now.date() - timedelta(days=10),
        closes_on=closes_on or now.date() + timedelta(days=13),
    )
    for number, construct in enumerate(Question.CORE, start=1):
        question = Question.objects.create(
            survey=made, order=number, construct=construct, label=f"Question {number}"
        )
        QuestionWording.objects.create(question=question, text=f"What about {construct}?")
    return made


def second_round(asked: Consultation, audience: str) -> Survey:
    """A survey of "have we got this right?", before it asks about anything and has its dates."""
    return Survey.objects.create(
        consultation=asked,
        audience=audience,
        round=2,
        kind=Survey.Kind.OUTCOMES,
        slug="right",
        title="Have we got this right?",
        card_text="For you.",
        intro="There are some statements.",
        safety_text="Please do not write names.",
    )


def session(of: Consultation, by: User, now: datetime) -> Session:
    """A workshop of `by` with twelve parents, before anything is noted."""
    return Session.objects.create(
        consultation=of,
        facilitator=by,
        title="Evening workshop",
        audience="parent_carer",
        held_on=now.date(),
        people=12,
    )


def response(to: Survey, text: str, now: datetime) -> Response:
    """A sent response that says `text` to the first question."""
    made, _ = begin_response(survey=to, now=now)
    save_answer(response=made, question=to.questions.all()[0], text=text, seen=None, now=now)
    return send_response(response=made, may_quote=None, now=now)


def run(asked: Consultation, by: User, now: datetime) -> AnalysisRun:
    """A finished run that found nothing yet."""
    return AnalysisRun.objects.create(
        consultation=asked, asked_by=by, asked_at=now, finished_at=now, state="done"
    )


def group(of: AnalysisRun, theme: str, answers: Sequence[Answer]) -> GroupSuggestion:
    """A suggested group of one idea for each answer: the whole of its text."""
    where = of.consultation.area.themes.get(code=theme)
    made = GroupSuggestion.objects.create(
        run=of, theme=where, name="what the machine calls it", reason="Alike.", order=1
    )
    for answer in answers:
        idea = Idea.objects.create(answer=answer, start=0, end=len(answer.text), found_by=of)
        ThemeSuggestion.objects.create(
            run=of, idea=idea, theme=where, scores={theme: 1.0}, reason="Close.", group=made
        )
    return made


def cluster(to: Survey, by: User, now: datetime, *, theme: str = "health", voices: int = 2):
    """An adopted cluster of `voices` people's ideas."""
    said = [response(to, f"Feeling well matters, {n}", now) for n in range(voices)]
    answers = list(Answer.objects.filter(response__in=said))
    suggestion = group(run(to.consultation, by, now), theme, answers)
    taken = Cluster.objects.filter(name="Feeling well").exists()
    name = f"Feeling well {suggestion.pk}" if taken else "Feeling well"
    return adopt(suggestion=suggestion, name=name, by=by, now=now)


def proposed(of: Cluster, by: User, now: datetime, words: str = "I feel well.") -> Outcome:
    """An outcome of one cluster, put forward."""
    made = draft_outcome(clusters=[of], i_statement=words, reason="So they said.", by=by, now=now)
    seen = made.wording.content_hash
    return put_forward(outcome=made, seen_hash=seen, reason="Ready.", by=by, now=now)


def reworded(of: Outcome, words: str, by: User, now: datetime) -> Wording:
    """Other words, by somebody who has just read the ones there are."""
    seen = of.wording.content_hash
    return reword(outcome=of, seen_hash=seen, i_statement=words, reason="Plainer.", by=by, now=now)


def endorse(of: Outcome, body: Agency, by: User, now: datetime) -> Endorsement:
    return record_position(
        outcome=of,
        agency=body,
        seen_hash=of.wording.content_hash,
        position="endorses",
        by=by,
        now=now,
    )


def publish(
    of: Consultation, by: User, now: datetime, words: str = "The first.", *, minor: bool = False
) -> FrameworkVersion:
    """Publish what is agreed, as somebody who has just read the preview."""
    return publish_framework(
        consultation=of,
        seen=snapshot_hash(preview(consultation=of)),
        left_seen=in_words(left_to_do(of)),
        despite="The rest comes later.",
        change_summary=words,
        by=by,
        now=now,
        minor=minor,
    )


def code_book(area: Area, by: User, at: datetime) -> CodeBook:
    """Two topics with two examples each; used by nothing."""
    rows = [
        {"topic": "sleep", "label": "Sleeping", "theme": "health"},
        {"topic": "friends", "label": "Friends", "theme": "activities"},
        {"topic": "sleep", "text": "he never sleeps"},
        {"topic": "sleep", "text": "awake all night again"},
        {"topic": "friends", "text": "just one mate"},
        {"topic": "friends", "text": "a friend to play with"},
    ]
    tried = {"tried": 2, "right": 2, "within_two": 2, "sure": 1, "sure_right": 1}
    found = {
        "topics": 2,
        "examples": 4,
        "themes": {"health": [1, 2], "activities": [1, 2]},
        "warnings": [],
        "more_warnings": 0,
        "held_out": tried,
    }
    return keep_code_book(
        area=area,
        name="Two topics",
        lines="\n".join(json.dumps(row) for row in rows),
        fingerprint="f" * 64,
        found=found,
        by=by,
        now=at,
    )
