"""What people hid after an analysis had read it, taken out of what it is about to write."""

import re
from dataclasses import replace

from outcomes.engine.records import Analysis
from outcomes.models import AnalysisRun
from surveys.models import Redaction

# A name of fewer letters is not looked for: it would be met by chance.
SHORTEST = 3


def unsaid(run: AnalysisRun, found: Analysis) -> Analysis:
    """Names and reasons without the words that were hidden since the run was asked for."""
    late = Redaction.objects.filter(
        passage__consultation=run.consultation_id, hides=True, at__gte=run.asked_at
    ).select_related("passage__answer", "passage__note")
    spoken = {" ".join(one.passage.source.text[slice(*one.span)].split()) for one in late}
    sought = sorted((one for one in spoken if _is_long(one)), key=lambda one: (-len(one), one))
    if not sought:
        return found
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sought))})(?!\w)", re.IGNORECASE)
    return replace(
        found,
        ideas=tuple(replace(one, reason=pattern.sub("[…]", one.reason)) for one in found.ideas),
        groups=tuple(
            replace(one, name=pattern.sub("[…]", one.name), reason=pattern.sub("[…]", one.reason))
            for one in found.groups
        ),
    )


def _is_long(words: str) -> bool:
    return sum(letter.isalnum() for letter in words) >= SHORTEST
