// The palette: one key (`/` or Ctrl-K) finds alerts, runbooks, their sections and metrics by name.
// The results are links, so that they open, copy and go into other tabs as links do; to the keyboard
// and to screen readers they are the options of the field, which keeps the focus.
// @ts-check
"use strict";

(() => {
  const button = /** @type {HTMLButtonElement | null} */ (document.querySelector(".palette-open"));
  if (!button) return;
  const most = 30;
  /** @type {{dialog: HTMLDialogElement, input: HTMLInputElement, list: HTMLElement, status: HTMLElement} | null} */
  let palette = null;
  /** What is still to come: sections, and what is found in texts. */
  let areSectionsMissing = true;
  let areSectionsLoading = false;
  /** What the options are for. */
  let asked = "";
  /** What sections say it, once they are found; null where nobody can tell. @type {Alertbook.Named[] | null} */
  let texts = [];
  let timer = 0;

  function make() {
    const { element } = globalThis.alertbook;
    const input = /** @type {HTMLInputElement} */ (element("input", {
      type: "text", role: "combobox", "aria-label": "Find", "aria-controls": "palette.results",
      "aria-autocomplete": "list", "aria-expanded": "false", placeholder: "Alert, runbook, metric or error message",
      autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "go",
    }));
    const status = element("p", { class: "quiet palette-status", role: "status" });
    const list = element("div", { class: "palette-results", id: "palette.results", role: "listbox", "aria-label": "Found" });
    const close = element("button", { type: "button", class: "palette-close" }, "Close");
    const dialog = /** @type {HTMLDialogElement} */ (element("dialog", { class: "palette", "aria-label": "Find" },
      element("div", { class: "palette-head" }, input, close), status, list));
    document.body.append(dialog);
    close.addEventListener("click", () => dialog.close());
    // A click beside it closes it: what is outside of its box is still the dialog's own.
    dialog.addEventListener("click", (event) => {
      const box = dialog.getBoundingClientRect();
      const isWithin = event.clientX >= box.left && event.clientX <= box.right &&
        event.clientY >= box.top && event.clientY <= box.bottom;
      if (event.target === dialog && !isWithin) dialog.close();
    });
    list.addEventListener("click", (event) => {
      // On the same page nothing else would close it.
      const target = /** @type {Element} */ (event.target);
      if (target.closest("a") && !event.ctrlKey && !event.metaKey && !event.shiftKey) dialog.close();
    });
    input.addEventListener("input", () => {
      texts = [];
      clearTimeout(timer);
      timer = setTimeout(() => void searchTexts(), 150);
      show();
    });
    input.addEventListener("keydown", press);
    return { dialog, input, list, status };
  }

  /** The option that Enter opens. @param {Element | undefined} option */
  function choose(option) {
    if (!palette) return;
    palette.list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    palette.input.setAttribute("aria-activedescendant", option?.id ?? "");
    palette.input.setAttribute("aria-expanded", String(Boolean(option)));
  }

  /** Up and down among the options, from the last on to the first. @param {KeyboardEvent} event */
  function press(event) {
    if (!palette || event.isComposing) return;
    const options = [...palette.list.querySelectorAll("a")];
    const at = options.findIndex((option) => option.ariaSelected === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose(options.at(Math.max(at + step, -1) % options.length));
    else if (event.key === "Enter") {
      // With Ctrl a link opens in a tab of its own, with Shift in a window.
      const { ctrlKey, metaKey, shiftKey } = event;
      options[at]?.dispatchEvent(new MouseEvent("click", { ctrlKey, metaKey, shiftKey, bubbles: true, cancelable: true }));
    } else return;
    event.preventDefault();
  }

  /** The title with what was typed marked in it. @param {string} title @param {string} typed */
  function marked(title, typed) {
    const { element } = globalThis.alertbook;
    const words = typed.trim().split(/\s+/).filter((word) => word.length > 1)
      // In a message "on" and "no" are not worth a look.
      .filter((word, _, all) => word.length > 2 || !all.some((it) => it.length > 2))
      .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    if (words.length === 0) return [title];
    const parts = title.split(new RegExp(`(${words.join("|")})`, "i"));
    return parts.map((part, at) => (at % 2 === 1 ? element("mark", {}, part) : part)).filter((part) => part !== "");
  }

  /** @param {Alertbook.Named} thing @param {string} typed @param {number} at */
  function option(thing, typed, at) {
    const { element, root } = globalThis.alertbook;
    const target = new URL(thing.path, root);
    target.hash = thing.fragment;
    return element("a", {
      href: target.href, class: `found-${thing.kind}`, role: "option", id: `palette.${at}`,
      "aria-selected": "false", tabindex: "-1",
    },
    element("span", { class: "found-title" }, ...marked(thing.title, typed)), " ",
    element("span", { class: "found-kind" }, thing.kind), " ",
    element("span", { class: "found-context" }, ...(thing.kind === "text" ? marked(thing.context, typed) : [thing.context])));
  }

  /** @param {Alertbook.Named} thing */
  const placeOf = ({ path, fragment }) => `${path}#${fragment}`;

  function show() {
    const { finder } = globalThis.alertbook;
    if (!palette || !finder) return;
    const typed = palette.input.value;
    const isLooking = areSectionsLoading || timer > 0;
    const names = finder.find(typed, most);
    const has = (/** @type {boolean} */ isPart) => (/** @type {Alertbook.Named} */ it) => Boolean(it.isPart) === isPart;
    // A section that holds a message is meant, and a name with some of its words is not.
    const found = names.filter(has(false));
    const places = new Set(found.map(placeOf));
    const isNew = (/** @type {Alertbook.Named} */ it) => !places.has(placeOf(it)) && places.add(placeOf(it));
    found.push(...(texts ?? []).filter(has(false)).filter(isNew));
    const parts = [...(texts ?? []).filter(has(true)), ...names.filter(has(true))].filter(isNew);
    const options = [...found, ...parts].map((thing, at) => option(thing, typed, at));
    // Whoever has gone down the list stays there when more is found.
    const chosen = /** @type {HTMLAnchorElement | null} */ (palette.list.querySelector("[aria-selected=true]"));
    const kept = asked === typed ? options.find((it) => it.getAttribute("href") === chosen?.getAttribute("href")) : undefined;
    asked = typed;
    palette.list.replaceChildren(...options.slice(0, found.length));
    if (parts.length > 0) {
      const { element } = globalThis.alertbook;
      palette.list.append(element("div", { class: "found-parts", role: "group", "aria-label": "Some of the words" },
        element("p", { "aria-hidden": "true" }, "Some of the words"), ...options.slice(found.length)));
    }
    choose(kept ?? (found.length > 0 ? options[0] : undefined));
    const { status } = palette;
    if (!typed.trim()) status.textContent = "Names may be typed in part, in any order, and with a typo.";
    else if (found.length > 0) status.textContent = names.length === most ? `The ${most} best` : `${found.length} found`;
    else if (isLooking) status.textContent = "Looking …";
    else if (!texts || !/\S\s+\S/.test(typed.trim())) status.textContent = "Nothing found.";
    else status.textContent = "No section holds this message.";
    palette.list.ariaBusy = String(isLooking);
    if (typed.trim().length > 1) void loadSections();
  }

  /** Sections come in parts, and each shows as soon as it is there. */
  async function loadSections() {
    if (areSectionsLoading || !areSectionsMissing) return;
    areSectionsLoading = true;
    try {
      while (await globalThis.alertbook.finder?.loadSections()) show();
    } catch {
      // Without them alerts, runbooks and metrics are still found.
    }
    [areSectionsLoading, areSectionsMissing] = [false, false];
    show();
  }

  /** Looks for it in the texts, when the typing pauses. */
  async function searchTexts() {
    const typed = palette?.input.value ?? "";
    let found = texts;
    try {
      if (typed.trim().length > 2) found = await globalThis.alertbook.fullText?.search(typed, 8) ?? null;
    } catch {
      // Names are found without.
      found = null;
    }
    if (palette?.input.value !== typed) return;
    timer = 0;
    texts = found;
    show();
  }

  async function open() {
    palette ??= make();
    const { dialog, input, status } = palette;
    if (!dialog.open) dialog.showModal();
    input.select();
    try {
      await globalThis.alertbook.loadFinders?.();
      await globalThis.alertbook.finder?.load();
      show();
    } catch (failure) {
      status.textContent = /** @type {Error} */ (failure).message;
    }
  }

  button.hidden = false;
  button.addEventListener("click", () => void open());
  document.addEventListener("keydown", (event) => {
    const target = /** @type {Element | null} */ (event.target);
    const isTyping = Boolean(target?.closest?.("input, textarea, select, [contenteditable]"));
    const isSlash = event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey;
    const isControlK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!isSlash && !isControlK) return;
    const other = document.querySelector("dialog[open]");
    if (other && other !== palette?.dialog) return;
    event.preventDefault();
    void open();
  });
})();
