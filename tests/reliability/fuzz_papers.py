"""Parsers of what names papers, and of other programs' libraries."""

from datetime import date
from pathlib import Path
from typing import Any

from reliability.fuzzing import BrokenError, Target, in_file

from researchdesk.cli.formatting import fill, parse_template
from researchdesk.domain import bibliography
from researchdesk.domain.code import parse_repository
from researchdesk.domain.feeds import category_named
from researchdesk.domain.identifiers import find_stamp, folder_name, parse_arxiv_id
from researchdesk.domain.labels import label_name
from researchdesk.domain.marks import of_fields
from researchdesk.domain.papers import Metadata
from researchdesk.domain.queries import FindQuery
from researchdesk.domain.references import check_pattern, key_of
from researchdesk.domain.refs import as_ref, is_arxiv_id
from researchdesk.domain.search_query import parse_query
from researchdesk.domain.venues import venue_of
from researchdesk.errors import BadInputError, UsageProblemError
from researchdesk.sources.bibtex import read_bibtex
from researchdesk.sources.bibtex_names import names, people
from researchdesk.sources.csl import read_csl
from researchdesk.sources.latex_text import to_text
from researchdesk.sources.libraries import read_library
from researchdesk.sources.query import expression
from researchdesk.sources.rss import address_of
from researchdesk.sources.zotero import read_zotero

