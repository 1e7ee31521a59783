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
    const { element, incident } = globalThis.alertbook;
    const id = `ask.${key}`;
    const fault = `ask.fault.${key}`;
    const input = /** @type {HTMLInputElement} */ (element("input", {
      id,
      class: incident?.isSecret(key) ? "secret" : "",
      "data-asks": key,
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      "aria-describedby": fault,
    }));
    input.value = incident?.value(key).text ?? "";
    input.addEventListener("input", () => {
      incident?.set(key, input.value);
      update();
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !done?.disabled) done?.click();
    });
    const label = element("label", { for: id }, incident?.nameOf(key) ?? key);
    return element("div", { class: "field" }, label, input, element("span", { class: "fault", id: fault, role: "status" }));
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
