"""What lies alongside the outcomes: the area's strategies and improvement priorities."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from outcomes.models import ImprovementPriority, Strategy
from surveys.context import site
from surveys.dates import day_of


def strategies(request: HttpRequest) -> HttpResponse:
    """Each strategy as printed, with what its dates say today."""
    area = site(request)["area"]
    today = day_of(timezone.now())
    priorities = list(ImprovementPriority.objects.filter(area=area))
    context = {
        "rows": [
            {
                "strategy": strategy,
                "flags": strategy.flags(today),
                "current": strategy.is_current(today),
            }
            for strategy in Strategy.objects.filter(area=area)
        ],
        "priorities": priorities,
        "names_of_ours": not all(priority.name_verified for priority in priorities),
        "names_ehc_plans": any("EHC" in f"{one.name} {one.wording}" for one in priorities),
    }
    return render(request, "outcomes/strategies.html", context)
