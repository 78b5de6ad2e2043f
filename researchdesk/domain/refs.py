"""Refs: the text of a link without brackets, which is how things of the desk name each other."""

import re

from researchdesk.domain.identifiers import parse_arxiv_id
from researchdesk.domain.links import LinkKind, ref_link
from researchdesk.domain.text import one_line
from researchdesk.errors import UsageProblemError

_RUN_ID = re.compile(r"\d{8}-\d{6}-[\w.-]+(#[\w./-]+)?")


def as_ref(text: str) -> str:
    """``text`` as a ref in its one form; as it is where it can be none.

    The brackets of a link fall away, an arXiv id in any form becomes its base id, and a run's id
    (one with a claim, ``ID#claim``, too) begins with ``run:``.
    """
    bare = one_line(text).removeprefix("[[").removesuffix("]]").strip()
    if _RUN_ID.fullmatch(bare):
        return f"run:{bare}"
    link = ref_link(bare)
    if link is None or (link.kind is LinkKind.PAPER and not is_arxiv_id(bare)):
        return bare
    return link.ref


def names_run(ref: str) -> str:
    """The id of the run that a ref is about, without a claim; ``""`` where it is about none."""
    link = ref_link(ref)
    return link.target.partition("#")[0] if link and link.kind is LinkKind.RUN else ""


def is_arxiv_id(text: str) -> bool:
    """Whether it is an arXiv id, in any of its forms."""
    try:
        parse_arxiv_id(text)
    except UsageProblemError:
        return False
    return True
