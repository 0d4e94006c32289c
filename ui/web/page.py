"""The page as Gradio sees it: one component that draws itself, its events, and the functions it may call."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from roros_assistant.types import MAX_QUESTION, Corpus, Destination

from .conversation import Conversation
from .markup import link_to, name, shown
from .sources import holdings, library_html

STATIC = Path(__file__).parent / "static"

# Answers made at the same time: one person's wait is not another's.
_AT_ONCE = 8
# Questions waiting beyond those; one more is told to come back.
_WAITING = 32

# Gradio evaluates its templates as code, so no word of a corpus or a visitor may stand in one: such words
# travel as the component's value, which the page's script puts in place.
_START = """
const events = ["ask"];
const script = new URL("./page/page.js", document.baseURI);
import(script).then(({ Page }) => new Page(element, { trigger, props, server, watch }));
"""

_LOST = "() => { document.dispatchEvent(new Event('answer-lost')); }"

_FONT = ("ui-sans-serif", "system-ui", "sans-serif")
_THEME = gr.themes.Base(font=_FONT, font_mono=("ui-monospace", "monospace")).set(
    body_background_fill="#faf8f5",
    body_background_fill_dark="#16191b",
    body_text_color="#22272b",
    body_text_color_dark="#e9e5df",
)


@dataclass(frozen=True, slots=True)
class ChatModel:
    """Which chat model writes, if one does, and whose server gets the questions for it, if not this machine."""

    name: str | None = None
    receiver: str | None = None


def page_title(destination: Destination) -> str:
    """The page's name, from the corpus."""
    return f"{destination.name} Assistant" if destination.name else "Travel Assistant"


def build_blocks(corpus: Corpus, conversation: Conversation, model: ChatModel) -> gr.Blocks:
    """The page and its events, to be mounted into a server."""

    def ask(event: gr.EventData) -> Iterator[dict[str, Any]]:
        yield from conversation.ask(event._data)

    # Gradio's own way to stop an event also ends the next one of the same visitor: stopping is a call of ours.
    called = (
        conversation.stop,
        conversation.restore,
        conversation.open_document,
        conversation.keep_verdict,
        conversation.readiness,
    )
    title = page_title(corpus.destination)
    blocks: gr.Blocks
    with gr.Blocks(title=title, analytics_enabled=False, fill_height=True, fill_width=True) as blocks:
        page = gr.HTML(
            _first_view(corpus, model),
            html_template=(STATIC / "page.html").read_text(encoding="utf-8"),
            js_on_load=_START,
            apply_default_css=False,
            elem_id="page",
            server_functions=[_function(method) for method in called],
        )
        asking = page.ask(
            ask,
            outputs=page,
            show_progress="hidden",
            concurrency_limit=_AT_ONCE,
            trigger_mode="multiple",
            api_visibility="private",
        )
        # The server refused (too many are waiting) or went away: the page's script tells the visitor.
        asking.failure(None, js=_LOST, queue=False, api_visibility="private")
    blocks.queue(max_size=_WAITING, default_concurrency_limit=_AT_ONCE)
    return blocks


def _function(method: Callable[[object], Any]) -> Callable[[object], Any]:
    """A method as a plain function, which Gradio can put its sign on."""

    def function(data: object) -> Any:  # noqa: ANN401 - whatever the method gives
        return method(data)

    function.__name__ = method.__name__
    return function


def theme() -> gr.themes.Base:
    """Gradio's own look, reduced to what shows before the page draws itself."""
    return _THEME


def _first_view(corpus: Corpus, model: ChatModel) -> dict[str, Any]:
    destination = corpus.destination
    place = name(destination.name) if destination.name else "the place"
    examples = "".join(
        f'<li><button type="button" class="example" data-ask>{shown(question)}</button></li>'
        for question in destination.examples
    )
    return {
        "title": page_title(destination),
        "holdings": f"answers from {holdings(corpus)}{', in their own words' if model.name is None else ''}",
        "welcome": f"<h2>What would you like to know about {place}?</h2>"
        f"<p>{_sentences(model)} {holdings(corpus)}. Choose a number to read it in its place.</p>"
        f'<ul class="examples" role="list" aria-label="Example questions">{examples}</ul>',
        "placeholder": f"Ask about {destination.name}" if destination.name else "Ask a question",
        "library": library_html(corpus),
        "about": _about(corpus, model),
        "privacy": _privacy(model),
        "waiting": "Reading the sources…" if model.name is None else "Reading the sources, then writing…",
        "longest": MAX_QUESTION,
    }


def _sentences(model: ChatModel) -> str:
    own = "Every sentence of an answer is a quote from"
    return own if model.name is None else "Every sentence of an answer is checked against"


def _privacy(model: ChatModel) -> str:
    """Who makes the answers, and who else gets to know what is asked."""
    if model.name is None:
        return "Quotes are word for word from the sources. Nothing is sent to anyone else."
    if model.receiver is None:
        return f"Written on this machine by {model.name}, each sentence checked. Nothing is sent to anyone else."
    return f"Questions and quotes go to {model.receiver}, where {model.name} writes; each sentence is checked."


def _about(corpus: Corpus, model: ChatModel) -> str:
    destination = corpus.destination
    site = link_to(destination.official_site)
    rows = [f"<p>It has read {holdings(corpus)}, and nothing else. Where they do not say, it says so.</p>"]
    rows.append(f"<p>{shown(_privacy(model))}</p>")
    rows.append(
        "<p>Your conversation is kept in this browser alone. A verdict (helpful or not) is kept by the server as the "
        "answer’s number and the verdict, without a word of what was said.</p>"
    )
    if site:
        link = f'<a href="{shown(site)}" target="_blank" rel="noopener noreferrer">{shown(site)}</a>'
        rows.append(f"<p>The official site: {link}</p>")
    if destination.contact:
        rows.append(f"<p>Who knows more: {name(destination.contact)}.</p>")
    if destination.emergency:
        numbers = ", ".join(f"{shown(label)} {shown(number)}".strip() for label, number in destination.emergency)
        rows.append(f"<p>In an emergency: {numbers}.</p>")
    return "".join(rows)
