"""The assistant as LangChain parts: a Runnable for the whole way of a question, a retriever for the finding alone."""

from collections.abc import Mapping
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import ConfigDict

from roros_assistant.assistant import Assistant
from roros_assistant.types import Answer, Turn


def as_runnable(assistant: Assistant) -> Runnable[Any, Answer]:
    """Take a question, or ``{"question": ..., "history": [{"role", "content"}, ...]}``; give an Answer."""

    def answer(asked: str | Mapping[str, Any]) -> Answer:
        if isinstance(asked, str):
            return assistant.ask(asked)
        history = [Turn(turn["role"], turn["content"]) for turn in asked.get("history", ())]
        return assistant.ask(asked["question"], history)

    return RunnableLambda(answer, name="roros_assistant")


class CorpusRetriever(BaseRetriever):
    """The ranked passages of a question, each a LangChain document that says where it stands."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Assistant
    k: int = 6

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain's signature
    ) -> list[Document]:
        hits = self.assistant.retriever.retrieve(self.assistant.speller.correct(query))[: self.k]
        documents = self.assistant.corpus.by_id
        return [
            Document(
                page_content=hit.passage.text,
                id=hit.passage.id,
                metadata={
                    "document": hit.passage.document_id,
                    "start": hit.passage.start,
                    "end": hit.passage.end,
                    "voice": str(documents[hit.passage.document_id].voice),
                    "title": documents[hit.passage.document_id].title,
                    "score": hit.score,
                },
            )
            for hit in hits
        ]
