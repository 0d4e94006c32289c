// Short words of the page itself: what a screen reader hears, and lines that pass by.

const PASSES = 2500; // ms
const STAYS = 10000; // ms, where there is something to choose

export class Notices {
  constructor(announcer, toast) {
    this.announcer = announcer;
    this.toast = toast;
    this.fading = 0;
  }

  say(words) {
    this.announcer.textContent = words;
  }

  show(words, action = "", act = () => {}) {
    this.toast.replaceChildren(words);
    if (action) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "quiet";
      button.textContent = action;
      button.addEventListener("click", () => {
        this.toast.hidden = true;
        act();
      });
      this.toast.append(button);
    }
    this.toast.hidden = false;
    window.clearTimeout(this.fading);
    this.fading = window.setTimeout(() => (this.toast.hidden = true), action ? STAYS : PASSES);
  }
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without a secure connection browsers have only the old way.
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "unseen";
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }
}
