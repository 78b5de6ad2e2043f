"""Reading workflows: passes made of steps; each step has a question and looks at a part."""

from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """A part of a paper that a step looks at."""

    TITLE = "title"
    ABSTRACT = "abstract"
    INTRODUCTION = "introduction"
    HEADINGS = "headings"
    FIGURES = "figures"
    BODY = "body"
    CONCLUSION = "conclusion"
    REFERENCES = "references"
    APPENDIX = "appendix"
    WHOLE = "whole"
    QUESTIONS = "questions"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Step:
    """``key`` is unique in its pass; ``question`` is what to answer before going on."""

    key: str
    title: str
    question: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class WorkflowPass:
    number: int
    title: str
    aim: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Workflow:
    name: str
    title: str
    source: str
    passes: tuple[WorkflowPass, ...]

    def pass_number(self, number: int) -> WorkflowPass | None:
        """The pass with this number, counted from 1, or None."""
        return next((item for item in self.passes if item.number == number), None)
