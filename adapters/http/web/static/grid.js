// The month as a grid after the WAI-ARIA pattern: one stop for Tab, and arrows between the days.

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const DAY = 86_400_000;

export function livenGrid(root, turnTo) {
  const grid = root.querySelector("[data-grid]");
  if (!grid) return;
  grid.setAttribute("role", "grid");
  const days = [...grid.querySelectorAll("[data-day]")];
  for (const day of days) {
    day.tabIndex = -1;
    const cell = day.closest("td");
    if (day.matches("a")) cell.setAttribute("aria-selected", String(day.hasAttribute("aria-current")));
    else cell.setAttribute("aria-disabled", "true");
  }
  const first = days.find((day) => day.hasAttribute("aria-current")) ?? days.find((day) => day.matches("a")) ?? days[0];
  first.tabIndex = 0;
  grid.addEventListener("focusin", (event) => {
    const day = event.target.closest("[data-day]");
    if (day) for (const each of days) each.tabIndex = each === day ? 0 : -1;
  });
  grid.addEventListener("keydown", (event) => {
    const day = event.target.closest("[data-day]");
    if (!day || event.altKey || event.metaKey || event.shiftKey) return;
    if (event.key === " ") {
      event.preventDefault();
      if (day.matches("a")) day.click();
      return;
    }
    const to = goal(day, event, days);
    if (!to) return;
    event.preventDefault();
    const there = document.getElementById(to);
    if (there) there.focus();
    else turn(to, day.id, turnTo);
  });
}

// The id of the day that a key leads to; it may lie in another month.
function goal(day, { key, ctrlKey }, days) {
  if (key in STEPS) return moved(day.id, STEPS[key]);
  if (key === "PageUp" || key === "PageDown") return inMonth(day.id, key === "PageUp" ? -1 : 1);
  const row = ctrlKey ? days : days.filter((each) => each.closest("tr") === day.closest("tr"));
  if (key === "Home") return row[0].id;
  if (key === "End") return row.at(-1).id;
  return null;
}

function turn(to, from, turnTo) {
  const link = document.getElementById(to > from ? "month-following" : "month-previous");
  if (link?.href) turnTo(link, to);
}

const moved = (id, days) => idOf(new Date(Date.parse(id.slice(4)) + days * DAY));

function inMonth(id, months) {
  const [year, month, day] = id.slice(4).split("-").map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return idOf(new Date(Date.UTC(year, month - 1 + months, Math.min(day, last))));
}

const idOf = (date) => `day-${date.toISOString().slice(0, 10)}`;
