"""Consultation → Survey → Question → Response → Answer; Session → Note. In river order."""

from surveys.models.consultation import Area, Consultation, Document, Theme, TimelineEvent
from surveys.models.people import Agency, AgencyLead
from surveys.models.response import Answer, Response
from surveys.models.session import Note, Session
from surveys.models.survey import Audience, DeadlineChange, Question, QuestionWording, Survey

__all__ = [
    "Agency",
    "AgencyLead",
    "Answer",
    "Area",
    "Audience",
    "Consultation",
    "DeadlineChange",
    "Document",
    "Note",
    "Question",
    "QuestionWording",
    "Response",
    "Session",
    "Survey",
    "Theme",
    "TimelineEvent",
]
