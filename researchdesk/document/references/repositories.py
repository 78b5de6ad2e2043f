"""Addresses of code: which hosts keep it, and the address of the repository itself."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_OWNER_HOSTS = {"github.com", "bitbucket.org", "codeberg.org"}
_PAGES = re.compile(r"[\w-]+\.(?:github|gitlab)\.io|[\w-]+\.codeberg\.page")
_GITLAB = re.compile(r"gitlab\.[\w.-]+|[\w-]+\.gitlab\.[\w.-]+")
_HUGGING = {"huggingface.co", "hf.co"}
_NO_OWNER = {
    "about", "apps", "blog", "collections", "contact", "docs", "explore", "features", "join",
    "login", "marketplace", "models", "orgs", "papers", "pricing", "search", "settings", "sponsors",
    "tasks", "topics", "users",
}  # fmt: skip
_INSIDE = {"-", "tree", "blob", "raw", "issues", "wiki", "wikis", "src", "releases", "pull"}
_NAME = re.compile(r"[\w.-]+")
_TRACKING = re.compile(r"utm_\w+|ref|fbclid|gclid|source|from", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CodeAddress:
    """An address as it is kept; ``hosted`` by a place for code or its pages, ``cloneable`` where
    it names a repository."""

    url: str
    hosted: bool
    cloneable: bool

    @property
    def key(self) -> str:
        """By which two addresses are the same."""
        return self.url.partition("://")[2].lower()


def code_address(url: str) -> CodeAddress | None:
    """The address without tracking and without what leads inside a repository.

    None where it is no web address.
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower().removeprefix("www.")
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or "." not in host:
        return None
    path = [part for part in parts.path.split("/") if part]
    if host == "raw.githubusercontent.com":
        host = "github.com"
    if host == "gist.github.com":
        return CodeAddress(_join(host, path[:2]), True, len(path) >= 1)
    if host in _HUGGING:
        return _hugging(path)
    if host in _OWNER_HOSTS or _GITLAB.fullmatch(host):
        return _hosted(host, path)
    query = [(k, v) for k, v in parse_qsl(parts.query, True) if not _TRACKING.fullmatch(k)]
    bare = urlunsplit(
        (parts.scheme.lower(), parts.netloc.lower(), parts.path.rstrip("/"), urlencode(query), "")
    )
    return CodeAddress(bare, bool(_PAGES.fullmatch(host)), False)


def _join(host: str, path: list[str]) -> str:
    return "/".join([f"https://{host}", *path])


def _hosted(host: str, path: list[str]) -> CodeAddress:
    names = _names(path)
    depth = 2 if host in _OWNER_HOSTS else len(names)
    kept = names[:depth]
    owned = bool(kept) and kept[0].lower() not in _NO_OWNER
    return CodeAddress(_join(host, kept), True, owned and len(kept) >= 2)


def _names(path: list[str]) -> list[str]:
    """The path up to what leads inside a repository, ``.git`` left off."""
    names: list[str] = []
    for at, part in enumerate(path):
        if (at >= 2 and part in _INSIDE) or not _NAME.fullmatch(part):
            break
        names.append(part)
        if part.endswith(".git"):
            names[-1] = part.removesuffix(".git")
            break
    return [name for name in names if name.strip(".")]


def _hugging(path: list[str]) -> CodeAddress:
    lead = path[:1] if path[:1] in (["datasets"], ["spaces"]) else []
    names = _names(path[len(lead) :])[:2]
    owned = bool(names) and names[0].lower() not in _NO_OWNER
    return CodeAddress(_join("huggingface.co", [*lead, *names]), True, owned and len(names) == 2)
