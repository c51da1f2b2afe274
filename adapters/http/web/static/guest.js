// What a guest has typed outlives a look at other times, in this tab only.

const form = document.querySelector("[data-keep]");
const key = `typed ${form.dataset.keep}`;
const kept = [...form.querySelectorAll("input:not([type=hidden]), textarea, select")].filter((each) => each.name !== "start");

const typed = JSON.parse(sessionStorage.getItem(key) ?? "{}");
for (const field of kept) {
  const before = typed[field.name];
  if (before === undefined) continue;
  if (field.type === "radio") field.checked = field.value === before;
  else if (!field.value) field.value = before;
}

form.addEventListener("input", () => {
  const now = Object.fromEntries(new FormData(form));
  sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(kept.map((field) => [field.name, now[field.name]]))));
});
