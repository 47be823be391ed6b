"""Sheets that were taken out, changed and come back: compared with what is decided now, shown, then
decided all together. What somebody else decided since stays."""

from collections import Counter
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from import_export.results import RowResult

from surveys.admin.sheets import JudgedResource, SheetResult, WholeNumberWidget, shortened
from surveys.admin.uploads import BadSheet
from surveys.models import Theme

ROWS_SHOWN = 50
MOST_CHANGES = 1_000
TOO_MANY_CHANGES = "This sheet changes {:,} rows. Divide it: at most {:,} at a time."
NOT_KNOWN = "“{}” is no theme of this area. Write one of: {}."

# Row of the sheet, what it is about, what is decided now, what the sheet says.
Line = tuple[int, Any, str, str]


class ComparedResult(SheetResult):
    """What the preview shows: what changes, what stays, and what somebody else decided since."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds: Counter[str] = Counter()
        self.changes: list[Line] = []
        self.meanwhile: list[Line] = []
        self.changed = 0  # once it was confirmed

    def more_changes(self) -> int:
        return max(0, self.kinds["change"] - len(self.changes))

    def more_meanwhile(self) -> int:
        return max(0, self.kinds["meanwhile"] - len(self.meanwhile))


class ComparedResource(JudgedResource):
    """`needed()` names its columns; others are not read."""

    most_changes: int | None = MOST_CHANGES
    explained: dict[str, str] = {}  # its columns, for the page

    class Meta:
        fields: list[str] = []  # nothing is set field by field: an action decides
        use_bulk = True

    @classmethod
    def get_result_class(cls) -> type[ComparedResult]:
        return ComparedResult

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        self.told: list[tuple[str, Line]] = []

    def tell(self, result: RowResult, kind: str, line: Line) -> None:
        """`kind` is "same", "change", or "meanwhile" where somebody decided since."""
        changes = kind == "change"
        result.import_type = result.IMPORT_TYPE_UPDATE if changes else result.IMPORT_TYPE_SKIP
        self.told.append((kind, line))

    def once(self, key: Any, number: int, column: str, thing: str) -> None:
        earlier = self.met.setdefault(key, number)
        if earlier != number:
            sentence = f"Row {earlier} is about this {thing} already. Keep one of them."
            raise ValidationError({column: sentence})

    def after_import(self, dataset: Any, result: ComparedResult, **kwargs: Any) -> None:
        """Decide what changes, all together, once it was confirmed and every row can be read."""
        super().after_import(dataset, result, **kwargs)
        result.kinds = Counter(kind for kind, _ in self.told)
        result.changes, result.meanwhile = self.first("change"), self.first("meanwhile")
        if self.most_changes and result.kinds["change"] > self.most_changes:
            number = result.kinds["change"]
            raise BadSheet(TOO_MANY_CHANGES.format(number, self.most_changes))
        if kwargs["dry_run"] or result.has_errors() or result.has_validation_errors():
            return
        with transaction.atomic():
            result.changed = self.decide(kwargs["user"])

    def first(self, kind: str) -> list[Line]:
        return [line for of, line in self.told if of == kind][:ROWS_SHOWN]

    def decide(self, by: User) -> int:
        """How many changed."""
        raise NotImplementedError


def number_of(value: Any) -> int | None:
    try:
        return WholeNumberWidget().clean(value)
    except ValueError:
        return None


def whole(row: dict[str, Any], column: str) -> int | None:
    try:
        return WholeNumberWidget().clean(row[column])
    except ValueError as error:
        raise ValidationError({column: str(error)}) from error


def themes_by_area() -> dict[int, dict[str, Theme]]:
    """By their codes and by their names, in small letters."""
    found: dict[int, dict[str, Theme]] = {}
    for theme in Theme.objects.all():
        names = found.setdefault(theme.area_id, {})
        names |= {theme.code.lower(): theme, theme.label.lower(): theme}
    return found


def no_theme(word: str, known: dict[str, Theme]) -> str:
    codes = ", ".join(dict.fromkeys(theme.code for theme in known.values()))
    return NOT_KNOWN.format(shortened(word), codes)
