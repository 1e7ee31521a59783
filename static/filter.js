// The filter fields: each narrows the listings that stand beside it to the entries that have all
// the words typed.
// @ts-check
"use strict";

for (const box of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".filter"))) {
  const [input, status, scope] = [
    box.querySelector("input"), box.querySelector("[role=status]"), box.parentElement,
  ];
  if (!input || !status || !scope) continue;
  const lists = /** @type {NodeListOf<HTMLElement>} */ (scope.querySelectorAll(".listing"));
  const entries = Array.from(
    /** @type {NodeListOf<HTMLElement>} */ (scope.querySelectorAll(".listing > li, .listing > tbody > tr")),
    (entry) => ({ entry, text: (entry.textContent ?? "").toLowerCase() }),
  );

  const narrow = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { entry, text } of entries) {
      entry.hidden = !words.every((word) => text.includes(word));
      if (!entry.hidden) shown += 1;
    }
    for (const list of lists) {
      // A group that has nothing left goes with its heading.
      list.hidden = !list.querySelector(":is(li, tbody > tr):not([hidden])");
      const heading = list.previousElementSibling;
      if (heading instanceof HTMLHeadingElement) heading.hidden = list.hidden;
    }
    scope.classList.toggle("filtered", words.length > 0);
    status.textContent = words.length > 0 ? `${shown} of ${entries.length}` : "";
  };

  input.addEventListener("input", narrow);
  box.hidden = false;
  // Somebody may have typed before the script was there.
  if (input.value) narrow();
}
