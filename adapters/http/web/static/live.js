// A booking's page learns by itself what has changed: one held request after the other.

import { liven } from "./page.js";

const pause = (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds));
const visible = () => document.visibilityState === "visible"
  || new Promise((resume) => document.addEventListener("visibilitychange", resume, { once: true }));

const typedIn = () => [...document.querySelectorAll("main input[type=url], main textarea")].some((each) => each.value !== each.defaultValue);

// Whoever was on a control stays on it, or comes to the heading where it is gone.
function keepFocus(old, fresh) {
  const held = document.activeElement;
  if (!old.contains(held)) return () => {};
  const same = (each) => (held.id ? each.id === held.id : each.href === held.href && each.textContent === held.textContent);
  return () => ([...fresh.querySelectorAll("a, button")].find(same) ?? fresh.querySelector("h1"))?.focus();
}

function put(html) {
  const old = document.getElementById("live");
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("live");
  if (old.dataset.around !== fresh.dataset.around && !typedIn()) {
    location.reload();
    return;
  }
  const focusAgain = keepFocus(old, fresh);
  old.replaceWith(fresh);
  liven(fresh);
  focusAgain();
  if (fresh.dataset.title) document.title = fresh.dataset.title;
  // What was said after a button need not be true any more.
  if (fresh.dataset.waiting === "no") document.getElementById("message")?.remove();
  if (fresh.dataset.announcement !== old.dataset.announcement || fresh.dataset.around) {
    document.getElementById("live-announcement").textContent = fresh.dataset.announcement;
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
