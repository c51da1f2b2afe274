// The list of time zones as a field to search in, after the WAI-ARIA combobox pattern.

import { framed } from "./page.js";

const COOKIE = "timetuna_timezone";
const MOST = 80;

// Well-known places that no zone is named after.
const CITIES = {
  "America/Los_Angeles": "San Francisco, Seattle, San Diego, Las Vegas, Portland",
  "America/Denver": "Salt Lake City",
  "America/Chicago": "Houston, Dallas, Austin, Minneapolis, New Orleans",
  "America/New_York": "Washington, Boston, Philadelphia, Atlanta, Miami",
  "America/Toronto": "Montreal, Ottawa, Quebec",
  "America/Edmonton": "Calgary",
  "America/Sao_Paulo": "Rio de Janeiro, Brasilia",
  "America/Argentina/Buenos_Aires": "Rosario",
  "Asia/Kolkata": "Mumbai, Delhi, Bangalore, Bengaluru, Chennai, Hyderabad, Calcutta",
  "Asia/Shanghai": "Beijing, Shenzhen, Guangzhou, Peking",
  "Asia/Tokyo": "Osaka, Kyoto",
  "Asia/Ho_Chi_Minh": "Hanoi, Saigon",
  "Asia/Dubai": "Abu Dhabi",
  "Asia/Jerusalem": "Tel Aviv",
  "Asia/Riyadh": "Mecca, Jeddah",
  "Asia/Karachi": "Islamabad, Lahore",
  "Australia/Sydney": "Canberra",
  "Europe/Berlin": "Munich, München, Hamburg, Frankfurt, Cologne, Köln, Stuttgart",
  "Europe/Zurich": "Geneva, Basel, Bern",
  "Europe/Rome": "Milan, Milano, Naples",
  "Europe/Lisbon": "Porto",
  "Europe/Madrid": "Barcelona, Valencia, Seville",
  "Europe/Paris": "Lyon, Marseille",
  "Europe/London": "Manchester, Edinburgh, Glasgow, Birmingham",
  "Europe/Amsterdam": "Rotterdam, The Hague",
  "Europe/Warsaw": "Krakow, Gdansk",
  "Europe/Istanbul": "Ankara",
  "Europe/Kyiv": "Kiev, Lviv",
  "Africa/Johannesburg": "Cape Town, Pretoria",
  "Africa/Lagos": "Abuja",
  "Pacific/Auckland": "Wellington",
};

