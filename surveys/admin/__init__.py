"""Where officers work: the consultation, its surveys, what people said. In river order."""

from surveys.admin import (  # noqa: F401, I001
    consultation,
    survey,
    question,
    response,
    session,
    people,
    contact,
    notice,
    audit,
    accounts,
    break_glass,
)
