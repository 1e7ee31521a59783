// Keeps the site readable when the network is what is broken, where its configuration says so: the
// worker at the site's root (`alertbook-worker.js`) then answers with what it has kept, and this says
// from when that is. Where the option was turned off, what is left of it goes.
// @ts-check
"use strict";

(() => {
  const { root, offline, element } = globalThis.alertbook;
  const kept = Date.parse(document.documentElement.dataset.kept ?? "");
  if (kept) {
    const time = element("time", { datetime: new Date(kept).toISOString() },
      new Date(kept).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }));
    document.querySelector("main")?.prepend(element("p", { class: "kept", role: "status" },
      "The site can't be reached. This is the page as it was on ", time, "."));
  }

  // Pages from disk need no worker, and insecure ones may have none.
  const workers = /^http/.test(location.protocol) ? navigator.serviceWorker : undefined;
  if (!workers) return;
  const script = new URL("alertbook-worker.js", root).href;

  async function remove() {
    for (const registration of await workers?.getRegistrations() ?? []) {
      const worker = registration.active ?? registration.waiting ?? registration.installing;
      if (worker?.scriptURL !== script) continue;
      await registration.unregister();
      await caches.delete(`alertbook ${registration.scope}`);
    }
  }

  async function register() {
    await workers?.register(script, { updateViaCache: "none" });
    (await workers?.ready)?.active?.postMessage("keep");
  }

  const done = offline ? register() : remove();
  done.catch(() => {
    // A browser may refuse workers; the pages are the same without.
  });
})();
