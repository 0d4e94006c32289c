"""claims -> citations with numbers, offsets and what is known of their sources."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from roros_assistant.types import Citation, Claim, Corpus, Passage


def cite(claims: Sequence[Claim], corpus: Corpus) -> tuple[tuple[Claim, ...], tuple[Citation, ...]]:
    """Number the passages in the order of their first use; one passage keeps one number.

    Returns:
        The claims with their numbers, and the citations 1, 2, 3...
    """
    numbers = {passage: number for number, passage in enumerate(_in_order(claims), start=1)}
    numbered = tuple(
        replace(claim, citations=tuple(numbers[passage] for passage in claim.passages)) for claim in claims
    )
    return numbered, tuple(citation(passage, number, corpus) for passage, number in numbers.items())


def citation(passage: Passage, number: int, corpus: Corpus) -> Citation:
    """A passage as a numbered quote, with what its document says of itself."""
    document = corpus.by_id[passage.document_id]
    return Citation(
        number=number,
        document_id=document.id,
        kind=document.kind,
        voice=document.voice,
        title=document.title,
        author=document.author,
        published=document.published,
        as_of=document.as_of,
        url=document.url,
        visited=document.visited,
        start=passage.start,
        end=passage.end,
        quote=passage.text,
    )


def _in_order(claims: Iterable[Claim]) -> dict[Passage, None]:
    return dict.fromkeys(passage for claim in claims for passage in claim.passages)
