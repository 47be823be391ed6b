"""Personal details with a shape of their own: numbers, addresses, dates. Patterns and check digits.

Every pattern has bounded repeats, so that no text can make one slow.
"""

import re
from collections.abc import Callable, Iterator

import phonenumbers
from stdnum.gb import nhs, upn

from outcomes.engine.records import Detail


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Lines that anybody may ring: they give nobody away.
HELPLINES = _words(
    "999 112 111 101 105 119 116123 116000 116006 08001111 08088005000 08082000247 "
    "08088002222 08088010677 08088024040 08001601 03001233393 03003301350 08000684141 "
    "08088010366 85258 08088023333 03003231543 08000541454 08088020021 08009520100 "
    "01132003000"
)

EMAIL = re.compile(r"(?<![\w.+%'-])[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
SPOKEN_EMAIL = re.compile(
    r"(?<!\w)[\w.]{2,40} ?[(\[]?\bat\b[)\]]? ?[\w-]{2,30} ?[(\[]?\bdot\b[)\]]? ?"
    r"(?:com|co|org|net|uk)\b(?: dot uk\b)?",
    re.IGNORECASE,
)
DIGITS = re.compile(r"(?<![\w@/.£$€+-])(?:\+ ?)?\(?\d(?:[ ().\-–]{0,3}\d){6,17}(?![\w%])")
SPOKEN_DIGITS = re.compile(
    r"(?<!\w)(?:(?:oh|zero|nought|one|two|three|four|five|six|seven|eight|nine|double|triple)"
    r"[ ,-]{1,2}){8,13}(?:oh|zero|one|two|three|four|five|six|seven|eight|nine)\b",
    re.IGNORECASE,
)
NHS_CUE = re.compile(r"\bnhs\b[^\n]{0,25}$", re.IGNORECASE)

_AREAS = (
    "ab al b ba bb bd bf bh bl bn br bs bt ca cb cf ch cm co cr ct cv cw da dd de dg dh dl dn dt dy"
    " e ec eh en ex fk fy g gl gu gy ha hd hg hp hr hs hu hx ig im ip iv je ka kt kw ky l la ld le"
    " ll ln ls lu m me mk ml n ne ng nn np nr nw ol ox pa pe ph pl po pr rg rh rm s sa se sg sk sl"
    " sm sn so sp sr ss st sw sy ta td tf tn tq tr ts tw ub w wa wc wd wf wn wr ws wv yo ze zz"
)
_AREA = "|".join(sorted(_AREAS.split(), key=len, reverse=True))
POSTCODE = re.compile(
    rf"(?<![\w£])(?:[A-Z]{{1,2}}|(?i:{_AREA}))\d[\dA-Za-z]? ?\d(?i:[abd-hjlnp-uw-z]{{2}})(?!\w)"
)
OUTWARD = re.compile(
    rf"\b(?:post ?code(?: is)?|liv(?:e|es|ed|ing) in) ((?:{_AREA})\d{{1,2}}[a-z]?)(?![\w-])",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"\b(?:1st|2nd|3rd|\dth)$")

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_NTH = r"(?:st|nd|rd|th)?"
DATE = re.compile(
    rf"(?<![\w/.-])(?:\d{{1,2}} ?[/.\-] ?\d{{1,2}} ?[/.\-] ?(?:\d{{4}}|\d{{2}})"
    rf"|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}} \d{{1,2}} (?:19|20)\d{{2}}"
    rf"|(?:the )?\d{{1,2}} ?{_NTH}(?: of)? {_MONTH}\b[,.]?(?: ?(?:\d{{4}}|['’]?\d{{2}})\b)?"
    rf"|{_MONTH} (?:the )?\d{{1,2}}{_NTH}(?:,? \d{{4}}\b)?)(?![\w/])",
    re.IGNORECASE,
)
DATE_OR_YEAR = re.compile(rf"{DATE.pattern}|(?:19|20)\d\d(?:[/-](?:20)?\d\d)?", re.IGNORECASE)
BIRTH_BEFORE = re.compile(
    r"\b(?:born|d\.? ?o\.? ?b|dob|date of birth|birth ?da(?:y|te)|bday|b'day|birth"
    r"|(?:turn(?:s|ed|ing)|was|be) (?:\d{1,2}|\w{3,9}) on)[^\n]{0,45}$",
    re.IGNORECASE,
)
BIRTH_AFTER = re.compile(
    r"^[^\n.]{0,12}\b(?:birth ?day|is when \w{2,12} was born|dob|d\.o\.b)\b", re.IGNORECASE
)

_CODE = r"(?=[\w/.\-]{0,24}\d)[A-Za-z0-9](?:[A-Za-z0-9]|[/\-](?=\w)){3,24}"
REFERENCE = re.compile(
    r"\b(?:ref(?:erence)?|case|claim|complaint|file|crime|hospital|patient|pupil|student|policy"
    r"|tribunal|appeal|badge|passport|account|acc|licence|upn|uln|ehcp?|plan|id|ni|nino|pnr|mrn"
    r"|national insurance|sort code|unit|log|incident)\b(?: (?:ref(?:erence)?|number|no|num|id))?"
    rf"\b(?:[.:#]| is| was|\s-|\)){{0,2}} {{0,2}}#?({_CODE})(?!\w)",
    re.IGNORECASE,
)
REFERENCE_SHAPE = re.compile(r"(?<![\w/-])[A-Z]{2,6}[/-]\d{1,6}(?:[/-]\w{1,8}){0,3}(?![\w/-])")
NATIONAL_INSURANCE = re.compile(r"(?<!\w)(?i:[a-z]{2}) ?\d{2} ?\d{2} ?\d{2} ?(?i:[a-d])(?!\w)")
PUPIL_NUMBER = re.compile(r"(?<!\w)[A-Za-z]\d{11}[\dA-Za-z](?!\w)")
CAR = re.compile(r"(?<!\w)[A-Z]{2}\d{2} ?[A-Z]{3}(?!\w)")
CAR_CUED = re.compile(
    r"\b(?:reg(?:istration)?|number ?plate|plate|vrm)\b(?: (?:number|no|plate))?(?: is|:)? "
    r"([a-z]{1,3} ?\d{1,4} ?[a-z]{0,3})(?!\w)",
    re.IGNORECASE,
)
HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z_][\w.]{2,29}(?<!\.)")
HANDLE_CUED = re.compile(
    r"\b(?:insta(?:gram)?|snap(?:chat)?|tik ?tok|twitter|gamertag|discord|roblox|xbox|psn|username"
    r"|facebook|fb|youtube)\b(?: (?:name|handle|user|username|tag|account))?(?: is|:| -|=)? ?"
    r"([A-Za-z][\w.]{2,29})(?<!\.)",
    re.IGNORECASE,
)
ADDRESS_OF_PAGE = re.compile(r"(?<!\w)(?:https?://|www\.)[^\s<>\"']{4,300}", re.IGNORECASE)
_TELLING_PAGE = re.compile(
    r"(?:facebook|fb|instagram|tiktok|twitter|x|linkedin|snapchat|youtube|gofundme|justgiving)"
    r"\.(?:com|me)/\w|\d{4}|[?&](?:id|ref|user|token|case|child|pupil)=",
    re.IGNORECASE,
)

