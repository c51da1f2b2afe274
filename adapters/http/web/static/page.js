// What every page is nicer with: copy buttons, the menu, the visitor's time zone, passwords to look at, focus on what
// went wrong.

// In another site's frame, nothing is kept in the browser (embed.js).
export const framed = "parents" in document.documentElement.dataset;

export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

export function select(list, zone) {
  if (!zone) return false;
  const option = [...list.options].find((each) => each.value === zone) ?? list.appendChild(new Option(zone));
  option.selected = true;
  return true;
}

// What a guest has typed (guest.js) stays while the same event type is looked at, and for half an hour at most.
function forgetTyped() {
  const looked = document.querySelector("[data-typed]")?.dataset.typed;
  for (const key of Object.keys(sessionStorage).filter((each) => each.startsWith("typed "))) {
    const { until } = JSON.parse(sessionStorage.getItem(key));
    if (key !== `typed ${looked}` || !(Date.now() < until)) sessionStorage.removeItem(key);
  }
}
try {
  if (!framed) forgetTyped();
} catch {
  // Storage is switched off.
}

export function liven(root) {
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
  for (const button of root.querySelectorAll("[data-reveal]")) button.hidden = false;
  for (const each of root.querySelectorAll("[data-without-js]")) each.hidden = true;
}

const tick = '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"><path d="M5 12.5l4.5 4.5L19 7.5"/></svg>';

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  if (button.textContent === document.body.dataset.copied) return;
  const { innerHTML, ariaLabel } = button;
  await navigator.clipboard.writeText(button.dataset.copy);
  // Its neighbours stay where they are.
  button.style.minWidth = `${button.offsetWidth}px`;
  // A label would hide from screen readers what the button says now.
  button.ariaLabel = null;
  button.innerHTML = tick;
  button.appendChild(document.createElement("span")).className = "hidden-text";
  button.lastChild.textContent = document.body.dataset.copied;
  button.setAttribute("aria-live", "polite");
  setTimeout(() => Object.assign(button, { innerHTML, ariaLabel }), 2000);
});

function show(button, visible) {
  const field = document.getElementById(button.dataset.reveal);
  if (visible === (field.type === "text")) return;
  field.type = visible ? "text" : "password";
  [button.textContent, button.dataset.other] = [button.dataset.other, button.textContent];
  const status = button.nextElementSibling;
  status.textContent = visible ? status.dataset.visible : status.dataset.concealed;
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-reveal]");
  if (button) show(button, document.getElementById(button.dataset.reveal).type === "password");
});
// Browsers remember what was typed into a field of text.
document.addEventListener("submit", (event) => {
  for (const button of event.target.querySelectorAll("[data-reveal]")) show(button, false);
});

// What was wrong with a field is no longer said once it is mended.
document.addEventListener("input", ({ target }) => {
  const field = target.closest(".wrong");
  if (!field || !target.value.trim() || !target.checkValidity()) return;
  field.classList.remove("wrong");
  field.querySelector(".error")?.remove();
  target.removeAttribute("aria-invalid");
  for (const each of [target.id, field.id].filter(Boolean)) {
    const link = document.querySelector(`[role=alert] a[href="#${CSS.escape(each)}"]`);
    const summary = link?.closest("[role=alert]");
    link?.closest("li")?.remove();
    if (summary && !summary.querySelector("li")) summary.remove();
  }
});

const menu = document.querySelector("[data-menu]");
document.addEventListener("click", (event) => {
  if (menu?.open && !menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu?.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("submit", (event) => {
  event.submitter?.setAttribute("aria-busy", "true");
});
// Back from the browser's history, nothing is on its way any more.
addEventListener("pageshow", () => {
  for (const each of document.querySelectorAll("[aria-busy]")) each.removeAttribute("aria-busy");
});

for (const list of document.querySelectorAll("[data-detect-zone]")) select(list, ownZone());
document.querySelector("[data-focus]")?.focus();
liven(document);
