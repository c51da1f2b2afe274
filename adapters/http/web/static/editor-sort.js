// Rows that can be put in order: by their buttons "Move up" and "Move down", or by dragging them at their grip.

// So near to an edge of the window, in pixels, what is dragged takes the page along, so far with each frame.
const [EDGE, SCROLL_STEP] = [70, 9];

export function orderWords(list) {
  const words = list.previousElementSibling;
  const rows = [...list.children].filter((row) => row.querySelector(".switch").checked);
  const names = (some) => some.map((row) => row.dataset.name);
  const backups = rows.filter((row) => row.querySelector("[data-backup]").checked);
  const { none, one, several, backups: withBackups, between } = words.dataset;
  const pattern = !rows.length ? none : rows.length === 1 ? one : backups.length ? withBackups : several;
  // Functions, because a replacement text may hold a dollar sign.
  words.textContent = pattern.replace("{first}", () => names(rows)[0]).replace("{backups}", () => names(backups).join(between));
}

export function sortable(parts, movedWords, tell) {
  for (const list of parts.querySelectorAll("[data-sort]")) {
    const rows = () => [...list.children].filter((each) => "row" in each.dataset);

    const settled = (row) => {
      const now = rows();
      now.forEach((each, index) => {
        each.querySelector(":scope > div [data-move=up]").disabled = index === 0;
        each.querySelector(":scope > div [data-move=down]").disabled = index === now.length - 1;
        const number = each.querySelector(":scope > div > .row-number");
        if (number) number.textContent = index + 1;
      });
      if ("switches" in list.dataset) orderWords(list);
      const [name, place, count] = [row.dataset.name, now.indexOf(row) + 1, now.length];
      tell(movedWords.replace("{name}", () => name).replace("{place}", place).replace("{count}", count));
    };

    for (const row of rows()) {
      const tools = row.querySelector(":scope > div");
      tools.addEventListener("click", (event) => {
        const mover = event.target.closest("[data-move]");
        if (!mover) return;
        event.preventDefault();
        const now = rows();
        const place = now.indexOf(row);
        if (mover.dataset.move === "up") now[place - 1]?.before(row);
        else now[place + 1]?.after(row);
        settled(row);
        (mover.disabled ? tools.querySelector("[data-move]:enabled") : mover)?.focus();
      });
      const grip = tools.querySelector("[data-grip]");
      grip.hidden = rows().length < 2;
      grip.addEventListener("pointerdown", (event) => drag(event, grip, row, rows, settled));
    }
  }
}

function drag(event, grip, row, rows, settled) {
  if (event.button !== 0) return;
  event.preventDefault();
  const before = rows().indexOf(row);
  const held = event.clientY - row.getBoundingClientRect().top;
  row.classList.add("dragged");
  document.documentElement.classList.add("dragging");

  let [pointer, dragging] = [event.clientY, true];

  const place = () => {
    const above = pointer - held;
    const below = above + row.offsetHeight;
    for (const other of rows()) {
      if (other === row) continue;
      const { top, height } = other.getBoundingClientRect();
      const isAbove = row.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_PRECEDING;
      if (isAbove && above < top + height / 2) { other.before(row); break; }
      if (!isAbove && below > top + height / 2) other.after(row);
    }
    row.style.transform = "";
    row.style.transform = `translateY(${above - row.getBoundingClientRect().top}px)`;
  };
  const follow = (moved) => {
    if (moved.pointerId !== event.pointerId) return;
    pointer = moved.clientY;
    place();
  };
  const scroll = () => {
    if (!dragging) return;
    const step = pointer < EDGE ? -SCROLL_STEP : pointer > innerHeight - EDGE ? SCROLL_STEP : 0;
    if (step) {
      scrollBy({ top: step, behavior: "instant" });
      place();
    }
    requestAnimationFrame(scroll);
  };
  const drop = (ended) => {
    if (ended.pointerId !== event.pointerId) return;
    dragging = false;
    document.removeEventListener("pointermove", follow);
    document.removeEventListener("pointerup", drop);
    document.removeEventListener("pointercancel", drop);
    row.classList.remove("dragged");
    document.documentElement.classList.remove("dragging");
    row.style.transform = "";
    if (rows().indexOf(row) !== before) settled(row);
  };
  // Not captured by the grip: a row that changes its place in the document loses the pointer it had captured.
  document.addEventListener("pointermove", follow);
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", drop);
  requestAnimationFrame(scroll);
}
