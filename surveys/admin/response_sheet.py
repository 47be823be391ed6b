"""A sheet of answers that came on paper, by phone or by email: read, compared, entered."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import ValidationError
from django.utils import timezone
from import_export.results import RowResult

from surveys import actions
from surveys.about_you import QUESTIONS, asked_of
from surveys.admin.originals import READ_ORIGINAL, hides_words
from surveys.admin.response_cells import Cells, text_of
from surveys.admin.sheets import JudgedResource, SheetResult, shortened
from surveys.admin.uploads import BadSheet
from surveys.dates import day_of
from surveys.models import Form, Question, Response, Survey
from surveys.models.survey import ENGLISH

ROWS_SHOWN = 50
NEEDED = ["survey", "number", "channel", "received_on"]
TEXTS = [construct.value for construct in Question.CORE]
ABOUT = [question.key for question in QUESTIONS]
WORDS = [*TEXTS, "helper_words", "late_reason"]
COLUMNS = [
    *NEEDED,
    "form",
    "language",
    *TEXTS,
    "pictures",
    "may_quote",
    *ABOUT,
    "help",
    "helper",
    "helper_words",
    "late",
    "late_reason",
]
OTHER_WORDS = "This was entered before with other words."
OTHERWISE = "This was entered before with something else."
SOMEBODY_ELSE = (
    "Somebody else entered this number before. You may not read what it says now: take the row "
    "out, or ask an officer."
)
CHANNELS = [(one.value, one.label) for one in actions.CHANNELS]


class AnswersResult(SheetResult):
    """What an import found, as the preview shows it."""

    def preview(self) -> list[tuple[int, bool, list[str]]]:
        """The first rows: where each stands, whether it is new, and its cells."""
        rows = zip(self.numbers, self.rows, strict=False)
        return [
            (number, row.is_new(), [_as_shown(cell) for cell in row.row_values.values()])
            for number, row in list(rows)[:ROWS_SHOWN]
        ]

    def columns(self) -> list[str]:
        return list(self.rows[0].row_values) if self.rows else []

    def more_rows(self) -> int:
        return max(0, len(self.rows) - ROWS_SHOWN)

    def new(self) -> int:
        return self.totals[RowResult.IMPORT_TYPE_NEW]

    def already_here(self) -> int:
        return self.totals[RowResult.IMPORT_TYPE_SKIP]


def _as_shown(cell: Any) -> str:
    """A cell in the preview; a spreadsheet's day comes with a midnight that nobody wrote."""
    return f"{cell:%Y-%m-%d}" if isinstance(cell, datetime) else shortened(cell)


class ResponseResource(JudgedResource):
    """Rows of answers. What was entered under the same number before is compared, not replaced."""

    class Meta:
        model = Response
        fields: list[str] = []  # nothing is set field by field: an action enters the responses
        use_bulk = True  # all at the end, so no row needs a savepoint

    @classmethod
    def get_result_class(cls) -> type[AnswersResult]:
        return AnswersResult

    def needed(self) -> list[str]:
        return NEEDED

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        for name in dataset.headers:
            if name not in COLUMNS:
                raise BadSheet(
                    f"The column “{shortened(name)}” is not known here. Take it out, or give it "
                    f"one of these names: {', '.join(COLUMNS)}."
                )
        self.today, self.user = day_of(timezone.now()), kwargs["user"]
        self.new: list[tuple[actions.Received, RowResult]] = []
        self.surveys = {one.slug: one for one in surveys()}
        self.offered = {slug: Offered(survey) for slug, survey in self.surveys.items()}
        self.entered = {
            slug: actions.entered_under(survey, numbers_for(slug, dataset))
            for slug, survey in self.surveys.items()
        }

    def judge(self, row: dict[str, Any], result: RowResult, number: int) -> None:
        received = self._received(Cells(row))
        key = (received.survey.slug, received.number)
        earlier = self.met.setdefault(key, number)
        if earlier != number:
            raise ValidationError({"number": f"Row {earlier} has this number already."})
        entered = self.entered[received.survey.slug]
        before = entered.get(received.number)
        if before and not self.may_read(before):
            raise ValidationError({"number": SOMEBODY_ELSE})
        found = different(before, received) if before else wrong(received, self.today, entered)
        if found:
            raise ValidationError(found)
        result.import_type = result.IMPORT_TYPE_SKIP if before else result.IMPORT_TYPE_NEW
        if not before:
            self.new.append((received, result))

    def may_read(self, response: Response) -> bool:
        """To say what is the same and what differs would tell of words that are not theirs, and
        of what is hidden in them."""
        if response.entered_by_id == self.user.pk:
            return True
        if not self.user.has_perm("surveys.view_response") or response.is_withheld:
            return False
        return self.user.has_perm(READ_ORIGINAL) or not hides_words(response)

    def _received(self, cells: Cells) -> actions.Received:
        slug = cells.text("survey").strip()
        survey = self.surveys.get(slug)
        if survey is None:
            offered = ", ".join(self.surveys)
            raise ValidationError(
                {"survey": f"“{shortened(slug)}” is no survey. These can be entered: {offered}."}
            )
        received = read(cells, survey, self.offered[slug])
        if not received.number:
            cells.errors.setdefault("number", "Give the number that is written on the paper.")
        if cells.errors:
            raise ValidationError(cells.errors)
        return received

    def after_import(self, dataset: Any, result: AnswersResult, **kwargs: Any) -> None:
        """Enter what is new, all together, once it was confirmed and all of it is right."""
        super().after_import(dataset, result, **kwargs)
        if kwargs["dry_run"] or result.has_errors() or result.has_validation_errors():
            return
        several = [received for received, _ in self.new]
        made = actions.enter_responses(several=several, by=kwargs["user"], now=timezone.now())
        for response, (_, row) in zip(made, self.new, strict=True):
            row.instance = response
            row.add_instance_info(response)


