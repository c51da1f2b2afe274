// A conversation tells its times in the browser's own zone where nobody has chosen another.

import { ownZone } from "./page.js";

const part = document.querySelector("[data-unsettled]");
const zone = ownZone();

async function settle() {
  const address = new URL(part.dataset.url ?? location.pathname, location);
  address.searchParams.set("timezone", zone);
  if (part.dataset.url) {
    // All of it counts as new, and live.js gets it at once.
    address.searchParams.delete("seen");
    part.dataset.url = address;
    return;
  }
  try {
    const answer = await fetch(address, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const settled = page.getElementById(part.id);
    if (answer.ok && settled) part.replaceWith(settled);
  } catch {
    // Without a connection, and where the server refuses, the zone that is named stays.
  }
}
if (part && zone) settle();
