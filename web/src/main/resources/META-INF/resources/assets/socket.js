// The page's one socket, opened when the first channel needs it, and the word in the bar that says
// how it stands.
import { Socket } from "/vendor/phoenix-1.8.12/phoenix.mjs";

const state = document.querySelector("[data-state]");
let open = null;

/** Says how the connection stands. */
export function show(name, words) {
  if (state && state.dataset.state !== name) {
    state.dataset.state = name;
    state.textContent = words;
  }
}

/** The socket of this page. */
export function socket() {
  if (!open) {
    show("connecting", "Connecting");
    open = new Socket("/socket", { longPollFallbackMs: undefined });
    open.onError(() => show("offline", "Reconnecting"));
    open.onClose(() => show("offline", "Reconnecting"));
    open.connect();
  }
  return open;
}
