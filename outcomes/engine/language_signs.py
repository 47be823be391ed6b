"""What the signs of a language are: words, letters and scripts, and the names of languages."""

ENGLISH = "en"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Common words of English, and of how it is spoken and typed here, that are not everyday words of
# another language in our letters. "A", "in", "me", "no", "on", "son" and the like are left out.
ENGLISH_WORDS = _words(
    """
    the and of with that have they my his she you your not for this from but when what who how
    where why which because cos coz bc there their theres there's them then than been being would
    should could want wants wanted need needs needed know knows knew think thinks thought just only
    also very much more some any every everyone everybody everything nobody nothing noone someone
    somebody something anyone anybody anything get gets getting got going goes went gone come comes
    came coming time times never always after before again out about into over off up down our us
    it its it's i'm im i've ive i'd i'll we're we've we'd you're they're he's hes she's shes that's
    thats what's whats let's don't dont can't cant won't wont didn't didnt doesn't doesnt isn't
    isnt wasn't wasnt couldn't couldnt wouldn't wouldnt shouldn't hasn't hasnt haven't havent ain't
    aint aren't weren't he her him are were will one two three first last next other another same
    still while until without through between around under like likes liked love loves feel feels
    felt make makes made making take takes took taking give gives gave let put say says said tell
    tells told ask asks asked asking see saw seen look looks looked hear heard listen listens keep
    keeps kept find found try tries tried stop stops stopped start starts started wait waits waited
    waiting help helps helped talk talks talked speak spoke play plays played sit sits work works
    worked working live lives lived learn learns learning sleep sleeps slept eat eats ate read
    reads hate hates cry cries cried shout shouts wish hope school schools child child's children
    kid kids boy boys girl girls lad lads daughter mum mum's mums mam mom dad dad's dads nan gran
    grandma brother sister family families parent parents carer carers friend friends mate mates
    teacher teachers staff people person someone's day days week weeks month months year years
    hour hours minute minutes morning night nights home house room door life year's things thing
    way lot lots bit back front little big good bad better best worse right wrong long short hard
    easy old new own able enough too really actually even maybe sometimes often ever yet already
    now today yesterday tomorrow here away alone together each both few many less those these whose
    whatever whenever doing does did done having had has ours mine yours myself himself herself
    themselves themself hers theirs ourselves yourself must might may please sorry thanks thank yes
    yeah nowt owt summat wee aye innit wanna gonna gotta gimme lemme u ur r thru tho cuz dunno
    four five six seven eight nine ten twice once half whole money job jobs car walk walks walked
    run runs car bus bike park club clubs class lesson lessons support diagnosis autism autistic
    """
)

# Latin letters that English words here do not have, beyond those of café, Zoë and fiancé.
FOREIGN_LETTERS = frozenset(
    "ąćęłńśźżăâîșțşţãõñáíóúàìòùőűöüäßåæøğıčďěňřšťůžýđėįųūāēģīķļņŵŷạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờở"
    "ỡợụủứừửữựỳỵỷỹơưêôûïëçè"
) - frozenset("éëïèçôêâûáíóöüäàãñ")

# What the library may answer for words in our letters: the languages of these islands, and those
# most spoken at home here. All 140 would find Latin and Basque in shorthand.
LATIN_LANGUAGES = _words(
    """en pcm cy ga gd pl ro pt es it fr de nl lt lv et cs sk hu hr bs sl sq tr so sw yo ig ha sn
    zu rw lg ln vi tl id ms ku da sv no nn fi az mt ht"""
)
OTHER_LANGUAGES = _words(
    "ar ary arz ur fa ps ku sdh ug he ru uk bg sr mk be mn kk ky tg hi ne mr bn as am zh"
)
# Tongues of their own to the library, for us what an interpreter would be booked under.
FOLDED = {"pcm": "en", "ary": "ar", "arz": "ar", "sdh": "ku", "nn": "no", "bs": "hr"}

