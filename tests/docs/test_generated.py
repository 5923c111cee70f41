"""What is generated is what is true now."""

from scripts.generate_docs import generate, stale_pages


def test_the_generated_pages_are_current() -> None:
    assert not stale_pages(generate()), "run `make docs`"
