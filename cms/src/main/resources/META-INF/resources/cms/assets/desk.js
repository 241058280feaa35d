// Makes the desk comfortable; everything works without it. Fields that a type does not have are
// hidden, streams are searched while typing, pages of feeds and campaigns refresh themselves.

const HINTS = {
  video: "A file (.mp4, .webm, .m3u8) or the page of a known player.",
  audio: "A file (.mp3, .ogg, .m4a, .wav) or the page of a known player.",
  link: "The page it leads to.",
  article: "Optional: where the story comes from.",
};
const LONGEST_TWEET = 280;

function editor(form) {
  const type = () => form.querySelector("input[name=type]:checked")?.value ?? "article";
  const body = form.querySelector("textarea[name=body]");
  const count = form.querySelector("[data-count]");
  const hint = form.querySelector("[data-hint]");
  function counted() {
    count.hidden = type() !== "tweet";
    count.textContent = `${LONGEST_TWEET - [...body.value.trim()].length} characters left`;
  }
  function shown() {
    for (const part of form.querySelectorAll("[data-for]")) {
      const filled = [...part.querySelectorAll("input, textarea")].some((field) => field.value !== "");
      part.hidden = !part.dataset.for.split(" ").includes(type()) && !filled;
    }
    hint.textContent = HINTS[type()] ?? "";
    body.rows = type() === "article" ? 14 : 4;
    counted();
  }
  form.addEventListener("change", shown);
  body.addEventListener("input", counted);
  shown();
  streams(form.querySelector("[data-streams]"));
}

function streams(part) {
  const input = part.querySelector("[data-search]");
  const found = part.querySelector("[data-found]");
  const picked = part.querySelector(".picked");
  let asked = 0;

  function pick(stream) {
    if (![...picked.querySelectorAll("input")].some((box) => box.value === stream.slug)) {
      const box = document.createElement("input");
      Object.assign(box, { type: "checkbox", name: "stream", value: stream.slug, checked: true });
      const words = document.createElement("span");
      words.textContent = stream.name;
      const label = document.createElement("label");
      label.className = "choice";
      label.append(box, words);
      picked.append(label);
    }
    input.value = "";
    found.hidden = true;
    input.focus();
  }

  async function search() {
    const mine = ++asked;
    const query = input.value.trim();
    if (query === "") {
      found.hidden = true;
      return;
    }
    const answer = await fetch(`/cms/streams?query=${encodeURIComponent(query)}`);
    if (!answer.ok || mine !== asked) {
      return;
    }
    const list = await answer.json();
    found.replaceChildren(...list.map((stream) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = stream.name;
      button.dataset.slug = stream.slug;
      button.addEventListener("click", () => pick(stream));
      const item = document.createElement("li");
      item.append(button);
      return item;
    }));
    found.hidden = list.length === 0;
  }

  input.addEventListener("input", () => search().catch(() => {}));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      const first = found.hidden ? null : found.querySelector("button");
      event.preventDefault();
      first?.click();
    }
  });
}

/** Makes a part of the page what it is on the server by now. What has not changed stays where it is,
 *  and with it the focus of who is just there. */
function become(old, fresh) {
  if (old.isEqualNode(fresh)) {
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE || old.nodeName !== fresh.nodeName) {
    old.replaceWith(fresh);
    return;
  }
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name)) {
      old.removeAttribute(name);
    }
  }
  for (const { name, value } of fresh.attributes) {
    old.setAttribute(name, value);
  }
  const children = [...fresh.childNodes];
  while (old.childNodes.length > children.length) {
    old.lastChild.remove();
  }
  children.forEach((child, i) => (old.childNodes[i] ? become(old.childNodes[i], child) : old.append(child)));
}

function refresh() {
  const part = document.querySelector("[data-refresh]");
  const wait = Number(part?.dataset.refresh);
  if (!part || !wait) {
    return;
  }
  setTimeout(async () => {
    try {
      const answer = await fetch(location.href);
      if (answer.ok) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-refresh]");
        if (fresh) {
          become(part, fresh);
        }
      }
    } finally {
      refresh();
    }
  }, wait);
}

document.querySelectorAll("[data-editor]").forEach(editor);
refresh();
