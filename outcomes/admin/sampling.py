"""Samples that two people code without seeing each other's codes: drawn, coded, compared."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils import timezone

from outcomes import actions
from outcomes.actions.sampling import compared, is_done, is_over, places, progress
from outcomes.admin.sampling_forms import CODE, DRAW, Draw, Stop, TakeOver, Themes
from outcomes.admin.sampling_results import results_of
from outcomes.models import SOURCES, BlindCode, Coding, Sample, SampleIdea, withheld
from surveys.admin.pages import WrittenElsewhere, carry_out, number_of, page_of, page_of_rows
from surveys.models import Consultation
from surveys.refusals import Refusal


@admin.register(Sample)
class SampleAdmin(WrittenElsewhere):
    index_name = "Samples coded by two"
    about = "Ideas drawn by chance that two people code blind: how well do we agree?"
    page = "outcomes/sample/page"
    change_list_template = "admin/outcomes/sample/list.html"
    decisions = (TakeOver, Stop)
    list_display = ["__str__", "consultation", "made_at", "first", "second", "ideas", "coded"]
    list_select_related = ["consultation", "first", "second", "made_by"]

    def get_urls(self) -> list[URLPattern]:
        return [
            self.address("draw/<int:consultation_id>/", self.draw, "draw"),
            self.address("<int:object_id>/code/", self.code, "code"),
            self.address("<int:object_id>/settle/<int:key>/", self.settle, "settle"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sample]:
        """With how many ideas there are, and how many codes of two for each."""
        rows = Sample.objects.select_related(*self.list_select_related)
        out_of_sight = SampleIdea.everything.filter(withheld("idea__")).values("pk")
        there = SampleIdea.everything.exclude(pk__in=out_of_sight).filter(sample=OuterRef("pk"))
        by_sample = there.order_by().values("sample")
        return rows.annotate(
            there=by_sample.annotate(n=Count("pk", distinct=True)).values("n"),
            said=by_sample.annotate(n=Count("codes")).values("n"),
        )

    def waits(self, request: HttpRequest) -> str:
        """Ideas that wait for this person's code."""
        return number_of((_to_code(request.user).count(), "for you to code"))

    @admin.display(description="ideas")
    def ideas(self, row: Sample) -> int:
        return row.there or 0  # type: ignore[attr-defined]

    @admin.display(description="coded")
    def coded(self, row: Sample) -> str:
        there, said = row.there or 0, row.said or 0  # type: ignore[attr-defined]
        if there and said == 2 * there:
            return "by both"
        return f"{'stopped, ' if row.stopped_at else ''}{said} of {2 * there} codes"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        may = request.user.has_perm(DRAW)
        asks = Consultation.objects.all() if may else Consultation.objects.none()
        extra = {"asks": asks, "title": self.index_name} | (extra_context or {})
        return super().changelist_view(request, extra)

    def draw(self, request: HttpRequest, consultation_id: int) -> HttpResponse:
        if not (request.user.has_perm(DRAW) and self.has_view_permission(request)):
            raise PermissionDenied
        consultation = get_object_or_404(Consultation, pk=consultation_id)
        data = request.POST if request.method == "POST" else None
        form = Draw(data, row=consultation, user=request.user)
        return carry_out(request, form) or self.show(
            request, "decision", form=form, title=form.title
        )

    def facts(self, request: HttpRequest, row: Sample) -> dict[str, Any]:
        first, second, there = progress(row)
        done = bool(row.stopped_at) or (there > 0 and first == second == there)
        facts = {
            "there": there,
            "coders": [(row.first, first), (row.second, second)],
            "is_over": done,
            "is_mine": request.user.pk in (row.first_id, row.second_id),
            "may_settle": request.user.has_perm(DRAW),
        }
        if done:
            results = results_of(row)
            facts |= {"results": results, "disputed": page_of_rows(request, results.disputed)}  # type: ignore[arg-type]
            facts["compared"] = len(results.places)
        return facts

    def code(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """One idea after another: `?place=3` is the third, and without it the next that waits."""
        row = self._mine(request, object_id)
        if row.stopped_at:
            messages.info(request, "This sample was stopped. What you coded until then is kept.")
            return redirect(page_of(row))
        if is_done(row):
            messages.info(request, "Both of you are done. Here is how well you agree.")
            return redirect(page_of(row))
        place = _place(request, row)
        if place is None:
            return self._all_coded(request, row)
        mine = BlindCode.objects.filter(place=place, by=request.user)  # type: ignore[misc]
        given = mine.select_related("theme", "second", "third").first()
        data = request.POST if request.method == "POST" else None
        form = Themes(data, area=row.consultation.area_id, given=given, unsure=True)
        if form.is_bound and form.is_valid() and self._keep(request, place, form):
            return self._onwards(request, row, place)
        return self._coding_page(request, row, place, form, given)

    def _mine(self, request: HttpRequest, object_id: int) -> Sample:
        row: Sample = self.find(request, object_id)
        if request.user.pk not in (row.first_id, row.second_id) or not request.user.has_perm(CODE):
            raise PermissionDenied
        return row

    def _keep(self, request: HttpRequest, place: SampleIdea, form: Themes) -> bool:
        themes, by = form.cleaned_data["themes"], request.user
        try:
            actions.code_blind(place=place, themes=themes, by=by, now=timezone.now())  # type: ignore[arg-type]
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
            return False
        return True

    def _onwards(self, request: HttpRequest, row: Sample, place: SampleIdea) -> HttpResponse:
        """To the next one that waits, from here on and then from the beginning."""
        waiting = list(_to_code(request.user).filter(sample=row).values_list("order", flat=True))
        after = [order for order in waiting if order > place.order] or waiting
        address = reverse("admin:outcomes_sample_code", args=[row.pk])
        return redirect(f"{address}?place={after[0]}#idea" if after else address)

    def _all_coded(self, request: HttpRequest, row: Sample) -> HttpResponse:
        if not places(row).exists():
            raise Http404
        messages.success(
            request,
            "You have coded all of it. Until the other is done too you can come back and change "
            "what you said.",
        )
        return redirect(page_of(row))

    def _coding_page(
        self,
        request: HttpRequest,
        row: Sample,
        place: SampleIdea,
        form: Themes,
        given: BlindCode | None,
    ) -> HttpResponse:
        orders = list(places(row).values_list("order", flat=True))
        at = orders.index(place.order)
        done = set(
            BlindCode.objects.filter(by=request.user, place__sample=row).values_list(
                "place__order", flat=True
            )
        )  # type: ignore[misc]
        page = {
            "form": form,
            "place": place,
            "given": given,
            "number": at + 1,
            "there": len(orders),
            "coded": len(done & set(orders)),
            "previous": orders[at - 1] if at else None,
            "next": orders[at + 1] if at + 1 < len(orders) else None,
            "orders": [(n, order, order in done) for n, order in enumerate(orders, start=1)],
            "around": _around(place),
            "tools": [],
            "title": f"Idea {at + 1} of {len(orders)}",
        }
        return self.show(request, "outcomes/sample/code", row, **page)

    def settle(self, request: HttpRequest, object_id: int, key: int) -> HttpResponse:
        """One idea about which the two differ, with what each said."""
        row: Sample = self.find(request, object_id)
        if not request.user.has_perm(DRAW):
            raise PermissionDenied
        place = _with_sources(compared(row)).filter(pk=key).first()
        if place is None or not is_over(row):
            raise Http404
        codes = place.codes.select_related("theme", "second", "third", "by").order_by(
            "by__username"
        )
        held = (
            Coding.objects.current()
            .filter(idea=place.idea_id)
            .select_related("theme", "second", "third", "by")
            .first()
        )
        data = request.POST if request.method == "POST" else None
        form = Themes(data, area=row.consultation.area_id, given=held, unsure=False)
        if form.is_bound and form.is_valid() and self._settled(request, place, form):
            return redirect(f"{page_of(row)}#disputed")
        page = {"form": form, "place": place, "codes": codes, "held": held, "tools": []}
        title = f"Settle idea {place.order} of {row}"
        return self.show(
            request, "outcomes/sample/settle", row, title=title, around=_around(place), **page
        )

    def _settled(self, request: HttpRequest, place: SampleIdea, form: Themes) -> bool:
        seen = request.POST.get("seen", "")
        key = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 12 else None
        try:
            actions.settle(
                place=place,
                themes=form.cleaned_data["themes"],
                by=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
                seen=key,
            )
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
            return False
        messages.success(request, "It is settled.")
        return True


def _to_code(user: Any) -> QuerySet[Any]:
    """What waits for this person's code, in all samples."""
    asked = SampleIdea.objects.filter(sample__stopped_at__isnull=True)
    mine = asked.filter(Q(sample__first=user) | Q(sample__second=user))
    own = BlindCode.objects.filter(place=OuterRef("pk"), by=user)
    return mine.filter(~Exists(own)).order_by("order")


def _with_sources(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("sample", "suggested", *(f"idea__{path}" for path in SOURCES))


def _place(request: HttpRequest, row: Sample) -> SampleIdea | None:
    asked = request.GET.get("place", "")
    rows = _with_sources(places(row))
    if asked.isascii() and asked.isdecimal() and len(asked) < 8:
        found: SampleIdea | None = rows.filter(order=int(asked)).first()
        if found is None:
            raise Http404
        return found
    waiting = _to_code(request.user).filter(sample=row).values("pk")
    return rows.filter(pk__in=waiting).order_by("order").first()


def _around(place: SampleIdea) -> tuple[str, str, str]:
    """The answer or note as staff read it: before the idea, the idea, after it."""
    idea = place.idea
    source = idea.source
    if not hasattr(source, "passage"):
        return source.text[: idea.start], idea.text, source.text[idea.end :]
    passage = source.passage
    return passage.part(0, idea.start), idea.text, passage.part(idea.end, len(source.text))
