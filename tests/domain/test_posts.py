"""Posts of a thread, each within its characters."""

from hypothesis import given
from hypothesis import strategies as st

from researchdesk.domain.posts import posts_of


def test_paragraphs_are_posts_and_comments_stay_with_them() -> None:
    text = "First.\nGoes on. <!-- run:a -->\n\n<!-- alone -->\n\nSecond <!-- in\n\ntwo --> one."
    one, two = posts_of(text, 280)
    assert (one.text, one.comments) == ("1/2 First. Goes on.", ("<!-- run:a -->", "<!-- alone -->"))
    assert (two.text, two.comments) == ("2/2 Second one.", ("<!-- in\n\ntwo -->",))
    assert posts_of("<!-- nothing -->", 280) == []
    (only,) = posts_of("<!-- before -->\n\nText.\n\n<!-- never ends", 280)
    assert (only.text, only.comments) == ("1/1 Text.", ("<!-- before -->", "<!-- never ends"))
    split = posts_of(f"{'a' * 30}. <!-- one --> {'b' * 30}. <!-- two -->", 42)
    assert [post.comments for post in split] == [("<!-- one -->",), ("<!-- two -->",)]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    text = f"{'word ' * 20}end. Short one. {'x' * 70}"
    found = posts_of(text, 60)
    assert [post.length <= 60 for post in found] == [True] * len(found)
    assert [post.text.split("/")[0] for post in found] == [str(n + 1) for n in range(len(found))]
    assert any(post.text.endswith("end. Short one.") for post in found)


@given(
    st.lists(st.text(max_size=90).filter(lambda t: "<!--" not in t), max_size=5),
    st.integers(40, 90),
)
def test_every_post_fits_and_no_sign_is_lost(paragraphs: list[str], limit: int) -> None:
    text = "\n\n".join(paragraphs)
    found = posts_of(text, limit)
    assert all(post.length <= limit for post in found)
    bare = "".join(post.text.partition(" ")[2] for post in found)
    kept = (sign for sign in text if not "\U000f0000" <= sign <= "\U000ffffd")
    assert "".join(bare.split()) == "".join("".join(kept).split())


def test_a_number_stays_with_its_sentence() -> None:
    text = "It is long enough to be here. The score falls. Measured: 0.5 (claimed: 1)."
    assert [post.text for post in posts_of(text, 60)] == [
        "1/2 It is long enough to be here.",
        "2/2 The score falls. Measured: 0.5 (claimed: 1).",
    ]
    assert [post.text for post in posts_of(text, 40)][-1].endswith("Measured: 0.5 (claimed: 1).")
