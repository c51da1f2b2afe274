// The editor without reloads: tabs, adding and removing rows, the preview, and a warning before unsaved work is lost.
// What a button does to the form is decided by the server, with this script or without it.

import { orderWords, sortable } from "./editor-sort.js";
import { tabbed } from "./editor-tabs.js";

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
  for (const name of [...fields.keys()]) if (name.startsWith("copy.")) fields.delete(name);
  return fields.toString();
}

let saved = "unsaved" in parts.dataset ? null : state();
let leaving = false;
let wanted = 0;
let timer;

function changed() {
  notSaved.hidden = state() === saved;
  clearTimeout(timer);
  timer = setTimeout(preview, 300);
}

async function preview() {
  const turn = ++wanted;
  const answer = await fetch(editor.dataset.previewAt, { method: "POST", body: typed() }).catch(() => null);
  // A later answer may have been faster; a lost one leaves the last that was good.
  if (!answer?.ok || answer.redirected || turn !== wanted) return;
  glimpse.innerHTML = await answer.text();
  paint();
}

function paint() {
  const shown = glimpse.querySelector("[data-brand]");
  if (!shown) return;
  const { brand, onBrand, light, dark: onDark, softLight, softDark } = shown.dataset;
  const colors = {
    "--brand": brand, "--on-brand": onBrand, "--accent": dark.matches ? onDark : light,
    "--accent-strong": dark.matches ? onDark : light, "--accent-soft": dark.matches ? softDark : softLight,
  };
  for (const [name, color] of Object.entries(colors)) shown.style.setProperty(name, color);
}

async function press(button) {
  button.setAttribute("aria-busy", "true");
  const answer = await fetch(editor.action, { method: "POST", body: typed(button) }).catch(() => null);
  button.removeAttribute("aria-busy");
  // Somebody signed out meanwhile is sent on to another page.
  if (!answer?.ok || answer.redirected) {
    announcement.textContent = editor.dataset.failed;
    return;
  }
  const sent = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = sent.querySelector("[data-parts]");
  parts.replaceChildren(...fresh.childNodes);
  liven();
  announcement.textContent = sent.querySelector("[data-announcement]").textContent;
  parts.querySelector("[autofocus]")?.focus();
  changed();
}

// Asks for the page as it is in the form; without this script, for the page as it is stored.
async function explain(form) {
  const body = typed();
  for (const [name, value] of new FormData(form)) body.set(name, value);
  body.set("do", "why");
  const answer = await fetch(editor.action, { method: "POST", body }).catch(() => null);
  const shown = form.querySelector("[data-why]");
  if (!answer?.ok || answer.redirected) {
    shown.textContent = editor.dataset.failed;
    return;
  }
  const sent = new DOMParser().parseFromString(await answer.text(), "text/html");
  shown.replaceChildren(...sent.querySelector("[data-why]").childNodes);
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
  changed();
});
editor.addEventListener("submit", () => { leaving = true; });
document.querySelector("[data-why-form]")?.addEventListener("submit", (event) => {
  event.preventDefault();
  explain(event.target);
});
addEventListener("pageshow", () => { leaving = false; });
addEventListener("beforeunload", (event) => {
  if (!leaving && state() !== saved) event.preventDefault();
});
dark.addEventListener("change", paint);

liven();
paint();
