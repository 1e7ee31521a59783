// Keeps a page of the preview as its author left it: reloads it when it has changed, where the
// reader was and with what the reader had typed, and shows its findings as they come and go.
// @ts-check
"use strict";

(() => {
  const panel = document.getElementById("_alertbook");
  if (!panel) return;

  const KEPT = "alertbook.preview.kept";
  const FOLDED = "alertbook.preview.folded";

  /** @returns {(HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement)[]} */
  const fields = () => Array.from(document.querySelectorAll("input, textarea, select"));

  /** What tells a field from the others, also if some come before it.
   * @param {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} field
   * @param {number} index */
  const nameOf = (field, index) =>
    field.id || field.name || Object.values(field.dataset).join(" ") || `${field.tagName} ${index}`;

  /** Whether a field is ticked rather than filled in.
   * @param {Element} field
   * @returns {field is HTMLInputElement} */
  const isTicked = (field) =>
    field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio");

  /** The last heading above what the reader looks at, by which the place is found again. */
  const landmark = () => {
    const above = Array.from(document.querySelectorAll("h1[id], h2[id], h3[id], h4[id]"))
      .filter((heading) => heading.getBoundingClientRect().top <= innerHeight / 3)
      .pop();
    return above ? { id: above.id, top: above.getBoundingClientRect().top } : null;
  };

  const keep = () => {
    const values = fields().map((field, index) => [
      nameOf(field, index),
      isTicked(field) ? field.checked : field.value,
    ]);
    const kept = { path: location.pathname, x: scrollX, y: scrollY, landmark: landmark(), values };
    sessionStorage.setItem(KEPT, JSON.stringify(kept));
  };

  const restore = () => {
    const text = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    const kept = text && JSON.parse(text);
    if (!kept || kept.path !== location.pathname) return;
    const values = new Map(kept.values);
    fields().forEach((field, index) => {
      const value = values.get(nameOf(field, index));
      if (value === undefined || value === (isTicked(field) ? field.checked : field.value)) return;
      if (isTicked(field)) field.checked = value;
      else field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    const heading = kept.landmark && document.getElementById(kept.landmark.id);
    scrollTo({ left: kept.x, top: kept.y, behavior: "instant" });
    if (heading && kept.y > 0) {
      const off = heading.getBoundingClientRect().top - kept.landmark.top;
      scrollBy({ left: 0, top: off, behavior: "instant" });
    }
  };

  if (sessionStorage.getItem(KEPT)) {
    history.scrollRestoration = "manual";
    if (document.readyState === "complete") restore();
    else addEventListener("load", restore);
  }

  /** @param {string} html made by the preview itself, every text in it escaped */
  const show = (html) => {
    panel.innerHTML = html;
    panel.hidden = html === "";
    for (const part of panel.querySelectorAll("details")) {
      part.open = sessionStorage.getItem(FOLDED) === null;
      part.addEventListener("toggle", () => {
        if (part.open) sessionStorage.removeItem(FOLDED);
        else sessionStorage.setItem(FOLDED, "");
      });
    }
  };
  show(panel.innerHTML);

  const parameters = new URLSearchParams({
    page: location.pathname,
    seen: panel.dataset.seen ?? "",
  });
  const events = new EventSource(`/_alertbook/events?${parameters}`);
  events.addEventListener("reload", () => {
    events.close();
    keep();
    location.reload();
  });
  events.addEventListener("findings", (event) => show(event.data));
})();
