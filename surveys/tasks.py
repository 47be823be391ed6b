"""Work done in the background by `manage.py db_worker`, never in the web process."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from surveys import mailing
from surveys.models import Consultation

MOST_TRIES = 6
BETWEEN_TRIES = timedelta(hours=1)


@task()
def write_to_waiting(
    consultation_id: int, wish: str, subject: str, text: str, tries: int = 1
) -> int:
    """Write to those who asked to hear. Whoever could not be written to is tried again later."""
    consultation = Consultation.objects.select_related("area").get(pk=consultation_id)
    failed = mailing.write_to_waiting(consultation, wish, subject, text)
    if failed and tries < MOST_TRIES:
        write_to_waiting.using(run_after=timezone.now() + BETWEEN_TRIES).enqueue(
            consultation_id=consultation_id,
            wish=wish,
            subject=subject,
            text=text,
            tries=tries + 1,
        )
    return failed
