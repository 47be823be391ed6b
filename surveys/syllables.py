"""How many syllables an English word has, by rules.

Hyphenation (pyphen) finds too few: it may not break off single letters. These rules are right for
97 of the 100 most ordinary words; tests/surveys/test_reading.py measures them against a dictionary.
"""

import re

VOWELS = re.compile(r"[aeiouy]+")
# What an e is silent before: hopeful, something, careless.
ENDS = (
    "(?:d|s)?(?:ly|ments?|ful|fully|less|ness|some|how|what|things?|where|one|body|times?|ball|"
    "holds?|house|works?|fields?|lands?|space|ty|man|men|way|line|care|head|side|keeper)"
)
SILENT = re.compile(
    "|".join(
        [
            rf"(?<=[^aeiouyl])(?<!el)e(?={ENDS}$)(?<!ele)",  # hopeful
            r"(?<=[aeiouy]l)e(?=(?:ly|ments?|ful|less|ness|some)$)",  # whole-some
            r"(?<=[^aeiouyl])(?<![bcdfgkpt]r)e$",  # hope, not acre
            r"(?<=[aeiouywr]l)e$",  # whole, not table
            r"(?<=[aeouw])e$",  # true
            r"(?<=[^aeiouyslcgzxh])(?<![bcdfgkpt]r)e(?=s$)",  # hopes, not places
            r"(?<=[aeiouywr]l)e(?=s$)|(?<=th)e(?=s$)|(?<=[aeiu])e(?=s$)",  # clothes
            r"(?<=[^aeiouytdl])(?<![bcdfgkpt]r)e(?=d$)",  # hoped, not needed
            r"(?<=[aeiouywrl]l)e(?=d$)|(?<=[aeou]y)e(?=d$)|(?<=[aeiu])e(?=d$)",  # called, played
            r"(?<=ev)e(?=ry|ning)|(?<=usin)e(?=ss)|(?<=diff)e(?=ren)",  # every
            r"(?<=q)ue(?=s?$)|(?<=[ano]g)ue(?=s?$)",  # league
        ]
    )
)
# Two vowels in a row that are two syllables.
APART = re.compile(
    "|".join(
        [
            r"(?<=[^aeiouyctsxg]i)(?=[ao])(?<!lli)(?<![ai]li)(?<!rri)(?<!parli)(?<!pini)",  # radio
            r"(?<=[aiou][ct]i)(?=at)|(?<=[st]oci)(?=et|at)|(?<=[^aeiouy]i)(?=et)",  # society
            r"(?<=[^aeiouctsgxd]i)(?=e[nr](?:c|t|s$|$))|(?<=sci)(?=en)|(?<=di)(?=en)",  # client
            r"(?<=i)(?=u[ms])(?<!gi)|(?<=[aeiouy])(?=ing)|(?<=cre)(?=at(?!u))|(?<=ism$)",  # going
            r"(?<=re)(?=act|al[it](?!ly))|(?<=[^aeiouy]e)(?=o(?!p|r|u|n))|(?<=[nrv]e)(?=ous)",
            r"(?<=muse)(?=um)|(?<=are)(?=a)|(?<=ide)(?=a)|(?<=the)(?=at)|(?<=nucle)(?=ar)",
            r"(?<=line)(?=ar)|(?<=ope)(?=an)|(?<=po)(?=e[tm])|(?<=o)(?=ic$)|(?<=qui)(?=et)",
            r"(?<=[^aeiouqgb]u)(?=al|ou|at|ity|ar[yi]|in|en[ct])(?<!ju)",  # actual
            r"(?<=[^aeiouy]o)(?=ed$|er$|est$)|(?<=ou)(?=i)",  # doer
            r"(?<=lay)(?=er)|(?<=loy)(?=er|ee)|(?<=[aeo]y)(?=[ao])",  # player
            r"(?<=[^aeiouy]y)(?=[ao])(?!ons?$)",  # everyone
            r"(?<=i)(?=sm$)|(?<=d)(?=n['’]t$)|(?<=rhyth)",
        ]
    )
)


def syllables(word: str) -> int:
    """At least one. A number is one; letters said one by one, such as NHS, are one each."""
    if word.isupper() and 1 < len(word) <= 4:
        return len(word)
    said = SILENT.sub("'", word.lower())
    return max(1, len(VOWELS.findall(said)) + len(APART.findall(said)))