_CLEAR_STREET = "road|rd|street|avenue|ave|lane|crescent|cres|terrace|gardens|gdns|grove|close|mews"
_STREET = (
    f"{_CLEAR_STREET}|st|drive|dr|way|place|pl|row|walk|hill|court|ct|square|sq|rise|view|green"
    "|parade|villas|cottages|buildings|house|park|croft|wharf|gate|side|fold|bank|end"
)
_HOUSE = (
    r"(?<![\w/.:£-])(?:(?:flat|apartment|apt|unit|no\.?|number) ?\d{0,4}[a-z]?,? )?\d{1,4}[a-z]?"
)
ADDRESS = re.compile(
    rf"(?i:{_HOUSE}),? (?:(?:(?i:the|old|upper|lower) )?(?:[A-Z][\w'’]{{1,20}}[. -]{{1,2}}){{1,3}}"
    rf"(?:(?i:{_CLEAR_STREET})|(?=[A-Z])(?i:{_STREET}))|[Tt]he (?i:{_CLEAR_STREET}))(?!\w)"
)
PLAIN_ADDRESS = re.compile(
    rf"{_HOUSE},? ((?:[a-z][a-z'’]{{1,20}} ){{1,3}})(?:{_CLEAR_STREET})(?!\w)", re.IGNORECASE
)
CUED_ADDRESS = re.compile(
    rf"\b(?:liv(?:e|es|ed|ing) (?:at|on|in|down|off)|address(?: is|:)?|house is|(?:we're|we are"
    rf"|am|i'm|im) at|moved (?:to|from|into))(?: number| no\.?)? "
    rf"((?:\d{{1,4}}[a-z]?,? )?(?:[a-z'’]{{2,20}} ){{1,3}}(?:{_STREET}))(?!\w)",
    re.IGNORECASE,
)
_NO_STREET = _words(
    "a an and are at away by day days down drive every for from had half hour hours i in is "
    "it its kids km later long metres mile miles min mins minute minutes months more my of "
    "off on one or other our out over own past people per quiet same side that their this "
    "times to two up was we week weeks were with year years children buses main busy nice "
    "safe little whole supported sheltered care big small new lovely accessible adapted "
    "council different"
)

Found = Iterator[tuple[int, int, str, float]]


def find_patterned(text: str) -> list[Detail]:
    """Details by their shape, sorted; of two that overlap the one named first below stands."""
    taken: list[Detail] = []
    numbered = any(map(str.isdecimal, text))
    for finder, needs_number in FINDERS:
        if numbered or not needs_number:
            taken.extend(Detail(*found) for found in finder(text))
    return _apart(taken)


