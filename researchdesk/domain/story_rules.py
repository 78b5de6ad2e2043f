"""The rules of what a storyline lacks: what each looks for, where, and what it says then."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from researchdesk.domain.missing import Missing
from researchdesk.domain.statements import (
    RedThread,
    Section,
    Statement,
    red_thread,
    sections,
    statements,
)
from researchdesk.domain.story_facts import Facts
from researchdesk.domain.story_gaps import SENTENCE_GAPS, TO_RUN, Gap

_LINK = re.compile(r"\[\[[^\[\]\n|]*(?:\|([^\[\]\n]*))?\]\]")
_CODE = re.compile(r"(`+)[^`]*\1|https?://\S+")
_FORMULA = re.compile(r"(?<![\\$\w])\$(?=[^$]*[A-Za-z^_])[^$\s](?:[^$]*[^$\s\\])?\$(?![\d$])")
_SLOT = re.compile(r"\{(\w+)\}")
_PLAIN = re.compile(r"[\w -]+")


@dataclass(frozen=True, slots=True)
class Rule:
    """``looks_for`` is one of ``LOOKS_FOR``. ``message`` and ``experiment`` may have its slots.

    A sentence is looked at where one of ``words`` stands in it (any sentence where there are none),
    none of ``unless``, and its heading is none of ``not_under``; what matches ``ignore`` is not
    seen. ``on`` switches the rule.
    """

    name: str
    looks_for: str
    message: str
    experiment: str
    words: tuple[re.Pattern[str], ...] = ()
    unless: tuple[re.Pattern[str], ...] = ()
    ignore: tuple[re.Pattern[str], ...] = ()
    not_under: tuple[re.Pattern[str], ...] = ()
    on: bool = True

    def matched(self, sentence: Statement) -> str | None:
        """The words of a sentence that make the rule look at it; None where it does not."""
        if any(pattern.search(sentence.section) for pattern in self.not_under):
            return None
        said = _bare(sentence.text, self.ignore)
        if any(pattern.search(said) for pattern in self.unless):
            return None
        found = [match for pattern in self.words if (match := pattern.search(said))]
        if self.words and not found:
            return None
        return min(found, key=lambda match: match.start())[0].strip() if found else ""


FactsOf = Callable[[Statement], Facts]

LOOKS_FOR: Mapping[str, frozenset[str]] = {
    "no red thread": frozenset(),
    "several sentences": frozenset({"count"}),
    "two ideas": frozenset({"what"}),
    "sections": frozenset({"section"}),
    **{name: slots for name, (_, slots) in SENTENCE_GAPS.items()},
}
"""What a rule can look for, with the slots that its words may have."""


def missing_in(text: str, rules: Sequence[Rule], facts_of: FactsOf) -> list[Missing]:
    """What a storyline lacks by these rules, in the order of its lines and then of the rules;
    what is not there at all comes last.

    The red thread is asked for no evidence: that is the rest of the story. ``facts_of`` is asked
    only for sentences that a rule looks at.
    """
    if not text.strip():
        return []
    thread, heads, said = red_thread(text), sections(text), statements(text)
    last = text.rstrip().count("\n")
    found: list[Missing] = []
    for rule in rules:
        if rule.on and rule.looks_for == "sections":
            found += _sections(rule, heads, last)
        elif rule.on and rule.looks_for not in SENTENCE_GAPS:
            found += _thread(rule, thread)
    told = [rule for rule in rules if rule.on and rule.looks_for in SENTENCE_GAPS]
    for sentence in said:
        if thread is None or sentence not in thread.sentences[:1]:
            found += _sentence(told, sentence, facts_of)
    order = {rule.name: place for place, rule in enumerate(rules)}
    return sorted(found, key=lambda item: (not item.sentence, item.line, order[item.rule]))


def _sentence(rules: Sequence[Rule], sentence: Statement, facts_of: FactsOf) -> Iterator[Missing]:
    told_unlinked = False
    for rule in rules:
        what = rule.matched(sentence)
        if what is None:
            continue
        gap = SENTENCE_GAPS[rule.looks_for][0](sentence, facts_of(sentence), what)
        if gap is None or (gap.unlinked and told_unlinked):
            continue
        told_unlinked = told_unlinked or gap.unlinked
        yield _missing(rule, sentence.line, sentence, gap)


def _thread(rule: Rule, thread: RedThread | None) -> Iterator[Missing]:
    if thread is None:
        if rule.looks_for == "no red thread":
            yield _missing(rule, 0, None, Gap())
        return
    first = thread.sentences[0]
    if rule.looks_for == "several sentences" and len(thread.sentences) > 1:
        yield _missing(rule, thread.line, first, Gap({"count": str(len(thread.sentences))}))
    if rule.looks_for == "two ideas" and rule.words and (what := rule.matched(first)):
        yield _missing(rule, thread.line, first, Gap({"what": what}))


def _sections(rule: Rule, heads: Sequence[Section], last: int) -> Iterator[Missing]:
    for pattern in rule.words:
        if not any(pattern.search(head.title) for head in heads):
            plain = _PLAIN.search(pattern.pattern.removeprefix(_OPEN))
            section = plain[0].strip() if plain else pattern.pattern
            yield _missing(rule, last, None, Gap({"section": section}))


_OPEN, _CLOSE = r"(?:(?<!\w)|(?=\W))(?:", r")(?:(?!\w)|(?<=\W))"


def word_pattern(text: str) -> re.Pattern[str]:
    """A rule's pattern: a regular expression for whole words, in any case. Raises re.error."""
    re.compile(text)
    return re.compile(f"{_OPEN}{text}{_CLOSE}", re.I)


def slots_of(words: str) -> frozenset[str]:
    """The slots that a rule's words have."""
    return frozenset(_SLOT.findall(words))


def _missing(rule: Rule, line: int, sentence: Statement | None, gap: Gap) -> Missing:
    return Missing(
        rule.name,
        line,
        sentence.text if sentence else "",
        _filled(rule.message, gap.values),
        _filled(rule.experiment, gap.values),
        sentence.refs if sentence else (),
        gap.recipe,
        gap.arm,
        to_run=rule.looks_for in TO_RUN,
    )


def _filled(words: str, values: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda match: values.get(match[1], match[0]), words)


def _bare(text: str, ignored: Sequence[re.Pattern[str]]) -> str:
    """A sentence's words: links by their labels, no code, formulas, addresses, nothing ignored."""
    said = _CODE.sub(" ", _LINK.sub(lambda match: match[1] or " ", text))
    said = _FORMULA.sub(" ", said)
    for pattern in ignored:
        said = pattern.sub(" ", said)
    return " ".join(said.split())
