"""The tables of a LaTeX source, read by rules: good enough to measure against, no more."""

import re
from dataclasses import dataclass, field

_COMMENT = re.compile(r"(?<!\\)%.*")
_FLOAT = re.compile(
    r"\\begin\{(table\*?|wraptable|sidewaystable\*?|threeparttable|figure\*?|minipage)\}"
)
_TABULAR = re.compile(r"\\begin\{(tabular[xy*]?|longtable|NiceTabular)\}")
_CAPTION = re.compile(r"\\(?:caption|captionof\s*\{table\}|tabcaption)\*?\s*(?:\[[^\]]*\])?\s*\{")
_MACRO = re.compile(
    r"\\(?:newcommand|renewcommand|def|providecommand)\*?\s*\{?(\\[A-Za-z]+)\}?\s*(\[\d\])?\s*\{"
)
_LINES = re.compile(
    r"\\(?:hline|toprule|midrule|bottomrule|hhline\{[^}]*\}|specialrule(?:\{[^}]*\}){3}|Xhline\{[^}]*\}"
    r"|(?:cmidrule|cline)(?:\([a-z]*\))?(?:\[[^\]]*\])?\s*\{[^}]*\}|addlinespace(?:\[[^\]]*\])?"
    r"|(?:rowcolor|cellcolor|arrayrulecolor|color)(?:\[[^\]]*\])?\s*\{[^}]*\}|noalign\s*\{[^}]*\}"
    r"|(?:vspace|hspace|setlength|rule|vskip|label|addtolength)\*?(?:\[[^\]]*\])?(?:\s*\{[^}]*\})+)"
)
_CITED = re.compile(r"~?\\(?:cite[a-z]*|ref|footnotemark|tnote)\*?(?:\[[^\]]*\])*\{[^}]*\}")
_WORDS = {
    r"\pm": "±", r"\times": "×", r"\%": "%", r"\&": "&", r"\_": "_", r"\#": "#", r"\$": "$",
    r"\cdot": "·", r"\sim": "~", r"\ldots": "...", r"\dots": "...", r"\textasciitilde": "~",
    r"\checkmark": "✓", r"\dagger": "†", r"\ddagger": "‡", r"\ast": "*", r"\leq": "≤", r"\geq": "≥",
}  # fmt: skip

Grid = list[list[str]]
CITE = "\x00"
"""Stands in a cell where the source cites: what is printed there is unknown."""


@dataclass
class SourceTable:
    """A caption, as plain words, and the cells of its tabulars."""

    caption: str
    grids: list[Grid] = field(default_factory=list)


def tables_of(source: str) -> list[SourceTable]:
    """The captioned tables of a source, in its order."""
    text = expand(_COMMENT.sub("", source).split(r"\end{document}")[0])
    found: list[SourceTable] = []
    at = 0
    while match := _FLOAT.search(text, at):
        end = _end(text, match.start(), match[1])
        body = text[match.start() : end]
        named = not match[1].startswith(("figure", "minipage")) or "captionof" in body
        if named:
            found += _float(body)
        at = end if named or match[1].startswith("figure") else match.end()
    return [table for table in found if table.grids]


def expand(text: str) -> str:
    """The text with its own macros without arguments put in place, twice over."""
    macros: dict[str, str] = {}
    for match in _MACRO.finditer(text):
        body = _group(text, match.end() - 1)
        if not match[2] and "#" not in body and len(body) < 200:
            macros[match[1]] = body
    if not macros:
        return text
    names = "|".join(re.escape(name) for name in sorted(macros, key=len, reverse=True))
    pattern = re.compile(rf"({names})(?![A-Za-z])")
    start = text.find(r"\begin{document}")
    head, body = (text[:start], text[start:]) if start >= 0 else ("", text)
    for _ in range(2):
        body = pattern.sub(lambda match: macros[match[1]], body)
    return head + body


def plain(text: str) -> str:
    """The words that this source prints."""
    text = _LINES.sub(" ", _CITED.sub(CITE, text))
    text = re.sub(r"\\(?:makecell|shortstack|thead|stackanchor)(?:\[[^\]]*\])?", "", text)
    text = re.sub(r"\\begin\{[^}]*\}(?:\[[^\]]*\])?(?:\{[^}]*\})?|\\end\{[^}]*\}", " ", text)
    text = re.sub(r"\\(?:text|math)?color\s*(?:\[[^\]]*\])?\{[^}]*\}", "", text)
    text = re.sub(
        r"\\(?:resizebox|rotatebox|scalebox|raisebox|fontsize|hspace|phantom|rule)\*?"
        r"(?:\[[^\]]*\])*\{[^}]*\}",
        "",
        text,
    )
    text = re.sub(
        r"\\[A-Za-z]+\s*-?[\d.]+\s*(?:em|ex|pt|cm|mm|in)\b|\\circle\*?\{[^}]*\}", " ", text
    )
    for name, word in _WORDS.items():
        text = re.sub(re.escape(name) + (r"(?![A-Za-z])" if name[-1].isalpha() else ""), word, text)
    text = re.sub(
        r"\\\\(?:\[[^\]]*\])?|\\(?:newline|tabularnewline|quad|qquad)\b|~|\\[,;:! ]", " ", text
    )
    text = re.sub(r"\\[A-Za-z]+\*?(?:\[[^\]]*\])?", " ", text)
    text = re.sub(r"[{}$]", "", text.replace("--", "–").replace("\\", ""))
    return " ".join(text.split())


