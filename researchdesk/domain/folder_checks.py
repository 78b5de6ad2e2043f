"""What a release says beside its code: results, commands, licence, citation, nothing private."""

import re
from collections.abc import Mapping

from researchdesk.domain.checklist_facts import Answerer, Facts, graded, not_known
from researchdesk.domain.checklists import Answer, Evidence, Found
from researchdesk.domain.code_checks import by_runs, lacking, to_scaffold
from researchdesk.domain.readmes import commands_in, readme_of, table_rows
from researchdesk.domain.run_checks import count_of, judged, named, no_runs
from researchdesk.domain.text import one_line
from researchdesk.domain.verdicts import Verdict

PLACEHOLDER = "TO BE FILLED IN"
"""Stands in a release where only its authors know what belongs there."""

_SPREAD = re.compile(r"±|\+/-|\\pm|\(n ?= ?\d|\d ?(?:…|–|\.\.) ?\d|exact")
_LICENCES = re.compile(r"^(?:licen[cs]e|copying)(?:[.-]\w+)*$", re.I)
_MACHINE = re.compile(r"\b(?:CPU|GPU|cores?|processor|NVIDIA|Intel|AMD|Apple|TPU)\b")
_TOOK = re.compile(r"\b\d[\d.]*\s*(?:s|sec\w*|min\w*|h|hours?|days?)\b")
_AROUND = 40
_PRIVATE = re.compile(
    r"(?<![\w.~])/(?:home|Users)/(?!user\b|you\b|me\b)[\w.-]+|(?i:(?:api[_-]?key|secret|password|token))"
    r"\s*[=:]\s*[\"'][^\"'\s]{12,}[\"']"
)


def results(facts: Facts) -> Found:
    """Whether the README has a table of results with numbers."""
    folder = facts.folder
    if folder is None:
        numbers = [
            Evidence(f"{count_of(told, 'number')} of claims measured", kept.ref)
            for kept in facts.runs
            if (told := [one for _, one in judged(kept) if one.mean is not None])
        ]
        return by_runs(facts, numbers, "a README with the table")
    name, text = readme_of(folder.texts)
    rows = table_rows(text)
    if not rows:
        return lacking(facts, "a table with the measured numbers in the README")
    good = [Evidence(f"a table of {count_of(rows, 'row')} with numbers", name)]
    spread = any(_SPREAD.search(row) for row in rows)
    lacks = [] if spread else ["no ± and no interval in the table"]
    return graded(good, lacks, ["Write mean ± spread over so many seeds; say which spread it is."])


def commands(facts: Facts) -> Found:
    """Whether the README says what to type for each result."""
    folder = facts.folder
    if folder is None:
        typed = [Evidence(kept.command, kept.ref) for kept in facts.runs]
        return by_runs(facts, typed, "a README that says what to type")
    name, text = readme_of(folder.texts)
    typed_lines = list(dict.fromkeys(commands_in(text)))
    if not typed_lines:
        return lacking(facts, "the commands, word for word, in the README")
    rows = table_rows(text)
    good = [Evidence(f"{count_of(typed_lines, 'command')}, as: {typed_lines[0]}", name)]
    bare = [] if rows else ["results that the commands lead to"]
    return graded(
        good, bare, [f"Put a table into the README: {to_scaffold(facts)}"] if bare else []
    )


def differences_told(facts: Facts) -> Found:
    """Whether claims that turned out different are told as such in the README."""
    against = [(claim, one) for kept in facts.runs for claim, one in judged(kept)
               if one.verdict is Verdict.DIFFERENT]  # fmt: skip
    if not facts.runs:
        return no_runs(facts)
    if not against:
        told = sum(len(kept.claims) for kept in facts.runs)
        return graded([Evidence(f"none of {told} claims is different", facts.runs[0].ref)], [])
    if facts.folder is None:
        return not_known(lacks=f"{count_of(against, 'claim')} differ; a README is to say so.")
    name, text = readme_of(facts.folder.texts)
    silent = [claim.id for claim, _ in against if claim.id not in text or "different" not in text]
    good = [Evidence(f"told as different: {claim.id}", name) for claim, _ in against
            if claim.id not in silent]  # fmt: skip
    return graded(
        good, [f"not told as different: {named(silent)}"] if silent else [], [to_scaffold(facts)]
    )


