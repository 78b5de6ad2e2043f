"""What the paper calls its own method, and whether a row's or column's head names it."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from researchdesk.document.claims.words import dataset_in, metric_in

_OURS = re.compile(
    r"\b(?:ours?|proposed|this (?:work|paper)|our (?:method|model|approach))\b", re.IGNORECASE
)
_WORD = r"[A-Za-zα-ω][\w+*/-]*"
_GIVEN = re.compile(
    r"\b(?:called|named|term(?:ed)?|dubbed|referred to as|denoted (?:as|by)|abbreviated (?:as|to)|"
    rf"we call (?:this|it|our \w+)|which we call)\s+(?:it\s|the\s|an?\s|as\s"
    rf"|[“\"‘])?\s?(?P<name>{_WORD}(?:[ -][A-Z][\w-]*)?)"
)
_PROPOSED = re.compile(
    r"\b(?:propos|present|introduc|describ|develop|design|demonstrat)\w*\s+(?P<rest>[^.;]{3,160})",
    re.IGNORECASE,
)
_SHORT = re.compile(r"\(\s?(?P<name>[A-Zα-ω][\w+-]{1,14}|[a-z]+[A-Z][\w+-]*)\s?(?:[;,][^)]*)?\)")
_NAMELIKE = re.compile(
    r"(?<![\w-])(?:[A-Z]?[a-z]{0,20}[A-Z]\w{0,20}[A-Z\d]\w{0,20}|[a-z]{1,3}[A-Z]\w{1,20}"
    r"|[A-Z]{2,20}\w{0,20})(?:[-+][A-Z\d]\w{0,20}){0,5}(?!\w)"
)
_CAPITAL = re.compile(
    r"(?:,\s(?:the|an?|namely|or)\s|^(?:the|an?)\s)(?P<name>[A-Z][a-z][\w-]+(?: [A-Z][\w-]*)*)"
)
_LEAD = re.compile(r"(?P<name>[^:]{2,40}):\s")
_COMMON_WORDS = (
    "AI ML DL NLP CV CNN CNNs RNN RNNs LSTM LSTMs GRU MLP MLPs GAN GANs VAE DNN DNNs ANN "
    "ConvNet ConvNets SVM GPU GPUs CPU TPU SGD BLEU ROUGE GLUE SOTA FLOPs FLOPS MAdds API USA "
    "IEEE ACL HTML PDF RGB IoU mAP AP AUC ROC ID IDs OOD RL LM LMs LLM LLMs QA NER MT NMT ASR "
    "OCR IR ReLU PCA EM KL MSE MAE PyTorch TensorFlow Caffe CUDA GitHub Python WMT ILSVRC COCO "
    "ImageNet PASCAL VOC CIFAR MNIST ILP MIT II III IV"
)
_COMMON = frozenset(_COMMON_WORDS.split())
_CITED = re.compile(
    r"\[\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*\]|\bet al\b|\((?:[^()]*,\s?)?(?:19|20)\d\d[a-z]?\)"
)
_ABBREVIATED = re.compile(
    r"(?<![\w-])(?P<words>(?:[\w-]+ ){1,6})\(\s?(?P<name>[A-Za-z][\w-]*[A-Z][\w-]*)s?\s?[),;]"
)
_NO_NAME_WORDS = (
    "a an and are as at be both by entity f1 for from here if in into is it its not of on or "
    "our out so such than that the their these this those to we which with fast deep large "
    "small new novel general simple learning network networks model models proposals first "
    "second two three"
)
_NO_NAME = frozenset(_NO_NAME_WORDS.split())
_PLURAL = re.compile(r"\S*[A-Z]\S*[a-zA-Z]{2,}[a-rt-z]s|[A-Z]{3,}s")
_SURE = 0.9
_KEPT = 3
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Names:
    """Names of the paper's method in lower case, with how sure each is, from 0 to 1."""

    known: tuple[tuple[str, float], ...]

    @classmethod
    def of(cls, title: str, abstract: str, more: Iterable[str] = ()) -> "Names":
        """From the title, the abstract, and other text that may say how the method is called."""
        weights: dict[str, float] = {}
        told = [(name, 0.9 * weight) for text in more for name, weight in _proposed(text)]
        for name, weight in (*_in_title(title), *_proposed(abstract), *_often(abstract), *told):
            weights[name] = max(weights.get(name, 0.0), weight)
        whole = " ".join((abstract, *more))
        plural = {name: weight for name, weight in weights.items() if _PLURAL.fullmatch(name)}
        for name, weight in plural.items():
            weights[name[:-1]] = max(weights.get(name[:-1], 0.0), weight)
        kept = (
            (name.lower(), weight)
            for name, weight in weights.items()
            if _may_name(name)
            and _is_name(name, whole)
            and (weight > _SURE or not _of_others(name, whole))
        )
        return cls(tuple(sorted(kept, key=lambda pair: (-pair[1], pair[0]))))

    def own(self, head: str) -> float:
        """How surely this head names the paper's own method, from 0 to 1."""
        return max(self.called(head), 1.0 if _OURS.search(head) else 0.0)

    def called(self, head: str) -> float:
        """How surely the head holds one of the names; ``ours`` is none."""
        bare = head.lower()
        return max((weight for name, weight in self.known if _names(name, bare)), default=0.0)


