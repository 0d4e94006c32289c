// The page: questions go to the server, answers come back state by state, and everything is kept in the browser.

import { forget, recall, remember, write } from "./memory.js";
import { Notices, copy } from "./notices.js";
import { Reader } from "./reader.js";
import { Turns } from "./turns.js";

const LOOK_EVERY = 700; // ms, while the models load
const LOST_AFTER = 60000; // ms without a word from the server
const TURNS_SENT = 4; // of the conversation, with a question
const TALLEST = 160; // px of the question box

export class Page {
  constructor(element, { trigger, props, server, watch }) {
    Object.assign(this, { element, trigger, props, server });
    this.busy = null; // the turn being answered
    this.lost = 0;
    this.box = this.part("question");
    this.draw(props.value);
    this.notices = new Notices(this.part("announcer"), this.part("toast"));
    this.reader = new Reader(element, server, props.value.library);
    this.turns = new Turns(element, this.reader, props.value.waiting);
    watch("value", () => this.hear(props.value));
    this.listen();
    this.restore();
    this.look();
  }

  part(name) {
    return this.element.querySelector(`[data-${name}]`);
  }

  draw(view) {
    // Gradio wraps the page in a main of its own; ours is the one that counts.
    this.element.closest("main:not(.chat)")?.setAttribute("role", "none");
    this.part("title").textContent = view.title;
    this.part("holdings").textContent = view.holdings;
    this.part("privacy").textContent = view.privacy;
    this.part("welcome-words").innerHTML = view.welcome;
    this.part("about-words").innerHTML = view.about;
    this.box.placeholder = view.placeholder;
    this.box.setAttribute("aria-label", view.placeholder);
    this.box.maxLength = view.longest;
  }