def licence(facts: Facts) -> Found:
    """Whether a licence is there."""
    if facts.folder is None:
        return not_known(lacks="No folder of the release was looked at.")
    found = [name for name in facts.folder.names if _LICENCES.match(name)]
    if not found:
        mend = "Choose a licence that all authors agree to, and put its text into LICENSE."
        return graded([], ["a file LICENSE"], [mend])
    first = facts.folder.texts.get(found[0], "").strip().splitlines()
    return graded([Evidence(first[0].strip() if first else "a licence file", found[0])], [])


def citation(facts: Facts) -> Found:
    """Whether it says how to cite it, with the names of its authors."""
    folder = facts.folder
    if folder is None:
        return not_known(lacks="No folder of the release was looked at.")
    name, text = readme_of(folder.texts)
    told = folder.citation
    if told is not None:
        needed = ("cff-version", "message", "title", "authors")
        absent = [key for key in needed if not told.get(key)]
        lacks = [f"CITATION.cff says no {named(absent)}"] if absent else []
        if PLACEHOLDER in folder.texts.get("CITATION.cff", ""):
            lacks.append("the authors in CITATION.cff are still to be filled in")
        mend = ['Write them in, or: release scaffold … --author "Family, Given"'] if lacks else []
        return graded([Evidence(f"“{told.get('title', '')}”", "CITATION.cff")], lacks, mend)
    if re.search(r"@\w+\{", text):
        return graded([Evidence("a BibTeX entry", name)], [])
    return lacking(facts, "CITATION.cff, or a BibTeX entry in the README")


def machine_told(facts: Facts) -> Found:
    """Whether the README says on what machine it ran, and for how long."""
    folder = facts.folder
    if folder is None:
        return not_known(lacks="No folder of the release was looked at.")
    name, text = readme_of(folder.texts)
    machine, took = _said(text, _MACHINE), _said(text, _TOOK)
    found = dict.fromkeys(filter(None, (machine, took)))
    good = [Evidence(f"“{line}”", name) for line in found]
    lacks = ([] if machine else ["the machine"]) + ([] if took else ["how long it takes"])
    return graded(good, lacks, [f"Say it in the README: {to_scaffold(facts)}"])


def private(facts: Facts) -> Found:
    """Whether paths of a home folder, or what looks like a key, stand in its files."""
    folder = facts.folder
    if folder is None:
        return not_known(lacks="No folder of the release was looked at.")
    found = [
        f"{name}:{number}"
        for name, text in folder.texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if _PRIVATE.search(line)
    ]
    if found:
        lacks = [f"a home folder's path, or what looks like a key: {named(found)}"]
        return Found(Answer.NO, (), tuple(lacks), ("Take it out, also of git's history.",))
    said = f"{count_of(list(folder.texts), 'text file')} name no home folder and no key"
    return graded([Evidence(said)], [])


def folder_committed(facts: Facts) -> Found:
    """Whether everything in the folder is committed."""
    folder = facts.folder
    if folder is None:
        return not_known(lacks="No folder of the release was looked at.")
    if not folder.commit:
        return graded(
            [], ["The folder is no git checkout."], ["git init, then commit what is in it."]
        )
    at = Evidence(f"commit {folder.commit[:12]}")
    if folder.dirty:
        said = f"not everything is committed (after {folder.commit[:12]})"
        return graded([], [said], ["git add, git commit"])
    return graded([at], [])


def _said(text: str, wanted: re.Pattern[str]) -> str:
    """The first place where it stands, with a few words around it."""
    found = next(filter(None, map(wanted.search, text.splitlines())), None)
    if found is None:
        return ""
    before, after = found.string[: found.start()], found.string[found.end() :]
    begin = before if len(before) <= _AROUND else f"…{before[-_AROUND:]}"
    end = after if len(after) <= _AROUND else f"{after[:_AROUND]}…"
    return one_line(f"{begin}{found[0]}{end}")


ANSWERERS: Mapping[str, Answerer] = {
    "results table": results,
    "commands": commands,
    "differences told": differences_told,
    "licence": licence,
    "citation": citation,
    "machine told": machine_told,
    "private": private,
    "folder committed": folder_committed,
}
