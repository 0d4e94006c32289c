// A phone's Back button closes what lies over the page: while it lies there, the browser's history has one entry more.

export class Back {
  constructor(closed) {
    this.over = false; // something lies over the page
    this.leaving = false; // a step back of our own is under way
    window.addEventListener("popstate", () => this.stepped(closed));
    if (isOurs()) history.back(); // reloaded while something lay there, which is gone now
  }

  enter() {
    this.over = true;
    if (!isOurs()) history.pushState({ over: true }, "");
  }

  leave() {
    this.over = false;
    if (!isOurs() || this.leaving) return;
    this.leaving = true;
    history.back();
  }

  stepped(closed) {
    if (!this.leaving) {
      if (this.over && !isOurs()) closed();
      return;
    }
    this.leaving = false;
    if (this.over) history.pushState({ over: true }, ""); // opened again before the step was done
  }
}

function isOurs() {
  return Boolean(history.state?.over);
}