def surveys() -> Iterable[Survey]:
    """Surveys of ideas that have opened: the second round’s questions are typed in on the page."""
    today = day_of(timezone.now())
    rows = Survey.objects.filter(kind=Survey.Kind.IDEAS, opens_on__lte=today)
    rows = rows.select_related("consultation__area")
    return rows.prefetch_related("questions__wordings", "questions__pictures")


def numbers_for(slug: str, dataset: Any) -> list[str]:
    at, of = dataset.headers.index("number"), dataset.headers.index("survey")
    return [_number(row[at]) for row in dataset if str(row[of]).strip() == slug]


def _number(value: Any) -> str:
    try:
        return text_of(value)
    except ValueError:
        return ""  # its row says what is wrong with it


class Offered:
    """What a survey offers to choose from: pictures by their labels, and about-you bands."""

    def __init__(self, survey: Survey) -> None:
        questions = survey.questions.all()
        pictures = [picture for question in questions for picture in question.pictures.all()]
        self.pictures = {picture.label.lower(): picture for picture in pictures}
        self.about = {one.key: one.choices for one in asked_of(survey)}


def read(cells: Cells, survey: Survey, offered: Offered) -> actions.Received:
    return actions.Received(
        survey=survey,
        number=cells.text("number"),
        channel=cells.choice("channel", CHANNELS),
        received_on=cells.day("received_on"),
        form=cells.choice("form", Form.choices),
        language=cells.text("language").strip() or ENGLISH,
        texts={key: cells.text(key) for key in TEXTS},
        ticks=cells.pictures("pictures", offered.pictures),
        may_quote=cells.yes_or_no("may_quote"),
        about={key: _about(cells, offered, key) for key in ABOUT},
        help=cells.choice("help", Response.Help.choices),
        helper=cells.choice("helper", Response.Helper.choices),
        helper_words=cells.text("helper_words"),
        late=cells.choice("late", Response.Late.choices),
        late_reason=cells.text("late_reason"),
    ).tidy()


def _about(cells: Cells, offered: Offered, key: str) -> str:
    if key in offered.about:
        return cells.choice(key, offered.about[key])
    return cells.text(key).strip()


def wrong(
    received: actions.Received, today: date, entered: dict[str, Response]
) -> dict[str, list[str]]:
    return by_column(actions.problems_of(received, today, entered))


def different(before: Response, received: actions.Received) -> dict[str, list[str]]:
    return by_column(
        (name, OTHER_WORDS if name in WORDS else OTHERWISE)
        for name in actions.differences(before, received)
    )


def by_column(problems: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The problems by the columns they are in."""
    found: dict[str, list[str]] = {}
    for name, sentence in problems:
        column = "pictures" if name == "ticks" else name.removeprefix("about-")
        found.setdefault(column or NON_FIELD_ERRORS, []).append(sentence)
    return found
