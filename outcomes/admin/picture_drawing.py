"""Where everything stands in the pictures: shapes, names and bars, in units of the drawing.

The colours have a contrast of 3 or more on the admin's light and on its dark ground.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from outcomes.picture import Dot, Line, Named
from surveys.models import Audience

WIDTH, HEIGHT, TOP, EDGE = 960, 720, 84, 22
COLUMNS, ROWS = "ABCDEFGH", 6
RADIUS = 4.5
LETTER, TALL = 7.0, 17  # the width of a letter of a name, and the height of its line
LONGEST = 28
BAR_LONG, BAR_STEP = 300, 34

THEME_COLOURS = ["#1d70b8", "#d4351c", "#00823b", "#a24fb8", "#a67c00"]
NO_COLOUR = "#767676"
SHAPES = ["circle", "square", "triangle", "diamond", "cross"]
AUDIENCE_COLOURS = ["#1d70b8", "#00823b", "#d4351c"]


@dataclass(frozen=True)
class Marks:
    """All dots of a theme as one path, and how the legend shows it."""

    label: str
    shape: str
    colour: str
    path: str
    number: int
    sample: str
    x: int
    y: int


@dataclass(frozen=True)
class Label:
    text: str
    x: float
    y: float
    is_adopted: bool


@dataclass(frozen=True)
class Bar:
    label: str
    cell: str
    y: int
    length: float
    colour: str

    @property
    def under(self) -> int:
        return self.y + 6


@dataclass(frozen=True)
class Bars:
    """The bars of one theme."""

    title: str
    y: int
    bars: list[Bar]


def across(x: float) -> float:
    return round(EDGE + x * (WIDTH - 2 * EDGE), 1)


def down(y: float) -> float:
    """The map's y grows upwards, the drawing's downwards."""
    return round(TOP + (1 - y) * (HEIGHT - TOP - EDGE), 1)


def field_of(x: float, y: float) -> str:
    """The field of the grid, as on a street map: A1 is at the top left."""
    column = min(int(x * len(COLUMNS)), len(COLUMNS) - 1)
    row = min(int((1 - y) * ROWS), ROWS - 1)
    return f"{COLUMNS[column]}{row + 1}"


def grid() -> dict[str, list[tuple[float, float, str]]]:
    """Lines between the fields, and where their letters and numbers stand."""
    wide, tall = 1 / len(COLUMNS), 1 / ROWS
    return {
        "upright": [(across(n * wide), 0, "") for n in range(1, len(COLUMNS))],
        "level": [(0, down(1 - n * tall), "") for n in range(1, ROWS)],
        "letters": [
            (across((n + 0.5) * wide), TOP - 5, letter) for n, letter in enumerate(COLUMNS)
        ],
        "numbers": [(9, down(1 - (n + 0.5) * tall) + 5, str(n + 1)) for n in range(ROWS)],
    }


def marks(dots: Sequence[Dot], lines: Sequence[Line]) -> list[Marks]:
    found = []
    for place, line in enumerate(lines):
        key = line.theme.code if line.theme else ""
        own = [one for one in dots if one.theme == key]
        shape = SHAPES[place % len(SHAPES)] if key else "ring"
        colour = THEME_COLOURS[place % len(THEME_COLOURS)] if key else NO_COLOUR
        path = "".join(drawn(shape, across(one.x), down(one.y)) for one in own)
        x, y = EDGE + 8 + 310 * (place % 3), 24 + 26 * (place // 3)
        sample = drawn(shape, x, y - 5, 6.5)
        found.append(Marks(line.label, shape, colour, path, len(own), sample, x + 16, y))
    return found


def drawn(shape: str, x: float, y: float, r: float = RADIUS) -> str:
    """One mark as part of a path, with its middle at x, y."""
    left, top = round(x - r, 1), round(y - r, 1)
    side = round(2 * r, 1)
    if shape == "square":
        return f"M{left} {top}h{side}v{side}h-{side}z"
    if shape == "triangle":
        return f"M{x} {top}l{r} {side}h-{side}z"
    if shape == "diamond":
        far = round(r * 1.25, 1)
        return f"M{x} {round(y - far, 1)}l{far} {far}l-{far} {far}l-{far} -{far}z"
    if shape == "cross":
        arm = round(2 * r / 3, 1)
        return (
            f"M{round(x - arm / 2, 1)} {top}h{arm}v{arm}h{arm}v{arm}h-{arm}v{arm}"
            f"h-{arm}v-{arm}h-{arm}v-{arm}h{arm}z"
        )
    circle = f"M{left} {y}a{r} {r} 0 1 0 {side} 0a{r} {r} 0 1 0 -{side} 0z"
    if shape == "ring":
        half = round(r / 2, 1)
        circle += f"M{round(x - half, 1)} {y}a{half} {half} 0 1 1 {2 * half} 0"
        circle += f"a{half} {half} 0 1 1 -{2 * half} 0z"
    return circle


def labels(named: Sequence[Named]) -> list[Label]:
    """Numbers and names where there is room, the first first; else the number alone, else none."""
    taken: list[tuple[float, float, float, float]] = []
    found = []
    for number, one in enumerate(named, start=1):
        if one.place is None:
            continue
        name = one.name if len(one.name) <= LONGEST else f"{one.name[: LONGEST - 1].rstrip()}…"
        for text in (f"{number} {name}", str(number)):
            half = len(text) * LETTER / 2 + 2
            x = min(max(across(one.place[0]), EDGE + half), WIDTH - EDGE - half)
            y = min(max(down(one.place[1]), TOP + TALL), HEIGHT - EDGE - 4)
            box = (x - half, y - TALL + 3, x + half, y + 3)
            if not any(_meet(box, other) for other in taken):
                taken.append(box)
                found.append(Label(text, round(x, 1), round(y, 1), one.is_adopted))
                break
    return found


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def bars(lines: Sequence[Line]) -> tuple[list[Bars], int]:
    """The bars of all themes on one scale, and how tall the drawing is."""
    most = max((number or 0 for line in lines for number in line.numbers), default=0) or 1
    found, y = [], 18
    for line in lines:
        if line.theme is None:
            continue
        own = []
        for place, audience in enumerate(Audience):
            length = round(BAR_LONG * (line.numbers[place] or 0) / most, 1)
            at = y + 20 + BAR_STEP * place
            own.append(Bar(audience.label, line.cells[place], at, length, AUDIENCE_COLOURS[place]))
        found.append(Bars(line.label, y, own))
        y += 20 + BAR_STEP * len(own) + 16
    return found, y
