"""Consultation → Survey → Question → Response → Answer; Session → Note; Concern. In river order."""

from surveys.models.audit import AuditEvent, AuditHead
from surveys.models.break_glass import BreakGlass
from surveys.models.consultation import Area, Consultation, Document, Theme, TimelineEvent
from surveys.models.contact import Contact, FormatRequest
from surveys.models.entry import EntryCheck
from surveys.models.equality import EqualityTally, ExtraEqualityQuestion
from surveys.models.notice import PrivacyNotice
from surveys.models.passage import Detail, DetailSuggestion, Passage, Redaction
from surveys.models.people import Agency, AgencyLead
from surveys.models.question import Picture, Question, QuestionWording
from surveys.models.reach import ReachTarget, Stakeholder
from surveys.models.response import AboutYou, Answer, Response, Tick
from surveys.models.safety import Concern, ConcernStep
from surveys.models.session import Note, Session
from surveys.models.survey import (
    Audience,
    DeadlineChange,
    Form,
    Survey,
    SurveyFix,
    SurveyWording,
)

__all__ = [
    "AboutYou",
    "Agency",
    "AgencyLead",
    "Answer",
    "Area",
    "Audience",
    "AuditEvent",
    "AuditHead",
    "BreakGlass",
    "Concern",
    "ConcernStep",
    "Consultation",
    "Contact",
    "DeadlineChange",
    "Detail",
    "DetailSuggestion",
    "Document",
    "EntryCheck",
    "EqualityTally",
    "ExtraEqualityQuestion",
    "Form",
    "FormatRequest",
    "Note",
    "Passage",
    "Picture",
    "PrivacyNotice",
    "Question",
    "QuestionWording",
    "ReachTarget",
    "Redaction",
    "Response",
    "Session",
    "Stakeholder",
    "Survey",
    "SurveyFix",
    "SurveyWording",
    "Theme",
    "Tick",
    "TimelineEvent",
]
