"""Changes across several models: one verb each, one transaction, told who and when."""

from surveys.actions.auditing import first_break, record, record_many
from surveys.actions.break_glass import (
    BREAK_GLASS,
    FEWEST_IN_A_REASON,
    break_glass,
    end_break_glass,
    tell_of,
)
from surveys.actions.changing import (
    begin_change,
    forget_change,
    keep_words,
    may_change,
    withdraw_response,
)
from surveys.actions.checking import Agreement, agreement, check_entry, settle_check, waiting
from surveys.actions.consulting import extend_survey, publish_consultation
from surveys.actions.describing import describe_respondent
from surveys.actions.entering import (
    EntryRefused,
    differences,
    enter_response,
    enter_responses,
    entered_under,
)
from surveys.actions.equality import record_equality
from surveys.actions.equality_counts import equality_counts, may_show_equality
from surveys.actions.fixing import fix_survey_words, fix_wording
from surveys.actions.formats import ask_for_format, meet_format_request
from surveys.actions.hearing import (
    ask_to_hear,
    being_written,
    confirm_contact,
    forget_contact,
    how_many_wait,
    read_link,
    write_to_contacts,
)
from surveys.actions.noticing import MOST_IN_A_NOTICE, publish_notice
from surveys.actions.noting import (
    add_note,
    add_notes,
    correct_note,
    remove_note,
    sessions_for,
)
from surveys.actions.reaching import (
    STANDARD_LIST,
    add_standard_stakeholders,
    rooms,
    rounds_reached,
)
from surveys.actions.received import CHANNELS, Received, key_of, problems_of
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
from surveys.actions.surveying import ask_extra_equality, start_pilot, stop_pilot
from surveys.actions.tidying import tidy, to_delete

__all__ = [
    "BREAK_GLASS",
    "CHANNELS",
    "FEWEST_IN_A_REASON",
    "MOST_IN_A_NOTICE",
    "STANDARD_LIST",
    "Agreement",
    "EntryRefused",
    "Received",
    "add_note",
    "add_notes",
    "add_standard_stakeholders",
    "agreement",
    "ask_extra_equality",
    "ask_for_format",
    "ask_to_hear",
    "begin_change",
    "begin_response",
    "being_written",
    "break_glass",
    "check_entry",
    "choose_wording",
    "confirm_contact",
    "correct_note",
    "describe_respondent",
    "differences",
    "end_break_glass",
    "enter_response",
    "enter_responses",
    "entered_under",
    "equality_counts",
    "extend_survey",
    "find_response",
    "fingerprint",
    "fingerprint_of_answers",
    "first_break",
    "fix_survey_words",
    "fix_wording",
    "forget_change",
    "forget_contact",
    "how_many_wait",
    "keep_words",
    "key_of",
    "may_change",
    "may_show_equality",
    "meet_format_request",
    "problems_of",
    "publish_consultation",
    "publish_notice",
    "read_link",
    "record",
    "record_equality",
    "record_many",
    "remove_note",
    "rooms",
    "rounds_reached",
    "save_answer",
    "send_response",
    "sessions_for",
    "settle_check",
    "start_pilot",
    "stop_pilot",
    "takes",
    "tell_of",
    "tidy",
    "to_delete",
    "waiting",
    "withdraw_response",
    "write_to_contacts",
]
