"""The audit log: add to it, and find where it breaks."""

from surveys.models import AuditEvent, AuditHead
from surveys.models.audit import BEGINNING

record = AuditEvent.objects.record
record_many = AuditEvent.objects.record_many


def first_break() -> str:
    """Where the chain breaks first, as a sentence; "" where it is whole."""
    number, digest = 0, BEGINNING
    for event in AuditEvent.objects.order_by("number").iterator():
        if event.number != number + 1:
            return f"Event {number + 1} is missing: event {event.number} follows event {number}."
        if event.previous != digest:
            return f"Event {event.number} does not follow on from event {number}: one was replaced."
        if event.digest != event.reckoned():
            return f"Event {event.number} was changed after it was recorded."
        number, digest = event.number, event.digest
    head = AuditHead.objects.first()
    if (head.count if head else 0) != number:
        return f"{head.count if head else 0} events were recorded, and the log ends at {number}."
    if head and head.digest != digest:
        return f"Event {number}, the last, is not the one that was recorded."
    return ""