# Scripts that one language, or the first of these, is written in.
OF_SCRIPT = {
    "BENGALI": "bn",
    "GURMUKHI": "pa",
    "GUJARATI": "gu",
    "TAMIL": "ta",
    "TELUGU": "te",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "SINHALA": "si",
    "ORIYA": "or",
    "THAI": "th",
    "LAO": "lo",
    "KHMER": "km",
    "MYANMAR": "my",
    "TIBETAN": "bo",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "GREEK": "el",
    "HEBREW": "he",
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
    "BOPOMOFO": "zh",
    "ETHIOPIC": "am",
    "ARABIC": "ar",
    "CYRILLIC": "ru",
    "DEVANAGARI": "hi",
}
# A sign that says as much as so many letters of the alphabet.
WEIGHT_OF_SCRIPT = {"CJK": 3, "HIRAGANA": 2, "KATAKANA": 2, "HANGUL": 2}

# Letters and words by which languages of one script are told apart before the library is asked.
LETTERS_OF = {
    "ARABIC": (("ur", "ٹڈڑںےھہ"), ("ps", "ټډړږښڼۍې"), ("ku", "ێۆڕڵ"), ("fa", "پچژگ")),
    "CYRILLIC": (("uk", "іїєґ"), ("be", "ў"), ("sr", "ђћџј"), ("mk", "ѓќѕ"), ("ru", "ыэё")),
    "ETHIOPIC": (("ti", "ኣቐቑቒቓቔቕቖኸኹኺኻኼኽኾ"),),
    "BENGALI": (("as", "ৰৱ"),),
}

# Urdu and Hindi spelt in our letters, as in text messages, which the library does not know.
SPELT_URDU = _words(
    """hai hain nahi nahin nai mera meri mere hamara hamari hamare aur bhi mein mai liye chahiye
    chahye bohat bahut bahot lekin kyunke kyunki kyun kya koi kuch woh wo yeh ye iska uska unka
    usko isko apna apni apne jata jati jate karta karti karte raha rahi rahe gaya gayi tha thi ho
    hota hoti baat bacha bache bachay bachon beta beti ka ki ke ko se par"""
)

NAMES = {
    "am": "Amharic",
    "ar": "Arabic",
    "as": "Assamese",
    "az": "Azerbaijani",
    "be": "Belarusian",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "bo": "Tibetan",
    "cs": "Czech",
    "cy": "Welsh",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "ga": "Irish",
    "gd": "Scottish Gaelic",
    "gu": "Gujarati",
    "ha": "Hausa",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian or Bosnian",
    "ht": "Haitian Creole",
    "hu": "Hungarian",
    "hy": "Armenian",
    "id": "Indonesian",
    "ig": "Igbo",
    "it": "Italian",
    "ja": "Japanese",
    "ka": "Georgian",
    "kk": "Kazakh",
    "km": "Khmer",
    "kn": "Kannada",
    "ko": "Korean",
    "ku": "Kurdish",
    "ky": "Kyrgyz",
    "lg": "Luganda",
    "ln": "Lingala",
    "lo": "Lao",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "mk": "Macedonian",
    "ml": "Malayalam",
    "mn": "Mongolian",
    "mr": "Marathi",
    "ms": "Malay",
    "mt": "Maltese",
    "my": "Burmese",
    "ne": "Nepali",
    "nl": "Dutch",
    "no": "Norwegian",
    "or": "Odia",
    "pa": "Punjabi",
    "pl": "Polish",
    "ps": "Pashto",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "rw": "Kinyarwanda",
    "si": "Sinhala",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sn": "Shona",
    "so": "Somali",
    "sq": "Albanian",
    "sr": "Serbian",
    "sv": "Swedish",
    "sw": "Swahili",
    "ta": "Tamil",
    "te": "Telugu",
    "tg": "Tajik",
    "th": "Thai",
    "ti": "Tigrinya",
    "tl": "Tagalog",
    "tr": "Turkish",
    "ug": "Uyghur",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "yo": "Yoruba",
    "zh": "Chinese",
    "zu": "Zulu",
}
