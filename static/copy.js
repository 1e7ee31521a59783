// The Copy buttons: each copies the raw text of the query or command that it stands after, also
// where the browser has no clipboard for scripts (plain http, pages from disk).
// @ts-check
"use strict";

(() => {
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (
    document.querySelectorAll("button.copy, .incident-share")
  );
  if (buttons.length === 0) return;

  // Screen readers announce what changes in a live region, so it has to be there before the change.
  const announcer = document.createElement("div");
  announcer.className = "visually-hidden";
  announcer.setAttribute("role", "status");
  document.body.append(announcer);

  /**
   * The element that shows what the button copies.
   * @param {HTMLButtonElement} button
   */
  function shown(button) {
    return (button.closest(".query-tools") ?? button).previousElementSibling;
  }

  /**
   * The text to copy: the query as written, where the button or the link beside it has it; else
   * what is shown, less what the site added to it and the line break that ends every code block.
   * @param {HTMLButtonElement} button
   */
  function rawText(button) {
    if (typeof button.dataset.text === "string") return button.dataset.text;
    if (button.matches(".incident-share")) return location.href;
    const link = button.parentElement?.querySelector("a.promql-open[data-expr]");
    const expression = link?.getAttribute("data-expr");
    if (typeof expression === "string") return expression;
    const copy = /** @type {Element | undefined} */ (shown(button)?.cloneNode(true));
    for (const added of copy?.querySelectorAll("[data-added]") ?? []) added.remove();
    return (copy?.textContent ?? "").replace(/\n$/, "");
  }

  /**
   * Copies by way of a selection, as pages did before there was navigator.clipboard.
   * @param {string} text
   * @returns {boolean} whether the browser says that it has copied
   */
  function copyBySelection(text) {
    const focused = document.activeElement;
    const area = document.createElement("textarea");
    area.className = "visually-hidden";
    area.readOnly = true;
    area.value = text;
    document.body.append(area);
    area.select();
    let copied = false;
    try {
      copied = document.execCommand("copy");
    } catch {
      // Reported by the caller, as any failure is.
    }
    area.remove();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
    return copied;
  }

  /**
   * @param {string} text
   * @returns {Promise<boolean>}
   */
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Absent, or refused by the browser's settings.
      return copyBySelection(text);
    }
  }

  /** The labels to come back to, while a button tells how it went. */
  /** @type {WeakMap<HTMLButtonElement, {label: string | null, timer: number}>} */
  const telling = new WeakMap();

  /**
   * Says on the button, for a moment, how it went, and aloud.
   * @param {HTMLButtonElement} button
   * @param {"copied" | "failed"} outcome
   */
  function tell(button, outcome) {
    const before = telling.get(button);
    clearTimeout(before?.timer);
    const label = before ? before.label : button.textContent;
    button.classList.remove("copied", "failed");
    button.classList.add(outcome);
    button.textContent = outcome === "copied" ? "Copied" : "Not copied";
    announcer.textContent =
      outcome === "copied" ? "Copied" : "Not copied. The text is selected: copy it by hand.";
    const timer = window.setTimeout(() => {
      button.classList.remove("copied", "failed");
      button.textContent = label;
      announcer.textContent = "";
      telling.delete(button);
    }, 2000);
    telling.set(button, { label, timer });
  }

  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const done = await copy(rawText(button));
      const source = shown(button);
      // What could not be copied is at least selected, one keystroke away.
      if (!done && source) getSelection()?.selectAllChildren(source);
      tell(button, done ? "copied" : "failed");
    });
  }
})();
