"""The signs by which an answer is split: marks, joiners, sentence ends and small words.

Every pattern has bounded repeats, so that no text can make one slow.
"""

import re

LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
WORD = re.compile(r"\S+")

_BULLETS = "•‣▪▫◦●○◆■□►▶➢➤✓✔☐"
_DASHES = "\\-\u2010-\u2015"

# At the start of a line, or of a trimmed idea: a bullet, a dash, a number or a letter.
LIST_MARK = re.compile(
    rf"(?:[{_BULLETS}{_DASHES}*·+>#]{{1,8}}|[(\[]?(?:\d{{1,2}}|[a-hA-H]|[ivx]{{2,4}})[.):\]])(?=\s)"
    rf"|[{_BULLETS}{_DASHES}*]{{1,3}}(?=\w)"
)
# Within a line: a bullet between blanks, or a number such as "2." or "(2)".
INLINE_MARK = re.compile(rf"(?<!\S)(?:[{_BULLETS}]|[(\[]?(\d{{1,2}})[.)\]])(?=\s)")
DASH = re.compile(rf"(?<=\s)[{_DASHES}]{{1,3}}(?=\s)")

# Words that announce another idea wherever they stand.
_LEAD = r"(?<![^\s.,;:!?()\-\u2013\u2014])(?:(?:and|but|oh|or|so),? ){0,2}"
SURE_JOINER = re.compile(
    rf"{_LEAD}(?:and also|oh and|another (?:one|thing)(?: is| would be)?(?: that)?"
    r"|(?:one (?:more|other|last|final)|the (?:other|last|next)) thing(?: is| would be)?(?: that)?"
    r"|on top of (?:all )?(?:that|this)|as well as that|in addition|additionally|furthermore"
    r"|(?:first|second|third|last)ly|u+m+|erm+)\b",
    re.IGNORECASE,
)
# Words that announce one only after a stop or before a new subject: "also we need", not
# "we also need".
JOINER = re.compile(rf"{_LEAD}(?:also|plus)\b", re.IGNORECASE)

# A capital where no stop was written: "nothing on The bus is late".
CAPITAL = re.compile(r"(?<=[a-z,]\s)[A-Z][a-z'’]{1,15}(?=\s)")

SENTENCE_END = re.compile(
    r"[.!?…]{1,9}[\"'”’)\]]{0,3}(?=\s|$)|[。！？؟۔।]{1,9}|(?<=[a-z]{2})[.!?](?=[A-Z][a-z' ])"
)
ABBREVIATION = re.compile(
    r"(?<!\w)(?:e\.?g|i\.?e|etc|vs|mrs?|ms|mx|dr|prof|st|approx|yrs?|hrs?|mins?|ext|tel|[a-hj-z])"
    r"\.$",
    re.IGNORECASE,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Where a run-on may be cut: before a connector that is followed by an opener.
CONNECTORS = _words("and but so then or plus also because cos while whereas")
OPENERS = _words(
    """i i'd i'm im i've ive id we we'd we've he he's hes she she's shes they they're it it's its
    you my our the his her their there there's theres this that nobody no nothing everyone every
    people someone somebody please more less if when what why how school schools children
    families parents staff teachers a an some another"""
)
# Openers that no name begins with; a capital marks a new sentence.
FRESH = (OPENERS | {"also"}) - _words(
    """school schools children families parents staff teachers people a
    i i'd i'm im i've ive id"""
)
# Words by which a sentence carries on the one before. Counted on the codebook: each starts
# relatively more second sentences than first ones.
CARRIES_ON = _words(
    """so it it's its there he he's hes nobody same not just ours then instead or which but because
    cos otherwise until even only than again still this these those such like you now never"""
)

# Small words that an idea does not need to begin with.
LEAD_IN = re.compile(
    r"(?:and|but|oh|er|anyway),?\s{1,9}|(?:so|well),\s{1,9}"
    r"|so\s{1,9}(?=(?:i|we|he|she|they|it|my|our|the|there|nobody)\b)",
    re.IGNORECASE,
)

# What is said when nothing is said; whole ideas only, compared in lower case without marks.
NOTHING_SAID = frozenset(
    line.strip()
    for line in """
    n a
    na
    none
    none really
    no
    nope
    nil
    nothing
    nothing else
    nothing more
    nothing to add
    nothing really
    no comment
    no comments
    no answer
    no thanks
    no thank you
    not applicable
    not sure
    dont know
    don t know
    i dont know
    i don t know
    dunno
    idk
    yes
    ok
    okay
    x
    same
    same as above
    as above
    see above
    same again
    same as before
    ditto
    that s all
    thats all
    that is all
    that s it
    thats it
    prefer not to say
    hi
    hello
    hiya
    hey
    hi there
    hello there
    good morning
    good afternoon
    good evening
    dear all
    dear sir or madam
    dear sir madam
    to whom it may concern
    regards
    kind regards
    best wishes
    many thanks
    yours sincerely
    yours faithfully
    thx
    ta
    cheers
    sorry
    test
    and
    also
    etc
    """.splitlines()
    if line.strip()
)
THANKS = re.compile(
    r"(?:and |ok |many )?(?:thanks|thank you|thankyou)(?: (?:you|so|very|much|for|in|advance|again"
    r"|all|asking|listening|reading|this|the|opportunity|to|comment|your|time|help|letting|us|me|have"
    r"|a|say|taking|doing|and|everyone|everything|survey|kindly)){0,12}"
)
GREETING = re.compile(
    r"(?:hi|hello|hiya|hey|good (?:morning|afternoon|evening)|dear (?:all|sir|madam|team))"
    r"(?: (?:there|all|everyone|team|or|madam))?[,!.]{1,3}\s{1,9}",
    re.IGNORECASE,
)
