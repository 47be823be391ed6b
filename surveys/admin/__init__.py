"""Where officers work: the consultation, its surveys, what people said. In river order."""

from surveys.admin import consultation, survey, response, session, people  # noqa: F401, I001
