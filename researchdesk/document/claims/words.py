"""What heads and captions of tables speak of: metrics, costs, settings, datasets."""

import re
from dataclasses import dataclass
from enum import Enum

_SMALLER = (
    r"error(?: rate)?s?|err\.?|perplexity|ppl\.?|mae|mse|rmse|mape|fid|kid|[wc]er|eer|nll"
    r"|loss(?! func)|bpc|bpd"
    r"|bits?[ /](?:per )?\w+|nats|nme|epe|lpips|ade|fde|regret|chamfer\w*|edit distance"
    r"|false positives?"
)
_LARGER = (
    r"accurac(?:y|ies)|accs?\.?|top[- ]?[15](?: (?:acc|err)\w*)?\.?|[ft]?top-?\d"
    r"|map(?:@(?:\[[^\]]*\]|\S+))?"
    r"|m?ap(?:_?\d+|_?[sml]|box|mask|bb|b|m)?"
    r"|box ap|mask ap|ar(?:@?\d+)?|m?iou|miou|pq|bleu(?:-?\d)?|sacrebleu|rouge(?:-?\w)?|meteor"
    r"|cider(?:-d)?|spice"
    r"|em|exact match|f-?1(?:[- ]scores?)?|f-?measures?|f-?scores?|[pr]@\d+|recall(?:@\d+)?"
    r"|precision|auc|auroc|auprc"
    r"|psnr|ssim|dice|dsc|hits@\d+|mrr|m?ndcg(?:@\d+)?|pass@\d+|pck\w*|pearson|spearman|mcc"
    r"|matthews|kappa"
    r"|correlations?|corr\.?|log[- ]?likelihood|elbo|inception score|scores?|returns?|rewards?"
    r"|win ?rate|success(?: rate)?"
    r"|hmean|purity|nmi|ari|cmc|rank-?1|tar|tpr|sensitivity|specificity|r2|r²|mos|ser|sdr\w*|snr"
    r"|comet|chrf|bertscore"
)
_GENERAL = r"average|avg\.?|mean|overall"
_COST = (
    r"#?\s?param(?:eter)?s?\.?|#\s?p\b|[gmtk]?flops?|exaflops|(?:multi?-?|m)?adds?|mult-adds"
    r"|mul-adds|macs?|muls|model size"
    r"|speed(?:-?up)?|fps\w*|through-?put|latency|(?:[\w-]+ )?time|memory|mem\.?|msec|seconds|hours"
    r"|days|tpuv?\d?\S*|gpu\S*"
    r"|images?/s\w*|im(?:g|ages?)?/s\w*|samples/s\w*|tokens/s\w*|ex\w*/s\w*|s/im\w*|ms|storage"
    r"|size \(?[mgk]b|energy|cost|test rate"
    r"|wall-?clock|runtime|cpu|peak"
)
_SETTING = (
    r"layers?|depth|width|hidden\w*|dims?|dimensions?|d_?model|d_?ff|d_?[kvz]|heads?"
    r"|batch(?: ?size)?|mini-?batch|lr|learning rates?"
    r"|epochs?|steps?|iterations?|iters?|dropout|weight decay|wd|momentum|kernels?|filters?"
    r"|strides?|resolutions?"
    r"|input(?: size)?|image size|crop(?: size)?|channels?|patch(?:es)?(?: size)?|rank"
    r"|temperature|seeds?|years?|date|train(?:ing)? size"
    r"|samples|examples|instances|classes|categories|images|tokens|vocab\w*|nodes|edges|features"
    r"|documents|sentences"
    r"|length|windows?|multiplier|ratio|repeat|stages?|output(?: size)?|blocks?|expansion|groups?"
    r"|cardinality|growth rate"
    r"|queue|warm-?up|schedule|optimi[sz]er|noise rate|masking rates?|label rate|scales|ε_?ls"
    r"|p_?drop|threshold|cite\w*|ref\.?"
    r"|prop\.?|train set|data|#\s?\S+|[α-ω]|#|n_\w+|sequence length|seq\.? ?len\w*|bits"
    r"|size|type"
)
_SAYS_SETTING = re.compile(
    r"hyper-?\s?param|architectur(?:e|al)\b|specification|configuration|statistics|details of"
    r"|notation|"
    r"overview of|definition|dataset (?:details|description|sizes?)|number of (?:images|samples"
    r"|parameters)\b|"
    r"search space|summary of (?:the )?(?:data|notation|symbols)|examples? of|templates?"
    r"|body architecture|"
    r"prompts?\b|defined by|instances used|complexity of|operation types",
    re.IGNORECASE,
)
_SAYS_PART = re.compile(
    r"ablat|versions of|effects? of|influence|impact of|sensitivity|varying|variants?|variations?"
    r"|different (?:choices|values|settings|ways|"
    r"positions|kinds)|analysis|choice of|with and without|trade-?off|depth multiplier"
    r"|width multiplier|breakdown|per-class|"
    r"speed test|rank statistics|runtime|restrict",
    re.IGNORECASE,
)
_SAYS_RESULT = re.compile(
    r"results?|comparison|compar(?:e|ed|ing)|state[- ]of[- ]the[- ]art|performance|accurac|error"
    r"|scores?|evaluat|"
    r"leaderboard|benchmark|test set|bleu|\bmap\b|average precision",
    re.IGNORECASE,
)
_DATASET = re.compile(
    r"(?<![\w])(?:ImageNet(?:[- ](?:ReaL|1k|21k|22k|A|C|R|V2|Sketch))?|ILSVRC(?:[- ]?\d+)?"
    r"|CIFAR[- ]?10\+?0?\+?|C100\+?|C10\+?|"
    r"(?:Fashion-?|Permuted )?MNIST|SVHN|(?:MS-?\s?)?COCO(?: \d{4})?(?: (?:test-?(?:dev|std)?"
    r"|val\d*|minival))?|"
    r"(?:PASCAL )?VOC ?(?:20)?\d\d|PASCAL VOC|Cityscapes|ADE20K|SQuAD ?(?:v?[12]\.[01])?"
    r"|(?:Super)?GLUE|M(?:ulti)?NLI(?:-m+)?|SNLI|"
    r"QQP|QNLI|SST-?[25]?|CoLA|STS-?B|MRPC|RTE|WNLI|SWAG|CoNLL-?\s?\d{4}"
    r"|WMT ?['’]?\d*(?: [A-Z]\w+-\s?(?:to-\s?)?[A-Z]\w+)?|IWSLT ?['’]?\d*|EN-?(?:DE|FR)|"
    r"(?:De|En|Fr|Zh|Ro)-(?:En|De|Fr|Zh|Ro)|Penn Tree-?bank|PTB|WSJ|Wiki[Tt]ext-?\d*|LibriSpeech"
    r"|TIMIT|Switchboard|LFW|MegaFace|YTF|"
    r"ICDAR ?(?:20)?\d\d|MSRA-TD500|Total-?Text|COCO-Text|Market-?1501|KITTI|NYU\w*"
    r"|Kinetics(?:-\d+)?|UCF-?101|HMDB-?51|Cora|"
    r"Cite-?seer|Pubmed|NELL|CelebA(?:-HQ)?|LSUN|STL-?10|AFLW(?:2000)?|BIWI|300W(?:-LP)?"
    r"|(?:Oxford(?:-IIIT)?[- ])?(?:Flowers|Pets)"
    r"(?:[- ]?102)?|VTAB(?:-1k)?|ObjectNet|JFT(?:-300M)?|Atari|MuJoCo|text8|enwik8|IMDB|Yelp"
    r"|AG ?News|DBPedia|Gigaword|CNN/ ?D(?:aily ?)?M\w*|"
    r"XSum|TriviaQA|Natural ?Questions|HotpotQA|CoQA|RACE|BoolQ|MultiRC|COPA|WiC|WSC|ReCoRD|GSM8K"
    r"|SVAMP|MMLU|BIG-?[Bb]ench|HumanEval|"
    r"LAMBADA|Places(?:365)?|SUN ?(?:397|RGB-?D)|Caltech-?\d+|ModelNet\d*|ShapeNet|ScanNet|Waymo"
    r"|nuScenes|MovieLens\S*|JSB(?: Chorales)?|"
    r"Nottingham|Copy memory|Adding problem|IIIT5[kK]|SVT|IC0?\d+|Omniglot|(?:mini"
    r"|tiered)-?ImageNet|Tiny-?ImageNet)(?![\w])"
)
_ON = re.compile(
    r"\bon (?:the )?(?P<name>[A-Z][\w’'/+-]*(?: [A-Z\d][\w/+-]*){0,3})"
    r"(?=(?: (?:data ?sets?|test|val|valid|validation|dev|development|benchmark|corpus|sets?"
    r"|tasks?|challenge)\b)|\s?[.,;:()]|$)"
)