function remember(zone) {
  if (framed) return;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${COOKIE}=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax${secure}`;
}

export function livenZones(root, go) {
  const form = root.querySelector("[data-zones]");
  if (!form) return;
  const select = form.querySelector("select");
  const zones = [...select.options].filter((each) => each.value).map((option) => ({ name: option.value, country: option.dataset.in, words: plain(option.value) }));
  const chosen = select.value;

  const field = Object.assign(document.createElement("input"), { id: "zone-search", type: "text", value: select.dataset.shown ?? "", autocomplete: "off", spellcheck: false });
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "zone-list", autocapitalize: "off" })) field.setAttribute(name, value);
  const list = Object.assign(document.createElement("ul"), { id: "zone-list", className: "zone-list", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.querySelector("label").textContent.trim());
  const announcement = Object.assign(document.createElement("p"), { className: "hidden-text" });
  announcement.setAttribute("role", "status");
  const wrapper = Object.assign(document.createElement("div"), { className: "zone-field" });
  wrapper.append(field, list);
  select.replaceWith(wrapper);
  form.querySelector("button")?.remove();
  form.append(announcement);
  form.querySelector("label").htmlFor = field.id;
  let active = -1;
  let named = false;

  function open(search) {
    if (!named) zones.forEach(name);
    named = true;
    const away = offsetWanted(search);
    const wanted = away ? [away] : plain(search).split(" ").filter(Boolean);
    const found = zones.filter((zone) => (away ? offset(zone.name) === away : wanted.every((word) => zone.words.includes(word))));
    // "york" means the city before a country called so, and both before anything that has it in the middle.
    const begin = (words) => wanted.every((word) => ` ${words}`.includes(` ${word}`));
    // Among equals, the zones with well-known cities.
    const whole = (words) => wanted.every((word) => ` ${words} `.includes(` ${word} `));
    const rank = (zone) => (whole(zone.words) ? 0 : begin(plain(zone.name)) ? 1 : begin(zone.words) ? 2 : 3) + (CITIES[zone.name] ? 0 : 0.5) + people(zone);
    const shown = (wanted.length ? found.sort((one, other) => rank(one) - rank(other)) : around(zones, chosen)).slice(0, MOST);
    list.replaceChildren(...shown.map(option));
    if (!shown.length) list.append(nothing());
    announcement.textContent = shown.length ? form.dataset.some.replace("{n}", found.length) : form.dataset.none;
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    mark(wanted.length ? 0 : shown.findIndex((zone) => zone.name === chosen));
  }

  function option(zone, index) {
    const item = Object.assign(document.createElement("li"), { id: `zone-${index}` });
    const words = Object.assign(document.createElement("div"), { textContent: zone.shown ?? zone.name });
    if (zone.label) words.append(Object.assign(document.createElement("small"), { textContent: zone.label }));
    item.append(words);
    item.dataset.zone = zone.name;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", String(zone.name === chosen));
    item.append(Object.assign(document.createElement("span"), { textContent: offset(zone.name) }));
    return item;
  }

  function nothing() {
    const item = Object.assign(document.createElement("li"), { className: "none", textContent: form.dataset.none });
    item.setAttribute("role", "option");
    item.setAttribute("aria-disabled", "true");
    return item;
  }

  function close() {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
    active = -1;
  }

  function mark(index) {
    const items = list.querySelectorAll("[data-zone]");
    items[active]?.classList.remove("active");
    active = items.length ? Math.max(-1, Math.min(index, items.length - 1)) : -1;
    const item = items[active];
    if (!item) return field.removeAttribute("aria-activedescendant");
    item.classList.add("active");
    item.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", item.id);
  }

  function take(zone) {
    close();
    field.value = list.querySelector(`[data-zone="${zone}"] div`).firstChild.textContent;
    if (zone === chosen) return;
    remember(zone);
    const asked = new URLSearchParams(new FormData(form));
    asked.set("timezone", zone);
    go(`${form.getAttribute("action")}?${asked}`);
  }

  field.addEventListener("focus", () => field.select());
  field.addEventListener("click", () => list.hidden && open(""));
  field.addEventListener("input", () => open(field.value));
  field.addEventListener("blur", () => { close(); field.value = select.dataset.shown ?? ""; });
  field.addEventListener("keydown", (event) => {
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open("");
      else mark(active + (key === "ArrowDown" ? 1 : -1));
    } else if (key === "Enter") {
      event.preventDefault();
      const item = list.querySelector(".active");
      if (item && !list.hidden) take(item.dataset.zone);
      else if (list.hidden) open("");
    } else if (key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
      field.value = select.dataset.shown ?? "";
      field.select();
    }
  });
  // Before the field loses the focus.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[data-zone]");
    if (item) take(item.dataset.zone);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
}

// Nothing typed yet: the zones of the same part of the world.
function around(zones, chosen) {
  const region = `${chosen.split("/")[0]}/`;
  const near = zones.filter((zone) => zone.name.startsWith(region));
  return near.length ? near : zones;
}

// What people call a zone: its country and its time, in the language of the page, and abbreviations such as PST.
function name(zone) {
  const language = document.documentElement.lang;
  try {
    const country = zone.country ? new Intl.DisplayNames(language, { type: "region" }).of(zone.country) : "";
    const time = spelled(language, zone.name, "longGeneric");
    const city = zone.name.split("/").at(-1).replaceAll("_", " ");
    zone.shown = time === zone.name || time === city ? city : `${time} – ${city}`;
    zone.label = [country, zone.name].filter((each) => each && each !== zone.shown).join(" · ");
    const short = ["en-US", "en-GB", "en-AU", "en-IN"].flatMap((each) => SEASONS.map((day) => spelled(each, zone.name, "short", day)));
    zone.words = plain([zone.name, time, country, CITIES[zone.name] ?? "", COUNTRIES[zone.country] ?? "", ...new Set(short)].join(" "));
  } catch {
    // A zone that this browser doesn't know yet is found by its own name.
  }
}

// What people type for a country whose name is longer.
const COUNTRIES = { US: "usa us america", GB: "uk gb britain england scotland wales", AE: "uae emirates", NZ: "nz", ZA: "rsa", CD: "drc" };

// Among equals the zones in which most people live come first.
const PEOPLE = [
  "Asia/Shanghai", "Asia/Kolkata", "Asia/Jakarta", "Africa/Lagos", "America/New_York", "Asia/Karachi", "Asia/Dhaka",
  "America/Chicago", "America/Sao_Paulo", "Europe/Moscow", "Asia/Tokyo", "Asia/Manila", "America/Mexico_City", "Africa/Cairo",
  "Asia/Ho_Chi_Minh", "Europe/Berlin", "Europe/Istanbul", "Asia/Tehran", "Asia/Bangkok", "Europe/London", "Europe/Paris",
  "Africa/Johannesburg", "Europe/Rome", "America/Los_Angeles", "America/Bogota", "Europe/Madrid", "Asia/Seoul",
  "America/Argentina/Buenos_Aires", "Europe/Warsaw", "Europe/Kyiv", "Asia/Riyadh", "America/Toronto", "America/Denver", "Australia/Sydney",
];
const people = (zone) => (PEOPLE.indexOf(zone.name) + 1 || PEOPLE.length + 1) / 1000;

// "utc+2", "UTC+05:30", "gmt-3", "+2": the zones that are so far from UTC now.
function offsetWanted(search) {
  const found = /^(?:utc|gmt)?\s*([+\u2212-])\s*(\d{1,2})(?::?([0-5]\d))?$/i.exec(search.trim());
  return found && `UTC${found[1] === "+" ? "+" : "-"}${found[2].padStart(2, "0")}:${found[3] ?? "00"}`;
}

const SEASONS = [new Date(Date.UTC(2026, 0, 15)), new Date(Date.UTC(2026, 6, 15))];

function spelled(language, timeZone, timeZoneName, day = SEASONS[0]) {
  const parts = new Intl.DateTimeFormat(language, { timeZone, timeZoneName }).formatToParts(day);
  return parts.find((part) => part.type === "timeZoneName").value;
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[_/,·]+/g, " ").trim();

function offset(zone) {
  try {
    const parts = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts();
    return parts.find((part) => part.type === "timeZoneName").value.replace("GMT", "UTC").replace(/^UTC$/, "UTC+00:00");
  } catch {
    // A zone that this browser doesn't know yet.
    return "";
  }
}
