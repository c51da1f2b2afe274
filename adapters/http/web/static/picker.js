// Months, days and time zones change in place; the address always says what is shown.

import { keepFocus } from "./focus.js";
import { livenGrid } from "./grid.js";
import { liven, ownZone } from "./page.js";
import { livenZones, rememberedZone } from "./zones.js";

const place = () => document.querySelector("[data-swap-here]");
const announcement = document.body.appendChild(document.createElement("p"));
announcement.className = "hidden-text";
announcement.setAttribute("role", "status");
let newest = 0;

// `arrive` hands on the focus, unless its owner has moved on meanwhile.
async function show(address, arrive) {
  const turn = ++newest;
  const from = document.activeElement;
  place().setAttribute("data-busy", "");
  try {
    const answer = await fetch(address, { headers: { accept: "text/html" } });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (turn !== newest) return;
    const held = document.activeElement;
    const searching = held.id === "zone-search" && held.getAttribute("aria-expanded") === "true";
    const focusAgain = keepFocus();
    place().replaceChildren(...page.querySelector("[data-swap-here]").children);
    place().removeAttribute("data-busy");
    document.title = page.title;
    enliven();
    if (arrive && [from, document.body].includes(held)) arrive();
    else focusAgain();
    if (searching && document.activeElement.id === held.id) document.activeElement.dispatchEvent(new Event("input"));
  } catch {
    // What somebody has turned away from leads nowhere.
    if (turn === newest) location.assign(address);
  }
}

function go(address, arrive) {
  history.pushState(null, "", address);
  return show(address, arrive);
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

function told(...ids) {
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
  announcement.textContent = told("month-shown", "times-of");
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

// The visitor's own zone, unless the address or an earlier choice says otherwise.
function settle() {
  const list = place().querySelector("#zone");
  const asked = new URLSearchParams(location.search);
  if (!list || asked.has("timezone") || place().hasAttribute("data-own-zone")) return;
  const shown = list.value;
  const wanted = rememberedZone() ?? ownZone() ?? shown;
  asked.set("timezone", wanted);
  const address = `${location.pathname}?${asked}`;
  history.replaceState(null, "", address);
  if (wanted !== shown) show(address);
}

settle();
enliven();
