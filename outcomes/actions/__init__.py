"""Changes across several models: one verb each, one transaction, told who and when."""

from outcomes.actions.agreeing import agencies_led_by, record_position
from outcomes.actions.analysing import ask_for_analysis, cancel_analysis
from outcomes.actions.asking import ask_about, asked_in, verdicts_on
from outcomes.actions.curating import (
    adopt,
    change_theme,
    merge,
    move_ideas,
    rename,
    set_aside,
    take_up_again,
)
from outcomes.actions.drafting import draft_outcome, put_forward, retire, reword
from outcomes.actions.publishing import (
    canonical,
    people_behind,
    people_shown,
    preview,
    publish_framework,
    snapshot_hash,
)
from outcomes.actions.safeguarding import (
    clear_concern,
    raise_concern,
    refer_concern,
    see_concern,
)

__all__ = [
    "adopt",
    "agencies_led_by",
    "ask_about",
    "ask_for_analysis",
    "asked_in",
    "cancel_analysis",
    "canonical",
    "change_theme",
    "clear_concern",
    "draft_outcome",
    "merge",
    "move_ideas",
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
    "see_concern",
    "set_aside",
    "snapshot_hash",
    "take_up_again",
    "verdicts_on",
]
