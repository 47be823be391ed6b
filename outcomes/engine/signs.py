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

# Within a stretch without blanks: a mark tight before the first word of a line, and the end of
# one part where another begins ("friends/school", "room.Someone"); never in addresses.
TIGHT_MARK = re.compile(rf"[{_BULLETS}{_DASHES}*>]{{1,3}}(?=\w)|[(\[]?\d{{1,2}}[.):\]](?=[^\W\d])")
INNER_END = re.compile(
    r"(?<=[a-z]{2}[.!?])(?=[A-Z])|(?<=\w{2}[,;/])(?=[^\W\d])|(?<=[。！？؟۔।])"
    r"|(?<=[a-z]{2}[–—])(?=\w)"
)
ADDRESS = re.compile(r"://|@|www\.")
LONGEST_WORD = 200

# Small words that an idea does not need to begin with.
LEAD_IN = re.compile(
    r"(?:and|but|oh|er|anyway),?\s{1,9}|(?:so|well),\s{1,9}"
    r"|so\s{1,9}(?=(?:i|we|he|she|they|it|my|our|the|there|nobody)\b)",
    re.IGNORECASE,
)

# Words and phrases that stand between two ideas and belong to neither.
BETWEEN = _words("and & + but also plus oh um umm erm er uh n an' then so")
_BEFORE = r"(?:(?:and|but|oh|or|so|then|um|er|yeah|ok|well|right),?\s){0,3}"
ANNOUNCES = re.compile(
    rf"(?<![^\s.,;:!?()\-–—]){_BEFORE}"
    r"(?:(?:and\s|oh\s)?also|plus|as well as that|in addition|additionally|furthermore|besides"
    r"(?:\s(?:that|this))?|on top of (?:all )?(?:that|this)|(?:apart|aside) from (?:that|this)"
    r"|other than that|then there['’]?s|then there is|having said that|on another note"
    r"|on the other hand|separately|first of all|to (?:start|begin) with"
    r"|(?:first|second|third|fourth|last|final)ly|last but not least|after that"
    r"|(?:number|point) (?:one|two|three|four|1|2|3)(?: is)?|(?:one|two|three)(?=:)"
    r"|while (?:i|you)['’]?(?:m|re) at it|p\.?s\.?|full stop|new line|comma|question mark"
    r"|you know|i mean|what else|oh yeah|along with|as well as"
    r"|another(?: one| thing)?(?: is| would be)?(?: that)?"
    r"|(?:the|my) (?:first|second|third|other|last|next|final|main|biggest) (?:thing|one|point)"
    r"(?: is| would be)?(?: that)?|one (?:more|other|last|final) thing(?: is)?|u+m+|er+m*)"
    r"(?!\w)[,:]?",
    re.IGNORECASE,
)
# A list mark that is a word of its own, wherever it stands.
MARK_WORD = re.compile(
    rf"[{_BULLETS}{_DASHES}*·+>#/|~=]{{1,8}}"
    r"|[(\[]?(?:\d{1,2}|[a-iA-I]|[ivx]{2,4})[.):\]]|\d{1,2}-"
)
# Few ideas end with one of these, and none with one of the second list.
NEVER_LAST = _words(
    """the a an my our his her their your to of for with in at from by about into is are was were
    be i we he she they i'm im i've ive i'd id we're he's hes she's shes they're who which
    that very more less too not no any some every each own and or but because cos if when
    than as would could should can can't cant don't dont didn't didnt won't wont has have
    had really just & + also plus"""
)
HANGING = _words(
    "the a an my our his their your i we he she they i'm im i've ive i'd and or because"
)
VERBS = _words(
    """i we he she they it is are was were am has have had do does did can can't cant cannot could
    will would should need needs want wants like likes get gets got go goes im i'm hes he's
    shes she's its it's dont don't doesnt doesn't isnt isn't there's theres know think wish"""
)

# What people say while they think, at the start of what they then say.
FILLER = re.compile(
    r"(?:um+|er+m*|uh|yeah)\b[,.]?\s{1,9}(?=\w)"
    r"|(?:ok|okay|right|well|alright|hi|hiya|hello)"
    r"(?:[,.]\s{1,9}|\s{1,9}(?=(?:so|yeah|um+|er+m*|ok|i|i'm|i'd|we|my|it's)\b))"
    r"|so\s(?=(?:um+|er+m*|yeah|basically|ok|okay)\b)|[/|&+]{1,3}\s{1,9}",
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
    please
    pls
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
    idk what this means
    best wishes a mum
    best wishes a dad
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
    ask my mum
    no idea
    pass
    skip
    already answered
    i ve already said
    ive already said
    as i said before
    covered above
    see email
    see attached
    happy to discuss
    good luck
    good luck with it
    left blank
    blank
    tbc
    prefer not to answer
    have a nice day
    good morning all
    good afternoon all
    good evening all
    hope you re well
    hope youre well
    i think i ve said everything
    thats my lot
    no i am fine thanks
    um
    lol
    not at this time
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

# Two ways to say nothing at more length; compared like THANKS.
NOTHING_TO_SAY = re.compile(
    r"(?:(?:i|we)(?: ve)? (?:have|got|have got) |ve got )?(?:nothing|none)"
    r"(?: (?:else|more|further|really|to|add|say|that|i|can|think|of|comes?|mind|right|now|at|the"
    r"|moment|on|this|thanks?|you|very|much|sorry|thats|s|it|or)){1,12}"
    r"|(?:sorry )?(?:i )?(?:do not|don t|dont|not|can t|cant|cannot)(?: really)?"
    r" (?:know|sure|think)(?: (?:what|to|put|say|write|answer|of|anything|else|right|now|lol"
    r"|sorry|how|you|mean|means|by|this|that|question|the|is|at|moment|here|really|asking|are|if)){0,10}"
    r"|(?:i )?(?:hope|hoping) (?:this|that|it) (?:helps?|is ok(?:ay)?|makes sense)(?: you)?"
)
# A short piece made of these words alone, one of them a word of the first list, says nothing.
TALK = _words(
    """thanks thank thankyou thx ta cheers sorry hi hiya hello hey bye goodbye regards wishes
    sincerely faithfully above previous previously q1 q2 q3 q4 q5 question questions survey
    applicable comment comments idk dunno ditto rant"""
)
TALK_FILLER = _words(
    """i i'm im i've ive i'd id you your we me us it it's its this that that's thats the a an to
    for of on in at and so very much again all any as is are was be have has do don't dont
    not no yes ok okay well just really now else further more say said saying answer my see
    same what if put sure doesn't doesnt apply giving given chance opportunity our hope long
    bit asking reading listening letting great lovely best kind many dear madam sir everyone
    moment from x haha lol um er oh yeah filling too anyway about spelling yours already 1 2
    3 4 5 r with this doing taking part understand"""
)
