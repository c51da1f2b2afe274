// A booking's page learns by itself when its link is there: one held request after the other.

import { liven } from "./page.js";

sessionStorage.clear();

const pause = (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds));
const visible = () => document.visibilityState === "visible"
  || new Promise((resume) => document.addEventListener("visibilitychange", resume, { once: true }));

const typedIn = () => [...document.querySelectorAll("main input[type=url], main textarea")].some((each) => each.value !== each.defaultValue);

function put(html) {
  const old = document.getElementById("live");
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("live");
  if (old.dataset.around !== fresh.dataset.around && !typedIn()) {
    location.reload();
    return;
  }
  old.replaceWith(fresh);
  liven(fresh);
  document.getElementById("live-news").textContent = fresh.dataset.news;
}

let failures = 0;
while (document.getElementById("live").dataset.waiting === "yes") {
  await visible();
  try {
    const answer = await fetch(document.getElementById("live").dataset.url, { cache: "no-store" });
    failures = answer.ok ? 0 : failures + 1;
    if (answer.status === 200) put(await answer.text());
    if (answer.status === 404) break;
  } catch {
    failures += 1;
  }
  if (failures) await pause(Math.min(2000 * failures, 30000));
}
