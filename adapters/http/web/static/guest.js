// What a guest has typed outlives a look at other times and going back and forth, in this tab only.

const form = document.querySelector("[data-keep]");
const key = `typed ${form.dataset.keep}`;
const kept = [...form.querySelectorAll("input:not([type=hidden]), textarea, select")].filter((each) => each.name !== "start");

function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? {};
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
  try {
    sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(kept.map((field) => [field.name, now[field.name]]))));
  } catch {
    // Without storage, the browser's own memory has to do.
  }
});
