"""Changes across several models: one verb each, one transaction, told who and when."""

from surveys.actions.changing import (
    begin_change,
    forget_change,
    keep_words,
    may_change,
    withdraw_response,
)
from surveys.actions.consulting import extend_survey, publish_consultation
from surveys.actions.noting import add_note
from surveys.actions.responding import (
    begin_response,
    choose_wording,
    find_response,
    fingerprint,
    fingerprint_of_answers,
    save_answer,
    send_response,
    takes,
)

__all__ = [
    "add_note",
    "begin_change",
    "begin_response",
    "choose_wording",
    "extend_survey",
    "find_response",
    "fingerprint",
    "fingerprint_of_answers",
    "forget_change",
    "keep_words",
    "may_change",
    "publish_consultation",
    "save_answer",
    "send_response",
    "takes",
    "withdraw_response",
]
