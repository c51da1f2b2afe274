// What a guest has typed outlives a look at other times and going back and forth: in this tab, until it is sent, for half
// an hour. Every page but those of the same event type throws it away (page.js).

const form = document.querySelector("form[data-typed]");
const key = `typed ${form.dataset.typed}`;
const kept = [...form.querySelectorAll("input:not([type=hidden]), textarea, select")].filter((each) => each.name !== "start");

function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(key))?.fields ?? {};
  } catch {
    // Storage is switched off, or holds something else.
    return {};
  }
}

const typed = stored();
for (const field of kept) {
  const before = typed[field.name];
  if (before === undefined) continue;
  if (field.type === "radio") field.checked = field.value === before;
  else if (!field.value) field.value = before;
}

form.addEventListener("input", () => {
  const now = Object.fromEntries(new FormData(form));
  const fields = Object.fromEntries(kept.map((field) => [field.name, now[field.name]]));
  try {
    sessionStorage.setItem(key, JSON.stringify({ until: Date.now() + 30 * 60_000, fields }));
  } catch {
    // Without storage, the browser's own memory has to do.
  }
});

// Refused, it comes back filled in by the server.
form.addEventListener("submit", () => {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Nothing was stored.
  }
});
