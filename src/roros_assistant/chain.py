"""The assistant as LangChain parts: a Runnable for the whole way of a question, a retriever for the finding alone."""

from collections.abc import AsyncIterator, Iterator, Mapping
from threading import Event
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_core.runnables.config import run_in_executor
from pydantic import ConfigDict

from roros_assistant.assistant import Assistant
from roros_assistant.types import Answer, Turn

Asked = str | Mapping[str, Any]


def as_runnable(assistant: Assistant) -> Runnable[Any, Answer]:
    """Take a question, or ``{"question": ..., "history": [{"role", "content"}, ...]}``; give an Answer.

    A stream gives the answer as it grows, each in the place of the one before. What a chat model is asked on the way is
    a run within this one, for whoever traces.
    """

    def answers(asked: Asked) -> Iterator[Answer]:
        yield from assistant.stream(*_question(asked))

    async def answers_in_time(asked: Asked) -> AsyncIterator[Answer]:
        stop = Event()
        growing = assistant.stream(*_question(asked), stop=stop)
        try:
            while (answer := await run_in_executor(None, next, growing, None)) is not None:
                yield answer
        finally:
            stop.set()  # who goes on without the answer lets the chat model rest

    return RunnableLambda(answers, answers_in_time, name="roros_assistant")


def _question(asked: Asked) -> tuple[str, list[Turn]]:
    if isinstance(asked, str):
        return asked, []
    return asked["question"], [Turn(turn["role"], turn["content"]) for turn in asked.get("history", ())]


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
