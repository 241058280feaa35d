// Builds the card of a post from its JSON, as templates/web/card.html does on the server. Text goes
// in as text only: nothing of a post is ever parsed as HTML.

const SCORE = /^(.{1,80}?) (\d{1,3})\s?[–:-]\s?(\d{1,3}) (.{1,80})$/u;
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

function board(title) {
  const match = SCORE.exec(title);
  return match
    ? el("div", { class: "board" },
        el("span", { class: "home" }, match[1]),
        el("span", { class: "goals" }, `${match[2]}–${match[3]}`),
        el("span", { class: "away" }, match[4]))
    : null;
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
  const scores = post.type === "score" ? board(post.title) : null;
  const words = (scores && post.summary) || headline(post);
  const link = el("a", { href: `/stories/${encodeURIComponent(post.id)}` }, words);
  const chips = el("div", { class: "chips" },
    ...post.streams.map((slug) =>
      el("a", { href: `/streams/${encodeURIComponent(slug)}` }, names.get(slug) ?? slug.replaceAll("-", " "))));
  return el("li", {
      class: post.breaking ? "card breaking" : "card",
      "data-type": post.type,
      "data-id": post.id,
      "data-published": post.published_at,
    },
    el("div", { class: "card-top" },
      post.breaking ? el("span", { class: "badge alarm" }, "Breaking") : null,
      el("span", { class: "badge" }, LABELS[post.type] ?? post.type),
      time(post.published_at)),
    scores,
    el("h3", {}, link),
    post.summary && !scores ? el("p", { class: "summary" }, post.summary) : null,
    post.type === "link" && post.url ? el("p", { class: "host" }, `${hostOf(post.url)} ↗`) : null,
    chips);
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
