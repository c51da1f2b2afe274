// The editor without reloads: tabs, adding and removing rows, the preview, and a warning before unsaved work is lost.
// What a button does to the form is decided by the server, with this script or without it.

import { orderWords, sortable } from "./editor-sort.js";
import { tabbed } from "./editor-tabs.js";
import { keepFocus } from "./focus.js";
import { liven as livenParts } from "./page.js";

const PATIENCE = 20_000;

const editor = document.querySelector("[data-editor]");
const parts = editor.querySelector("[data-parts]");
const announcement = editor.querySelector("[data-announcement]");
const notSaved = editor.querySelector("[data-not-saved]");
const glimpse = document.querySelector("[data-preview]");
const dark = matchMedia("(prefers-color-scheme: dark)");

const typed = (submitter) => new URLSearchParams(new FormData(editor, submitter));

function state() {
  const fields = typed();
  for (const name of ["tab", "checked", "version"]) fields.delete(name);
  for (const name of [...fields.keys()]) if (/^(copy|link)\./.test(name)) fields.delete(name);
  return fields.toString();
}

let saved = "unsaved" in parts.dataset ? null : state();
let leaving = false;
let saving = false;
let composing = false;
let wanted = 0;
let timer;

function changed() {
  notSaved.hidden = state() === saved;
  clearTimeout(timer);
  timer = setTimeout(preview, 300);
}

// What the server says to a form; null where that is lost, too late, or another page, as after signing out.
async function answered(address, body) {
  const patience = new AbortController();
  const timeout = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const answer = await fetch(address, { method: "POST", body, signal: patience.signal });
    return answer.ok && !answer.redirected ? await answer.text() : null;
  } catch {
    return null;
  } finally {
    clearTimeout(timeout);
  }
}

async function preview() {
  if (!glimpse) return;
  const turn = ++wanted;
  const html = await answered(editor.dataset.previewAt, typed());
  // A later answer may have been faster; a lost one leaves the last that was good.
  if (html === null || turn !== wanted) return;
  glimpse.innerHTML = html;
  paint();
}

function paint() {
  const shown = glimpse?.querySelector("[data-brand]");
  if (!shown) return;
  const { brand, onBrand, light, dark: onDark, softLight, softDark } = shown.dataset;
  const colors = {
    "--brand": brand, "--on-brand": onBrand, "--accent": dark.matches ? onDark : light,
    "--accent-strong": dark.matches ? onDark : light, "--accent-soft": dark.matches ? softDark : softLight,
  };
  for (const [name, color] of Object.entries(colors)) shown.style.setProperty(name, color);
}

// Buttons that were pressed, in their order: each takes the form as the one before it left it.
const queue = [];
let work = null;

// Says whether all that is pressed so far was done.
function press(button) {
  button.setAttribute("aria-busy", "true");
  announcement.textContent = "";
  if (!queue.includes(button)) queue.push(button);
  work ??= workOff().finally(() => { work = null; });
  return work;
}

async function workOff() {
  for (; queue.length; queue.shift()) {
    if (await act(queue[0])) continue;
    // Those behind it were pressed in the belief that it would be done.
    for (const each of queue) each.removeAttribute("aria-busy");
    queue.length = 0;
    announcement.textContent = editor.dataset.failed;
    return false;
  }
  return true;
}

// A button of rows that were replaced stands for the one that does and says the same now.
function standsNow(button) {
  if (button.isConnected) return button;
  const says = (each) => `${each.value} ${each.ariaLabel ?? each.textContent}`;
  return [...parts.querySelectorAll("button[name=do]")].find((each) => says(each) === says(button));
}

async function act(pressed) {
  const button = standsNow(pressed);
  if (!button) return true;
  button.setAttribute("aria-busy", "true");
  const from = document.activeElement;
  const movedOn = () => ![from, button, document.body].includes(document.activeElement);
  let sent;
  let html;
  // Whoever typed on meanwhile has the button act on that.
  do {
    sent = typed(button).toString();
    html = await answered(editor.action, typed(button));
    if (html === null) return false;
    while (isInHand() || (movedOn() && isHalfWay())) await nextStep();
  } while (typed(button).toString() !== sent);
  const answer = new DOMParser().parseFromString(html, "text/html");
  if (!answer.querySelector("[data-parts]")) return false;
  replaceParts(answer, button, movedOn());
  return true;
}

