// In another site's frame: the frame tells the site how high it is and what the guest does, and nothing of the guest's.
// Only to the origins that the host allows, and to the one of them that is there where the browser tells it.

const { parents, mode } = document.documentElement.dataset;
const allowed = parents.split(" ").filter(Boolean).map((each) => (each === "'self'" ? location.origin : each));
const above = location.ancestorOrigins?.[0];
const targets = above && !allowed.includes("*") ? allowed.filter((each) => each === above) : allowed;

function tell(message) {
  if (parent === self) return;
  for (const origin of targets) parent.postMessage({ timetuna: 1, ...message }, origin);
}

// Until the zone is the visitor's own, the page is about to change: the first height is one that lasts.
const isSettling = () => !gaveUp && document.querySelector("[data-unsettled]");
let gaveUp = false;
let height = 0;
function measure() {
  const now = Math.ceil(document.body.getBoundingClientRect().height);
  if (isSettling() || now === height) return;
  height = now;
  tell({ type: "height", height });
}

// A reload is no other booking.
const isNew = performance.getEntriesByType("navigation")[0]?.type === "navigate";
let booked = isNew ? undefined : document.querySelector("[data-booked]")?.dataset.booked;
function noteBooking() {
  const shown = document.querySelector("[data-booked]")?.dataset;
  if (!shown || shown.booked === booked) return;
  booked = shown.booked;
  tell({ type: "booked", booking_id: booked, start: shown.bookedStart });
}

document.addEventListener("click", ({ target }) => {
  const start = target.closest("a[data-start]")?.dataset.start;
  if (start) tell({ type: "slot", start });
});
document.addEventListener("change", ({ target }) => {
  if (target.dataset.start) tell({ type: "slot", start: target.dataset.start });
});
// Keys that are pressed in a frame don't reach the dialog around it.
document.addEventListener("keydown", (event) => {
  if (mode === "popup" && event.key === "Escape" && !event.defaultPrevented) tell({ type: "close" });
});

// The loader makes room for all of it; a frame without one scrolls.
if (mode === "inline") document.documentElement.style.overflowY = "hidden";
tell({ type: "ready" });
noteBooking();
await Promise.race([document.fonts.ready, new Promise((resume) => setTimeout(resume, 1000))]);
new ResizeObserver(measure).observe(document.body);
new MutationObserver(() => {
  noteBooking();
  measure();
}).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-unsettled", "data-booked"] });
setTimeout(() => {
  gaveUp = true;
  measure();
}, 3000);
