"""What a release says beside its code: results, commands, licence, citation, nothing private."""

import re
from collections.abc import Mapping

from researchdesk.domain import figures
from researchdesk.domain.checklist_facts import Answerer, Facts, RunKept, graded, not_known
from researchdesk.domain.checklists import Answer, Evidence, Found
from researchdesk.domain.code_checks import BY_LOOKS, LOOK, by_runs, lacking, to_scaffold
from researchdesk.domain.durations import in_words
from researchdesk.domain.readmes import commands_in, readme_of, table_rows
from researchdesk.domain.recipes import Claim
from researchdesk.domain.run_checks import DECIDED, count_of, judged, named, of_runs, tell_doubts
from researchdesk.domain.text import one_line
from researchdesk.domain.verdicts import ClaimResult, Verdict

PLACEHOLDER = "TO BE FILLED IN"
"""Stands in a release where only its authors know what belongs there."""

_SPREAD = re.compile(r"±|\+/-|\\pm|\(n ?= ?\d|\d ?(?:…|–|\.\.) ?\d|exact")
_LICENCES = re.compile(r"^(?:licen[cs]e|copying)(?:[.-]\w+)*$", re.I)
_MACHINE = re.compile(
    r"\b(?:[CGT]PUs?|\d+ cores?|processor|NVIDIA|Intel|AMD|Apple M\d|Xeon|EPYC|A100|H100)\b"
)
_TOOK = re.compile(r"\b\d[\d.]*\s*(?:s|sec\w*|min\w*|h|hours?|days?)\b(?! ago\b)")
_SHOWN = 120
_AROUND = 40
_PRIVATE = re.compile(
    r"(?<![\w.~])/(?:home|Users)/(?!user\b|you\b|me\b)[\w.-]+|[A-Z]:\\{1,2}Users\\{1,2}\w"
    r"|(?i:(?:api[_-]?key|secret|password|token)\w*)\"?\s*[=:]\s*[\"']?[\w+/.-]*\d[\w+/.-]{7,}"
    r"|(?i:(?:api[_-]?key|secret|password|token))\s*[=:]\s*[\"'][^\"'\s]{12,}[\"']"
    r"|\b(?:gh[pousr]_|github_pat_|hf_|sk-|AKIA|xox[abp]-)[\w-]{16,}|-----BEGIN [A-Z ]*PRIVATE KEY"
)
CITATION = "CITATION.cff"


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
    mend = ["Write mean ± spread over so many seeds; say which spread it is."]
    if not facts.runs:
        return graded(good, [*lacks, BY_LOOKS], [*mend, LOOK] if lacks else [LOOK])
    gone = [
        claim.id
        for kept in facts.runs
        for claim, one in judged(kept)
        if one.mean is not None and not any(_is_told(claim, one, row) for row in rows)
    ]
    if gone:
        lacks.append(f"measured, and not in the table with its spread: {named(gone)}")
        mend.append(to_scaffold(facts))
    for kept in facts.runs:
        tell_doubts(kept, lacks, mend)
    return graded(good, lacks, mend)


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
    good = [Evidence(f"{count_of(typed_lines, 'command')}, as: {typed_lines[0]}", name)]
    if not facts.runs:
        return graded(good, [BY_LOOKS], [LOOK])
    gone = [
        kept.run.id
        for kept in facts.runs
        if not any(
            word and word in line
            for word in (kept.run.recipe, kept.run.arxiv_id)
            for line in typed_lines
        )
    ]
    lacks = [f"no command that makes {named(gone)}"] if gone else []
    return graded(good, lacks, [to_scaffold(facts)])


