// The page for addresses at which nothing stands: offers what has a name like the one that failed.
// @ts-check
"use strict";

(() => {
  const box = /** @type {HTMLElement | null} */ (document.querySelector(".suggestions"));
  const list = box?.querySelector("ul");
  if (!box || !list) return;
  const { element, root } = globalThis.alertbook;

  /** What the address says of what was looked for. */
  function wanted() {
    const path = location.pathname.startsWith(root.pathname)
      ? location.pathname.slice(root.pathname.length)
      : location.pathname;
    const words = path.split("/").filter((part) => part && !/^index\.html?$/i.test(part)).map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    });
    return (words.at(-1) ?? "").replace(/\.(html?|md)$/i, "");
  }

  async function suggest() {
    const name = wanted();
    await globalThis.alertbook.loadFinders?.();
    const { finder } = globalThis.alertbook;
    if (!box || !list || !name || !finder) return;
    await finder.load();
    const words = name.split(/[^\p{L}\p{N}]+/u).join(" ");
    // The name as one first: a letter is wrong in it more often than a word.
    const found = finder.find(name, 5);
    const more = finder.find(words, 5).filter((it) => !found.some(({ path, fragment }) => it.path === path && it.fragment === fragment));
    const items = [...found, ...more].slice(0, 5).map((thing) => {
      const target = new URL(thing.path, root);
      // The labels of the alert come along.
      target.search = location.search;
      target.hash = thing.fragment || location.hash;
      return element("li", {}, element("a", { href: target.href }, thing.title), " ",
        element("span", { class: "quiet" }, [thing.kind, thing.context].filter(Boolean).join(" · ")));
    });
    list.replaceChildren(...items);
    box.hidden = items.length === 0;
  }

  void suggest().catch(() => {
    // The links that are there without it lead on.
  });
})();
