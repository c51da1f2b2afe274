// The list of time zones as a field to search in, after the WAI-ARIA combobox pattern.

const COOKIE = "timetuna_timezone";
const MOST = 80;

export function rememberedZone() {
  const found = document.cookie.split("; ").find((each) => each.startsWith(`${COOKIE}=`));
  return found && decodeURIComponent(found.slice(COOKIE.length + 1));
}

function remember(zone) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${COOKIE}=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax${secure}`;
}

export function livenZones(root, go) {
  const form = root.querySelector("[data-zones]");
  if (!form) return;
  const select = form.querySelector("select");
  const zones = [...select.options].map((option) => ({ name: option.value, words: plain(option.value) }));
  const chosen = select.value;

  const field = Object.assign(document.createElement("input"), { id: "zone-search", type: "text", value: chosen, autocomplete: "off", spellcheck: false });
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "zone-list", autocapitalize: "off" })) field.setAttribute(name, value);
  const list = Object.assign(document.createElement("ul"), { id: "zone-list", className: "zone-list", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.querySelector("label").textContent.trim());
  const news = Object.assign(document.createElement("p"), { className: "hidden-text" });
  news.setAttribute("role", "status");
  const wrapper = Object.assign(document.createElement("div"), { className: "zone-field" });
  wrapper.append(field, list);
  select.replaceWith(wrapper);
  form.append(news);
  form.querySelector("label").htmlFor = field.id;
  let active = -1;

  function open(search) {
    const wanted = plain(search).split(" ").filter(Boolean);
    const found = zones.filter((zone) => wanted.every((word) => zone.words.includes(word)));
    // "york" means the city before anything that has it in the middle.
    const begins = (zone) => wanted.length && ` ${zone.words}`.includes(` ${wanted[0]}`) ? 0 : 1;
    const shown = (wanted.length ? found.sort((one, other) => begins(one) - begins(other)) : around(zones, chosen)).slice(0, MOST);
    list.replaceChildren(...shown.map(option));
    if (!shown.length) list.append(nothing());
    news.textContent = shown.length ? form.dataset.some.replace("{n}", found.length) : form.dataset.none;
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    mark(wanted.length ? 0 : shown.findIndex((zone) => zone.name === chosen));
  }

  function option(zone, index) {
    const item = Object.assign(document.createElement("li"), { id: `zone-${index}`, textContent: zone.name });
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
    field.value = zone;
    if (zone === chosen) return;
    remember(zone);
    const asked = new URLSearchParams(new FormData(form));
    asked.set("timezone", zone);
    go(`${form.getAttribute("action")}?${asked}`);
  }

  field.addEventListener("focus", () => field.select());
  field.addEventListener("click", () => list.hidden && open(""));
  field.addEventListener("input", () => open(field.value));
  field.addEventListener("blur", () => { close(); field.value = chosen; });
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
      field.value = chosen;
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

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[_/]+/g, " ").trim();

function offset(zone) {
  try {
    const parts = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts();
    return parts.find((part) => part.type === "timeZoneName").value.replace("GMT", "UTC").replace(/^UTC$/, "UTC+00:00");
  } catch {
    // A zone that this browser doesn't know yet.
    return "";
  }
}
