"""Careless typing: lower case, no stops, lost words, slips of the finger."""

from random import Random


def carelessly(text: str, chance: Random) -> str:
    """The text as somebody in a hurry might have typed it."""
    if chance.random() < 0.3:
        text = text.lower().rstrip(".")
    if chance.random() < 0.15:
        text = "".join(char for char in text if char not in ".,;'’!?")
    if chance.random() < 0.5:
        text = _with_lost_words(text, chance)
    if chance.random() < 0.4:
        for _ in range(max(1, len(text) // 40)):
            text = _with_slip(text, chance)
    return text


def _with_lost_words(text: str, chance: Random) -> str:
    words = text.split()
    if len(words) <= 4:
        return text
    return " ".join([word for word in words if chance.random() > 0.1] or words)


def _with_slip(text: str, chance: Random) -> str:
    if len(text) < 7:
        return text
    place, kind = chance.randrange(len(text) - 1), chance.random()
    if kind < 0.35:
        return text[:place] + text[place + 1 :]
    if kind < 0.7:
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text[: place + 1] + text[place:]
