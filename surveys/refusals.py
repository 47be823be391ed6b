"""Refusals: exceptions whose text is a sentence fit for the person who reads it."""


class Refusal(Exception):
    """Something the portal will not do. Pages show the sentence; the admin makes it a message."""

    @property
    def sentence(self) -> str:
        return str(self)


class SurveyClosed(Refusal):
    """The survey does not take this response now."""


class AlreadySent(Refusal):
    """The response was sent; its answers no longer change."""


class AnswerRefused(Refusal):
    """An answer cannot be stored as it is."""


class AnswerChangedElsewhere(Refusal):
    """The stored answer is not the one the page was made from (two tabs, or the back button)."""

    def __init__(self, sentence: str, stored: str) -> None:
        super().__init__(sentence)
        self.stored = stored


class AnswersChanged(Refusal):
    """What would be sent is not what the person read."""


class HeldBack(Refusal):
    """Too much too fast, as a program would do it. Says what a person can do."""


class NothingAnswered(Refusal):
    """Nothing to send."""


class NotAllowed(Refusal):
    """This person may not decide this."""


class MailRefused(Refusal):
    """A mail could not be sent."""


class LinkExpired(Refusal):
    """The link of a mail does not work, or no longer."""


class NotReady(Refusal):
    """Something that people must be told first is missing."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(f"This cannot be published yet. Missing: {'; '.join(missing)}.")
        self.missing = missing


class BadText(Refusal):
    """Text or a value that a rule of the house does not take."""


class CannotPrint(Refusal):
    """This server lacks what makes PDFs."""
