// What the stylesheet does to the frame of a page, said to keyboards and screen readers as well:
// boxes that are shown open where there is room are open, and what scrolls can be focused. And what it
// can't know: the whole addresses that paper shows.
// @ts-check
"use strict";

(() => {
  for (const [selector, width] of [[".menu", "45rem"], [".incident", "45rem"], [".contents", "68.75rem"]]) {
    const box = /** @type {HTMLDetailsElement | null} */ (document.querySelector(selector));
    if (!box) continue;
    const wide = matchMedia(`(min-width: ${width})`);
    if (wide.matches) box.open = true;
    wide.addEventListener("change", () => { box.open = wide.matches; });
  }

  const scrolling = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const box = /** @type {HTMLElement} */ (target);
      const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
      if (scrolls) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  });
  globalThis.alertbook.focusable = (box) => scrolling.observe(box);
  document.querySelectorAll("article pre, article table").forEach(globalThis.alertbook.focusable);

  addEventListener("beforeprint", () => {
    document.body.dataset.leadsTo = location.href;
    const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (
      document.querySelectorAll('article a[href]:not([href^="http"], [href^="#"], .secret)')
    );
    for (const link of links) link.dataset.leadsTo = link.href;
  });
})();
