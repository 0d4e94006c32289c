"""The assistant inside a LangChain application."""

from langchain_core.runnables import RunnableLambda

from roros_assistant.assistant import Assistant
from roros_assistant.chain import CorpusRetriever, as_runnable


def test_the_assistant_is_a_link_of_a_chain(assistant: Assistant) -> None:
    chain = as_runnable(assistant) | RunnableLambda(lambda answer: answer.citations[0].quote)
    history = [{"role": "user", "content": "hello"}]
    asked = ["when was the town founded?", {"question": "when was the town founded?", "history": history}]
    assert all("founded in 1644" in quote for quote in chain.batch(asked))


def test_the_retriever_gives_passages_with_their_places(assistant: Assistant) -> None:
    found = CorpusRetriever(assistant=assistant, k=3).invoke("when was the town founded?")
    assert len(found) == 3
    assert "founded in 1644" in found[0].page_content
    for document in found:
        text = assistant.corpus.by_id[document.metadata["document"]].text
        assert text[document.metadata["start"] : document.metadata["end"]] == document.page_content
