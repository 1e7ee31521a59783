// The Copy buttons: each copies the raw text of the query or the command that it stands behind,
// with the values of the incident in it. Where a value is missing, it asks for that first. Works
// where the browser has no clipboard for scripts as well (plain http, pages from disk).
// @ts-check
"use strict";

(() => {
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (
    document.querySelectorAll("button.copy, .incident-share")
  );

  // Screen readers announce what changes in a live region, so it has to be there before the change.
  const announcer = document.createElement("div");
  announcer.className = "visually-hidden";
  announcer.setAttribute("role", "status");
  document.body.append(announcer);

  /** The element that shows what the button copies. @param {Element} button */
  function shown(button) {
    return (button.closest(".query-tools") ?? button).previousElementSibling;
  }

  /**
   * What a button copies: the query that the link beside it opens; else what is shown, less what
   * the site added, less the marks with which a shell asks for more, and less the line break that
   * ends every block of code. No-break spaces, which editors slip into commands, become spaces.
   * @param {Element} button
   * @returns {Alertbook.Filled}
   */
  function source(button) {
    if (button.matches(".incident-share")) {
      const address = new URL(location.href);
      const carrier = globalThis.alertbook.carrier?.();
      // Whoever opens it has another tab, which knows of no choice.
      if (carrier) address.searchParams.set("carrier", carrier);
      return { text: address.href, open: [] };
    }
    const tools = button.closest(".query-tools");
    const query = tools?.querySelector("[data-expr], [data-text]");
    if (tools && query) {
      const text = query.getAttribute("data-expr") ?? query.getAttribute("data-text") ?? "";
      return { text, open: globalThis.alertbook.openHoles?.(tools) ?? [] };
    }
    const element = shown(button);
    const copy = /** @type {Element | undefined} */ (element?.cloneNode(true));
    for (const added of copy?.querySelectorAll("[data-added], .prompt") ?? []) added.remove();
    const holes = /** @type {HTMLElement[]} */ ([
      ...(element?.querySelectorAll(".placeholder:not(.filled)") ?? []),
    ]);
    return {
      text: (copy?.textContent ?? "").replace(/\n$/, "").replaceAll("\u00a0", " "),
      open: holes.map((hole) => ({
        key: hole.dataset.placeholder ?? "",
        fault: hole.classList.contains("refused") ? hole.title : "",
      })),
    };
  }

  /**
   * Copies by way of a selection, as pages did before there was navigator.clipboard.
   * @param {string} text
   * @returns {boolean} whether the browser says that it has copied
   */
  function copyBySelection(text) {
    const focused = document.activeElement;
    const area = /** @type {HTMLTextAreaElement} */ (
      globalThis.alertbook.element("textarea", { class: "visually-hidden", readonly: "" })
    );
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

  /** @param {HTMLButtonElement} button */
  async function copyNow(button) {
    const done = await copy(source(button).text);
    const element = shown(button);
    // What could not be copied is at least selected, one keystroke away.
    if (!done && element) getSelection()?.selectAllChildren(element);
    tell(button, done ? "copied" : "failed");
  }

  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const ask = globalThis.alertbook.ask;
      const asks = ask?.({
        verb: "Copy",
        read: () => source(button),
        go: () => void copyNow(button),
      });
      if (!asks) void copyNow(button);
    });
  }
})();
