"""How the demonstration's people took part: on what, in which wording, and what they said of
themselves. Drawn apart from their words, with a seed of its own, so that one never moves the other.
"""

from typing import Any

from outcomes.demo.dice import Dice

SEED = 11
CHANNELS = {
    "parent_carer": {"online": 0.85, "paper": 0.08, "phone": 0.04, "email": 0.03},
    "practitioner": {"online": 0.92, "email": 0.08},
    "young_person": {"online": 0.92, "paper": 0.08},
}
EASY_READ = {"parent_carer": 0.05, "practitioner": 0.0, "young_person": 0.35}
SOURCES = {"": 0.2, "email": 0.3, "school": 0.2, "social": 0.15, "poster": 0.1, "group": 0.05}
ABOUT = {
    "parent_carer": {
        "relationship": {"parent": 0.8, "kinship": 0.08, "foster": 0.04, "other": 0.03, "": 0.05},
        "phase": {"0_to_4": 0.12, "primary": 0.38, "secondary": 0.3, "16_to_25": 0.12, "": 0.08},
    },
    "practitioner": {
        "sector": {
            "school_college": 0.4,
            "health": 0.22,
            "early_years": 0.12,
            "social_care": 0.1,
            "voluntary": 0.1,
            "": 0.06,
        },
        "level": {"frontline": 0.65, "manager": 0.2, "leader": 0.07, "": 0.08},
    },
}
# Three of the oldest: too few to be shown.
AGES = ["11_to_13"] * 12 + ["14_to_15"] * 11 + ["16_to_18"] * 8 + ["19_to_25"] * 3 + [""] * 7
HELP = {"none": 0.4, "read": 0.1, "typed": 0.15, "with": 0.2, "": 0.15}
HELPERS = {"family": 0.6, "school": 0.25, "support": 0.15}
PICTURES = ["friends", "fun", "home", "family", "school", "safe", "health", "listened", "job"]

Row = dict[str, Any]


def add_ways(rows: list[Row]) -> list[Row]:
    """The rows, each with its `way`. A special case keeps what it says of itself."""
    dice = Dice(SEED)
    ages = dice.shuffled(AGES)
    return [row | {"way": _way(row, dice, ages) | row.get("way", {})} for row in rows]


def _way(row: Row, dice: Dice, ages: list[str]) -> Row:
    who = row["audience"]
    channel = "online" if row["special"] else dice.weighted(CHANNELS[who].items())
    easy = dice.chance(EASY_READ[who])
    way: Row = {"channel": channel, "form": "easy_read" if easy else "standard"}
    if channel == "online":
        way["source"] = dice.weighted(SOURCES.items())
    about = {key: dice.weighted(choices.items()) for key, choices in ABOUT.get(who, {}).items()}
    if who == "young_person":
        about["age"] = ages.pop()
        way |= _help(dice)
        if easy:
            way["ticks"] = dice.shuffled(PICTURES)[: dice.between(1, 4)]
    return way | {"about": {key: choice for key, choice in about.items() if choice}}


def _help(dice: Dice) -> Row:
    help = dice.weighted(HELP.items())
    helper = "" if help in ("", "none") else dice.weighted(HELPERS.items())
    return {"help": help, "helper": helper}
