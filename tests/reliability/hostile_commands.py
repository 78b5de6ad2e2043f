"""The commands that show or write what a hostile desk holds; OUT stands for a folder."""

from reliability.hostile_desk import ID, SWEEP, Planted

_SHOWN = """
list|list --format {id}\\t{title}\\t{authors:3}\\t{tags}\\t{abstract}|search cat:cs.LG
show ID --no-parse|show key|tag list|collection list|mark ID --stars 3|undo --list
feed list|feed show 2603.00001|recommend --all --why|cites ID|similar ID --why
pass list ID|note list|note list ID --open|note show NOTE|note revisions NOTE|note backlinks ID
claim list|claim list ID|claim revisions CLAIM|code links ID|recipe list|recipe show ID
recipe check ID|recipe trust ID --list|runs list|runs show RUN|runs compare RUN RUN|runs table RUN
runs table RUN --format csv|runs table RUN --format latex|sweep list|sweep show SWEEP --all
sweep trials SWEEP|sweep curve SWEEP|watch --reports|watch --report 1|funny list|funny show 1
funny show 2|funny offers RUN|idea list|idea show 1|idea review|investigate list
investigate show 1|investigate review|story list|story show STORY --evidence
story drafts STORY|story diff STORY|story missing STORY|story questions STORY 3|story seen STORY
checklist reproducibility RUN|talk outline STORY|talk check STORY|write|doctor|config|sync --news
merge propose|completion bash
"""
_WRITTEN = """
report ID --to OUT/report|report --index --to OUT/index|report ID --to OUT/report.md
release scaffold OUT/release --of RUN|export notes --all --to OUT/plain
export notes --all --to OUT/obsidian --vault obsidian
export notes --all --to OUT/logseq --vault logseq|export ris --all --to OUT/all.ris
export csl --all --to OUT/all.json|export bibtex --all --to OUT/all.bib
story export STORY --to OUT/story.md|story export STORY --to OUT/story.tex --format latex
talk outline STORY --to OUT/talk.md
"""


def shown(planted: Planted) -> list[list[str]]:
    """The arguments of each command that shows something."""
    return _filled(_SHOWN, planted, "")


def written(planted: Planted, out: str) -> list[list[str]]:
    """The arguments of each command that writes files."""
    return _filled(_WRITTEN, planted, out)


def _filled(text: str, planted: Planted, out: str) -> list[list[str]]:
    values = {
        "ID": ID, "RUN": planted.run, "SWEEP": SWEEP, "STORY": planted.story,
        "CLAIM": planted.claim, "NOTE": str(planted.note),
    }  # fmt: skip
    lines = [line for part in text.strip().splitlines() for line in part.split("|")]
    return [
        [values.get(word, word).replace("OUT", out) if out else values.get(word, word)
         for word in line.split()]
        for line in lines
    ]  # fmt: skip
