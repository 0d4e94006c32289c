// The turns of the conversation as they stand in the page.

const LONGEST_SENT = 4000; // characters of an earlier answer

export class Turns {
  constructor(element, reader, waiting) {
    this.reader = reader;
    this.waiting = waiting;
    this.holder = element.querySelector("[data-turns]");
    this.scroll = element.querySelector("[data-scroll]");
    this.template = element.querySelector("[data-turn-template]");
    this.all = [];
  }

  add(question, id = freshId(), verdict = null) {
    const node = this.template.content.firstElementChild.cloneNode(true);
    const turn = { id, question, verdict, node, stored: null, text: "", cards: "", says: "" };
    node.id = id;
    node.querySelector("[data-asked]").textContent = question;
    this.all.push(turn);
    this.holder.append(node);
    return turn;
  }

  of(node) {
    return this.all.find((turn) => turn.node === node);
  }

  // The end of the conversation before a turn, as words.
  before(turn, count) {
    const place = this.all.indexOf(turn);
    return this.all
      .slice(Math.max(0, place - count), place)
      .filter((other) => other.text)
      .map((other) => ({ question: other.question, answer: other.text.slice(0, LONGEST_SENT) }));
  }

  // A new answer to the same question is another answer, with a name of its own.
  renew(turn) {
    turn.replaces = turn.id;
    turn.id = freshId();
    turn.node.id = turn.id;
  }

  begin(turn) {
    turn.stored = null;
    turn.verdict = null;
    this.drawVerdict(turn);
    this.drawTopic(turn, null);
    this.drawNext(turn, []);
    turn.node.querySelector("[data-tools]").hidden = true;
    this.holder.querySelectorAll(".is-new").forEach((node) => node.classList.remove("is-new"));
    if (turn === this.all[this.all.length - 1]) turn.node.classList.add("is-new");
    this.wait(turn, this.waiting);
    turn.node.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
  }

  wait(turn, words) {
    turn.node.setAttribute("aria-busy", "true");
    const line = document.createElement("p");
    line.className = "status is-waiting";
    line.append(document.createElement("i"), words);
    turn.node.querySelector("[data-answer]").replaceChildren(line);
  }

  show(turn, state) {
    Object.assign(turn, { stored: state.stored, text: state.text, cards: state.cards, says: state.says });
    this.drawTopic(turn, state.about);
    this.drawNext(turn, state.next);
    const held = turn.node.contains(document.activeElement) ? document.activeElement.id : "";
    const unfolded = [...turn.node.querySelectorAll("details[open]")].map((details) => details.id);
    turn.node.querySelector("[data-answer]").innerHTML = state.answer;
    unfolded.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    if (held) document.getElementById(held)?.focus({ preventScroll: true });
    if (state.count) this.reader.showTurn(turn);
    if (!state.done) return;
    this.finish(turn);
    const show = turn.node.querySelector("[data-show]");
    show.hidden = state.count === 0;
    show.textContent = state.count === 1 ? "1 source" : `${state.count} sources`;
    this.drawVerdict(turn);
    if (!state.count) this.reader.showLibrary();
  }

  finish(turn) {
    turn.node.removeAttribute("aria-busy");
    turn.node.querySelector("[data-tools]").hidden = false;
    turn.node.querySelectorAll("[data-verdict], [data-copy]").forEach((tool) => (tool.hidden = !turn.stored));
    turn.node.querySelector("[data-show]").hidden = !turn.stored;
  }

  stopped(turn) {
    this.note(turn, "Stopped.", turn.stored === null);
  }

  fail(turn, words) {
    this.note(turn, words, true);
    turn.node.querySelector("[data-answer] .status").classList.add("is-failed");
  }

  note(turn, words, alone) {
    const line = document.createElement("p");
    line.className = "status is-stopped";
    line.append(document.createElement("i"), words);
    const answer = turn.node.querySelector("[data-answer]");
    if (alone) answer.replaceChildren(line);
    else answer.append(line);
    this.finish(turn);
  }

  // What the conversation added to the question.
  drawTopic(turn, words) {
    turn.node.querySelector("[data-topic]").hidden = !words;
    turn.node.querySelector("[data-topic-words]").textContent = words ?? "";
  }

  drawNext(turn, questions) {
    const chips = questions.map((question) => {
      const chip = document.createElement("button");
      chip.type = "button";
      chip.className = "chip";
      chip.dataset.ask = "";
      chip.textContent = question;
      return chip;
    });
    turn.node.querySelector("[data-next]").replaceChildren(...chips);
    turn.node.querySelector("[data-next]").hidden = !chips.length;
  }

  drawVerdict(turn) {
    turn.node.querySelectorAll("[data-verdict]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.verdict === turn.verdict));
    });
  }

  stored(turn) {
    return { id: turn.id, question: turn.question, answer: turn.stored, verdict: turn.verdict };
  }

  scrollToEnd() {
    this.all[this.all.length - 1]?.node.scrollIntoView({ block: "start" });
  }

  clear() {
    this.all = [];
    this.holder.replaceChildren();
  }
}

function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return `q${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function calm() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
