"""The privacy notice: numbered, never edited, translated under the same number."""

import pytest
from django.db import IntegrityError, transaction

from surveys.actions import begin_response, publish_notice
from surveys.models import PrivacyNotice
from surveys.notices import drawn, first_notice
from surveys.refusals import BadText
from tests import world


def publish(area, by, now, body="What we keep.", **more):
    return publish_notice(area=area, body=body, by=by, now=now, **more)


def test_each_notice_has_the_next_number_and_each_area_its_own(area, asha, now):
    assert publish(area, asha, now).number == 1
    assert publish(area, asha, now, "Something new.").number == 2
    assert publish(world.area("moors"), asha, now).number == 1


def test_a_translation_has_the_number_of_what_it_translates(area, asha, now):
    with pytest.raises(BadText, match="in English first"):
        publish(area, asha, now, "Po polsku.", language="pl")
    english = publish(area, asha, now)
    polish = publish(area, asha, now, "Po polsku.", language="pl")
    assert (polish.number, english.number) == (1, 1)
    with pytest.raises(BadText, match="translated already"):
        publish(area, asha, now, "Lepiej.", language="pl")
    in_force = PrivacyNotice.objects.in_force
    assert in_force(area, "pl") == polish
    newer = publish(area, asha, now, "Newer.")
    assert in_force(area, "pl") == in_force(area) == newer


def test_somebody_without_a_translation_gets_the_english_words(area, asha, now):
    english = publish(area, asha, now)
    publish(area, asha, now, "Po polsku.", language="pl")
    assert PrivacyNotice.objects.in_force(area, "cy") == english


@pytest.mark.parametrize("body", ["", "  \n", "x" * 30_001])
def test_a_notice_says_something_and_not_without_end(area, asha, now, body):
    with pytest.raises(BadText):
        publish(area, asha, now, body)


def test_the_same_words_are_no_new_notice(area, asha, now):
    publish(area, asha, now)
    with pytest.raises(BadText, match="Nothing is new"):
        publish(area, asha, now)


def test_a_response_keeps_which_notice_the_person_was_told(survey, asha, now):
    before, _ = begin_response(survey=survey, now=now)
    publish(survey.consultation.area, asha, now, "Something new.")
    after, _ = begin_response(survey=survey, now=now)
    before.refresh_from_db()
    assert (before.privacy_notice.number, after.privacy_notice.number) == (1, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        PrivacyNotice.objects.filter(number=2).update(number=1)


def test_the_first_notice_names_who_is_answerable(area):
    words = first_notice(area)
    assert "The council is answerable." in words
    assert "{{" not in words


def test_a_notice_is_drawn_in_our_look_and_holds_no_html_of_its_own():
    html = drawn(
        "# Big\n\n## Next\n\nA <b>bold</b> [link](/x/) and [bad](javascript:alert(1))\n\n"
        "- one\n\n<script>alert(1)</script>\n\n![p](https://example.org/p.png)"
    )
    assert '<h2 class="govuk-heading-m">Big</h2>' in html
    assert '<a href="/x/" class="govuk-link">link</a>' in html
    assert '<ul class="govuk-list govuk-list--bullet">' in html
    assert "<b>" not in html
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
