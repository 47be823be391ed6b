"""Changes across several models: one verb each, one transaction, told who and when."""

from surveys.actions.consulting import extend_survey, publish_consultation
from surveys.actions.noting import add_note
from surveys.actions.responding import (
    begin_response,
    find_response,
    fingerprint,
    save_answer,
    send_response,
)

__all__ = [
    "add_note",
    "begin_response",
    "extend_survey",
    "find_response",
    "fingerprint",
    "publish_consultation",
    "save_answer",
    "send_response",
]
