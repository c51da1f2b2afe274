// Dragging and the keyboard for the sandbox's calendar. Without it, the links and forms of the page do the same.
"use strict";

const STEP = 5;
const SNAP = 15;
const MINUTE = 60000;
const DAY = 24 * 60 * MINUTE;

const status = document.getElementById("done");
let week = document.getElementById("week");

// Local times are counted as if they were UTC: the server knows the zone.
const counted = (text) => Date.parse(text.includes("T") ? `${text}Z` : `${text}T00:00Z`);
const written = (at, isAllDay) => new Date(at).toISOString().slice(0, isAllDay ? 10 : 16);
const isAllDay = (event) => !event.dataset.starts.includes("T");

async function send(fields, sentence, focused) {
  const form = new URLSearchParams({ calendar: week.dataset.calendar, week: week.dataset.week, ...fields });
  const answer = await fetch(week.dataset.url, { method: "POST", body: form });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("week");
  const problem = page.querySelector("[role=alert]");
  const scrolled = week.scrollLeft;
  week.replaceWith(fresh);
  week = fresh;
  week.classList.add("draggable");
  week.scrollLeft = scrolled;
  status.textContent = problem ? problem.textContent : sentence;
  const next = focused && week.querySelector(`[data-event="${CSS.escape(focused)}"]`);
  (next || week).focus({ preventScroll: true });
}

function move(event, starts, ends) {
  const allDay = isAllDay(event);
  const from = written(starts, allDay);
  const to = written(ends, allDay);
  const sentence = `Now from ${from.replace("T", " ")} to ${to.replace("T", " ")}.`;
  return send({ do: "move", event: event.dataset.event, starts: from, ends: to }, sentence, event.dataset.event);
}

let last = Promise.resolve();

// One after the other: each takes the event as the one before has left it.
function inTurn(id, act) {
  last = last.then(async () => {
    const event = week.querySelector(`[data-event="${CSS.escape(id)}"]`);
    if (event) await act(event);
  }).catch(() => { status.textContent = "That didn’t work. Please try again."; });
}

const shifted = (event, starts, ends) => move(event, counted(event.dataset.starts) + starts, counted(event.dataset.ends) + ends);

function pressed(press) {
  const event = press.target.closest(".event");
  if (!event || press.ctrlKey || press.altKey || press.metaKey) return;
  const id = event.dataset.event;
  const vertical = { ArrowUp: -SNAP * MINUTE, ArrowDown: SNAP * MINUTE }[press.key];
  const horizontal = { ArrowLeft: -DAY, ArrowRight: DAY }[press.key];
  if (press.key === "Delete" || press.key === "Backspace") {
    press.preventDefault();
    inTurn(id, () => send({ do: "delete", event: id }, "Deleted."));
  } else if (horizontal) {
    press.preventDefault();
    inTurn(id, (now) => shifted(now, press.shiftKey ? 0 : horizontal, horizontal));
  } else if (vertical && !isAllDay(event)) {
    press.preventDefault();
    inTurn(id, (now) => shifted(now, press.shiftKey ? 0 : vertical, vertical));
  }
}

const days = () => [...week.querySelectorAll(".day")];
const dayAt = (x) => days().findIndex((day) => x < day.getBoundingClientRect().right);
const snapped = (minutes) => Math.round(minutes / SNAP) * SNAP;

function minutesPerPixel(span) {
  return (parseInt(getComputedStyle(span).getPropertyValue("--l"), 10) * STEP) / span.clientHeight;
}

function grabbed(press) {
  const event = press.target.closest(".event[data-whole]");
  const span = press.target.closest(".span");
  if (press.button !== 0) return;
  if (event) drag(press, event);
  else if (span && press.pointerType === "mouse") draw(press, span);
}

function drag(press, event) {
  const span = event.closest(".span") || week.querySelector(".span");
  const scale = minutesPerPixel(span);
  const box = event.getBoundingClientRect();
  const isLonger = !isAllDay(event) && box.bottom - press.clientY < 8;
  const firstDay = dayAt(press.clientX);
  let minutes = 0;
  let shift = 0;
  event.setPointerCapture(press.pointerId);
  const style = getComputedStyle(event);
  const top = parseInt(style.getPropertyValue("--t"), 10);
  const length = parseInt(style.getPropertyValue("--l"), 10);

  function dragged(now) {
    minutes = isAllDay(event) ? 0 : snapped((now.clientY - press.clientY) * scale);
    const day = dayAt(now.clientX);
    shift = isLonger || day < 0 ? shift : day - firstDay;
    if (!minutes && !shift) return;
    event.classList.add("moving");
    if (isLonger) {
      minutes = Math.max(minutes, SNAP - length * STEP);
      event.style.setProperty("--l", length + minutes / STEP);
    } else {
      event.style.setProperty("--t", top + minutes / STEP);
      const across = days()[firstDay + shift].getBoundingClientRect().left - days()[firstDay].getBoundingClientRect().left;
      event.style.translate = `${across}px`;
    }
  }

  function dropped(now) {
    event.removeEventListener("pointermove", dragged);
    event.removeEventListener("pointerup", dropped);
    event.removeEventListener("pointercancel", dropped);
    if (now.type === "pointercancel") event.removeAttribute("style");
    if (!event.classList.contains("moving")) return;
    event.classList.remove("moving");
    // The click that follows would open the event.
    event.addEventListener("click", (click) => click.preventDefault(), { once: true });
    if (now.type === "pointercancel") return;
    const by = shift * DAY + minutes * MINUTE;
    inTurn(event.dataset.event, (now) => shifted(now, isLonger ? 0 : by, by));
  }

  event.addEventListener("pointermove", dragged);
  event.addEventListener("pointerup", dropped);
  event.addEventListener("pointercancel", dropped);
}

function draw(press, span) {
  const scale = minutesPerPixel(span);
  const date = counted(span.closest(".day").dataset.date) + week.dataset.firstHour * 60 * MINUTE;
  const minuteAt = (y) => snapped((y - span.getBoundingClientRect().top) * scale);
  const first = minuteAt(press.clientY);
  const ghost = document.createElement("div");
  ghost.className = "event moving c0 n1";
  press.preventDefault();

  function drawn(now) {
    const last = minuteAt(now.clientY);
    if (last !== first) span.append(ghost);
    ghost.style.setProperty("--t", Math.min(first, last) / STEP);
    ghost.style.setProperty("--l", Math.abs(last - first) / STEP);
  }

  function done(now) {
    removeEventListener("pointermove", drawn);
    removeEventListener("pointerup", done);
    ghost.remove();
    const times = [first, minuteAt(now.clientY)].sort((one, other) => one - other);
    if (times[0] === times[1]) return;
    const [starts, ends] = times.map((minutes) => written(date + minutes * MINUTE, false));
    send({ do: "add", title: "Busy", starts, ends }, `Added from ${starts.replace("T", " ")} to ${ends.replace("T", " ")}.`);
  }

  addEventListener("pointermove", drawn);
  addEventListener("pointerup", done);
}

week.classList.add("draggable");
document.querySelector(".scripted").hidden = false;
document.addEventListener("keydown", pressed);
document.addEventListener("pointerdown", grabbed);
document.addEventListener("dragstart", (event) => event.target.closest(".event") && event.preventDefault());
