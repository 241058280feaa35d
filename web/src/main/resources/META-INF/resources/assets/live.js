// Keeps a page's lists of posts live: joins the page's topic through the Phoenix client, puts in
// what arrives, replaces what changes and takes out what is withdrawn. After every join, the first
// one too, it reads the newest posts once and merges them, so that nothing published between the
// page and the join, or while the connection was down, is missed.
import { card, headline, same, tell } from "./card.js";
import { show, socket } from "./socket.js";

const LONGEST_LIST = 200;
const LONGEST_SCORES = 12;

/** So many missed posts are shown arriving; more would be a flicker. */
const FEW = 3;

/** For so long breaking news stands in the banner, as on the server. */
const BREAKING_MILLIS = 24 * 3_600_000;

const page = document.querySelector("[data-topic]");
const names = new Map(
  [...document.querySelectorAll("a[href^='/streams/']")]
    .filter((a) => a.search === "")
    .map((a) => [decodeURIComponent(a.pathname.slice("/streams/".length)), (a.querySelector("span") ?? a).textContent.trim()]));

/** One list of the page: which posts it takes, and how many it keeps. */
class List {
  constructor(root) {
    this.root = root;
    this.only = root.dataset.only;
    this.longest = root.dataset.only === "score" ? LONGEST_SCORES : LONGEST_LIST;
  }

  takes(post) {
    return this.only === undefined || (this.only === "score") === (post.type === "score");
  }

  of(id) {
    return this.root.querySelector(`:scope > [data-id="${CSS.escape(id)}"]`);
  }

  /** On the list of live scores a match has one card, its latest. */
  sameMatch(post) {
    if (this.only !== "score") {
      return null;
    }
    const match = [...post.streams].sort().join(" ");
    return [...this.root.children].find((child) => child.dataset.match === match) ?? null;
  }

  put(post, arrived) {
    const old = this.of(post.id);
    if (!this.takes(post)) {
      old?.remove();
      return;
    }
    const other = this.sameMatch(post);
    if (other && !old && (other.dataset.published ?? "") > post.published_at) {
      return;
    }
    const made = card(post, names);
    if (this.only === "score") {
      made.dataset.match = [...post.streams].sort().join(" ");
    }
    if (old && old.dataset.published === post.published_at) {
      if (!same(old, made)) {
        old.replaceWith(made);
      }
      return;
    }
    old?.remove();
    other?.remove();
    const after = [...this.root.children].find((child) => (child.dataset.published ?? "") <= post.published_at);
    this.root.insertBefore(made, after ?? null);
    if (arrived) {
      made.classList.add("arrived");
    }
    while (this.root.children.length > this.longest) {
      this.root.lastElementChild.remove();
    }
    this.empty();
  }

  remove(id) {
    this.of(id)?.remove();
    this.empty();
  }

  empty() {
    const hint = document.querySelector(`[data-empty-of="${this.root.id}"]`);
    if (hint) {
      hint.hidden = this.root.children.length > 0;
    }
  }

  ids() {
    return [...this.root.children].map((child) => child.dataset.id);
  }
}

const lists = [...document.querySelectorAll("[data-list]")].map((root) => new List(root));

function banner(post, gone) {
  const node = document.querySelector("[data-banner]");
  if (!node) {
    return;
  }
  if (gone) {
    node.hidden = node.hidden || node.dataset.id === post.id;
    return;
  }
  if (!post.breaking || Date.now() - Date.parse(post.published_at) > BREAKING_MILLIS) {
    banner(post, true);
  } else if (node.hidden || node.dataset.id === post.id || (node.dataset.published ?? "") <= post.published_at) {
    node.dataset.id = post.id;
    node.dataset.published = post.published_at;
    node.href = `/stories/${encodeURIComponent(post.id)}`;
    node.querySelector(".headline").textContent = headline(post);
    const at = node.querySelector("time");
    at.dateTime = post.published_at;
    tell(at);
    node.hidden = false;
  }
}

function put(post, arrived) {
  lists.forEach((list) => list.put(post, arrived));
  banner(post, false);
}

function withdraw(post) {
  lists.forEach((list) => list.remove(post.id));
  banner(post, true);
}

let joined = 0;

async function catchUp() {
  const mine = ++joined;
  const first = page.dataset.source;
  const before = new Set(lists.flatMap((list) => list.ids()));
  const found = new Map();
  let next = null;
  for (let round = 0; round < 5; round++) {
    const address = next ? `${first}?before=${encodeURIComponent(next)}` : first;
    const answer = await fetch(address, { headers: { accept: "application/json" }, cache: "no-cache" });
    if (!answer.ok || mine !== joined) {
      return;
    }
    const read = await answer.json();
    const known = read.data.some((post) => before.has(post.id));
    read.data.forEach((post) => found.set(post.id, post));
    next = read.next;
    if (next === null || known || before.size === 0) {
      break;
    }
  }
  const posts = [...found.values()];
  const oldest = posts.at(-1)?.published_at;
  for (const list of lists) {
    for (const child of [...list.root.children]) {
      const covered = next === null || (oldest !== undefined && child.dataset.published >= oldest);
      if (covered && before.has(child.dataset.id) && !found.has(child.dataset.id) && page.dataset.whole === "true") {
        list.remove(child.dataset.id);
      }
    }
  }
  const missed = posts.filter((post) => !before.has(post.id)).length;
  posts.reverse().forEach((post) => put(post, missed <= FEW && !before.has(post.id)));
}

function connect() {
  const channel = socket().channel(page.dataset.topic, {});
  channel.on("post", (post) => put(post, true));
  channel.on("post_updated", (post) => put(post, false));
  channel.on("post_withdrawn", withdraw);
  channel.onError(() => show("offline", "Reconnecting"));
  channel.join()
    .receive("ok", () => {
      show("live", "Live");
      catchUp().catch(() => {});
    })
    .receive("error", () => show("offline", "Not live"))
    .receive("timeout", () => show("offline", "Reconnecting"));
}

document.querySelectorAll("time[datetime]").forEach(tell);
setInterval(() => document.querySelectorAll("time[datetime]").forEach(tell), 30_000);
if (page) {
  connect();
}
