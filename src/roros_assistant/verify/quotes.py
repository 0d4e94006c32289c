"""A quote against its source: its words stand there, character by character."""

from roros_assistant.types import Citation, Claim, Corpus


def is_verbatim(span: Citation | Claim, corpus: Corpus) -> bool:
    """Whether every quoted word stands at the offsets that are said, in a document that is there."""
    if isinstance(span, Citation):
        return _stands(corpus, span.document_id, span.start, span.end, span.quote)
    return all(
        _stands(corpus, passage.document_id, passage.start, passage.end, passage.text) for passage in span.passages
    )


def _stands(corpus: Corpus, document_id: str, start: int, end: int, words: str) -> bool:
    document = corpus.by_id.get(document_id)
    return document is not None and 0 <= start < end and document.text[start:end] == words
