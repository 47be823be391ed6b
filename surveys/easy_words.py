"""Words that count as easy: the pages cannot do without them, and each is explained.

They are explained to readers at /words/, and in docs/glossary.md, "Words that readers meet".
"""

EASY_WORDS = {
    "SEND": "special educational needs and disabilities",
    "special educational needs and disabilities": "what SEND stands for",
    "outcome": "a change for the better in people’s lives",
    "outcomes": "changes for the better in people’s lives",
    "accessible": "that everyone can use, whatever helps them to read, see, hear or move",
    "accessibility": "how well everyone can use something",
    "equality": "treating everyone fairly",
    "Information Commissioner’s Office": "the body that looks after people’s rights over data",
}

# Every child of nine knows these; a date is no harder for the month it is in.
CALENDAR = (
    *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
