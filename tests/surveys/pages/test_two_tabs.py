"""Two tabs, the back button, a replayed form: no stored words are lost without being seen."""

from surveys.actions import fingerprint


def test_another_tab_never_overwrites_what_it_did_not_see(parent):
    parent.post("/s/parents/1/", text="From the first tab", seen="", of=parent.of)
    page = parent.post("/s/parents/1/", text="From the second tab", seen="", of=parent.of)
    words = page.content.decode()
    assert page.status_code == 409
    assert "From the first tab</span>" in words
    assert "From the second tab</textarea>" in words
    assert "There is a problem" in words
    assert parent.stored(1) == "From the first tab"


def test_continuing_after_the_warning_keeps_what_is_in_the_box(parent):
    parent.post("/s/parents/1/", text="From the first tab", seen="", of=parent.of)
    page = parent.post("/s/parents/1/", text="From the second tab", seen="", of=parent.of)
    seen = page.context["form"]["seen"].value()
    assert seen == fingerprint("From the first tab")
    again = parent.post("/s/parents/1/", text="From the second tab", seen=seen, of=parent.of)
    assert again.url == "/s/parents/2/"
    assert parent.stored(1) == "From the second tab"


def test_the_same_words_sent_twice_are_no_conflict(parent):
    parent.post("/s/parents/1/", text="Same", seen="", of=parent.of)
    assert parent.post("/s/parents/1/", text="Same", seen="", of=parent.of).url == "/s/parents/2/"


def test_a_form_without_its_hidden_field_overwrites_nothing(parent):
    parent.answers(1, "Stored")
    assert parent.post("/s/parents/1/", text="Other").status_code == 409
    assert parent.post("/s/parents/1/", text="Other", of=parent.of).status_code == 409
    assert parent.stored(1) == "Stored"


def test_the_page_is_asked_for_again_on_the_way_back(parent):
    for address in ("/s/parents/1/", "/s/parents/later/"):
        assert set(parent.get(address)["Cache-Control"].split(", ")) == {"private", "no-cache"}


def test_check_receipt_and_return_are_stored_nowhere(parent, stranger):
    parent.answers(1, "Words")
    assert "no-store" in parent.get("/s/parents/check/")["Cache-Control"]
    parent.sends()
    assert "no-store" in parent.get("/s/parents/sent/")["Cache-Control"]
    assert "no-store" in stranger.post("/return/", code=parent.code)["Cache-Control"]
