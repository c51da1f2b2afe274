// Booking pages on other sites: <script async src="…/embed/v1.js"></script><div data-timetuna="anna/intro"></div>
// What it understands, calls and tells stays as it is for as long as its name is v1; /help/embed describes it.
(() => {
  if (window.TimeTuna) return TimeTuna.mount();
  const { origin } = new URL(document.currentScript.src);
  const OPTION = /^data-(theme|accent|lang|link|name|email|guests|phone|type|date|slot|timezone|q\..+|utm_.+)$/;
  const WORDS = {
    en: { book: "Book a time", close: "Close", open: "Open the booking page" },
    de: { book: "Termin buchen", close: "Schließen", open: "Buchungsseite öffnen" },
  };
  // Without weight, so that every rule of the site comes first. A constructed sheet needs no leave of the site's policy.
  const STYLES = `
    :where(.timetuna-frame) { display: block; width: 100%; border: 0; }
    :where(.timetuna-button) { font: inherit; font-weight: 600; padding: .7em 1.3em; border: 0; border-radius: 8px; background: #0f766e; color: #fff; cursor: pointer; }
    :where(.timetuna-dialog) { width: min(66rem, 100vw - 2rem); max-width: none; max-height: none; padding: 0; border: 0; border-radius: 12px; overflow: hidden; overscroll-behavior: contain; background: #fff; color: #12201e; }
    :where(.timetuna-dialog[data-dark]) { background: #141f1d; color: #e8f0ee; }
    :where(.timetuna-dialog)::backdrop { background: rgb(0 0 0 / 55%); }
    :where(.timetuna-close) { display: block; margin-left: auto; width: 44px; height: 44px; border: 0; background: none; color: inherit; font: 1.5rem/1 system-ui, sans-serif; cursor: pointer; }
    :where(.timetuna-close):focus-visible { outline: 3px solid; outline-offset: -6px; border-radius: 12px; }`;
  const mounted = new Map();

  const make = (name, properties) => Object.assign(document.createElement(name), properties);
  const wordsFor = (element) => WORDS[(element.dataset.lang || document.documentElement.lang).slice(0, 2)] ?? WORDS.en;

  function addressOf(element, mode) {
    const address = new URL(`/embed/${element.dataset.timetuna.replace(/^\/+/, "")}`, origin);
    const asked = address.searchParams;
    for (const { name, value } of element.attributes) {
      const option = OPTION.exec(name);
      if (option && value) asked.set(option[1], value);
    }
    if ("utm" in element.dataset) {
      for (const [name, value] of new URLSearchParams(location.search)) {
        if (name.startsWith("utm_") && !asked.has(name)) asked.set(name, value);
      }
    }
    if (!asked.has("timezone")) asked.set("timezone", Intl.DateTimeFormat().resolvedOptions().timeZone);
    asked.set("mode", mode);
    return address.href;
  }

  function frameFor(element, mode) {
    const frame = make("iframe", { className: "timetuna-frame", title: element.dataset.title || wordsFor(element).book, height: "620", width: "100%" });
    if (mode === "inline") frame.loading = "lazy";
    frame.src = addressOf(element, mode);
    const shown = { element, frame, mode, ready: false };
    mounted.set(element, shown);
    frame.addEventListener("load", () => setTimeout(() => shown.ready || offerLink(shown), 3000));
    return frame;
  }

  // The browser shows nothing of a page that this site may not frame.
  function offerLink({ element, frame }) {
    if (!frame.isConnected) return;
    console.warn(`TimeTuna: ${element.dataset.timetuna} doesn't answer. Does its tab Share allow ${location.origin}?`);
    const page = new URL(frame.src);
    page.pathname = page.pathname.replace("/embed", "");
    for (const each of ["mode", "theme", "accent", "lang"]) page.searchParams.delete(each);
    frame.replaceWith(make("a", { href: page, target: "_blank", rel: "noopener", textContent: wordsFor(element).open }));
  }

  function popUp(element) {
    let dialog;
    return () => {
      if (!dialog) {
        const words = wordsFor(element);
        const close = make("button", { type: "button", className: "timetuna-close", textContent: "×", ariaLabel: words.close });
        dialog = make("dialog", { className: "timetuna-dialog", ariaLabel: element.dataset.title || words.book });
        const { theme } = element.dataset;
        dialog.toggleAttribute("data-dark", theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches));
        close.addEventListener("click", () => dialog.close());
        dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
        dialog.append(close, frameFor(element, "popup"));
        document.body.append(dialog);
        mounted.get(element).dialog = dialog;
      }
      // Not in every browser does a click give the focus that closing gives back.
      const opener = element.matches("a, button") ? element : element.querySelector("a, button");
      opener.focus();
      dialog.addEventListener("close", () => opener.focus(), { once: true });
      dialog.showModal();
    };
  }

  function mount(element) {
    if (mounted.has(element)) return;
    if (element.dataset.mode !== "popup") return element.replaceChildren(frameFor(element, "inline"));
    mounted.set(element, {});
    if (!element.matches("a, button") && !element.querySelector("a, button")) {
      const button = make("button", { type: "button", className: "timetuna-button" });
      button.append(...element.childNodes);
      if (!button.textContent.trim() && !button.children.length) button.textContent = wordsFor(element).book;
      element.append(button);
    }
    const open = popUp(element);
    element.addEventListener("click", (event) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || !event.target.closest("a, button")) return;
      event.preventDefault();
      open();
    });
  }

  function resize({ frame, mode }, height) {
    if (!(height >= 0 && height <= 20000)) return;
    frame.style.height = mode === "popup" ? `min(${height}px, 100dvh - 2rem - 44px)` : `${height}px`;
  }

  addEventListener("message", ({ source, origin: from, data }) => {
    if (from !== origin || data?.timetuna !== 1) return;
    const shown = [...mounted.values()].find(({ frame }) => frame?.contentWindow === source);
    if (!shown) return;
    const { type, ...detail } = data;
    if (type === "close") return shown.dialog?.close();
    if (type === "height") resize(shown, data.height);
    if (type === "ready") {
      // Another step begins at its top, as on a page of its own.
      if (shown.ready) return shown.frame.getBoundingClientRect().top < 0 && shown.frame.scrollIntoView();
      shown.ready = true;
    }
    delete detail.timetuna;
    shown.element.dispatchEvent(new CustomEvent(`timetuna:${type}`, { bubbles: true, detail }));
  });

  // Sites that change without loading anew take elements away again.
  function forgetRemoved() {
    for (const [element, { dialog }] of mounted) {
      if (element.isConnected) continue;
      dialog?.remove();
      mounted.delete(element);
    }
  }

  window.TimeTuna = {
    mount(root = document) {
      forgetRemoved();
      root.querySelectorAll("[data-timetuna]").forEach(mount);
    },
  };
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  } catch {
    // An old browser shows its own styles.
  }
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", () => TimeTuna.mount());
  else TimeTuna.mount();
})();
