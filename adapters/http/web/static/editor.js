// Tabs, the order of meeting types and the sentence about it, in place; the server does the same without this.

const editor = document.querySelector("[data-editor]");
const bar = document.querySelector("[data-tabs]");
const tabs = [...bar.querySelectorAll("a")];
const panels = tabs.map((tab) => document.getElementById(tab.hash.slice(1)));

function open(tab) {
  tabs.forEach((each, index) => {
    const chosen = each === tab;
    each.setAttribute("aria-selected", chosen);
    each.tabIndex = chosen ? 0 : -1;
    panels[index].hidden = !chosen;
  });
  editor.elements.tab.value = tab.hash.slice(1);
}

bar.setAttribute("role", "tablist");
tabs.forEach((tab, index) => {
  tab.setAttribute("role", "tab");
  tab.setAttribute("aria-controls", panels[index].id);
  panels[index].setAttribute("role", "tabpanel");
  tab.addEventListener("click", (event) => {
    event.preventDefault();
    history.replaceState(null, "", tab.hash);
    open(tab);
  });
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step && event.key !== " ") return;
    event.preventDefault();
    const next = step ? tabs[(index + step + tabs.length) % tabs.length] : tab;
    next.click();
    next.focus();
  });
});

const wrong = editor.querySelector("[aria-invalid], .error");
const named = location.hash || `#${editor.elements.tab.value}`;
const wanted = wrong ? panels.findIndex((panel) => panel.contains(wrong)) : tabs.findIndex((tab) => tab.hash === named);
open(tabs[Math.max(wanted, 0)]);
addEventListener("hashchange", () => open(tabs.find((tab) => tab.hash === location.hash) ?? tabs[0]));

for (const link of document.querySelectorAll(".notice a[href^='#']")) {
  link.addEventListener("click", (event) => {
    const field = document.getElementById(link.hash.slice(1));
    const home = panels.findIndex((panel) => panel.contains(field));
    if (home < 0) return;
    event.preventDefault();
    open(tabs[home]);
    field.focus();
    field.scrollIntoView({ block: "center" });
  });
}

const switches = document.querySelector("[data-switches]");
const words = document.querySelector("[data-order]");

function tell() {
  const rows = [...switches.children];
  rows.forEach((row, index) => {
    row.querySelector("[data-move=up]").disabled = index === 0;
    row.querySelector("[data-move=down]").disabled = index === rows.length - 1;
  });
  const [first, ...rest] = rows.filter((row) => row.querySelector(".switch").checked).map((row) => row.dataset.sentence);
  const { none, one, several, between } = words.dataset;
  const pattern = first === undefined ? none : rest.length ? several : one;
  words.textContent = pattern.replace("{first}", first).replace("{rest}", rest.join(between));
}

switches.addEventListener("change", tell);
switches.addEventListener("click", (event) => {
  const mover = event.target.closest("[data-move]");
  if (!mover) return;
  event.preventDefault();
  const row = mover.closest("li");
  if (mover.dataset.move === "up") row.previousElementSibling?.before(row);
  else row.nextElementSibling?.after(row);
  tell();
  (mover.disabled ? row.querySelector("[data-move]:enabled") : mover).focus();
});