def _apart(found: list[Detail]) -> list[Detail]:
    """Sorted by rank, each kept that touches none kept before; by start, so neighbours suffice."""
    ranked = sorted(enumerate(found), key=lambda item: (item[1].start, item[0], -item[1].end))
    kept: list[tuple[int, Detail]] = []
    for rank, detail in ranked:
        if kept and kept[-1][1].end > detail.start:
            if rank < kept[-1][0]:
                kept[-1] = (rank, detail)
            continue
        kept.append((rank, detail))
    return [detail for _, detail in kept]


def _emails(text: str) -> Found:
    for pattern in (EMAIL, SPOKEN_EMAIL):
        for match in pattern.finditer(text):
            yield *match.span(), "email", 1.0


def _pages(text: str) -> Found:
    for match in ADDRESS_OF_PAGE.finditer(text):
        page = match.group().rstrip(".,;:!?)")
        if _TELLING_PAGE.search(page):
            yield match.start(), match.start() + len(page), "identifier", 0.9


def _numbers(text: str) -> Found:
    for match in DIGITS.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        start = match.start()
        if _is_nhs_number(digits, text[max(0, start - 40) : start]):
            yield start, match.end(), "nhs_number", 1.0
        elif _is_phone(match.group(), digits):
            yield start, match.end(), "phone", 0.95


def _spoken_numbers(text: str) -> Found:
    for match in SPOKEN_DIGITS.finditer(text):
        yield *match.span(), "phone", 0.8


def _is_nhs_number(digits: str, before: str) -> bool:
    if len(digits) != 10:
        return False
    return bool(nhs.is_valid(digits)) or NHS_CUE.search(before) is not None


def _is_phone(written: str, digits: str) -> bool:
    if digits in HELPLINES or DATE.fullmatch(written):
        return False
    if written.lstrip("( ").startswith("+") or digits.startswith("00"):
        return _is_possible_abroad(digits.removeprefix("00"))
    if digits.startswith("0"):
        return len(digits) in (10, 11) and digits[1] in "123578"
    return len(digits) == 10 and digits[0] == "7"


def _is_possible_abroad(digits: str) -> bool:
    try:
        return bool(phonenumbers.is_possible_number(phonenumbers.parse(f"+{digits}")))
    except phonenumbers.NumberParseException:
        return False


def _postcodes(text: str) -> Found:
    for match in POSTCODE.finditer(text):
        if not _ORDINAL.search(match.group()):
            yield *match.span(), "postcode", 0.95
    for match in OUTWARD.finditer(text):
        yield *match.span(1), "postcode", 0.7


def _births(text: str) -> Found:
    for match in DATE.finditer(text):
        start, end = match.span()
        before, after = text[max(0, start - 70) : start], text[end : end + 40]
        if BIRTH_BEFORE.search(before) or BIRTH_AFTER.search(after):
            yield start, end - (text[end - 1] in ",."), "date_of_birth", 0.9


def _identifiers(text: str) -> Found:
    for pattern in (NATIONAL_INSURANCE, PUPIL_NUMBER, CAR):
        for match in pattern.finditer(text):
            sure = pattern is not PUPIL_NUMBER or upn.is_valid(match.group())
            yield *match.span(), "identifier", 0.95 if sure else 0.8
    for match in REFERENCE_SHAPE.finditer(text):
        if sum(map(str.isdigit, match.group())) >= 4:
            yield *match.span(), "identifier", 0.85
    for match in REFERENCE.finditer(text):
        code = match.group(1)
        if sum(map(str.isdigit, code)) >= 3 and not DATE_OR_YEAR.fullmatch(code):
            yield *match.span(1), "identifier", 0.85
    for match in CAR_CUED.finditer(text):
        yield *match.span(1), "identifier", 0.8


def _handles(text: str) -> Found:
    for match in HANDLE.finditer(text):
        yield *match.span(), "identifier", 0.95
    for match in HANDLE_CUED.finditer(text):
        if re.search(r"[\d_.]", match.group(1)):
            yield *match.span(1), "identifier", 0.8


def _addresses(text: str) -> Found:
    for match in ADDRESS.finditer(text):
        if not _NO_STREET & set(match.group().lower().split()[1:]):
            yield *match.span(), "address", 0.9
    for match in PLAIN_ADDRESS.finditer(text):
        if not _NO_STREET & set(match.group(1).lower().split()):
            yield *match.span(), "address", 0.8


def _streets(text: str) -> Found:
    for match in CUED_ADDRESS.finditer(text):
        if not _NO_STREET & set(match.group(1).lower().split()):
            yield *match.span(1), "address", 0.8


# Each with whether it looks for something with a number in it.
FINDERS: tuple[tuple[Callable[[str], Found], bool], ...] = (
    (_emails, False),
    (_pages, False),
    (_numbers, True),
    (_spoken_numbers, False),
    (_births, True),
    (_postcodes, True),
    (_addresses, True),
    (_streets, False),
    (_identifiers, True),
    (_handles, False),
)
