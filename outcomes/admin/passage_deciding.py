"""What somebody decides about one idea, by one button or one form of its passage's page."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from outcomes import actions
from outcomes.admin.passage_facts import themes_for
from outcomes.admin.passage_forms import Themes, key_of
from outcomes.admin.passage_way import address_of, query_of, remember
from outcomes.models import Coding, Disposition, Idea
from outcomes.whose import CODES, may_end
from surveys.models import Passage
from surveys.refusals import BadText, Refusal

THEME = "theme-"


class IdeaDecisions:
    """For the admin of ideas: where the forms of a passage's page are sent."""

    get_object: Any
    admin_site: Any

    def passage_of(self, request: HttpRequest, idea: Idea) -> Passage:
        if not hasattr(idea.source, "passage"):
            raise Http404
        passage: Passage = self.inbox().find_placed(request, idea.source.passage.pk)
        return passage

    def inbox(self) -> Any:
        return self.admin_site.get_model_admin(Passage)

    def to_code(self, request: HttpRequest, object_id: Any) -> tuple[Idea, Passage]:
        """The idea and its passage, for somebody who may say what it is about."""
        if not CODES.is_for_some(request.user):
            raise PermissionDenied
        idea = self.get_object(request, str(object_id))
        if idea is None:
            raise Http404
        passage = self.passage_of(request, idea)
        if not CODES.covers(request.user, passage):
            raise PermissionDenied
        return idea, passage

    def decide_idea(self, request: HttpRequest, object_id: int) -> HttpResponse:
        idea, passage = self.to_code(request, object_id)
        if request.method != "POST":
            return redirect(address_of(passage, query_of(self, request), idea))
        do = request.POST.get("do", "")
        end = Disposition.objects.filter(idea=idea, is_current=True).first()
        if not may_end(request.user, end):
            raise PermissionDenied
        data = request.POST if do == "themes" else None
        form = Themes(data, themes=themes_for(passage), prefix=str(idea.pk))
        filled = {idea.pk: form} if form.is_bound else {}
        if form.is_bound and not form.is_valid():
            sentence = next(iter(form.errors.values()))[0]
            return self.inbox().read(  # type: ignore[no-any-return]
                request, passage, trouble={idea.pk: sentence}, filled=filled
            )
        try:
            said = _decide(request, idea, do, form, timezone.now())
        except Refusal as refusal:
            return self.inbox().read(  # type: ignore[no-any-return]
                request, passage, trouble={idea.pk: refusal.sentence}, filled=filled
            )
        messages.success(request, said)
        remember(request, None if do == "undo" else idea)
        return self.inbox().go_on(request, passage, idea, stay=do == "undo")  # type: ignore[no-any-return]


def _decide(request: HttpRequest, idea: Idea, do: str, form: Themes, now: datetime) -> str:
    """Take the decision; gives what was decided, in words."""
    sent = request.POST
    by: Any = request.user
    seen, end_seen = key_of(sent.get("seen")), key_of(sent.get("end_seen"))
    given: dict[str, Any] = {"idea": idea, "by": by, "now": now, "seen": seen}
    if do == "accept":
        return f"Accepted: {actions.accept(suggested=key_of(sent.get('suggested')), **given)}."
    if do == "themes":
        return f"About: {actions.code(themes=form.chosen, **given)}."
    if do.startswith(THEME) and (theme := form.themes.get(do.removeprefix(THEME))):
        return f"About: {actions.code(themes=[theme], **given)}."
    if do == "not-sure":
        actions.code(themes=[], **given)
        return "Not sure: it stays to be decided."
    if do == "nothing":
        what = Disposition.What.NOTHING
        actions.dispose(of=idea, what=what, by=by, now=now, seen=end_seen)
        return "Nothing to code in it."
    if do == "undo":
        return _undo(idea, by, now, seen, end_seen)
    raise BadText("Choose what to decide.")


def _undo(idea: Idea, by: Any, now: datetime, seen: int | None, end_seen: int | None) -> str:
    """Take back the newest decision, whether it was of themes or of what becomes of the idea."""
    code = Coding.objects.current().filter(idea=idea).first()
    end = Disposition.objects.current().filter(idea=idea).first()
    if end and (code is None or end.at >= code.at):
        what = Disposition.What.OPEN
        actions.dispose(of=idea, what=what, by=by, now=now, seen=end_seen)
        return "Taken back: it is to be decided again."
    now_it_is = actions.undo_coding(idea=idea, by=by, now=now, seen=seen)
    return f"Taken back. It is now: {now_it_is}."
