"""Changes across several models: one verb each, one transaction, told who and when."""

from outcomes.actions.agreeing import agencies_led_by, record_position
from outcomes.actions.analysing import ask_for_analysis, cancel_analysis
from outcomes.actions.asking import ask_about, asked_in, verdicts_on
from outcomes.actions.carrying import (
    Brought,
    bring_in_codes,
    carry_over,
    current_codings,
    says,
)
from outcomes.actions.coding import (
    ChangedMeanwhile,
    accept,
    accept_several,
    code,
    code_several,
    dispose,
    dispose_several,
    hand_on,
    suggested_themes,
    suggestion_for,
    undo_coding,
)
from outcomes.actions.commenting import (
    MOST_IN_A_COMMENT,
    answer_comment,
    as_read,
    comment,
    takes_comments,
    words_about,
)
from outcomes.actions.curating import adopt, change_theme, rename, set_aside, take_up_again
from outcomes.actions.cutting import cut, find_idea, join, move_border
from outcomes.actions.drafting import draft_outcome, put_forward, retire, reword
from outcomes.actions.jobs import (
    MANY_IDEAS,
    ask_for_codes,
    ask_for_file,
    ask_for_themes,
    can_be_confirmed,
    cancel_job,
    confirm_themes,
    take_file,
)
from outcomes.actions.keeping import is_as_kept, keep_count
from outcomes.actions.learning import decided_since, learn
from outcomes.actions.opposing import contradict, mark_campaign, unlink
from outcomes.actions.parting import bring_in, merge, move_ideas, split
from outcomes.actions.publishing import (
    canonical,
    people_behind,
    people_shown,
    preview,
    publish_framework,
    snapshot_hash,
)
from outcomes.actions.quoting import check_quote
from outcomes.actions.redacting import confirm_all, hide, hide_several, show
from outcomes.actions.remainder import look_again, nothing_more
from outcomes.actions.safeguarding import (
    clear_concern,
    raise_concern,
    refer_concern,
    see_concern,
    tell_of_concern,
)
from outcomes.actions.sampling import code_blind, draw_sample, settle, take_over_agreed
from outcomes.actions.uncoding import decided_together, undo_several
from outcomes.actions.uncutting import newest_cutting, undo_cutting
from outcomes.actions.undoing import undo

__all__ = [
    "MANY_IDEAS",
    "MOST_IN_A_COMMENT",
    "Brought",
    "ChangedMeanwhile",
    "accept",
    "accept_several",
    "adopt",
    "agencies_led_by",
    "answer_comment",
    "as_read",
    "ask_about",
    "ask_for_analysis",
    "ask_for_codes",
    "ask_for_file",
    "ask_for_themes",
    "asked_in",
    "bring_in",
    "bring_in_codes",
    "can_be_confirmed",
    "cancel_analysis",
    "cancel_job",
    "canonical",
    "carry_over",
    "change_theme",
    "check_quote",
    "clear_concern",
    "code",
    "code_blind",
    "code_several",
    "comment",
    "confirm_all",
    "confirm_themes",
    "contradict",
    "current_codings",
    "cut",
    "decided_since",
    "decided_together",
    "dispose",
    "dispose_several",
    "draft_outcome",
    "draw_sample",
    "find_idea",
    "hand_on",
    "hide",
    "hide_several",
    "is_as_kept",
    "join",
    "keep_count",
    "learn",
    "look_again",
    "mark_campaign",
    "merge",
    "move_border",
    "move_ideas",
    "newest_cutting",
    "nothing_more",
    "people_behind",
    "people_shown",
    "preview",
    "publish_framework",
    "put_forward",
    "raise_concern",
    "record_position",
    "refer_concern",
    "rename",
    "retire",
    "reword",
    "says",
    "see_concern",
    "set_aside",
    "settle",
    "show",
    "snapshot_hash",
    "split",
    "suggested_themes",
    "suggestion_for",
    "take_file",
    "take_over_agreed",
    "take_up_again",
    "takes_comments",
    "tell_of_concern",
    "undo",
    "undo_coding",
    "undo_cutting",
    "undo_several",
    "unlink",
    "verdicts_on",
    "words_about",
]
