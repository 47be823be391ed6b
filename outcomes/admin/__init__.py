"""Where officers go from ideas to a published framework. In river order."""

from outcomes.admin import (  # noqa: F401, I001
    safeguarding,
    redaction,
    analysis,
    inbox,
    reading,
    handing,
    sampling,
    curation,
    wording,
    comments,
    agreement,
    framework,
    alignment,
    exchange,
    codebooks,
    jobs,
)
