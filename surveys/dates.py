"""Days and moments. A day is a day in the area's time zone (Europe/London)."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def start_of(day: date) -> datetime:
    """The first moment of `day`."""
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def end_of(day: date) -> datetime:
    """The moment after `day`: from then on a survey that closes on `day` is closed."""
    return start_of(day + timedelta(days=1))


def day_of(moment: datetime) -> date:
    """The day that `moment` falls on."""
    return timezone.localdate(moment, timezone.get_default_timezone())


def in_words(day: date) -> str:
    """5 March 2021"""
    return date_format(day, "j E Y")


def month_words(day: date) -> str:
    """March 2021"""
    return date_format(day, "F Y")


def closing_words(day: date) -> str:
    """11:59pm on Friday 5 March 2021. Never "midnight", which people read two ways."""
    return _("11:59pm %(on_weekday)s %(day)s") % _day_words(day)


def moment_words(moment: datetime) -> str:
    """3:05pm on Friday 5 March 2021"""
    local = timezone.localtime(moment, timezone.get_default_timezone())
    # Translators: the format of a time of day, in the letters of Django's date filter.
    time_of_day = date_format(local, _("g:iA")).lower()
    words = _day_words(local.date()) | {"time": time_of_day}
    return _("%(time)s %(on_weekday)s %(day)s") % words


def _day_words(day: date) -> dict[str, str]:
    """Weekdays are whole phrases: in other languages they bend, as in "we wtorek"."""
    weekdays = (
        _("on Monday"),
        _("on Tuesday"),
        _("on Wednesday"),
        _("on Thursday"),
        _("on Friday"),
        _("on Saturday"),
        _("on Sunday"),
    )
    return {"on_weekday": weekdays[day.weekday()], "day": in_words(day)}
