"""An SVG of ours made fit to stand among others in one HTML page."""

import re
from typing import Any

_HREF = "{http://www.w3.org/1999/xlink}href"
_LONG = re.compile(r"(-?\d+\.\d{2})\d+")
_URL = re.compile(r"url\(#([^)]+)\)")
_FONT = re.compile(r"font-family:[^;\"]*;?\s*")
_NUMBERS = ("d", "x", "y", "transform", "points", "width", "height")
_PLAIN_TURN = re.compile(r"^rotate\(-?0 [^)]*\)$")


def inlined(svg: str, name: str) -> str:
    """The picture as an element of a page: as wide as its place, ids that begin with ``name``, the
    page's letters, no metadata and no style that reaches beyond it.

    ``name`` is unique in the page, of letters, digits and hyphens. Title and description stay, and
    name the picture for who hears it read.
    """
    from lxml import etree  # noqa: PLC0415 - with matplotlib only

    tree = etree.fromstring(svg.encode("utf-8"))
    for tag in ("metadata", "style"):
        for element in list(tree.iter(f"{{*}}{tag}")):
            element.getparent().remove(element)
    used = _used(tree)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        _name_anew(element, used, name)
        element.tag = etree.QName(element).localname
        for key in _NUMBERS:
            if key in element.attrib:
                element.set(key, _LONG.sub(r"\1", element.get(key)))
        if _PLAIN_TURN.match(element.get("transform", "")):
            del element.attrib["transform"]
        if "font-family" in element.get("style", ""):
            element.set("style", _FONT.sub("", element.get("style")))
    _as_picture(tree, name)
    etree.cleanup_namespaces(tree)
    written: str = etree.tostring(tree, encoding="unicode")
    return re.sub(r">\s+<", "><", written)


def _used(tree: Any) -> set[str]:
    """The ids that something in the picture refers to."""
    found: set[str] = set()
    for element in tree.iter():
        if isinstance(element.tag, str):
            found.update(_URL.findall(" ".join(element.attrib.values())))
            found.add(element.get(_HREF, "").removeprefix("#"))
    return found - {""}


def _name_anew(element: Any, used: set[str], name: str) -> None:
    own = element.attrib.pop("id", "")
    if own in used:
        element.set("id", f"{name}-{own}")
    if (target := element.attrib.pop(_HREF, "")).startswith("#"):
        element.set("href", f"#{name}-{target[1:]}")
    for key, value in list(element.attrib.items()):
        if "url(#" in value:
            element.set(key, _URL.sub(rf"url(#{name}-\1)", value))


def _as_picture(tree: Any, name: str) -> None:
    for key in ("width", "height", "version"):
        tree.attrib.pop(key, None)
    tree.set("role", "img")
    tree.set("style", "stroke-linejoin: round; stroke-linecap: butt")
    labels = []
    for child in tree:
        if child.tag in ("title", "desc"):
            child.set("id", f"{name}-{child.tag}")
            labels.append(f"{name}-{child.tag}")
    if labels:
        tree.set("aria-labelledby", " ".join(labels))
