"""What reviewers and agency leads say of clusters and drafts, and what officers answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone

from outcomes import actions
from outcomes.actions.drafting import WordsChanged
from outcomes.models import Cluster, Comment, Outcome, OutcomeDecision
from outcomes.roles import ROLES
from surveys.admin.deciding import Decision
from surveys.admin.pages import WrittenElsewhere, number_of, page_of
from surveys.models import AgencyLead
from surveys.refusals import Refusal

WRITE, ANSWER = "outcomes.write_comment", "outcomes.draft_outcome"
WRITERS = {name for name, words in ROLES.items() if WRITE in words}
MOST_SHOWN = 50
SHORT = 120
AT_MOST = f"At most {actions.MOST_IN_A_COMMENT:,} characters."


def _words(label: str, about: str) -> forms.CharField:
    """How long it may be is for the action to say, which keeps what was typed."""
    return forms.CharField(
        label=label,
        help_text=about,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
    )


class OfReadWords(Decision):
    """About the words that the page showed, and no others."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.now_reads()

    def now_reads(self) -> str:
        raise NotImplementedError

    def refused(self, refusal: Refusal) -> None:
        """Words that changed meanwhile are shown now: the next sending is about those."""
        super().refused(refusal)
        if isinstance(refusal, WordsChanged):
            self.data = self.data.copy()
            self.data["seen"] = self.now_reads()


class Say(OfReadWords):
    """On the page of a cluster or of an outcome."""

    path = "comment"
    label = "Comment"
    permission = WRITE
    button = "Send the comment"
    done = "Thank you. Officers read your comment on {}, and answer it here."
    template = "outcomes/comment/write"

    text = _words(
        "Your comment",
        f"{AT_MOST} Staff who read this page read it, with your name; it is not published. Name "
        "nobody, and do not copy what somebody said.",
    )

    @classmethod
    def fits(cls, row: Cluster | Outcome) -> bool:
        """Its form stands on the page itself."""
        return False

    @property
    def read(self) -> str:
        return actions.words_about(self.row)

    def now_reads(self) -> str:
        return actions.as_read(self.read)

    def decide(self, *, by: Any, now: datetime) -> Cluster | Outcome:
        return actions.comment(about=self.row, by=by, now=now, **self.cleaned_data)


class Answer(OfReadWords):
    path = "answer"
    label = "Answer"
    permission = ANSWER
    button = "Keep this answer"
    about = "Whoever reads the comment reads the answer, with your name. It is not published."
    done = "The answer is kept."
    template = "outcomes/comment/answer"

    answer = _words("Answer", f"{AT_MOST} It can be corrected; that it was is kept.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].initial = self.row.answer

    def now_reads(self) -> str:
        return actions.as_read(self.row.answer)

    def decide(self, *, by: Any, now: datetime) -> Comment:
        return actions.answer_comment(comment=self.row, by=by, now=now, **self.cleaned_data)


def comments_for(user: Any) -> QuerySet[Comment]:
    """Those on what this person may open.

    Who sees no drafts (agency leads) reads what was said since an outcome was put forward: what was
    said before is about words that they never saw.
    """
    rows = Comment.objects.select_related(
        "cluster__theme", "outcome__theme", "by", "answered_by"
    ).prefetch_related("by__groups", "outcome__wordings")
    if user.has_perm("outcomes.view_cluster"):
        return rows
    put_forward = OutcomeDecision.objects.filter(
        outcome=OuterRef("outcome"), what=OutcomeDecision.What.PUT_FORWARD
    )
    return rows.filter(
        outcome__state=Outcome.State.PROPOSED, at__gte=Subquery(put_forward.values("at")[:1])
    )


def say_who(comments: Sequence[Comment]) -> None:
    """Gives each the standing of its writer on that day, and whether its words changed since."""
    writers = {comment.by_id for comment in comments}
    leads = list(AgencyLead.objects.filter(user__in=writers).select_related("agency"))
    for comment in comments:
        day = timezone.localdate(comment.at)
        serving = [
            str(lead)
            for lead in leads
            if lead.user_id == comment.by_id
            and lead.since <= day
            and (lead.until is None or day <= lead.until)
        ]
        comment.said_as = "; ".join(serving) or _roles(comment.by)  # type: ignore[attr-defined]
        about = comment.cluster or comment.outcome
        comment.thing = about  # type: ignore[attr-defined]
        comment.is_earlier = (  # type: ignore[attr-defined]
            about is not None and comment.about_words != actions.words_about(about)
        )


def _roles(user: User) -> str:
    names = sorted(group.name for group in user.groups.all() if group.name in WRITERS)
    return ", ".join(names).lower()


def what_reviewers_say(request: HttpRequest, row: Cluster | Outcome) -> dict[str, Any]:
    """The part of a page with what was said of it, and the form for those who may say more."""
    user = request.user
    if not user.has_perm("outcomes.view_comment"):
        return {}
    place = {"cluster" if isinstance(row, Cluster) else "outcome": row}
    rows = comments_for(user).filter(**place).order_by("-at", "-pk")
    comments = list(rows[: MOST_SHOWN + 1])
    say_who(comments)
    may = Say.allowed(user, row, timezone.now()) and actions.takes_comments(row)
    return {
        "comments": comments[:MOST_SHOWN],
        "more_comments": len(comments) > MOST_SHOWN,
        "comment_form": Say(None, row=row, user=user) if may else None,
        "comment_address": Say.address(row),
        "may_answer": user.has_perm(ANSWER),
        "shows_comments": True,
    }


class Answered(admin.SimpleListFilter):
    title = "answer"
    parameter_name = "answered"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "waits for an answer"), ("yes", "answered")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        if self.value() == "no":
            return queryset.filter(answer="")
        return queryset.exclude(answer="") if self.value() == "yes" else queryset


class CommentChangeList(ChangeList):
    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        say_who(self.result_list)


@admin.register(Comment)
class CommentAdmin(WrittenElsewhere):
    about = "What reviewers and agency leads say of clusters and drafts, with the answers."
    page = "outcomes/comment/page"
    decisions = (Answer,)
    list_display = ["thing", "said", "who", "at", "answered"]
    list_filter = [Answered]
    list_per_page = 50
    search_fields = ["text", "answer"]
    search_help_text = "A word of a comment or of an answer."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        return comments_for(request.user).order_by("-at", "-pk")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("-at", "-pk")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CommentChangeList

    def waits(self, request: HttpRequest) -> str:
        if not request.user.has_perm(ANSWER):
            return ""
        return number_of((Comment.objects.filter(answer="").count(), "to answer"))

    @admin.display(description="about")
    def thing(self, row: Comment) -> str:
        return _name(row)

    @admin.display(description="comment")
    def said(self, row: Comment) -> str:
        return row.text if len(row.text) <= SHORT else f"{row.text[:SHORT]}…"

    @admin.display(description="by", ordering="by")
    def who(self, row: Comment) -> str:
        return f"{row.by}, {row.said_as}"  # type: ignore[attr-defined]

    @admin.display(description="answered", boolean=True)
    def answered(self, row: Comment) -> bool:
        return bool(row.answer)

    def facts(self, request: HttpRequest, row: Comment) -> dict[str, Any]:
        say_who([row])
        about = row.cluster or row.outcome
        return {
            "title": f"Comment on {_name(row)}",
            "shows_comments": True,
            "comment": row,
            "about_page": page_of(about) if about else "",
            "about_name": _name(row),
        }


def _name(row: Comment) -> str:
    return f"cluster “{row.cluster}”" if row.cluster else f"outcome {row.outcome}"
