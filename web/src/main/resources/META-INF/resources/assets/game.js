// Keeps the page of a match live. The join answers with the match as it stands, and each event
// carries the match after it; its step says whether it is news: what is not above the step shown was
// shown already, in the join's answer or by an event that came twice.
import { show, socket } from "./socket.js";

const page = document.querySelector("[data-game]");

function minute(moment) {
  return `${moment.minute}${moment.stoppage > 0 ? `+${moment.stoppage}` : ""}'`;
}

function score(goals, none) {
  return goals ? `${goals[0]}–${goals[1]}` : none;
}

function phase(match) {
  switch (match.status) {
    case "live": return `Live, ${minute(match)}`;
    case "finished": return "Full time";
    case "no_result": return "No result";
    default: return "Not started";
  }
}

function words(moment, match) {
  const goals = score(moment.score, "");
  switch (moment.kind) {
    case "kick_off": return "Kick-off";
    case "goal": {
      const side = (moment.side === 2 ? match.team2 : match.team1).name;
      return `Goal! ${moment.scorer ? `${moment.scorer}, ${side}` : side} ${goals}`;
    }
    case "half_time": return `Half time ${goals}`;
    case "extra_time": return `Extra time ${goals}`;
    default: return `Full time ${goals}${moment.note ? ` (${moment.note})` : ""}`;
  }
}

function tell(match) {
  const before = Number(page.dataset.step);
  if (match.step <= before) {
    return;
  }
  page.dataset.step = match.step;
  page.querySelector("[data-score]").textContent = score(match.score, "v");
  page.querySelector("[data-phase]").textContent = phase(match);
  const list = page.querySelector("[data-moments]");
  for (const moment of match.moments.filter((each) => each.step > before)) {
    const line = document.createElement("li");
    line.dataset.step = moment.step;
    line.dataset.kind = moment.kind;
    line.className = "arrived";
    const at = document.createElement("b");
    at.textContent = minute(moment);
    line.append(at, ` ${words(moment, match)}`);
    list.prepend(line);
  }
}

const channel = socket().channel(`game:${page.dataset.game}`, {});
for (const kind of ["kick_off", "goal", "half_time", "extra_time", "full_time"]) {
  channel.on(kind, tell);
}
channel.onError(() => show("offline", "Reconnecting"));
channel.join()
  .receive("ok", (match) => {
    show("live", "Live");
    tell(match);
  })
  .receive("error", () => show("offline", "Not live"))
  .receive("timeout", () => show("offline", "Reconnecting"));
