// The worker that keeps the site readable when the network is what is broken. Before it stands what
// the build knows: `const site = {version, files, mark}`, the version new with each change of the site.
// The network is asked first; what is kept answers when it fails or takes too long.
// @ts-check
"use strict";

(() => {
  const worker = /** @type {Alertbook.Worker} */ (/** @type {unknown} */ (globalThis));
  const { scope } = worker.registration;
  const name = `alertbook ${scope}`;
  /** How long to wait for the network where there is something kept, in milliseconds. */
  const patience = 2_500;
  /** Files whose names change with their content. */
  const isForEver = (/** @type {string} */ url) => /\/assets\/[^/]+-[0-9a-f]{10}\.(js|css)$/.test(url);

  const isOfFullText = (/** @type {string} */ url) => /\/assets\/search(-words-\d+|-texts-\d+)?\.js(\?|$)/.test(url);

  /** What a page or a file is kept under: values of an alert in its address are nobody's business. @param {string} address */
  function keyOf(address) {
    const url = new URL(address, scope);
    url.search = "";
    url.hash = "";
    if (url.pathname.endsWith("/")) url.pathname += "index.html";
    return url.href;
  }

  /** Keeps an answer, with the time, and without the redirects on the way to it. @param {string} key @param {Response} response */
  async function keep(key, response) {
    if (!response.ok || response.type !== "basic") return;
    const type = response.headers.get("content-type") ?? "";
    const body = await response.blob();
    // What asks for a password in the place of a page must not take the place of the page.
    if (type.startsWith("text/html") && !(await body.text()).includes(site.mark)) return;
    const headers = new Headers({ "content-type": type, "x-kept": new Date().toISOString() });
    const cache = await caches.open(name);
    await cache.put(key, new Response(body, { headers }));
  }

  /** What is kept, and, if it is a page, says from when it is. @param {string} key */
  async function kept(key) {
    const response = await (await caches.open(name)).match(key);
    if (!response?.headers.get("content-type")?.startsWith("text/html")) return response;
    const html = await response.text();
    const marked = html.replace("<html", `<html data-kept="${response.headers.get("x-kept")}"`);
    return new Response(marked, { headers: { "content-type": "text/html; charset=utf-8" } });
  }

  /** @param {Request} request @param {(work: Promise<unknown>) => void} waitUntil */
  async function answer(request, waitUntil) {
    const key = keyOf(request.url);
    const known = await kept(key);
    if (known && isForEver(key)) return known;
    const fetched = fetch(request);
    waitUntil(fetched.then((response) => keep(key, response.clone())).catch(() => {}));
    if (!known) return fetched;
    const late = new Promise((/** @type {(response: Response) => void} */ resolve) => { setTimeout(resolve, patience, known); });
    // A server that fails is as good as none.
    return Promise.race([fetched.then((response) => (response.status < 500 ? response : known), () => known), late]);
  }

  /** Keeps all of the site, one after another so that it is in nobody's way, and nothing older. */
  async function fill() {
    const cache = await caches.open(name);
    const done = new URL(`alertbook-worker.js?${site.version}`, scope).href;
    if (await cache.match(done)) return;
    /** @type {{pages: {url: string}[], alerts: {url: string}[]}} */
    const { pages, alerts } = await (await fetch(new URL("alertbook.json", scope))).json();
    const wanted = [...site.files, ...pages.map(({ url }) => url), ...alerts.map(({ url }) => url)];
    const keys = new Set(wanted.map(keyOf));
    for (const { url } of await cache.keys()) {
      // Pictures and the like are kept when they are looked at.
      if (!keys.has(url) && /\.(html|js|css)(\?|$)/.test(url)) await cache.delete(url);
    }
    for (const key of keys) {
      if (isForEver(key) && await cache.match(key)) continue;
      await keep(key, await fetch(key, { cache: "no-cache" }));
    }
    await cache.put(done, new Response());
  }

  /** @type {Promise<void> | null} */
  let filling = null;
  worker.addEventListener("install", () => void worker.skipWaiting());
  worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
  // A page asks for it. While a worker is activated, which this would be a part of, no page gets an answer.
  worker.addEventListener("message", (event) => {
    filling ??= fill().catch(() => {
      // What could not be reached now is kept when somebody reads it, or asks again.
    }).finally(() => { filling = null; });
    event.waitUntil(filling);
  });
  worker.addEventListener("fetch", (event) => {
    const { method, url, headers } = event.request;
    // The full text is for those who have a network: what is kept of it would be of several days.
    if (method !== "GET" || !url.startsWith(scope) || headers.has("range") || isOfFullText(url)) return;
    event.respondWith(answer(event.request, (work) => event.waitUntil(work)));
  });
})();
