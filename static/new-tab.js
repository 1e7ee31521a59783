// Links of the site that are opened in a tab of their own, which knows nothing of this one: they take
// along what the address says, the values and the carrier. A link that is about something itself gets
// the carrier alone.
// @ts-check
"use strict";

(() => {
  /** @param {MouseEvent} event */
  function carryOver(event) {
    const link = /** @type {Element | null} */ (event.target)?.closest?.("a[href]");
    if (!(link instanceof HTMLAnchorElement) || !link.href.startsWith(globalThis.alertbook.root.href)) return;
    const isElsewhere = event.type !== "click" || event.ctrlKey || event.metaKey || event.shiftKey || /^(?!_self$)./.test(link.target);
    if (!isElsewhere) return;
    const written = link.getAttribute("href") ?? "";
    const address = new URL(link.href);
    const isOwn = address.search !== "";
    for (const [name, value] of new URLSearchParams(location.search)) {
      if (!address.searchParams.has(name) && (name === "carrier" || !isOwn)) address.searchParams.append(name, value);
    }
    link.href = address.href;
    // The browser has followed it by then.
    setTimeout(() => link.setAttribute("href", written));
  }

  for (const kind of /** @type {const} */ (["click", "auxclick", "contextmenu"])) document.addEventListener(kind, carryOver);
})();
