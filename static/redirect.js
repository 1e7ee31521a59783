// Leads from a former or short address to the page itself. The query string comes along (it holds
// the alert's labels and the carrier), and a fragment that the reader came with wins over the
// section's own. Not deferred: nobody should see this page.
// @ts-check
"use strict";

(() => {
  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  if (!script) return;

  /**
   * Where a link of this page leads for a reader who came with this address.
   * @param {string} target
   * @param {string} fragment without its `#`, may be empty
   * @returns {string | null} null when the target is no page of this site
   */
  function destination(target, fragment) {
    const url = new URL(target, location.href);
    // Compared by parts: pages from disk all have the origin "null", and so have foreign schemes.
    if (url.protocol !== location.protocol || url.host !== location.host) return null;
    url.search = location.search;
    url.hash = location.hash || fragment;
    return url.href;
  }

  const address = destination(script.dataset.target ?? "", script.dataset.fragment ?? "");
  if (address === null) return;
  if (!("offer" in script.dataset)) {
    location.replace(address);
    return;
  }

  // Several pages go by this address: the reader may choose, and the first one opens if nobody does.
  const timer = setTimeout(() => location.replace(address), 20_000);
  for (const sign of ["pointerdown", "keydown", "wheel", "touchstart"]) {
    addEventListener(sign, () => clearTimeout(timer), { once: true, passive: true });
  }
  addEventListener("DOMContentLoaded", () => {
    for (const link of document.links) {
      link.href = destination(link.href, new URL(link.href).hash.slice(1)) ?? link.href;
    }
  });
})();
