"""Where officers go from ideas to a published framework. In river order."""

from outcomes.admin import (  # noqa: F401, I001
    analysis,
    reading,
    curation,
    wording,
    agreement,
    framework,
    alignment,
)
