"""A text's language is told where it is plain; English, however written, is not called foreign."""

import json
import random
from pathlib import Path

import pytest

from outcomes.engine.codebook import Codebook
from outcomes.engine.languages import language, language_name

SEND_CODEBOOK = Path(__file__).parents[3] / "outcomes" / "codebook" / "send"

ANSWERS = {
    "pl": (
        "Syn czeka na diagnozę już trzy lata i nikt do nas nie dzwoni.",
        "corka boi sie chodzic do szkoly, codziennie rano placze",
        "Chciałabym, żeby ktoś wytłumaczył mi te dokumenty po polsku",
    ),
    "cy": (
        "Does neb yn yr ysgol yn deall awtistiaeth fy mab.",
        "rydyn ni eisiau clwb yn y pentref lle mae plant yn siarad Cymraeg",
        "Mae hi'n cael ei bwlio ar y bws bob bore ac mae hi'n crio",
    ),
    "ro": (
        "Fiul meu nu doarme noaptea și suntem foarte obosiți.",
        "am cerut ajutor de la scoala dar nimeni nu ne raspunde",
        "Aș vrea un logoped care să vină la grădiniță în fiecare săptămână",
    ),
    "pt": (
        "O meu filho não tem amigos na escola e fica sempre sozinho.",
        "ninguem nos explica nada, mandam cartas que nao percebo",
        "Gostava que houvesse mais apoio para os irmãos também",
    ),
    "ur": (
        "میرا بیٹا اسکول میں بات نہیں کرتا اور کوئی مدد نہیں کرتا",
        "ہمیں خط اردو میں چاہیے",
        "mera beta school nahi jata, usko dar lagta hai aur koi nahi sunta",
    ),
    "pa": (
        "ਮੇਰਾ ਪੁੱਤਰ ਰਾਤ ਨੂੰ ਸੌਂਦਾ ਨਹੀਂ ਹੈ",
        "ਸਾਨੂੰ ਪੰਜਾਬੀ ਵਿੱਚ ਦੱਸਣ ਵਾਲਾ ਕੋਈ ਨਹੀਂ",
        "ਸਕੂਲ ਵਾਲੇ ਸਾਡੀ ਗੱਲ ਨਹੀਂ ਸੁਣਦੇ, ਅਸੀਂ ਬਹੁਤ ਥੱਕ ਗਏ ਹਾਂ",
    ),
    "ar": (
        "ابني لا يتكلم وننتظر الموعد منذ سنتين",
        "أريد من يساعدني في المدرسة",
        "ابنتي تخاف من الضوضاء ولا يوجد مكان هادئ لها في المدرسة",
    ),
    "so": (
        "Wiilkaygu ma hadlo mana heli karno dhakhtar.",
        "waxaan u baahanahay qof af soomaali ku hadla oo ballanta i raaca",
        "Gabadhaydu way ka cabsataa iskuulka subax kasta",
    ),
    "uk": (
        "Мій син не спить уночі, і ми дуже втомилися.",
        "нам потрібен перекладач на зустрічах у школі",
        "Донька боїться автобуса і плаче щоранку",
    ),
    "lt": (
        "Mano sūnus laukia diagnozės jau dvejus metus.",
        "mokykloje niekas nesupranta jo poreikiu ir jis sedi vienas",
        "Norėčiau, kad būtų daugiau užsiėmimų per vasaros atostogas",
    ),
    "tr": (
        "Oğlum okulda çok mutsuz ve kimse bizi dinlemiyor.",
        "iki yildir randevu bekliyoruz, kimse bize haber vermiyor",
        "Kızımın gidebileceği bir kulüp olsa çok güzel olurdu",
    ),
    "bn": (
        "আমার ছেলে কথা বলতে পারে না, আমরা দুই বছর ধরে অপেক্ষা করছি।",
        "স্কুলে কেউ বোঝে না",
        "আমি চাই আমার মেয়ের কিছু বন্ধু হোক",
    ),
    "zh": (
        "我儿子在学校没有朋友，每天都不想上学。",
        "希望有人用中文解释这些文件",
        "等了兩年還沒有評估，我們很累",
    ),
    "es": (
        "Mi hijo no duerme por las noches y estamos agotados.",
        "nadie en el colegio entiende lo que le pasa a mi nina",
        "Quisiera que hubiera más actividades en las vacaciones",
    ),
    "fr": (
        "Mon fils attend un diagnostic depuis trois ans.",
        "personne ne nous explique rien et les lettres sont trop compliquees",
        "J'aimerais qu'elle ait une vraie amie à l'école",
    ),
    "hu": (
        "A fiam nem alszik éjszaka, és nagyon fáradtak vagyunk.",
        "senki nem ertesit minket semmirol es mar ket eve varunk",
        "Szeretném, ha lenne egy csendes hely az iskolában",
    ),
    "bg": (
        "Синът ми няма приятели в училище и стои сам.",
        "Чакаме диагноза вече две години и никой не се обажда",
        "Искам някой да ми обясни документите на български",
    ),
    "ti": (
        "ወደይ ኣብ ቤት ትምህርቲ ኣዕሩኽ የብሉን",
        "ብትግርኛ ዘረድኣና ሰብ ንደሊ ኢና",
        "ጓለይ ለይቲ ኣይትድቅስን እያ፡ ኩልና ደኺምና ኣለና",
    ),
}

