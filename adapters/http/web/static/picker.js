// Months, days and time zones change in place; the address always says what is shown.

import { keepFocus } from "./focus.js";
import { livenGrid } from "./grid.js";
import { liven, ownZone, select } from "./page.js";
import { livenZones } from "./zones.js";

const place = () => document.querySelector("[data-swap-here]");
const announcement = document.body.appendChild(document.createElement("p"));
announcement.className = "hidden-text";
announcement.setAttribute("role", "status");
let newest = 0;

// `arrive` hands on the focus, unless its owner has moved on meanwhile.
async function show(address, arrive, isNew) {
  const turn = ++newest;
  const from = document.activeElement;
  place().setAttribute("data-busy", "");
  try {
    // After going back, a browser would answer from its cache without asking whether that is still true.
    const answer = await fetch(address, { headers: { accept: "text/html" }, cache: "no-cache" });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (turn !== newest) return;
    if (isNew) history.pushState(null, "", address);
    const held = document.activeElement;
    const searching = held.id === "zone-search" && held.getAttribute("aria-expanded") === "true";
    const focusAgain = keepFocus();
    place().replaceChildren(...page.querySelector("[data-swap-here]").children);
    place().removeAttribute("data-busy");
    place().toggleAttribute("data-unsettled", page.querySelector("[data-swap-here]").hasAttribute("data-unsettled"));
    document.title = page.title;
    enliven();
    if (arrive && [from, document.body].includes(held)) arrive();
    else focusAgain();
    if (searching && document.activeElement.id === held.id) document.activeElement.dispatchEvent(new Event("input"));
  } catch (error) {
    // What somebody has turned away from leads nowhere.
    if (turn !== newest) return;
    // An answer that is no page of times says more by itself; without an answer, all stays as it is.
    if (error instanceof TypeError) sayOffline(() => show(address, arrive, isNew));
    else location.assign(address);
  }
}

const go = (address, arrive) => show(address, arrive, true);

function sayOffline(tryAgain) {
  place().removeAttribute("data-busy");
  const { offline, again } = place().dataset;
  const notice = place().querySelector("[data-offline-notice]") ?? document.createElement("div");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: again, onclick: tryAgain });
  notice.className = "notice banner";
  notice.dataset.offlineNotice = "";
  notice.setAttribute("role", "alert");
  notice.replaceChildren(Object.assign(document.createElement("p"), { textContent: offline }), button);
  place().querySelector(".step").prepend(notice);
}

function enliven() {
  liven(place());
  livenGrid(place(), turnTo);
  livenZones(place(), (address) => go(address, () => document.getElementById("zone-search").focus()));
}

// To another month, and to a day in it.
function turnTo(link, day) {
  go(link.href, () => (document.getElementById(day) ?? document.getElementById("month-shown")).focus());
}

function textsOf(...ids) {
  return ids.map((id) => document.getElementById(id)?.textContent ?? "").join(". ");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(link.href, link.id.startsWith("month-") ? () => arriveInMonth(link.id) : arriveAtTimes);
});

function arriveInMonth(link) {
  (document.getElementById(link) ?? document.getElementById("month-shown")).focus({ preventScroll: true });
  announcement.textContent = textsOf("month-shown", "times-of");
}

// What was chosen is read out, and the times follow.
function arriveAtTimes() {
  const heading = document.getElementById("times-of");
  heading.focus({ preventScroll: true });
  if (heading.getBoundingClientRect().top > innerHeight * 0.7) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    heading.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "start" });
  }
}

addEventListener("popstate", () => show(location.href));
// Back from a form: somebody may have taken a time meanwhile.
addEventListener("pageshow", (event) => {
  if (event.persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward") show(location.href);
});
// A page that can't be opened would replace this one.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a.time");
  if (!link || navigator.onLine) return;
  event.preventDefault();
  sayOffline(() => link.click());
});

// Until the zone is the visitor's own, nothing can be chosen: either it is the one that is shown, or it is fetched.
function settle() {
  const shown = place().dataset.unsettled;
  const asked = new URLSearchParams(location.search);
  // A zone that the server doesn't know is asked for.
  if (shown === undefined || asked.has("timezone")) return;
  const own = ownZone();
  if (!own) return;
  asked.set("timezone", own);
  const address = `${location.pathname}?${asked}`;
  history.replaceState(null, "", address);
  if (own === shown) settleAt(own);
  else show(address);
}

function settleAt(zone) {
  place().removeAttribute("data-unsettled");
  for (const link of place().querySelectorAll(".step a")) link.href += `&timezone=${encodeURIComponent(zone)}`;
  const list = place().querySelector("#zone");
  if (!list) return;
  list.querySelector('[value=""]').remove();
  select(list, zone);
  list.dataset.shown = list.selectedOptions[0].text;
}

settle();
enliven();