  listen() {
    this.part("form").addEventListener("submit", (event) => this.submit(event));
    this.box.addEventListener("keydown", (event) => this.typed(event));
    this.box.addEventListener("input", () => this.grow());
    this.part("stop").addEventListener("click", () => this.stop());
    this.part("new").addEventListener("click", () => this.clear());
    this.part("sources").addEventListener("click", (event) => this.showSources(event.currentTarget));
    this.element.querySelectorAll("[data-about]").forEach((button) => {
      button.addEventListener("click", () => this.part("about-dialog").showModal());
    });
    this.element.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.part("about-dialog").open && this.reader.close()) event.preventDefault();
    });
    document.addEventListener("answer-lost", () => {
      if (this.busy) this.fail("The assistant is busy or cannot be reached just now. Please try again in a moment.");
    });
  }

  // Asking

  submit(event) {
    event.preventDefault();
    if (this.busy || !this.box.value.trim()) return;
    this.ask(this.box.value);
    this.box.value = "";
    this.grow();
  }

  typed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.part("form").requestSubmit();
  }

  grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, TALLEST)}px`;
  }

  ask(question, again = null) {
    const words = question.trim();
    if (!words || this.busy) return;
    const turn = again ?? this.turns.add(words);
    if (again) this.turns.renew(turn);
    this.part("welcome").hidden = true;
    this.turns.begin(turn);
    this.setBusy(turn);
    this.notices.say("Reading the sources…");
    this.trigger("ask", { turn: turn.id, question: words, history: this.turns.before(turn, TURNS_SENT) });
  }

  setBusy(turn) {
    this.busy = turn;
    this.part("send").hidden = turn !== null;
    this.part("stop").hidden = turn === null;
    window.clearTimeout(this.lost);
    if (turn) this.lost = window.setTimeout(() => this.fail("The server does not answer. Is it still running?"), LOST_AFTER);
  }

  hear(state) {
    if (!this.busy || state?.turn !== this.busy.id) return; // stopped meanwhile, or no state of an answer
    if (state.failed) {
      this.fail(state.failed);
      return;
    }
    const turn = this.busy;
    this.setBusy(state.done ? null : turn);
    if (state.waiting) this.turns.wait(turn, state.waiting);
    if (state.answer) this.turns.show(turn, state);
    if (!state.done) return;
    this.keep(turn);
    this.notices.say(turn.says);
  }

  keep(turn) {
    if (turn.stored) remember(this.turns.stored(turn), turn.replaces);
  }

  fail(words) {
    const turn = this.busy;
    this.setBusy(null);
    this.turns.fail(turn, words);
    this.notices.say(words);
  }

  stop() {
    const turn = this.busy;
    if (!turn) return;
    this.server.stop({ turn: turn.id }).catch(() => {});
    this.setBusy(null);
    this.turns.stopped(turn);
    this.keep(turn);
    this.notices.say("Stopped.");
    this.box.focus();
  }

  // The conversation as a whole

  async restore() {
    const kept = recall();
    this.part("welcome").hidden = kept.length > 0;
    if (!kept.length) return;
    let shown;
    try {
      shown = await this.server.restore(kept.map(({ id, answer }) => ({ turn: id, answer })));
    } catch {
      shown = [];
      this.notices.show("The earlier conversation could not be shown.");
    }
    for (const state of shown) {
      const { question, verdict } = kept.find((turn) => turn.id === state.turn);
      if (this.turns.all.some((turn) => turn.id === state.turn)) continue;
      this.turns.show(this.turns.add(String(question), state.turn, verdict), state);
    }
    this.part("welcome").hidden = this.turns.all.length > 0;
    this.turns.scrollToEnd();
  }

  clear() {
    this.stop();
    this.box.focus();
    if (!this.turns.all.length) return;
    const kept = recall();
    forget();
    this.turns.clear();
    this.reader.close();
    this.reader.showLibrary();
    this.part("welcome").hidden = false;
    this.box.focus();
    this.notices.show("The conversation is gone.", "Undo", () => {
      write([...kept, ...recall()]);
      this.turns.clear();
      this.restore();
    });
  }

  // How far the models are: the page is here before them.
  async look() {
    let state;
    try {
      state = await this.server.readiness({});
    } catch {
      state = { phase: "loading", message: "Connecting" };
    }
    const banner = this.part("banner");
    banner.hidden = state.phase === "ready";
    banner.classList.toggle("is-failed", state.phase === "failed");
    const words = state.phase === "failed" ? state.message : `${state.message}… You can ask already.`;
    if (banner.textContent !== words) banner.textContent = words;
    if (state.phase === "loading") window.setTimeout(() => this.look(), LOOK_EVERY);
  }

  // Answers

  clicked(event) {
    const suggested = event.target.closest("[data-ask]");
    if (suggested) this.ask(suggested.textContent);
    const turn = this.turns.of(event.target.closest(".turn"));
    if (suggested || !turn) return;
    const link = event.target.closest("a.mark");
    const tool = event.target.closest("[data-tools] button");
    if (link && turn.stored) {
      event.preventDefault();
      this.reader.openCitation(turn, Number(link.dataset.number), link);
    } else if (tool) {
      this.use(tool, turn);
    }
  }

  async use(tool, turn) {
    if ("copy" in tool.dataset) {
      this.notices.show((await copy(turn.text)) ? "Copied, with its sources." : "Copying is not allowed here.");
    } else if ("retry" in tool.dataset) {
      this.ask(turn.question, turn);
    } else if ("show" in tool.dataset) {
      this.showSources(tool, turn);
    } else {
      this.judge(turn, tool.dataset.verdict);
    }
  }

  showSources(from, turn = this.turns.all.at(-1)) {
    this.reader.close();
    if (turn?.cards) this.reader.showTurn(turn);
    this.reader.raiseList(from);
  }

  async judge(turn, verdict) {
    turn.verdict = turn.verdict === verdict ? null : verdict;
    this.turns.drawVerdict(turn);
    this.keep(turn);
    try {
      await this.server.keep_verdict({ turn: turn.id, verdict: turn.verdict });
      this.notices.say(turn.verdict ? "Thank you." : "Taken back.");
    } catch {
      this.notices.show("The verdict could not be kept.");
    }
  }
}
