"""Days and moments. A day is a day in the area's time zone (Europe/London)."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format


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
    return date_format(day, "j F Y")


def closing_words(day: date) -> str:
    """11:59pm on Friday 5 March 2021. Never "midnight", which people read two ways."""
    return f"11:59pm on {date_format(day, 'l j F Y')}"


def moment_words(moment: datetime) -> str:
    """3:05pm on Friday 5 March 2021"""
    local = timezone.localtime(moment, timezone.get_default_timezone())
    hour = local.strftime("%I").lstrip("0")
    return f"{hour}:{local:%M}{local:%p}".lower() + f" on {date_format(local, 'l j F Y')}"
