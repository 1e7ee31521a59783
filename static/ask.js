// Asks for what a query or a command still lacks, before it is copied or run.
// @ts-check
"use strict";

(() => {
  const dialog = /** @type {HTMLDialogElement | null} */ (document.querySelector("dialog.ask"));
  const list = dialog?.querySelector(".ask-fields");
  const preview = dialog?.querySelector(".ask-preview");
  const done = /** @type {HTMLButtonElement | null | undefined} */ (dialog?.querySelector(".ask-done"));
  const asIs = /** @type {HTMLButtonElement | null | undefined} */ (dialog?.querySelector(".ask-as-is"));

  for (const cancel of document.querySelectorAll("dialog .dialog-cancel")) {
    cancel.addEventListener("click", () => cancel.closest("dialog")?.close());
  }
  if (!dialog || !list || !preview || !done || !asIs) return;

  /** What the dialog is open for. @type {Alertbook.Question | null} */
  let question = null;

  /** The placeholders that have a field on the page: for others there is nowhere to put a value. */
  const askable = (/** @type {Alertbook.Open[]} */ open) =>
    open.filter(({ key }) => document.getElementById(`field.${key}`));

  /** A field that fills the one of its name in the bar. @param {string} key */
  function field(key) {
    const box = document.createElement("div");
    box.className = "field";
    const label = document.createElement("label");
    label.htmlFor = `ask.${key}`;
    label.textContent = globalThis.alertbook.incident?.nameOf(key) ?? key;
    const input = document.createElement("input");
    input.id = `ask.${key}`;
    input.dataset.asks = key;
    if (globalThis.alertbook.incident?.isSecret(key)) input.className = "secret";
    input.autocomplete = "off";
    input.spellcheck = false;
    input.autocapitalize = "off";
    input.value = globalThis.alertbook.incident?.value(key).text ?? "";
    input.setAttribute("aria-describedby", `ask.fault.${key}`);
    const fault = document.createElement("span");
    fault.className = "fault";
    fault.id = `ask.fault.${key}`;
    fault.setAttribute("role", "status");
    input.addEventListener("input", () => {
      globalThis.alertbook.incident?.set(key, input.value);
      update();
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !done?.disabled) done?.click();
    });
    box.append(label, input, fault);
    return box;
  }

  /** Shows what would be copied, and whether it is complete. */
  function update() {
    if (!question || !list || !preview || !done) return;
    const { text, open } = question.read();
    preview.textContent = globalThis.alertbook.masked?.(text) ?? text;
    const missing = askable(open);
    done.disabled = missing.length > 0;
    for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (list.querySelectorAll("input"))) {
      const fault = missing.find(({ key }) => key === input.dataset.asks)?.fault ?? "";
      input.setAttribute("aria-invalid", String(Boolean(fault)));
      const note = document.getElementById(`ask.fault.${input.dataset.asks}`);
      if (note) note.textContent = fault;
    }
  }

  globalThis.alertbook.ask = (asked) => {
    const missing = askable(asked.read().open);
    if (missing.length === 0) return false;
    question = asked;
    list.replaceChildren(...[...new Set(missing.map(({ key }) => key))].map(field));
    done.textContent = asked.verb;
    asIs.textContent = `${asked.verb} as it is`;
    asIs.hidden = asked.verb !== "Copy";
    update();
    dialog.showModal();
    return true;
  };

  for (const button of [done, asIs]) {
    button.addEventListener("click", () => {
      const asked = question;
      // First: while it is open, nothing outside of it can be selected.
      dialog.close();
      asked?.go();
    });
  }
  dialog.addEventListener("close", () => { question = null; });
})();
