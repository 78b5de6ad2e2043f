"""Venues under one name, however they are written; a workshop is told apart."""

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from researchdesk.domain.venues import read_venues, venue_names, venue_of

WRITTEN = {
    "ICML": (
        "ICML",
        "icml",
        "ICML 2019",
        "ICML'19",
        "ICML2020",
        "International Conference on Machine Learning",
        "Proceedings of the 36th International Conference on Machine Learning, ICML 2019, 9-15 "
        "June 2019, Long Beach, California, USA",
        "{International Conference on Machine Learning} ({ICML})",
        "In Proc. 34th Int. Conf. Mach. Learn.",
        "The Thirty-eighth International Conference on Machine Learning",
        "In Bach and Blei, editors, Proceedings of the 32nd International Conference on Machine "
        "Learning, volume 37 of JMLR Workshop and Conference Proceedings",
    ),
    "NeurIPS": (
        "NIPS",
        "NIPS'17",
        "NeurIPS 2020",
        "Neural Information Processing Systems",
        "Advances in Neural Information Processing Systems 31",
        "Advances in neural information processing systems",
        "Adv. Neural Inf. Process. Syst.",
        "The Thirty-seventh Annual Conference on Neural Information Processing Systems",
        "NeurIPS Datasets and Benchmarks",
    ),
    "ICLR": (
        "ICLR",
        "5th International Conference on Learning Representations, {ICLR} 2017",
        "Int. Conf. on Learning Representation",
        "International Conference for Learning Representations, San Diego, 2015",
        "Published as a conference paper at ICLR 2015",
    ),
    "ACL": (
        "ACL (1)",
        "Proceedings of the 57th Annual Meeting of the Association for Computational Linguistics",
        "Annual Meeting of the ACL",
        "Association for Computational Linguistics",
    ),
    "NAACL": (
        "NAACL-HLT",
        "Proceedings of the 2019 Conference of the North American Chapter of the Association for "
        "Computational Linguistics: Human Language Technologies, Volume 1 (Long and Short Papers)",
    ),
    "EACL": (
        "Conference of the European Chapter of the Association for Computational Linguistics",
    ),
    "EMNLP": (
        "EMNLP/IJCNLP",
        "Proceedings of the 2019 Conference on Empirical Methods in Natural Language Processing "
        "and the 9th International Joint Conference on Natural Language Processing (EMNLP-IJCNLP)",
    ),
    "Findings": (
        "Findings of the Association for Computational Linguistics: EMNLP 2020",
        "Findings of EMNLP",
    ),
    "COLING": ("COLING 2018", "International Conference on Computational Linguistics"),
    "TACL": (
        "Transactions of the Association for Computational Linguistics",
        "Trans. Assoc. Comput. Linguistics",
    ),
    "CVPR": (
        "CVPR",
        "2022 {{IEEE}}/{{CVF Conference}} on {{Computer Vision}} and {{Pattern Recognition}}",
        "2005 IEEE Computer Society Conference on Computer Vision and Pattern Recognition "
        "(CVPR'05)",
        "Proc. IEEE Conf. Comput. Vis. Pattern Recognit.",
        "Computer Vision and Pattern Recognition",
    ),
    "ICCV": ("IEEE International Conference on Computer Vision", "ICCV 2021"),
    "ECCV": ("Computer Vision -- ECCV 2018", "European Conference on Computer Vision"),
    "WACV": ("IEEE Workshop/Winter Conference on Applications of Computer Vision",),
    "AAAI": (
        "The Thirty-Fourth {AAAI} Conference on Artificial Intelligence, {AAAI} 2020",
        "AAAI Conference on Artificial Intelligence",
    ),
    "IJCAI": (
        "Proceedings of the Twenty-Eighth International Joint Conference on Artificial "
        "Intelligence",
    ),
    "UAI": ("Conference on Uncertainty in Artificial Intelligence",),
    "AISTATS": (
        "International Conference on Artificial Intelligence and Statistics",
        r"JMLR W\&CP: Proceedings of the Thirteenth International Conference on Artificial "
        "Intelligence and Statistics (AISTATS 2010)",
    ),
    "COLT": ("Annual Conference Computational Learning Theory", "Conference on Learning Theory"),
    "KDD": ("Knowledge Discovery and Data Mining", "KDD '16"),
    "WWW": ("The Web Conference", "Proceedings of The Web Conference 2020", "WWW 2019"),
    "SIGIR": (
        "Annual International ACM SIGIR Conference on Research and Development in Information "
        "Retrieval",
    ),
    "INTERSPEECH": ("Interspeech 2020",),
    "ICASSP": ("IEEE International Conference on Acoustics, Speech, and Signal Processing",),
    "ICRA": ("2018 IEEE International Conference on Robotics and Automation (ICRA)",),
    "IROS": ("IEEE/RJS International Conference on Intelligent RObots and Systems",),
    "CoRL": ("Conference on Robot Learning",),
    "RSS": ("Robotics: Science and Systems XVI",),
    "MLSys": ("Proceedings of Machine Learning and Systems", "MLSys 2020"),
    "JMLR": ("Journal of machine learning research", "J. Mach. Learn. Res."),
    "TMLR": ("Trans. Mach. Learn. Res.", "Transactions on Machine Learning Research"),
    "PAMI": (
        "IEEE Transactions on Pattern Analysis and Machine Intelligence",
        "IEEE Trans. Pattern Anal. Mach. Intell.",
        "TPAMI",
    ),
    "Nature": ("Nature", "Nature 521, 436-444 (2015)"),
    "Science": ("Science", "Science, vol. 362, no. 6419, pp. 1140-1144"),
    "arXiv": ("arXiv.org", "CoRR, abs/1706.03762", "arXiv preprint arXiv:1810.04805"),
    "ICML Workshop": (
        "Workshop at ICML",
        "ICML 2020 Workshop on Uncertainty",
        "Deep things at the 37th International Conference on Machine Learning",
        "ICML Workshop on Theory, International Conference on Machine Learning",
    ),
    "NeurIPS Workshop": (
        "ML4H @ NeurIPS",
        "NIPS 2017 Autodiff Workshop",
        "Science meets things at 33rd Conference on Neural Information Processing Systems",
    ),
    "CVPR Workshop": (
        "CVPRW",
        "2021 IEEE/CVF Conference on Computer Vision and Pattern Recognition Workshops (CVPRW)",
    ),
}