// What can't be carried over is waited for: a dragged row, a composed character, half a date, an open list.
const isInHand = () => composing || document.documentElement.classList.contains("dragging");
const isHalfWay = () => document.activeElement.matches("select, [type=color], [type=date], [type=number], [type=time]");

function nextStep() {
  return new Promise((resume) => {
    const steps = new AbortController();
    const step = () => {
      steps.abort();
      // By then the focus has arrived where it goes.
      setTimeout(resume);
    };
    for (const each of ["focusout", "compositionend", "pointerup"]) addEventListener(each, step, { signal: steps.signal });
  });
}

function replaceParts(answer, button, movedOn) {
  const focusAgain = keepFocus();
  // The days to copy to are chosen in the browser alone, and so is what is unfolded.
  const open = [...parts.querySelectorAll("details[open]")].filter((each) => "staysOpen" in each.dataset || !each.contains(button));
  parts.replaceChildren(...answer.querySelector("[data-parts]").childNodes);
  for (const each of open) {
    const fresh = document.getElementById(each.firstElementChild.id)?.parentElement;
    if ("staysOpen" in each.dataset && fresh) fresh.open = true;
    else fresh?.replaceWith(each);
  }
  liven();
  announcement.textContent = answer.querySelector("[data-announcement]").textContent;
  if (!movedOn || !focusAgain()) parts.querySelector("[autofocus]")?.focus();
  changed();
}

let asked = 0;

// Asks for the page as it is in the form; without this script, for the page as it is stored.
async function explain(form, button) {
  const turn = ++asked;
  const body = typed();
  for (const [name, value] of new FormData(form)) body.set(name, value);
  body.set("do", "why");
  const html = await answered(editor.action, body);
  // What nobody asks any more isn't answered.
  if (turn !== asked) return;
  button?.removeAttribute("aria-busy");
  const shown = form.querySelector("[data-why]");
  if (html === null) {
    shown.textContent = editor.dataset.failed;
    return;
  }
  shown.replaceChildren(...new DOMParser().parseFromString(html, "text/html").querySelector("[data-why]").childNodes);
}

function rename(field) {
  const row = field.closest("[data-row]");
  const name = field.value.trim();
  if (!name) return;
  row.dataset.name = name;
  for (const each of row.querySelectorAll("[data-own-name]")) each.textContent = name;
  // A function, because a replacement text may hold a dollar sign.
  for (const each of row.querySelectorAll("[data-label]")) each.ariaLabel = each.dataset.label.replace("{name}", () => name);
}

function liven() {
  livenParts(parts);
  // A choice presses them.
  for (const each of parts.querySelectorAll("[data-without-script]")) each.hidden = true;
  tabbed(parts, editor);
  sortable(parts, editor.dataset.moved, (words) => {
    announcement.textContent = words;
    changed();
  });
}

editor.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=do]");
  if (!button || event.defaultPrevented) return;
  event.preventDefault();
  press(button);
});
editor.addEventListener("input", (event) => {
  const standard = editor.querySelector("[data-standard-color]");
  if (event.target.name === "color") standard.checked = false;
  if ("namesRow" in event.target.dataset) rename(event.target);
  changed();
});
editor.addEventListener("change", (event) => {
  const list = event.target.closest("[data-switches]");
  if (list) orderWords(list);
  const { presses } = event.target.dataset;
  if (presses) press(document.getElementById(presses));
  changed();
});
editor.addEventListener("submit", async (event) => {
  if (!work) {
    leaving = true;
    return;
  }
  // What was pressed before is saved as well.
  event.preventDefault();
  if (saving) return;
  saving = true;
  if (await work) editor.requestSubmit(event.submitter?.isConnected ? event.submitter : null);
  else event.submitter?.removeAttribute("aria-busy");
  saving = false;
});
editor.addEventListener("compositionstart", () => { composing = true; });
editor.addEventListener("compositionend", () => { composing = false; });
const why = document.querySelector("[data-why-form]");
why?.addEventListener("submit", (event) => {
  event.preventDefault();
  explain(why, event.submitter);
});
addEventListener("pageshow", () => { leaving = false; });
addEventListener("beforeunload", (event) => {
  if (!leaving && state() !== saved) event.preventDefault();
});
dark.addEventListener("change", paint);

liven();
paint();
