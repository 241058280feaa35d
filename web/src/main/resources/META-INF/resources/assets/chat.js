// The chat of a story: joins story:{id} through the Phoenix client, first to read, and again with a
// nickname to write. Who is here comes from the client's own Presence. What readers write goes in as
// text nodes only.
import { Presence } from "/vendor/phoenix-1.8.12/phoenix.mjs";
import { time } from "./card.js";
import { reader } from "./reader.js";
import { socket } from "./socket.js";

const MOST_LINES = 200;
const MOST_NAMES = 8;
const REMEMBERED = "athanor.nickname";

const room = document.querySelector("[data-chat]");
const part = (name) => room.querySelector(`[data-${name}]`);

function remembered(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // then not
  }
}

/** The token of this browser's reader; without one a nickname alone does. */
async function token() {
  try {
    return (await reader()).token;
  } catch {
    return null;
  }
}

class Chat {
  constructor() {
    this.lines = part("lines");
    part("chat-body").hidden = false;
    part("name-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.enter(new FormData(event.target).get("nickname"));
    });
    part("say-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.say(event.target.elements.text);
    });
    part("name-form").elements.nickname.value = remembered(REMEMBERED) ?? "";
    this.join({});
  }

  async enter(nickname) {
    this.tell("");
    this.entering = true;
    const shown = await token();
    this.join(shown ? { nickname, token: shown } : { nickname });
  }

  join(params) {
    this.channel?.leave();
    const channel = socket().channel(room.dataset.chat, params);
    this.channel = channel;
    const presence = new Presence(channel);
    presence.onSync(() => this.channel === channel && this.here(presence.list((name) => name)));
    channel.on("message", (message) => this.put(message));
    channel.on("message_removed", ({ id }) => this.line(id)?.remove());
    channel.on("banned", ({ nickname }) => {
      if (nickname === this.nickname) {
        this.tell("An editor has decided that you may not write here for a while.");
      }
    });
    channel.join()
      .receive("ok", ({ nickname, messages }) => this.joined(nickname, messages))
      .receive("error", (refusal) => {
        channel.leave();
        this.tell(words(refusal));
        if (params.nickname !== undefined) {
          this.join({});
        }
      });
  }

  joined(nickname, messages) {
    this.nickname = nickname;
    const current = new Set(messages.map(({ id }) => String(id)));
    for (const line of [...this.lines.children]) {
      if (!current.has(line.dataset.id)) {
        line.remove();
      }
    }
    messages.forEach((message) => this.put(message));
    part("name-form").hidden = nickname !== null;
    part("say-form").hidden = nickname === null;
    if (nickname !== null) {
      remember(REMEMBERED, nickname);
    }
    if (nickname !== null && this.entering) {
      part("say-form").elements.text.focus({ preventScroll: true });
    }
    this.entering = false;
    this.empty();
  }

  say(field) {
    this.tell("");
    this.channel.push("say", { text: field.value })
      .receive("ok", () => {
        field.value = "";
      })
      .receive("error", (refusal) => this.tell(words(refusal)))
      .receive("timeout", () => this.tell("There is no answer; please try again."));
  }

  line(id) {
    return this.lines.querySelector(`:scope > [data-id="${CSS.escape(id)}"]`);
  }

  put({ id, nickname, text, at }) {
    if (this.line(id)) {
      return;
    }
    const end = this.lines.scrollHeight - this.lines.scrollTop - this.lines.clientHeight < 40;
    const line = document.createElement("li");
    line.dataset.id = id;
    const who = document.createElement("bdi");
    who.textContent = nickname;
    const what = document.createElement("p");
    what.dir = "auto";
    what.textContent = text;
    line.append(who, " ", time(at), what);
    this.lines.append(line);
    while (this.lines.children.length > MOST_LINES) {
      this.lines.firstElementChild.remove();
    }
    if (end) {
      this.lines.scrollTop = this.lines.scrollHeight;
    }
    this.empty();
  }

  empty() {
    part("nobody").hidden = this.lines.children.length > 0;
  }

  here(names) {
    const shown = names.slice(0, MOST_NAMES).join(", ");
    const more = names.length - MOST_NAMES;
    part("here").textContent = names.length === 0
      ? "Nobody is here to talk."
      : `Here now: ${shown}${more > 0 ? ` and ${more} more` : ""}`;
  }

  tell(trouble) {
    part("trouble").textContent = trouble;
  }
}

function words({ reason, detail, errors, retry_after: wait }) {
  if (reason === "too-fast") {
    return `That was fast. You can write again in ${wait} s.`;
  }
  if (errors?.length) {
    return errors.map(({ field, expected, got }) => `${field}: expected ${expected}, got ${got}`).join("; ");
  }
  return detail ?? "This did not work.";
}

if (room) {
  new Chat();
}
