// The reader of this browser: nobody but a token, made when the first stream is followed and kept in
// localStorage. Its own channel tells what other pages change, and breaking stories of the streams
// followed, which are shown wherever the reader is.
import { headline } from "./card.js";
import { socket } from "./socket.js";

const KEY = "athanor.reader";
const SHOWN_MS = 12_000;
const buttons = [...document.querySelectorAll("[data-follow]")];
const following = new Set();
let channel = null;

function known() {
  try {
    return JSON.parse(localStorage.getItem(KEY));
  } catch {
    return null;
  }
}

function paint() {
  for (const button of buttons) {
    const on = following.has(button.dataset.follow);
    button.hidden = false;
    button.setAttribute("aria-pressed", String(on));
    button.textContent = on ? "Following" : "Follow";
  }
}

function toast(post) {
  let region = document.querySelector("[data-toasts]");
  if (!region) {
    region = document.createElement("div");
    region.className = "toasts";
    region.dataset.toasts = "";
    region.setAttribute("role", "status");
    document.body.append(region);
  }
  const link = document.createElement("a");
  link.className = "toast";
  link.href = `/stories/${encodeURIComponent(post.id)}`;
  const kicker = document.createElement("b");
  kicker.textContent = "Breaking";
  link.append(kicker, ` ${headline(post)}`);
  region.append(link);
  setTimeout(() => link.remove(), SHOWN_MS);
}

function join(reader) {
  channel?.leave();
  channel = socket().channel(`user:${reader.id}`, { token: reader.token });
  channel.on("followed", ({ slug }) => {
    following.add(slug);
    paint();
  });
  channel.on("left", ({ slug }) => {
    following.delete(slug);
    paint();
  });
  channel.on("breaking", toast);
  const joining = channel;
  joining.join()
    .receive("ok", ({ subscriptions }) => {
      following.clear();
      subscriptions.forEach((slug) => following.add(slug));
      paint();
    })
    .receive("error", ({ reason }) => {
      if (reason === "unauthorized") {
        joining.leave();
        localStorage.removeItem(KEY);
        following.clear();
        paint();
      }
    });
}

/** This browser's reader, made now if there is none. */
export async function reader() {
  const old = known();
  if (old) {
    return old;
  }
  const answer = await fetch("/api/readers", { method: "POST" });
  if (!answer.ok) {
    throw new Error(`no reader: ${answer.status}`);
  }
  const made = await answer.json();
  localStorage.setItem(KEY, JSON.stringify(made));
  join(made);
  return made;
}

async function toggle(button) {
  const slug = button.dataset.follow;
  const on = !following.has(slug);
  button.disabled = true;
  try {
    const me = await reader();
    const answer = await fetch(`/api/me/subscriptions/${encodeURIComponent(slug)}`, {
      method: on ? "PUT" : "DELETE",
      headers: { authorization: `Bearer ${me.token}` },
    });
    if (answer.ok) {
      following[on ? "add" : "delete"](slug);
    } else if (answer.status === 401) {
      localStorage.removeItem(KEY);
    }
  } finally {
    button.disabled = false;
    paint();
  }
}

for (const button of buttons) {
  button.addEventListener("click", () => toggle(button).catch(() => {}));
}
const me = known();
if (me) {
  join(me);
}
paint();
window.addEventListener("storage", (event) => {
  const now = event.key === KEY ? known() : null;
  if (now) {
    join(now);
  }
});