# English as people type it: shorthand, names, dialect, misspellings, one word.
ENGLISH = [
    "He never sleeps",
    "SALT stopped",
    "CAMHS EHCP SENCO OT physio portage SENDIASS",
    "ok",
    "none",
    "ehcp!!!!",
    "wot about me",
    "me son cant red or rite n nowan cares",
    "nowt for our lad round ere",
    "wee man needs a braw club so he does",
    "Mrs Kowalczyk at Szkoła Sobotnia was lovely with Zoë",
    "Mohammed Abdirahman Hussein Warsame",
    "Agnieszka Wiśniewska, Łukasz, Grześ",
    "café with a Changing Places toilet",
    "swim swim swim swim swim swim",
    "no no no no no no",
    "Minecraft Roblox Fortnite Pokémon Lego",
    "melatonin, Medikinet, Elvanse, Concerta, guanfacine, sertraline",
    "Llanfairpwll to Aberystwyth taxi",
    "aaaaaaaaaaaaaaaaaaaaaaaaaa",
    "asdf jkl qwer uiop zxcv",
    "transition transition transition",
    "Mondays. Trampoline. Heaven.",
    "i carnt do maffs",
    "dis skool iz bare dead bruv",
    "gan yem, bairn's knackered",
    "Dysgu? Ysgol? no idea what that letter meant",
]


@pytest.mark.parametrize(
    ("code", "text"), [(code, text) for code, texts in ANSWERS.items() for text in texts]
)
def test_an_answer_in_another_language_is_recognised(code, text):
    assert language(text) == code


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_never_called_foreign(text):
    assert language(text) in ("en", None)


@pytest.fixture(scope="module")
def of_examples():
    """Each example of the codebook, all of them English, with the language found."""
    return {row.text: language(row.text) for row in Codebook.read(SEND_CODEBOOK).examples}


def test_no_more_than_one_example_of_the_codebook_in_a_thousand_is_called_foreign(of_examples):
    foreign = {text: code for text, code in of_examples.items() if code not in ("en", None)}
    assert len(foreign) <= len(of_examples) / 1000, foreign


def test_nearly_every_example_is_known_to_be_english(of_examples):
    assert list(of_examples.values()).count("en") >= 0.98 * len(of_examples)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "?",
        "😀😀😀",
        "12345 67",
        "\x00\x00",
        "\ud800",
        "\u200b\u200d",
        "x",
        "hm",
        "¯\\_(ツ)_/¯",
        "ಠ_ಠ",
    ],
)
def test_too_little_to_tell_is_none(text):
    assert language(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("My son is lovely. Syn nie śpi w nocy. Nikt nam nie pomaga i jesteśmy zmęczeni.", "pl"),
        ("Syn nie śpi. Nobody at school understands him and we have asked for help.", "en"),
        ("SENCO mówi, że syn nie dostanie EHCP, a szkoła nie ma pieniędzy na TA", "pl"),
        ("The letter said 我们 and nobody could tell us what it was about", "en"),
        ("school 的老师不明白我的孩子，每天打电话叫我们接他回家", "zh"),
        ("ابني لا يحب المدرسة school ويريد البقاء في البيت", "ar"),
    ],
)
def test_of_a_mixed_text_the_main_language_counts(text, code):
    assert language(text) == code


@pytest.mark.parametrize("text", [ANSWERS["pl"][0], ANSWERS["ur"][2], ENGLISH[7], ANSWERS["zh"][0]])
def test_capitals_addresses_and_blanks_change_nothing(text):
    expected = language(text)
    assert language(text.upper()) == expected
    assert language(f"\n  {text}\t\n") == expected
    assert (
        language(f"{text} https://example.org/some/very/long/address parent@example.org")
        == expected
    )


def test_the_answer_does_not_depend_on_what_was_read_before():
    texts = [text for texts in ANSWERS.values() for text in texts] + ENGLISH
    one = {text: language(text) for text in texts}
    random.Random(1).shuffle(texts)
    assert {text: language(text) for text in texts} == one


@pytest.mark.parametrize("unit", ["a", "ą", "a ", "的", "a. ", "é", "\n", "'", "a'", "@", "www."])
def test_a_megabyte_of_one_thing_gets_an_answer(unit):
    assert language(unit * (1_000_000 // len(unit))) in (None, "en", "zh")


def test_every_language_we_may_answer_has_a_name():
    names = {language_name(code) for code in (*ANSWERS, "en", "fa", "sq", "ku")}
    assert len(names) == len(ANSWERS) + 4
    assert language_name("pl") == "Polish"
    assert language_name("ti") == "Tigrinya"
    assert language_name("qq") == "qq"


def test_answers_are_two_letter_codes_that_json_can_hold():
    assert all(len(code) == 2 and json.dumps(code) for code in ANSWERS)