@of_runs
def differences_told(facts: Facts) -> Found:
    """Whether claims that turned out different are told as such in the README."""
    against = [(claim, one) for kept in facts.runs for claim, one in judged(kept)
               if one.verdict is Verdict.DIFFERENT]  # fmt: skip
    if not against:
        return _none_against(facts)
    if facts.folder is None:
        return not_known(lacks=f"{count_of(against, 'claim')} differ; a README is to say so.")
    name, text = readme_of(facts.folder.texts)
    silent = [claim.id for claim, _ in against if claim.id not in text or "different" not in text]
    good = [Evidence(f"told as different: {claim.id}", name) for claim, _ in against
            if claim.id not in silent]  # fmt: skip
    return graded(
        good, [f"not told as different: {named(silent)}"] if silent else [], [to_scaffold(facts)]
    )


def _none_against(facts: Facts) -> Found:
    claims = [one for kept in facts.runs for one in kept.claims]
    decided = [one for one in claims if one.verdict in DECIDED]
    if not claims:
        return Found(Answer.NOT_APPLICABLE, lacks=("No claim was tested by its runs.",))
    open_ = len(claims) - len(decided)
    lacks = [f"{open_} of {count_of(claims, 'claim')} not decided"] if open_ else []
    if not decided:
        return not_known(*(kept.command for kept in facts.runs), lacks=lacks[0])
    said = f"none of {count_of(decided, 'decided claim')} is different"
    return graded([Evidence(said, kept.ref) for kept in facts.runs[:1]], lacks)


def _is_told(claim: Claim, result: ClaimResult, row: str) -> bool:
    """Whether a row has the measured number, with a spread where there is one."""
    plain = row.replace("\\", "")
    number = figures.number(claim, result.mean or 0.0)
    found = re.search(rf"(?<![\w.,]){re.escape(number)}(?![\w]|[.,]\d)", plain)
    return found is not None and (result.sd is None or bool(_SPREAD.search(plain)))


def licence(facts: Facts) -> Found:
    """Whether a licence is there."""
    if facts.folder is None:
        return not_known(lacks="No folder of the release was looked at.")
    found = [name for name in facts.folder.names if _LICENCES.match(name)]
    if not found:
        mend = "Choose a licence that all authors agree to, and put its text into LICENSE."
        return graded([], ["a file LICENSE"], [mend])
    words = facts.folder.texts.get(found[0], "").strip()
    if not words or PLACEHOLDER in words:
        return graded([], [f"{found[0]} says nothing yet"], ["Put the licence's text into it."])
    return graded([Evidence(one_line(words.splitlines()[0]), found[0])], [])


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
    if CITATION in folder.texts:
        return graded([], ["CITATION.cff cannot be read: it is no YAML"], [to_scaffold(facts)])
    entry = re.search(r"@\w+\{[^@]*", text)
    if entry is None:
        return lacking(facts, "CITATION.cff, or a BibTeX entry in the README")
    lacks = [] if re.search(r"(?i)\bauthor\s*=", entry[0]) else ["the BibTeX entry names no author"]
    words = facts.subject.words if facts.subject else None
    if words and one_line(words.title).casefold() in one_line(entry[0]).casefold():
        lacks.append("it is the paper's entry; how to cite this code is not said")
    return graded([Evidence(one_line(entry[0])[:_SHOWN], name)], lacks, [to_scaffold(facts)])


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
    plain, known = text.replace("\\", ""), [_recorded(kept) for kept in facts.runs]
    absent = [one for pair in known for one in pair if one and one not in plain]
    if good and not facts.runs:
        lacks.append(BY_LOOKS)
    elif absent and not lacks:
        lacks.append(f"recorded, and not said there: {named(dict.fromkeys(absent))}")
    return graded(good, lacks, [f"Say it in the README: {to_scaffold(facts)}"])


def _recorded(kept: RunKept) -> tuple[str, str]:
    known = kept.environment
    device = str(known.get("gpu") or known.get("cpu") or "")
    return one_line(device), in_words(sum(one.seconds for one in kept.run.results))


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
    history = "; what git keeps of earlier states was not searched" if folder.commit else ""
    large = f"too large, or too many, to be read: {named(folder.unread)}"
    mend = ["Search them yourself: grep -rnE 'key|secret|token|/home/' ."]
    return graded([Evidence(said + history)], [large] if folder.unread else [], mend)


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
