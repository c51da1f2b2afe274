// A booking's page learns by itself what has changed: one held request after the other.

import { keepFocus } from "./focus.js";
import { liven } from "./page.js";

const pause = (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds));
const visible = () => document.visibilityState === "visible"
  || new Promise((resume) => document.addEventListener("visibilitychange", resume, { once: true }));

// Somebody is at a control, or has typed or opened something.
const isInUse = () => document.activeElement.matches("main :is(a, button, input, summary, textarea)")
  || [...document.querySelectorAll("main input[type=url], main textarea")].some((each) => each.value !== each.defaultValue)
  || [...document.querySelectorAll("main details")].some((each) => each.open !== opened.has(each));
const opened = new Set(document.querySelectorAll("main details[open]"));

function put(html) {
  const old = document.getElementById("live");
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("live");
  if (old.dataset.around !== fresh.dataset.around && !isInUse()) {
    location.reload();
    return;
  }
  const held = old.contains(document.activeElement);
  const focusAgain = keepFocus();
  old.replaceWith(fresh);
  liven(fresh);
  // Where the control is gone, its owner comes to the heading.
  if (held && !focusAgain()) fresh.querySelector("h1")?.focus();
  if (fresh.dataset.title) document.title = fresh.dataset.title;
  // What was said after a button need not be true any more.
  if (fresh.dataset.waiting === "no") document.getElementById("message")?.remove();
  if (fresh.dataset.announcement !== old.dataset.announcement || fresh.dataset.around) {
    const announcement = document.getElementById("live-announcement");
    announcement.textContent = fresh.dataset.announcement;
    // All that isn't replaced is out of date, which is for everybody to see.
    if (fresh.dataset.around) announcement.className = "notice";
  }
}

// Nobody confirmed the booking in time, or it was given back.
function end() {
  const page = document.getElementById("live");
  const ended = page.querySelector("template[data-ended]");
  if (!ended) return;
  const held = page.contains(document.activeElement);
  page.replaceChildren(ended.content);
  const heading = page.querySelector("h1");
  document.title = heading.textContent;
  document.getElementById("message")?.remove();
  document.getElementById("live-announcement").textContent = heading.textContent;
  if (held) heading.focus();
}

let failures = 0;
while (document.getElementById("live").dataset.waiting === "yes") {
  await visible();
  try {
    const answer = await fetch(document.getElementById("live").dataset.url, { cache: "no-store" });
    failures = answer.ok ? 0 : failures + 1;
    if (answer.status === 200) put(await answer.text());
    if (answer.status === 404) {
      end();
      break;
    }
  } catch {
    failures += 1;
  }
  if (failures) await pause(Math.min(2000 * failures, 30000));
}
