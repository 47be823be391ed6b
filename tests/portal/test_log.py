"""What the log holds, however much of it an operator asks for."""

import logging

import pytest


@pytest.mark.parametrize("name", ["django.db.backends", "import_export", "weasyprint", "fontTools"])
def test_at_debug_those_that_would_repeat_peoples_words_stay_silent(name, caplog):
    caplog.set_level(logging.DEBUG)
    assert not logging.getLogger(name).isEnabledFor(logging.DEBUG)
