// The parts of the editor as tabs; the first one with something to check is opened by the server's choice of tab.

export function tabbed(parts, editor) {
  const bar = parts.querySelector("[data-tabs]");
  // The editor of a schedule has no parts.
  if (!bar) return;
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

  const wrong = parts.querySelector("[aria-invalid], .error");
  const named = (hash) => tabs.find((tab) => tab.hash === hash);
  const serversChoice = named(`#${editor.elements.tab.value}`);
  const fromServer = wrong || parts.hasAttribute("data-unsaved") || parts.dataset.livened;
  open((fromServer ? serversChoice : named(location.hash)) ?? serversChoice ?? tabs[0]);
  if (!parts.dataset.livened) {
    addEventListener("hashchange", () => parts.querySelector(`[data-tabs] a[href="${CSS.escape(location.hash)}"]`)?.click());
  }
  parts.dataset.livened = "";

  // A complaint leads to its field, and to the tab that it is on.
  for (const link of parts.querySelectorAll(".notice a[href^='#']")) {
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
}