class Speaks(Enum):
    """What a head says the numbers under it are."""

    METRIC = "metric"
    COST = "cost"
    SETTING = "setting"
    NOTHING = "nothing"


class Caption(Enum):
    """What a table is there for."""

    RESULT = "result"
    PART = "part"
    SETTING = "setting"
    OTHER = "other"


def _whole_words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w])", re.IGNORECASE)


_METRICS = _whole_words(f"{_LARGER}|{_SMALLER}")
_GENERALS = _whole_words(_GENERAL)
_ALL_LARGER = _whole_words(_LARGER)
_SMALL = _whole_words(_SMALLER)
_COSTS = _whole_words(_COST)
_SETTINGS = _whole_words(_SETTING)
_SETTING_ALONE = re.compile(rf"\W*(?:{_SETTING})\W*", re.IGNORECASE)
_LONG_SETTINGS = _whole_words(
    "|".join(p for p in _SETTING.split("|") if p.isalpha() and len(p) > 3)
)
_THRESHOLD = re.compile(r"thr(?:esh(?:old)?)?s?\.?\W*$", re.IGNORECASE)
_RANKED = re.compile(r"top[- ]?\d", re.IGNORECASE)
_AFTER_HYPHEN = re.compile(r"(?<=-)\s")
_ARROW = re.compile(r"[↓↑]")


