// The sources: the cards of one answer, and a whole document with the cited words marked.

import { Back } from "./back.js";

const PHONE = window.matchMedia("(max-width: 860px)");

export class Reader {
  constructor(element, server, library) {
    const part = (name) => element.querySelector(`[data-${name}]`);
    this.server = server;
    this.library = library;
    this.pane = part("pane");
    this.list = part("list");
    this.document = part("document");
    this.title = part("pane-title");
    this.numbers = part("numbers");
    this.back = part("back");
    this.shade = part("shade");
    this.behind = [element.querySelector(".top"), element.querySelector(".chat"), element.querySelector(".skip")];
    this.turn = null;
    this.cameFrom = null;
    this.asked = 0;
    this.phoneBack = new Back(() => this.close());
    this.back.addEventListener("click", () => this.showList(true));
    part("close").addEventListener("click", () => this.close());
    this.shade.addEventListener("click", () => this.close());
    this.pane.addEventListener("click", (event) => this.chosen(event));
    this.pane.addEventListener("keydown", (event) => this.held(event));
    PHONE.addEventListener("change", () => this.lower());
    this.showLibrary();
  }

  chosen(event) {
    const button = event.target.closest("button[data-number], button[data-document]");
    if (!button) return;
    if (button.dataset.document) this.openDocument({ document: button.dataset.document, marks: [], chosen: null });
    else this.openCitation(this.turn, Number(button.dataset.number), this.cameFrom ?? button);
  }

  showLibrary() {
    this.turn = null;
    this.heading = "What I have read";
    this.list.innerHTML = this.library;
    this.showList(false);
  }

  showTurn(turn) {
    const reading = this.turn === turn && !this.document.hidden; // an answer that grows leaves the reader in peace
    this.turn = turn;
    this.heading = turn.stored?.citations?.length ? "Sources" : "Nearest in the sources";
    this.list.innerHTML = turn.cards;
    if (!reading) this.showList(false);
  }

  showList(focus) {
    this.asked += 1;
    this.document.hidden = true;
    this.list.hidden = false;
    this.back.hidden = true;
    this.numbers.replaceChildren();
    this.title.textContent = this.heading;
    this.title.classList.remove("unseen");
    this.mark(null);
    if (focus) (this.list.querySelector(".card.is-chosen") ?? this.title).focus();
  }

  openCitation(turn, number, from) {
    const citations = turn.stored.citations.length ? turn.stored.citations : turn.stored.nearest;
    const cited = citations.find((citation) => citation.number === number);
    if (!cited) return undefined;
    if (this.turn !== turn) this.showTurn(turn);
    this.cameFrom = from;
    this.list.querySelectorAll(".card").forEach((card) => {
      card.classList.toggle("is-chosen", Number(card.dataset.number) === number);
    });
    const short = turn.stored.short;
    const marks = citations.map(({ document, start, end, number: of }) => {
      const key = short?.citation === of ? [short.start, short.end] : null;
      return { document, start, end, number: of, key };
    });
    return this.openDocument({ document: cited.document, marks, chosen: number });
  }

  async openDocument(request) {
    this.cameFrom ??= document.activeElement;
    this.raise();
    const asked = (this.asked += 1);
    let reply;
    try {
      reply = await this.server.open_document(request);
    } catch {
      reply = { failed: "The server does not answer. Is it still running?" };
    }
    if (asked !== this.asked) return; // something else was chosen meanwhile
    if (reply.document) this.document.innerHTML = reply.document;
    else this.document.textContent = reply.failed;
    this.list.hidden = true;
    this.document.hidden = false;
    this.back.hidden = false;
    this.title.classList.add("unseen");
    this.drawNumbers(request.chosen);
    this.mark(request.chosen);
    const target = this.document.querySelector("mark.chosen") ?? this.document.querySelector("h2");
    target?.focus({ preventScroll: true });
    if (target?.matches("mark")) this.reveal(target);
  }

  reveal(mark) {
    const body = this.document.querySelector(".document-body");
    const inside = mark.getBoundingClientRect().top - body.getBoundingClientRect().top;
    body.scrollTop = Math.max(0, body.scrollTop + inside - body.clientHeight / 3);
  }

  drawNumbers(chosen) {
    const cited = this.turn?.stored.citations.length ? this.turn.stored.citations : (this.turn?.stored.nearest ?? []);
    const buttons = (chosen === null ? [] : cited).map(({ number }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "mark";
      button.dataset.number = number;
      button.textContent = number;
      button.setAttribute("aria-label", `Source ${number}`);
      if (number === chosen) button.setAttribute("aria-current", "true");
      return button;
    });
    this.numbers.replaceChildren(...buttons);
    const lit = this.numbers.querySelector("[aria-current]");
    if (lit) this.numbers.scrollLeft = lit.offsetLeft - this.numbers.offsetLeft - this.numbers.clientWidth / 2;
  }

  // The chosen number is lit in the answer too.
  mark(number) {
    document.querySelectorAll(".answer .mark.is-chosen").forEach((link) => link.classList.remove("is-chosen"));
    if (number !== null && this.turn) {
      const links = this.turn.node.querySelectorAll(`.answer a.mark[data-number="${Number(number)}"]`);
      links.forEach((link) => link.classList.add("is-chosen"));
    }
  }

  // On a phone the pane is a sheet over the chat.
  raise() {
    if (!PHONE.matches || this.pane.classList.contains("is-raised")) return;
    this.pane.classList.add("is-raised");
    this.pane.setAttribute("role", "dialog");
    this.pane.setAttribute("aria-modal", "true");
    this.shade.hidden = false;
    this.behind.forEach((part) => (part.inert = true));
    this.phoneBack.enter();
  }

  lower() {
    this.phoneBack.leave();
    this.pane.classList.remove("is-raised");
    this.pane.removeAttribute("role");
    this.pane.removeAttribute("aria-modal");
    this.shade.hidden = true;
    this.behind.forEach((part) => (part.inert = false));
  }

  raiseList(from) {
    this.cameFrom = from;
    this.raise();
    this.title.focus({ preventScroll: true });
  }

  // Back to where the reader came from; true if anything was open.
  close() {
    const open = this.pane.classList.contains("is-raised") || !this.document.hidden;
    const from = this.cameFrom;
    this.cameFrom = null;
    this.lower();
    if (!this.document.hidden) this.showList(false);
    if (open && from?.isConnected) from.focus();
    return open;
  }

  // A raised sheet keeps the keyboard inside.
  held(event) {
    if (event.key !== "Tab" || !this.pane.classList.contains("is-raised")) return;
    const stops = [...this.pane.querySelectorAll("button, a[href], [tabindex='0']")].filter((stop) => stop.offsetParent !== null);
    const [first, last] = [stops[0], stops[stops.length - 1]];
    const at = document.activeElement;
    if (event.shiftKey && (at === first || !stops.includes(at))) {
      event.preventDefault();
      last.focus();
    } else if (!event.shiftKey && at === last) {
      event.preventDefault();
      first.focus();
    }
  }
}
