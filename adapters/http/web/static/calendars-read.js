// Settings → Connected providers: calendars that are being read say when they were.

import { keepFocus } from "./focus.js";
import { liven } from "./page.js";

const pause = (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds));
const visible = () => document.visibilityState === "visible"
  || new Promise((resume) => document.addEventListener("visibilitychange", resume, { once: true }));
const read = () => [...document.querySelectorAll("[data-being-read]")];

async function look() {
  const answer = await fetch(location.href, { cache: "no-store" });
  if (!answer.ok) return false;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const focusAgain = keepFocus();
  for (const old of read()) {
    const now = fresh.getElementById(old.id);
    // Disconnected elsewhere: the rest of its row is out of date as well.
    if (!now) return location.reload();
    // Screen readers hear of a text that changes, not of an element that comes.
    const status = old.querySelector("[role=status]");
    const words = now.querySelector("[role=status]");
    old.querySelector("ul").replaceWith(now.querySelector("ul"));
    if (status.textContent !== words.textContent) status.textContent = words.textContent;
    if (!now.hasAttribute("data-being-read")) old.removeAttribute("data-being-read");
    liven(old);
  }
  focusAgain();
  return true;
}

let wait = 2000;
while (read().length) {
  await pause(wait);
  await visible();
  const worked = await look().catch(() => false);
  wait = Math.min(wait * (worked ? 1.2 : 2), 30000);
}
