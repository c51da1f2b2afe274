// What a guest has typed outlives a look at other times and going back and forth: in this tab, until it is sent, for half
// an hour. Every page but those of the same event type throws it away (page.js). In another site's frame it goes along in
// the addresses of the form's links instead, as if they had come filled in.

import { framed, ownZone } from "./page.js";

const form = document.querySelector("form[data-typed]");
const key = `typed ${form.dataset.typed}`;
const kept = [...form.querySelectorAll("input:not([type=hidden]), textarea, select")].filter((each) => each.name !== "start");

function stored() {
  if (framed) return {};
  try {
    return JSON.parse(sessionStorage.getItem(key))?.fields ?? {};
  } catch {
    // Storage is switched off, or holds something else.
    return {};
  }
}

// It counts before what the address has filled in.
const typed = stored();
for (const field of kept) {
  const before = typed[field.name];
  if (before === undefined) continue;
  if (field.type === "radio") field.checked = field.value === before;
  else field.value = before;
}

// Browsers that fill a form in again after Back leave it folded.
const unfold = () => kept.filter((each) => each.value).forEach((each) => each.closest("details")?.setAttribute("open", ""));
addEventListener("pageshow", unfold);
unfold();

function keep() {
  const now = Object.fromEntries(new FormData(form));
  if (framed) return handOn(now);
  const fields = Object.fromEntries(kept.map((field) => [field.name, now[field.name]]));
  try {
    sessionStorage.setItem(key, JSON.stringify({ until: Date.now() + 30 * 60_000, fields }));
  } catch {
    // Without storage, the browser's own memory has to do.
  }
}

// Under the names that fill a form in: an answer is `q.` and its question.
const LONGEST = 1000;
const PARAMETERS = { meeting_type: "type", additional_guests: "guests" };
function handOn(now) {
  for (const link of form.querySelectorAll("a[href*='?']")) {
    const address = new URL(link.href);
    for (const { name } of kept) {
      const parameter = PARAMETERS[name] ?? name.replace(/^answers\./, "q.");
      if (now[name] && now[name].length <= LONGEST) address.searchParams.set(parameter, now[name]);
      else address.searchParams.delete(parameter);
    }
    // However wrong it is, the guest can mend it.
    address.searchParams.set("typed", 1);
    link.href = address;
  }
}
form.addEventListener("input", keep);
// Refused, it comes back filled in by the server; in another language it is opened anew. In a frame, somebody may have typed
// before this script came.
if (framed || document.querySelector("[role=alert]")) keep();

form.addEventListener("submit", (event) => {
  if (!navigator.onLine) {
    event.preventDefault();
    event.submitter?.removeAttribute("aria-busy");
    sayOffline();
    return;
  }
  try {
    if (!framed) sessionStorage.removeItem(key);
  } catch {
    // Nothing was stored.
  }
});

// A form that was opened by a link from elsewhere tells its time in the guest's own zone, as soon as that is known.
async function settle() {
  const asked = new URLSearchParams(location.search);
  if (!("unsettled" in form.dataset) || asked.has("timezone") || !ownZone()) return;
  asked.set("timezone", ownZone());
  const address = `${location.pathname}?${asked}`;
  try {
    const answer = await fetch(address, { headers: { accept: "text/html" }, cache: "no-cache" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    // Gone meanwhile, or a zone that the server doesn't know: the time stays as it is told, with its zone.
    if (!answer.ok || !page.querySelector("form[data-typed]:not([data-unsettled])")) return;
    // Whoever has chosen a zone meanwhile keeps it.
    const list = form.querySelector("#timezone");
    if (!list.selectedOptions[0]?.defaultSelected) return;
    for (const part of form.querySelectorAll("[data-zoned]")) part.replaceWith(page.querySelector(`[data-zoned=${part.dataset.zoned}]`));
    form.removeAttribute("data-unsettled");
    history.replaceState(null, "", address);
  } catch {
    // Without a connection, the zone that is named stays.
  }
}
settle();

function sayOffline() {
  const notice = form.querySelector("[data-offline-notice]") ?? document.createElement("p");
  notice.className = "notice";
  notice.dataset.offlineNotice = "";
  notice.setAttribute("role", "alert");
  notice.textContent = form.dataset.offline;
  form.querySelector("button[type=submit]").before(notice);
}

// Back to the form of a time that somebody else has taken: the server knows which are free.
const TAKEN = `taken ${form.dataset.typed}`;
addEventListener("pageshow", () => {
  if (framed) return;
  const start = form.querySelector("input[type=hidden][name=start]")?.value;
  const wanted = form.querySelector("[name=wanted]")?.value;
  try {
    if (wanted) sessionStorage.setItem(TAKEN, wanted);
    else if (start && sessionStorage.getItem(TAKEN) === start) {
      sessionStorage.removeItem(TAKEN);
      location.reload();
    }
  } catch {
    // Without storage, confirming says that the time is gone.
  }
});