def _float(body: str) -> list[SourceTable]:
    captions = [(m.start(), plain(_group(body, m.end() - 1))) for m in _CAPTION.finditer(body)]
    grids: list[tuple[int, Grid]] = []
    at = 0
    while match := _TABULAR.search(body, at):
        end = _end(body, match.start(), match[1])
        grids.append((match.start(), _grid(body[match.end() : end], match[1])))
        at = end
    tables = [SourceTable(text) for _, text in captions]
    if not captions or not grids:
        return []
    first = captions[0][0] < grids[0][0]
    for place, grid in grids:
        before = [i for i, (where, _) in enumerate(captions) if where < place]
        after = [i for i, (where, _) in enumerate(captions) if where > place]
        chosen = (before[-1:] or after[:1]) if first else (after[:1] or before[-1:])
        tables[chosen[0]].grids.append(grid)
    return tables


def _grid(body: str, kind: str) -> Grid:
    at = 0
    groups = 2 if kind in {"tabular*", "tabularx", "tabulary"} else 1
    for _ in range(groups):
        while at < len(body) and (body[at].isspace() or body[at] == "["):
            at = body.index("]", at) + 1 if body[at] == "[" else at + 1
        if at < len(body) and body[at] == "{":
            at += len(_group(body, at)) + 2
    body = body[at : body.rfind(r"\end{")]
    rows = [_cells(row) for row in _split(body, row=True)]
    rows = [row for row in rows if any(cell.strip(CITE) for cell in row)]
    width = max((len(row) for row in rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def _cells(row: str) -> list[str]:
    cells: list[str] = []
    for cell in _split(_LINES.sub(" ", row), row=False):
        match = re.search(r"\\multicolumn\s*\{\s*(\d+)\s*\}\s*\{", cell)
        count = 1
        if match:
            count = int(match[1])
            spec = _group(cell, match.end() - 1)
            cell = cell[match.end() + len(spec) + 1 :].strip()
        match = re.search(r"\\multirow(?:cell)?\s*(?:\[[^\]]*\])?\{[^}]*\}", cell)
        if match:
            cell = re.sub(r"^\s*(?:\[[^\]]*\])?(?:\{[^{}]*\}|\*)", "", cell[match.end() :])
            cell = re.sub(r"^\s*\[[^\]]*\]", "", cell)
        # where the corpus took a formula out of the source, two blanks are left
        cells += [
            CITE
            if "  " in cell.strip() or (len(cell) > 2 and not cell.strip("()[] \n"))
            else plain(cell)
        ] * count
    return cells


def _split(text: str, row: bool) -> list[str]:
    r"""The text cut at ``\\`` or at ``&``, where neither braces nor an environment hold it."""
    parts, depth, inner, last, at = [], 0, 0, 0, 0
    while at < len(text):
        c = text[at]
        if text.startswith((r"\begin{", r"\end{"), at):
            inner += 1 if text.startswith(r"\begin", at) else -1
            at += 5
        elif c == "\\":
            new = text.startswith("\\\\", at) or text.startswith(r"\tabularnewline", at)
            if row and new and depth == 0 and inner == 0:
                step = 2 if text[at + 1] == "\\" else 15
                parts.append(text[last:at])
                rest = re.match(r"\*?\s*(?:\[[^\]]*\])?", text[at + step :])
                last = at + step + (rest.end() if rest else 0)
                at = last
                continue
            at += 2
            continue
        depth += (c == "{") - (c == "}")
        if not row and c == "&" and depth == 0 and inner == 0:
            parts.append(text[last:at])
            last = at + 1
        at += 1
    return [*parts, text[last:]]


def _group(text: str, at: int) -> str:
    """What stands inside the braces that open here."""
    depth = 0
    for end in range(at, len(text)):
        if text[end] == "\\":
            continue
        escaped = text[end - 1] == "\\" and text[end - 2] != "\\"
        depth += 0 if escaped else (text[end] == "{") - (text[end] == "}")
        if depth == 0:
            return text[at + 1 : end]
    return text[at + 1 :]


def _end(text: str, start: int, name: str) -> int:
    """Where the environment that begins here is over; right behind its name if it never is."""
    depth = 0
    for match in re.finditer(rf"\\(begin|end)\{{{re.escape(name)}\}}", text[start:]):
        depth += 1 if match[1] == "begin" else -1
        if depth == 0:
            return start + match.end()
    return start + len(rf"\begin{{{name}}}")
