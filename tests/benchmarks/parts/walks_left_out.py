"""The dialogs in which no keys are pressed, and why: each is made of what another one has."""

from collections.abc import Mapping

_FORM = "fields to type in, as in IdeaDialog and SurpriseDialog"
_LIST = "a list to choose from, as in DraftsDialog"
_SAYS = "words with a button or two, and nothing that a key moves"
_SEARCH = "a field over a list, as in FindDialog"
_TEXT = "a text to write, as in NoteDialog"

LEFT_OUT: Mapping[str, str] = {
    "AddDialog": _FORM,
    "AnswerDialog": _TEXT,
    "BacklinksDialog": _LIST,
    "BaselineDialog": _FORM,
    "BeginDialog": _FORM,
    "ChoiceDialog": _LIST,
    "ClaimDialog": _FORM,
    "CodeFindDialog": _SEARCH,
    "ConfirmDialog": _SAYS,
    "EndDialog": _SAYS,
    "EndingDialog": _FORM,
    "ExpectDialog": _FORM,
    "ExperimentDialog": _SAYS,
    "ExplanationDialog": _TEXT,
    "ExportDialog": _FORM,
    "FollowDialog": _FORM,
    "FollowedDialog": _LIST,
    "MergeDialog": _SAYS,
    "MissingDialog": _LIST,
    "NotesExportDialog": _FORM,
    "QuestionDialog": _FORM,
    "QuestionsDialog": _TEXT,
    "ReviewDialog": _FORM,
    "RevisionsDialog": _LIST,
    "StatesDialog": _LIST,
    "SettleDialog": _FORM,
    "StartDialog": _FORM,
    "StartSweepDialog": _FORM,
    "StepDialog": _TEXT,
    "TestLookDialog": _SAYS,
    "TriageDecisionDialog": _FORM,
    "TryDialog": _FORM,
    "WhyDialog": _FORM,
    "WritingDialog": _FORM,
}
"""By class."""
