"""Where officers go from ideas to a published framework. In river order."""

from outcomes.admin import (  # noqa: F401, I001
    safeguarding,
    analysis,
    reading,
    curation,
    wording,
    agreement,
    framework,
    alignment,
)
