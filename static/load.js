// Loads the data of the site when somebody needs it: as classic scripts, since pages from disk may
// read nothing else.
// @ts-check
"use strict";

(() => {
  /** @type {Map<string, Promise<void>>} */
  const loading = new Map();

  globalThis.alertbook.load = (path) => {
    const known = loading.get(path);
    if (known) return known;
    const loaded = new Promise((/** @type {(value: void) => void} */ resolve, reject) => {
      const script = document.createElement("script");
      script.addEventListener("load", () => resolve());
      script.addEventListener("error", () => {
        // What failed may be there the next time.
        loading.delete(path);
        reject(new Error(`${path} can't be loaded`));
      });
      script.src = new URL(path, globalThis.alertbook.root).href;
      document.head.append(script);
    });
    loading.set(path, loaded);
    return loaded;
  };
})();