def is_cited(head: str) -> bool:
    """Whether the head points into the bibliography, as those of others' methods do."""
    return bool(_CITED.search(head))


def _may_name(name: str) -> bool:
    plain = len(name) >= 2 and name not in _COMMON and len(name) <= _LONGEST
    known = dataset_in(name) == name or metric_in(name) == name or name.lower() in _NO_NAME
    return plain and not known and any(c.isalpha() for c in name)


def _is_name(name: str, text: str) -> bool:
    """A plain word in small letters counts only where the text keeps using it."""
    if any(not c.islower() for c in name):
        return True
    return len(name) >= 4 and not name.endswith(("ly", "ed", "ing")) and text.count(name) >= _KEPT


def _names(name: str, head: str) -> bool:
    """Whether the head holds the name as a word, or as the beginning of one (``RepVGG-A0``)."""
    at = head.find(name)
    while at >= 0:
        before = head[at - 1] if at else " "
        after = head[at + len(name) : at + len(name) + 1]
        loose = len(name) >= 4 or not after.isalpha()
        if not before.isalnum() and loose and before not in "/":
            return True
        at = head.find(name, at + 1)
    return False


def _in_title(title: str) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    lead = _LEAD.match(title)
    name = lead["name"].strip() if lead else title.strip()
    if len(name.split()) <= (3 if lead else 2):
        found.append((name, 1.0))
    if sum(c.isupper() for c in title) < sum(c.islower() for c in title):
        found += [(name, 0.8) for name in _NAMELIKE.findall(title)]
    return found


def _proposed(text: str) -> list[tuple[str, float]]:
    """Names that the text gives to what it proposes."""
    found = [(match["name"], 1.0) for match in _GIVEN.finditer(text)]
    for match in _PROPOSED.finditer(text):
        rest = match["rest"]
        found += [(short["name"], 1.0) for short in _SHORT.finditer(rest)]
        found += [(name, 0.7) for name in _NAMELIKE.findall(rest)]
        if capital := _CAPITAL.search(rest):
            found.append((capital["name"], 0.9))
    return found + [(m["name"], 0.7) for m in _ABBREVIATED.finditer(text) if _initials(m)]


def _often(text: str) -> list[tuple[str, float]]:
    counted = Counter(_NAMELIKE.findall(text))
    return [(name, 0.3) for name, count in counted.items() if count >= 2]


def _of_others(name: str, text: str) -> bool:
    """Whether the text cites somebody's work right behind the name."""
    return bool(re.search(rf"{re.escape(name)}s?(?:\s[a-z]+)?\s?(?:{_CITED.pattern})", text))


def _initials(match: re.Match[str]) -> bool:
    """Whether the short name's capitals begin the words before it: ``Deep Net (DN)``."""
    words = [word for part in match["words"].split() for word in part.split("-") if word]
    capitals = [c.lower() for c in match["name"] if c.isupper()]
    begins = [word[0].lower() for word in words]
    return len(capitals) >= 2 and begins[-len(capitals) :] == capitals
