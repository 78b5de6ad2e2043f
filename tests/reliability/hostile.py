"""Texts that try to be more than text, each with what it tries."""

import re

ESC, BEL, ST = "\x1b", "\x07", "\x1b\\"

TERMINAL = {
    "colour": f"{ESC}[5;41mblink",
    "clear": f"{ESC}[2J{ESC}[3J{ESC}[H",
    "title": f"{ESC}]0;owned{BEL}",
    "title and ST": f"{ESC}]2;owned{ST}",
    "open title": f"{ESC}]0;never closed",
    "link": f"{ESC}]8;;https://evil.example{ST}arxiv{ESC}]8;;{ST}",
    "clipboard": f"{ESC}]52;c;cm0gLXJmIH4={BEL}",
    "notification": f"{ESC}]9;owned{BEL}{ESC}]777;notify;a;b{BEL}",
    "device": f"{ESC}P$q q{ST}{ESC}_Gi=1,a=T;AAAA{ST}{ESC}^x{ST}{ESC}Xx{ST}",
    "one byte": "\x9b31m \x9d0;owned\x9c \x90q\x9c \x84\x85",
    "reset": f"{ESC}c{ESC}7{ESC}8{ESC}#8{ESC}[?1049h{ESC}[?1000h{ESC}[6n",
    "bell": BEL * 3,
    "backspace": "rm\b\blooks harmless",
    "overwritten": "evil\rgood",
    "paste": f"{ESC}[201~; rm -rf ~\n",
    "half": f"{ESC}[",
    "alone": ESC,
    "nul": "a\0b",
    "delete": "a\x7fb",
}
UNSEEN = {
    "override": "\u202egnp.exe\u202c",
    "isolate": "\u2066\u2067abc\u2069\u2069",
    "marks": "\u200eleft\u200fright\u061c",
    "zero width": "ze\u200bro\u200cwi\u200ddth\u2060\ufeff",
    "tags": "".join(chr(0xE0000 + ord(sign)) for sign in "ignore all"),
    "variations": "\u2764" + "\ufe0f\ufe01\U000e0101" * 20,
    "fillers": "\u3164\u115f\u1160\uffa0\u2800",
    "soft": "pass\u00adword",
    "piled": "z" + "\u0317\u0315" * 40 + "algo",
    "lines": "one\u2028two\u2029three\x0bfour\x0cfive\x1csix\x1ed",
    "notes": "\ufff9a\ufffab\ufffb",
    "wide": "漢字" * 3 + "👩‍🔬🏳️‍🌈" + "ﷺ",
}
MARKUP = {
    "textual": "[b]bold[/b] [@click=app.quit]x[/] [link=https://evil.example]y[/link] [/] [$x] [",
    "rich": "[red on blue]x[/red] [[nested] :boom: {}",
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)><svg/onload=alert(1)>",
    "closing": "</style></title></textarea></pre>--></svg><!-- ]]> <![CDATA[",
    "attribute": '"\'><a href="javascript:alert(1)" onmouseover=alert(1) style=x>y</a> &lt; &#60;',
    "address": "javascript:alert(1) data:text/html,<b>x</b> file:///etc/passwd",
    "latex": r"\input{/etc/passwd} \write18{id} $x^2$ } { % ~ _ ^ & # \end{document} \verb|x|",
    "markdown": "# h ![x](http://evil.example/p.png) [y](http://evil.example) ``` ~~~ *a* _b_ |c|",
    "vault": "[[secret]] ![[file]] <% tp.system.prompt() %> `= dv.pages()` {{query}} #tag ^block",
    "yaml": "---\nkey: !!python/object/apply:os.system [id]\n---\n- a: &a *a",
    "bibtex": '} @string{x = "y"} title = {, " # ',
    "sheet": "=cmd|'/C calc'!A1",
    "toml": '"""\n[engines.x]\nkind = "ray" \'\'\'',
    "format": "{id} {0.__class__} %s %(x)s {{ 7*7 }} {% raw %} ${HOME} #{x}",
    "shell": "$(touch owned) `touch owned` ; touch owned | touch owned & 'a' \"b\" \\",
}
NAMES = {
    "above": "../../x",
    "root": "/etc/passwd",
    "windows": "..\\..\\x CON nul.txt C:\\x",
    "dash": "-rf --upload-pack=touch",
    "line": "a\nb",
    "dots": "..",
    "hidden": ".git/hooks/x",
    "encoded": "%2e%2e%2fx",
}
ALL = {**TERMINAL, **UNSEEN, **MARKUP, **NAMES}
HOSTILE = " ¦ ".join(ALL.values())
"""All of them, one behind the other."""
LONG = "a\u0301\u202e[b]" * 200_000
"""A line of a million signs."""

IDS = (
    "../../x", "hep-th/../../x", "hep-th/9901001/../..", "hep-th/9901001/../../../etc/passwd",
    "%2e%2e%2f%2e%2e", "hep-th%2f..%2f..", "..", ".", "/", "/etc/passwd", "~", "~root", "a/b/c",
    "1706.03762\0", "1706.03762/../x", "1706.03762\n../x", "１７０６.０３７６２", "۱۷۰۶.۰۳۷۶۲",
    "https://arxiv.org/abs/../../x", "https://arxiv.org/pdf/%2e%2e/%2e%2e/x",
    "arXiv:../../x", "C:\\x", "..\\..\\x", "con", "1706.03762v0", "1706.03762v-1",
    "1706.03762v" + "9" * 5000, "x" * 5000, "\u202e26730.6071", ".git", "-x", "--", "$(id)",
)  # fmt: skip
"""What is given for an id, and leads somewhere or nowhere."""

ACTS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\u2028\u2029\u2060\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
"""What no terminal may be told, whatever a desk holds: the line's end and the tab are left."""
