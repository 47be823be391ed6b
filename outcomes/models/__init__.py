"""AnalysisRun → Idea → suggestions (machine); Cluster → Outcome → Wording → Endorsement (people);
FrameworkVersion (published). Strategy and ImprovementPriority lie alongside."""

from outcomes.models.agreement import Endorsement, Place, Signatory, Standing, standing, standings
from outcomes.models.alignment import ImprovementPriority, Strategy, years_of
from outcomes.models.analysis import (
    NAME_WITHHELD,
    SOURCES,
    AnalysisRun,
    GroupSuggestion,
    Idea,
    ThemeSuggestion,
    people_columns,
    readable,
    unmasked,
    withheld,
)
from outcomes.models.asking import AskedWording
from outcomes.models.codebook import CodeBook
from outcomes.models.coding import BlindCode, Coding, Disposition, Sample, SampleIdea
from outcomes.models.comments import Comment
from outcomes.models.curation import Cluster, ClusterDecision, ClusterIdea
from outcomes.models.cutting import Cutting
from outcomes.models.framework import FrameworkVersion
from outcomes.models.jobs import Job
from outcomes.models.kept import KeptCount
from outcomes.models.progress import Work, WorkState
from outcomes.models.wording import Outcome, OutcomeDecision, Wording, words_hash

__all__ = [
    "NAME_WITHHELD",
    "SOURCES",
    "AnalysisRun",
    "AskedWording",
    "BlindCode",
    "Cluster",
    "ClusterDecision",
    "ClusterIdea",
    "CodeBook",
    "Coding",
    "Comment",
    "Cutting",
    "Disposition",
    "Endorsement",
    "FrameworkVersion",
    "GroupSuggestion",
    "Idea",
    "ImprovementPriority",
    "Job",
    "KeptCount",
    "Outcome",
    "OutcomeDecision",
    "Place",
    "Sample",
    "SampleIdea",
    "Signatory",
    "Standing",
    "Strategy",
    "ThemeSuggestion",
    "Wording",
    "Work",
    "WorkState",
    "people_columns",
    "readable",
    "standing",
    "standings",
    "unmasked",
    "withheld",
    "words_hash",
    "years_of",
]
