"""The assistant inside a LangChain application."""

import asyncio
import copy
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from uuid import UUID

from faults import NewWriter, never_ends, says
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.runnables import RunnableLambda

from roros_assistant.assistant import Assistant
from roros_assistant.chain import CorpusRetriever, as_runnable
from roros_assistant.prose import Prose
from roros_assistant.rerank import load_reranker
from roros_assistant.types import Answer
from roros_assistant.verify import Checker

Result = TypeVar("Result")

FOUNDED = "when was the town founded?"
SEASON = "best season to visit"


def in_a_loop(work: Coroutine[Any, Any, Result]) -> Result:
    """Run in a thread of its own: a browser that another test has opened keeps a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


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


def test_it_streams_the_answer_as_it_grows_and_gives_the_whole_one_when_invoked(assistant: Assistant) -> None:
    chain = as_runnable(assistant)
    grown: list[Answer] = list(chain.stream(SEASON))
    counts = [len(answer.claims) for answer in grown]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]
    assert chain.invoke(SEASON).claims == grown[-1].claims


def test_it_is_asked_and_streams_in_an_event_loop_too(assistant: Assistant) -> None:
    chain = as_runnable(assistant)

    async def ask() -> tuple[Answer, list[Answer], list[str]]:
        whole = await chain.ainvoke(FOUNDED)
        grown = [answer async for answer in chain.astream(SEASON)]
        events = [event["event"] async for event in chain.astream_events(SEASON)]
        return whole, grown, events

    whole, grown, events = in_a_loop(ask())
    assert "founded in 1644" in whole.citations[0].quote
    assert [len(answer.claims) for answer in grown] == sorted(len(answer.claims) for answer in grown)
    assert len(grown) > 2
    assert (events[0], events[-1], events.count("on_chain_stream")) == ("on_chain_start", "on_chain_end", len(grown))


class Trace(BaseCallbackHandler):
    """Notes which run began within which."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, UUID, UUID | None]] = []

    def on_chain_start(
        self, serialized: Any, inputs: Any, *, run_id: UUID, parent_run_id: UUID | None = None, **known: Any
    ) -> None:
        self.begun.append((known["name"], run_id, parent_run_id))

    def on_chat_model_start(
        self, serialized: Any, messages: Any, *, run_id: UUID, parent_run_id: UUID | None = None, **known: Any
    ) -> None:
        self.begun.append((known["name"], run_id, parent_run_id))


def with_model(assistant: Assistant, writer: Any) -> Assistant:
    one = copy.copy(assistant)
    reranker = load_reranker()
    one.prose = Prose(writer, Checker(reranker, assistant.corpus.destination), reranker, assistant.corpus)
    return one


def test_who_traces_sees_the_chat_model_asked_within_the_question(assistant: Assistant, new_writer: NewWriter) -> None:
    writer, _ = new_writer(says("The town was founded in 1644 [1]."))
    trace = Trace()
    answer = as_runnable(with_model(assistant, writer)).invoke(FOUNDED, {"callbacks": [trace]})
    assert answer.writer == "openai:m"
    [(outer, run, above), (inner, _, within)] = trace.begun
    assert (outer, above, inner, within) == ("roros_assistant", None, "answer", run)


def test_an_answer_that_nobody_waits_for_any_more_lets_the_model_rest(
    assistant: Assistant, new_writer: NewWriter
) -> None:
    writer, server = new_writer(never_ends("The town was founded in 1644 [1]. "), timeout=20.0)

    async def leave() -> None:
        async for _ in as_runnable(with_model(assistant, writer)).astream(FOUNDED):
            break

    in_a_loop(leave())
    assert server.wait_until_left() < 20