SHARED = Path(__file__).parents[3] / "shared" / "corpus"
_IDS = ("1706.03762", "1706.03762v5", "hep-th/9901001", "arXiv:math.GT/0309136v2",
    "https://arxiv.org/pdf/1706.03762v5.pdf", "http://export.arxiv.org/abs/cs/0112017#x",
)  # fmt: skip
BIBTEX = r"""
@string{nips = "Advances in " # {NeurIPS}}
@comment{jabref-meta: databaseType:bibtex;}
@inproceedings{vaswani2017, title = {Attention is {All} You Need}, author = {Vaswani, Ashish and
  Noam Shazeer and {The Team} and others}, booktitle = nips # " 30", year = 2017,
  eprint = {1706.03762}, archiveprefix = {arXiv}, keywords = {a, b; c}, file = {:x\:y.pdf:PDF}}
@Article(knuth, title = "The {\TeX}book, {\"o} $x^2$", author = "D. E. Knuth",
  crossref={vaswani2017})
@misc{broken, title = {no end
"""
CSL = """[{"id": "a", "type": "article-journal", "title": "A <i>title</i>", "DOI": "10.1000/xyz",
"author": [{"family": "Lovelace", "given": "Ada"}, {"literal": "A Group"}],
"issued": {"date-parts": [[2017, 6]]}, "note": "arXiv: 1706.03762", "keyword": "x, y",
"custom": {"others": {"volume": 3}, "researchdesk": {"stars": 3}}, "page": "1-2", "volume": 3}]"""
ZOTERO = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:bib="http://purl.org/net/biblio#" xmlns:foaf="http://xmlns.com/foaf/0.1/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:link="http://purl.org/rss/1.0/modules/link/">
<bib:Article rdf:about="#item_1"><z:itemType>journalArticle</z:itemType><dc:title>One</dc:title>
<dcterms:isPartOf><bib:Journal><dc:title>Nature</dc:title>
<dc:identifier>DOI 10.1038/3</dc:identifier></bib:Journal></dcterms:isPartOf>
<bib:authors><rdf:Seq><rdf:li><foaf:Person><foaf:surname>A
</foaf:surname></foaf:Person></rdf:li></rdf:Seq></bib:authors><dc:date>10/1986</dc:date>
<dc:subject>nets</dc:subject><link:link rdf:resource="#item_2"/></bib:Article>
<z:Attachment rdf:about="#item_2"><rdf:resource rdf:resource="files/2/p.pdf"/></z:Attachment>
<z:Collection rdf:about="#c"><dc:title>Read</dc:title><dcterms:hasPart rdf:resource="#item_1"/>
</z:Collection></rdf:RDF>"""
_COMMANDS = (
    "\\textbf{",
    "\\'",
    '\\"{o}',
    "\\ss",
    "\\frac{",
    "^{",
    "_{",
    "{\\em ",
    "\\url{",
    "~",
    "--",
)


def _id(text: str) -> object:
    found = parse_arxiv_id(text)
    if parse_arxiv_id(str(found)) != found:
        raise BrokenError(f"{found} is not read as itself")
    if ".." in folder_name(found.base) or "/" in folder_name(found.base):
        raise BrokenError(f"{found} is no name of a folder")
    return found


def _reading(text: str) -> object:
    """The words, as a library keeps them; the fields stay as they stand in the file."""
    return [(one.words, one.tags, one.marks, one.line) for one in read_bibtex(text).entries]


def _query(text: str) -> object:
    query = parse_query(text)
    if parse_query(str(query)) != query:
        raise BrokenError(f"{query} does not mean what it was made of: {text!r}")
    return query.problems


def _template(text: str) -> str:
    return fill(parse_template(text), {"title": "T", "authors": ["A", "B"], "year": 2017})


def _key(text: str) -> object:
    check_pattern(text)
    return key_of(text, Metadata("A Title", ("Ada Lovelace",)), "key")


def _bibliographic(text: str) -> object:
    return (
        bibliography.arxiv_in(text),
        bibliography.arxiv_as(text),
        bibliography.arxiv_of_doi(bibliography.doi_in(text)),
        bibliography.year_in(text),
        bibliography.venue_as(text),
        bibliography.desk_key(text),
        bibliography.keywords(text),
        bibliography.plain(text),
        find_stamp(text),
        as_ref(text),
        is_arxiv_id(text),
        of_fields({"ranking": text, "priority": text, "groups": text, "collections": text}),
    )


def _find(text: str) -> str:
    query = FindQuery(text, author=text, categories=(text,))
    return expression(query, date(2026, 4, 14))


def _library(read: Any) -> Any:
    def parse(text: Any) -> object:
        found = read(text)
        return [(one.words, one.tags, one.marks) for one in found.entries], found.left_out

    return parse


_ID_COVERS = ("domain.identifiers:parse_arxiv_id",)
_BIB = SHARED / "bib"

TARGETS = (
    Target("arXiv ids", _id, _IDS, (UsageProblemError,), ("v", "abs/", ".pdf", "../", "%2e",
        "arXiv:"), covers=_ID_COVERS, clean=True,),
    Target("ids within text", _bibliographic, (*_IDS, "doi:10.48550/arXiv.1706.03762 (2017)",
        "arXiv preprint arXiv:1706.03762v5 [cs.CL] 6 Dec 2017", "rank3",), (), ("arXiv:",
        "10.1000/", "v", "/"), covers=("domain.clock:parse_stamp",),),
    Target("addresses of repositories", parse_repository, ("https://github.com/a/b/tree/main",
        "git@gitlab.com:a/b.git", "github.com/a/b", "https://u:p@x.org:80/a",), (
        UsageProblemError,), ("git@", "://", "[", "]:", "%2F", ".."), covers=(
        "domain.code:parse_repository", "document.references.repositories:code_address"),),
    Target("addresses of feeds", address_of, ("https://www.reddit.com/r/ml/new",
        "http://a.b/c?d#e"), (UsageProblemError,), ("://", "[::1]", "xn--", "%", "@", ":99999"),
        covers=("sources.rss:address_of",),),
    Target("categories", category_named, ("cs.LG", "hep-th", "math"), (UsageProblemError,)),
    Target("names of tags", label_name, ("to read", "#done"), (UsageProblemError,)),
    Target("patterns of keys", _key, ("{author}{year}{word}", "{key}", "{title!r:>9}"), (
        UsageProblemError,), ("{", "}", "{author", "!r", ":99999999999", "{0}", ".__class__"),),
    Target("searches", _query, ('attention "is all you" -survey author:vaswani year:2017..2019',
        "sort:year has:note cat:cs.CL added:2024-01 -tag:x 1706.03762",), (), ("author:", "year:",
        "..", '"', "-", "sort:", "added:", ">=", "stars:", "has:"), covers=(
        "domain.search_values:read_filter",),),
    Target("searches of arXiv", _find, ("graph networks", '"exact words" and'), (
        UsageProblemError,)),
    Target("formats of a list", _template, ("{title}\\t{authors:20} {{x}}", "{year}\\n"), (
        UsageProblemError,), ("{title", "{", "}", "{{", ":", "\\"), covers=(
        "cli.formatting:parse_template",),),
    Target("names of venues", venue_of, ("Proceedings of the 31st NeurIPS, 2017",
        "ICML Workshop on X"), tokens=("Proceedings of the ", "Workshop ", "at ", "1st "),),
    Target("LaTeX as text", to_text, (r"The {\TeX}book \'{e} $\alpha_{1}^2$ \textbf{a {b}}",), (),
        _COMMANDS,),
    Target("names of people", lambda text: (people(text), names(text)), (
        "Ada Lovelace and de la Tour, Jr, Jean and {The Team} and others",), (), (" and ", ",",
        "{", "}", "\\'", ";", "von "),),
    Target("BibTeX", _reading, (BIBTEX,), (), ("@article{", "@string(", '= "', "{", "}", "#", ",",
        " and ", "\\", "@comment{", "title = {",), clean=True, costly=2.0, corpus=tuple(sorted(
        _BIB.glob("*.bib"))[: 4]),),
    Target("CSL-JSON", _library(read_csl), (CSL,), (), ('"id": ', "[", "{", '"title": ',
        "\\ud800", '"date-parts": ', "1e999", "<i>"), covers=("sources.csl:_items",), corpus=
        tuple(sorted(_BIB.glob("*.json"))),),
    Target("Zotero's RDF", _library(read_zotero), (ZOTERO,), (), ("<rdf:li>", "<!DOCTYPE",
        "<!ENTITY", "&a;", "<dc:title>", "rdf:resource=", "</", "<![CDATA[",), covers=(
        "sources.zotero:read_zotero",), corpus=tuple(sorted(_BIB.glob("*.rdf"))),),
    Target("files of libraries", in_file("library.bib", read_library), (BIBTEX, CSL, ZOTERO), (
        BadInputError,), ("\ufeff", "TY  - JOUR", "@"), binary=True, costly=2.0,),
    Target("files of other programs", in_file("library.json", read_library), (CSL, ZOTERO, BIBTEX),
        (BadInputError,), ("\ufeff", "TY  - JOUR", "@", "<"), binary=True, costly=2.0,),
)  # fmt: skip
