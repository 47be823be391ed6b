"""The board of a theme: what is suggested, adopted and set aside, by audience side by side."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, reverse

from outcomes.admin.board_cards import (
    Card,
    cards_of_clusters,
    cards_of_groups,
    kept_clusters,
    open_groups,
    sizes_of_clusters,
    sizes_of_groups,
)
from outcomes.admin.board_order import FEW, HOW, IN_TURN, ORDERS, Size, in_order
from outcomes.ledger import not_withheld, waiting
from outcomes.models import AnalysisRun, Cluster, Idea, ThemeSuggestion
from surveys.admin.pages import PortalAdmin
from surveys.models import Audience, Consultation, Theme

CARDS = 12  # on one page of a section
VOICES = 20
READS_BOARD = ("outcomes.view_cluster", "outcomes.view_groupsuggestion", "outcomes.view_idea")


@dataclass
class Section:
    """A stretch of the board with its own pages. `cards` are those of the page shown."""

    key: str
    title: str
    page: Page[Size]
    make: Callable[[Sequence[Size]], dict[int, Card]]
    query: dict[str, str]
    cards: list[Card] = field(default_factory=list)

    @property
    def before(self) -> str:
        return self._leads_to(self.page.previous_page_number()) if self.page.has_previous() else ""

    @property
    def after(self) -> str:
        return self._leads_to(self.page.next_page_number()) if self.page.has_next() else ""

    def _leads_to(self, number: int) -> str:
        return f"?{urlencode(self.query | {self.key: str(number)})}#{self.key}"


class BoardPages(PortalAdmin):
    """Of a ModelAdmin whose rows boards lead to."""

    def get_urls(self) -> list[URLPattern]:
        route = "board/<int:consultation_id>/"
        return [self.address(route, self.board, "board"), *super().get_urls()]

    def leads_on(self, request: HttpRequest) -> list[tuple[str, str]]:
        """For the index: the board and the picture of the newest consultation."""
        newest = Consultation.objects.order_by("-pk").first()
        if newest is None or not request.user.has_perms(READS_BOARD):
            return []
        addresses = {"Boards": "board", "Picture of the whole": "picture"}
        return [
            (words, reverse(f"admin:outcomes_cluster_{name}", args=[newest.pk]))
            for words, name in addresses.items()
        ]

    def board(self, request: HttpRequest, consultation_id: int) -> HttpResponse:
        """Of the theme in `?theme=`, else of the first."""
        if not request.user.has_perms(READS_BOARD):
            raise PermissionDenied
        rows = Consultation.objects.select_related("area")
        consultation = get_object_or_404(rows, pk=consultation_id)
        run = AnalysisRun.objects.filter(consultation=consultation).done().first()
        themes = list(consultation.area.themes.all())
        theme = next((one for one in themes if one.code == request.GET.get("theme")), None)
        theme = theme or (themes[0] if themes else None)
        suggested = _suggested(run)
        facts = _facts(request, consultation, run, theme, suggested[theme.pk]) if theme else {}
        return self.show(
            request,
            "outcomes/board/page",
            title=f"Board: {theme or consultation}",
            consultation=consultation,
            run=run,
            theme=theme,
            themes=_with_numbers(consultation, suggested, themes),
            few=FEW,
            **facts,
        )


def _suggested(run: AnalysisRun | None) -> dict[int, dict[int, str]]:
    """Keys and names of the open groups of each theme."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for theme, key, name in open_groups(run).order_by().values_list("theme", "pk", "name"):
        found[theme][key] = name
    return found


def _with_numbers(
    consultation: Consultation, suggested: dict[int, dict[int, str]], themes: list[Theme]
) -> list[tuple[Theme, int, int]]:
    """Each theme with how many groups are suggested and how many clusters people keep."""
    adopted = kept_clusters(consultation).adopted().order_by()  # type: ignore[attr-defined]
    kept = dict(adopted.values_list("theme").annotate(Count("pk")))
    return [(one, len(suggested[one.pk]), kept.get(one.pk, 0)) for one in themes]


def _facts(
    request: HttpRequest,
    consultation: Consultation,
    run: AnalysisRun | None,
    theme: Theme,
    suggested: dict[int, str],
) -> dict[str, Any]:
    order = request.GET.get("order", "")
    order = order if order in ORDERS else IN_TURN
    groups = sizes_of_groups(run, suggested)
    clusters = sizes_of_clusters(kept_clusters(consultation).filter(theme=theme))
    sections = _sections(request, theme, order, groups, clusters)
    alone = _alone(run, theme)
    query = _query(request, theme, order)
    voices = _page(request, "voices", list(alone), VOICES)
    rows = Idea.objects.filter(pk__in=list(voices)).with_source()  # type: ignore[attr-defined]
    spoken = Counter(alone.values())
    return {
        "sections": sections,
        "order": order,
        "orders": list(ORDERS.items()),
        "how": HOW[order],
        "voices": Section("voices", "", voices, cards_of_groups, query),
        "heard": list(rows.order_by("pk")),
        "voices_by_audience": [(one.label, spoken[one.value]) for one in Audience],
    }


def _query(request: HttpRequest, theme: Theme, order: str) -> dict[str, str]:
    """What a link on the board keeps of where the person is in the other sections."""
    pages = ("suggested", "few", "adopted", "adopted-few", "aside", "voices")
    asked = {key: request.GET[key] for key in pages if request.GET.get(key, "").isdecimal()}
    return {"theme": theme.code, "order": order, **asked}


def _sections(
    request: HttpRequest,
    theme: Theme,
    order: str,
    groups: list[Size],
    clusters: dict[str, list[Size]],
) -> list[Section]:
    adopted, aside = clusters[Cluster.State.ADOPTED], clusters[Cluster.State.SET_ASIDE]
    stretches = [
        ("suggested", "Suggested, not adopted yet", _many(groups), cards_of_groups),
        ("few", "Suggested, said by few", _few(groups), cards_of_groups),
        ("adopted", "Adopted", _many(adopted), cards_of_clusters),
        ("adopted-few", "Adopted, said by few", _few(adopted), cards_of_clusters),
        ("aside", "Set aside", aside, cards_of_clusters),
    ]
    query = _query(request, theme, order)
    sections = [
        Section(key, title, _page(request, key, in_order(sizes, order)), make, query)
        for key, title, sizes, make in stretches
        if sizes or key != "adopted-few"
    ]
    _fill(sections)
    return sections


def _many(sizes: list[Size]) -> list[Size]:
    return [one for one in sizes if not one.is_few]


def _few(sizes: list[Size]) -> list[Size]:
    return [one for one in sizes if one.is_few]


def _page(request: HttpRequest, key: str, rows: list[Any], most: int = CARDS) -> Page[Any]:
    return Paginator(rows, most).get_page(request.GET.get(key))


def _fill(sections: list[Section]) -> None:
    """The cards of all sections of a kind are read at once."""
    for make in (cards_of_groups, cards_of_clusters):
        own = [section for section in sections if section.make is make]
        cards = make([size for section in own for size in section.page])
        for section in own:
            section.cards = [cards[size.key] for size in section.page if size.key in cards]


def _alone(run: AnalysisRun | None, theme: Theme) -> dict[int, str]:
    """Keys and audiences of ideas of the theme that the machine put in no group and people have
    not dealt with."""
    told = ThemeSuggestion.everything.filter(run=run, theme=theme, group__isnull=True)
    ideas = not_withheld(Idea.everything.filter(pk__in=told.values("idea")), "pk")
    found = waiting(ideas).with_audience()  # type: ignore[attr-defined]
    return dict(found.order_by("pk").values_list("pk", "audience"))
