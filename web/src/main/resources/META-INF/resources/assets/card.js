// Builds the card of a post from its JSON, as templates/web/card.html does on the server. Text goes
// in as text only: nothing of a post is ever parsed as HTML.

const SCORE =
  /^(?:(GOAL!|Half time:|Extra time:|Full time:) )?(.{1,100}?) (\d{1,3}–\d{1,3}|–) (.{1,100}?)(?: \(([^()]*\d'[^()]*|[^()]*(?:penalties|time|awarded))\))?$/u;
const KICK_OFF = /^(Kick-off): (.{1,100}?) – (.{1,100})$/u;
const LABELS = { article: "Story", video: "Video", audio: "Audio", tweet: "Short", link: "Link", score: "Score" };

function el(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

function hostOf(url) {
  try {
    return new URL(url).hostname.replace(/^www\./, "");
  } catch {
    return "";
  }
}

/** What the title of a score says, or null. */
export function readScore(title) {
  const kickOff = KICK_OFF.exec(title);
  if (kickOff) {
    return { phase: kickOff[1], team1: kickOff[2], middle: "v", team2: kickOff[3] };
  }
  const score = SCORE.exec(title);
  if (!score) {
    return null;
  }
  const phase = score[1] === "GOAL!" ? "Goal" : (score[1] ?? "").replace(":", "");
  return { phase, team1: score[2], middle: score[3], team2: score[4], detail: score[5] };
}

function board(score) {
  return el("div", { class: "board" },
    el("span", { class: "home" }, score.team1),
    el("span", { class: "goals" }, score.middle),
    el("span", { class: "away" }, score.team2));
}

/** The likely name of a stream that the page has no name for. */
function words(slug) {
  return slug.split("-").map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(" ");
}

/** The words a reader sees first: a short text without a title shows itself. */
export function headline(post) {
  return post.title || post.body || "";
}

export function time(iso) {
  const node = el("time", { datetime: iso });
  tell(node);
  return node;
}

export function card(post, names) {
  const score = post.type === "score" ? readScore(post.title) : null;
  const first = (score && (score.detail || post.summary)) || headline(post);
  const link = el("a", { href: `/stories/${encodeURIComponent(post.id)}` }, first);
  const chips = el("div", { class: "chips" },
    ...post.streams.map((slug) =>
      el("a", { href: `/streams/${encodeURIComponent(slug)}` }, names.get(slug) ?? words(slug))));
  return el("li", {
      class: post.breaking ? "card breaking" : "card",
      "data-type": post.type,
      "data-id": post.id,
      "data-published": post.published_at,
    },
    el("div", { class: "card-top" },
      post.breaking ? el("span", { class: "badge alarm" }, "Breaking") : null,
      el("span", { class: "badge" }, (score && score.phase) || LABELS[post.type] || post.type),
      time(post.published_at)),
    score ? board(score) : null,
    el("h3", {}, link),
    post.summary && !score ? el("p", { class: "summary" }, post.summary) : null,
    post.type === "link" && post.url ? el("p", { class: "host" }, `${hostOf(post.url)} ↗`) : null,
    chips);
}

function telling(node) {
  const copy = node.cloneNode(true);
  copy.querySelectorAll("time").forEach((at) => at.remove());
  const links = [...copy.querySelectorAll("a")].map((a) => a.getAttribute("href"));
  return [copy.classList.contains("breaking"), ...links, copy.textContent.replace(/\s+/g, "")].join("\n");
}

/** Whether two cards tell the same, however long ago it was: then the one that stands may stay, and
 *  with it the focus of who is just there. */
export function same(one, other) {
  return telling(one) === telling(other);
}

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const absolute = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

/** Puts into a time element how long ago its moment was. */
export function tell(node) {
  const then = new Date(node.dateTime);
  if (Number.isNaN(then.getTime())) {
    return;
  }
  const seconds = Math.round((then.getTime() - Date.now()) / 1000);
  const past = Math.abs(seconds);
  node.title = absolute.format(then);
  if (past < 45) {
    node.textContent = "just now";
  } else if (past < 3600) {
    node.textContent = relative.format(Math.round(seconds / 60), "minute");
  } else if (past < 86400) {
    node.textContent = relative.format(Math.round(seconds / 3600), "hour");
  } else if (past < 7 * 86400) {
    node.textContent = relative.format(Math.round(seconds / 86400), "day");
  } else {
    node.textContent = absolute.format(then);
  }
}
