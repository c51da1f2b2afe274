// Months, days and time zones change in place; the address always says what is shown.

import { liven, ownZone, select } from "./page.js";

const place = () => document.querySelector("[data-swap-here]");
let newest = 0;

async function show(address, focus) {
  const turn = ++newest;
  place().setAttribute("data-busy", "");
  try {
    const answer = await fetch(address, { headers: { accept: "text/html" } });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (turn !== newest) return;
    place().replaceChildren(...page.querySelector("[data-swap-here]").children);
    place().removeAttribute("data-busy");
    document.title = page.title;
    liven(place());
    if (focus) (document.getElementById(focus) ?? document.getElementById("month-shown"))?.focus({ preventScroll: true });
  } catch {
    location.assign(address);
  }
}

function go(address, focus) {
  history.pushState(null, "", address);
  return show(address, focus);
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const day = link.classList.contains("day");
  await go(link.href, link.id || "times-of");
  const times = document.querySelector(".times");
  if (day && times && times.getBoundingClientRect().top > innerHeight * 0.8) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    times.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "start" });
  }
});

const addressIn = (form) => `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-zone-select]")) go(addressIn(event.target.form), "zone");
});

addEventListener("popstate", () => show(location.href));

const list = document.querySelector("[data-zone-select]");
const asked = new URLSearchParams(location.search);
if (list && !asked.has("timezone") && !place().hasAttribute("data-own-zone")) {
  const shown = list.value;
  if (select(list, ownZone()) && list.value !== shown) {
    asked.set("timezone", list.value);
    const address = `${location.pathname}?${asked}`;
    history.replaceState(null, "", address);
    show(address);
  }
}
