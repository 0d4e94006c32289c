// What the browser remembers: questions and answers as data, never as HTML, in this browser alone.

const KEY = "travel-assistant:conversation:1";
const TURNS_KEPT = 50;

export function recall() {
  try {
    const turns = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(turns) ? turns.filter((turn) => turn && typeof turn.id === "string") : [];
  } catch {
    return [];
  }
}

// Another tab may have written since: only this turn is put in its place, or in that of the turn it replaces.
export function remember(turn, replaces = turn.id) {
  const turns = recall();
  const place = turns.findIndex((other) => other.id === turn.id || other.id === replaces);
  if (place < 0) turns.push(turn);
  else turns[place] = turn;
  write(turns.slice(-TURNS_KEPT));
}

export function write(turns) {
  let kept = turns;
  while (kept.length) {
    try {
      localStorage.setItem(KEY, JSON.stringify(kept));
      return;
    } catch {
      kept = kept.slice(Math.ceil(kept.length / 2)); // the storage is full: the oldest go
    }
  }
  forget();
}

export function forget() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // A browser that stores nothing has nothing to forget.
  }
}