@pytest.mark.parametrize(
    ("text", "name"), [(text, name) for name, texts in WRITTEN.items() for text in texts]
)
def test_a_venue_however_it_is_written(text: str, name: str) -> None:
    assert venue_of(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "International Conference on Machine Learning and Applications (ICMLA)",
        "International Conference on Machine Learning and Cybernetics",
        "International Conference on Computer Vision Theory and Applications",
        "Nature Physics",
        "Nature Reviews Neuroscience",
        "Computer Science",
        "Journal of Sport Science",
        "Machine Learning: Science and Technology",
        "Handbook of Medical Image Computing and Computer Assisted Intervention",
        "Journal of Medical Robotics Research",
        "Micromachines",
        "Optics Letters",
        "technical report",
    ],
)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert venue_of(text) == ""


@pytest.mark.parametrize("name", venue_names())
def test_every_short_name_names_itself(name: str) -> None:
    assert venue_of(name) == name
    assert venue_of(f"{name} 2019") == name


def test_no_name_stands_twice_in_the_file() -> None:
    assert len(set(venue_names())) == len(venue_names())


def test_a_file_of_another_form_is_refused() -> None:
    with pytest.raises(KeyError):
        read_venues('[[venue]]\nname = "X"\n')


@examples(deadline=None, max_examples=200)
@given(st.text(max_size=80) | st.lists(st.sampled_from(
    ("ICML", "Workshop", "at", "{", "\\&", "@", "and", "2019", "Nature", "of", "CVPRW", "\x00")
), max_size=8).map(" ".join))  # fmt: skip
def test_no_text_is_a_fault(text: str) -> None:
    name = venue_of(text)
    assert name.removesuffix(" Workshop") in {*venue_names(), ""}