@dataclass(frozen=True, slots=True)
class Head:
    """A head taken apart. ``smaller``: the smaller number is the better one."""

    speaks: Speaks
    metric: str
    dataset: str
    smaller: bool


def read_head(text: str) -> Head:
    """What a row's or column's head says of its numbers."""
    bare = text.strip()
    metric, cost = _METRICS.search(bare) or _GENERALS.search(bare), _COSTS.search(bare)
    smaller = "↓" in bare or ("↑" not in bare and bool(_SMALL.search(bare)))
    dataset = dataset_in(bare)
    if _THRESHOLD.search(bare):
        return Head(Speaks.SETTING, "", "", False)
    if cost and not (metric and metric.start() < cost.start()):
        return Head(Speaks.COST, _plain(cost[0]), dataset, True)
    if metric:
        return Head(Speaks.METRIC, _plain(metric[0]), dataset, smaller)
    setting = _SETTING_ALONE.fullmatch(bare) or (len(bare) > 2 and _SETTINGS.match(bare))
    if setting and not dataset and not _ARROW.search(bare):
        return Head(Speaks.SETTING, "", "", False)
    return Head(Speaks.NOTHING, "", dataset, smaller)


def _plain(text: str) -> str:
    return text.strip(" .#")


def heads_in(text: str) -> list[str]:
    """The text cut before each word for a metric, a cost or a setting but the first."""
    found = [m.start() for p in (_METRICS, _COSTS, _LONG_SETTINGS) for m in p.finditer(text)]
    cuts = sorted(set(found))
    return [text[a:b].strip() for a, b in zip([0, *cuts[1:]], [*cuts[1:], len(text)], strict=True)]


def metric_in(text: str) -> str:
    """The first metric that a sentence or caption names, ``""`` for none."""
    found = _METRICS.search(text)
    return _plain(found[0]) if found else ""


def is_smaller_better(text: str) -> bool:
    """Whether the text names an error, a loss or the like, and nothing that is to be large."""
    return bool(_SMALL.search(text) and not _ALL_LARGER.search(_RANKED.sub("", text)))


def dataset_in(text: str) -> str:
    """A dataset that is known by name, ``""`` for none."""
    found = _DATASET.search(text)
    return _AFTER_HYPHEN.sub("", found[0]) if found else ""


def dataset_of_caption(text: str) -> str:
    """A known dataset, else the name that follows ``on``."""
    if known := dataset_in(text):
        return known
    named = _ON.search(text)
    return named["name"] if named else ""


def caption_says(text: str) -> Caption:
    """What the table is there for, judged by the first sentences of its caption."""
    start = text[:160]
    if _SAYS_SETTING.search(start) and not re.search(r"results?|accurac|comparison", start, re.I):
        return Caption.SETTING
    if _SAYS_PART.search(text[:240]):
        return Caption.PART
    return Caption.RESULT if _SAYS_RESULT.search(text) else Caption.OTHER
