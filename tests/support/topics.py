"""Papers whose topics are known: each topic has words of its own among the words of all."""

import random

from researchdesk.domain.papers import Metadata, Paper
from researchdesk.domain.reading import Decision
from researchdesk.services import reading
from researchdesk.services.desk import Desk
from researchdesk.services.library import file_metadata

OF_ALL = [
    "data",
    "training",
    "network",
    "layer",
    "learning",
    "model",
    "loss",
    "deep",
    "rate",
    "gradient",
]
TOPICS = {
    "vision": ["image", "pixel", "convolution", "segmentation", "detection", "camera", "scene"],
    "language": ["translation", "sentence", "grammar", "corpus", "token", "parsing", "syntax"],
    "graphs": ["graph", "node", "edge", "spectral", "neighbour", "message", "laplacian"],
}


def words_of(topic: str, number: int) -> Metadata:
    """The same words for the same number."""
    chance = random.Random(f"{topic} {number}")
    title = " ".join(chance.sample(TOPICS[topic], 2)).capitalize()
    said = [chance.choice(TOPICS[topic]) for _ in range(12)]
    said += [chance.choice(OF_ALL) for _ in range(18)]
    at = 1 + list(TOPICS).index(topic)
    return Metadata(
        title=title,
        abstract=" ".join(said),
        authors=(f"Ann {topic.title()}", f"Bo Writer{number}"),
        arxiv_id=f"20{at:02}.{number:05}",
    )


def file_topic(desk: Desk, topic: str, count: int, first: int = 1) -> list[Paper]:
    """Papers of a topic on the desk."""
    with desk.database.writing():
        return [file_metadata(desk, words_of(topic, first + at)) for at in range(count)]


def liked(desk: Desk, *papers: Paper) -> None:
    """A first pass over each, finished with "go on"."""
    for paper in papers:
        reading.start_pass(desk, paper, 1)
        reading.finish_pass(desk, paper, 1, decision=Decision.GO_ON)


def dropped(desk: Desk, *papers: Paper) -> None:
    """A first pass over each, left."""
    for paper in papers:
        reading.start_pass(desk, paper, 1)
        reading.drop_pass(desk, paper, 1, "not for me")


def tagged(desk: Desk, tag: str, *papers: Paper) -> None:
    with desk.database.writing() as db:
        for paper in papers:
            db.table("paper_tags").insert({"tag": tag, "paper_id": paper.id})
