"""What the pages of a survey and a question send."""

from django.forms import model_to_dict

from surveys.models import Question, Survey

PREFIXES = ("questions", "wordings")


def form_of(survey: Survey, **changes) -> dict:
    """What the survey's page sends, with the questions as they are."""
    fields = {
        key: value
        for key, value in model_to_dict(survey).items()
        if value is not None and value is not False
    }
    inlines = {f"{prefix}-{part}_FORMS": 0 for prefix in PREFIXES for part in ("TOTAL", "INITIAL")}
    asked = list(survey.questions.all())
    inlines |= {"questions-TOTAL_FORMS": len(asked), "questions-INITIAL_FORMS": len(asked)}
    for number, question in enumerate(asked):
        for name in ("id", "order", "construct", "label", "max_chars"):
            inlines[f"questions-{number}-{name}"] = getattr(question, name)
    return fields | inlines | changes


def form_of_question(question: Question, **changes) -> dict:
    """What the question's page sends, with its wordings and no picture."""
    fields = {name: getattr(question, name) for name in ("label", "background", "max_chars")}
    put = list(question.wordings.all())
    inlines = {
        "wordings-TOTAL_FORMS": len(put),
        "wordings-INITIAL_FORMS": len(put),
        "pictures-TOTAL_FORMS": 0,
        "pictures-INITIAL_FORMS": 0,
    }
    for number, wording in enumerate(put):
        inlines[f"wordings-{number}-question"] = question.pk
        for name in ("id", "form", "language", "text", "hint"):
            inlines[f"wordings-{number}-{name}"] = getattr(wording, name)
    return fields | inlines | changes
