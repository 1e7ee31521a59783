// Which carrier the page's queries open in: the switch in the header, and the links it rewrites.
// The links are right for the page's own carrier without this script; it only makes them follow
// the reader's choice. The carriers themselves come from carriers.js, which is made by the build.
// @ts-check
"use strict";

(() => {
  const configuration = globalThis.alertbook;
  const select = /** @type {HTMLSelectElement | null} */ (
    document.getElementById("carrier-switch")
  );
  if (!select) return;
  const { carriers } = configuration;
  const box = /** @type {HTMLElement | null} */ (select.closest(".carrier"));
  const note = document.querySelector(".carrier-note");
  const storageKey = "alertbook.carrier";

  /**
   * Escapes text as Go's url.QueryEscape does, so that a link has the very bytes that Prometheus
   * itself writes: all but letters, digits, `-`, `_`, `.` and `~` as %XX, and a space as `+`.
   * @param {string} text
   */
  function queryEscape(text) {
    return encodeURIComponent(text)
      .replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll("%20", "+");
  }

  /**
   * How each query UI spells the link to an expression.
   * @type {Record<string, (base: string, expression: string) => string>}
   */
  const linkBuilders = {
    prometheus: (base, expression) => `${base}/graph?g0.expr=${queryEscape(expression)}&g0.tab=0`,
  };

  /**
   * Only names of the configuration count, and only own properties: an address may ask for
   * `__proto__` or for a foreign URL.
   * @param {string | null | undefined} name
   * @returns {name is string}
   */
  function isCarrier(name) {
    return (
      typeof name === "string" &&
      Object.hasOwn(carriers, name) &&
      Object.hasOwn(linkBuilders, carriers[name].ui)
    );
  }

  /** The carrier that is shown. @type {string | null} */
  let current = null;

  /** The tab's choice; none where the browser keeps storage from the page. */
  function recall() {
    try {
      return sessionStorage.getItem(storageKey);
    } catch {
      return null;
    }
  }

  /** @param {string} name */
  function remember(name) {
    try {
      sessionStorage.setItem(storageKey, name);
    } catch {
      // Without storage the choice holds for this page alone.
    }
  }

  /** The carrier that the page is about, if it is about one. */
  const own = isCarrier(document.body.dataset.carrier) ? document.body.dataset.carrier : null;

  /** The carrier to use now: the address, else this tab's choice, else the page's own. */
  function chosen() {
    const asked = new URLSearchParams(location.search).get("carrier");
    if (isCarrier(asked)) {
      remember(asked);
      return asked;
    }
    const kept = recall();
    if (isCarrier(kept)) return kept;
    return own ?? (isCarrier(configuration.default) ? configuration.default : null);
  }

  /**
   * Makes switch, links and note say the same carrier.
   * @param {string | null} name
   */
  function show(name) {
    if (!select || !isCarrier(name)) return;
    select.value = name;
    for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (
      document.querySelectorAll("a.promql-open[data-expr]")
    )) {
      const leadsTo = link.dataset.pinned ?? name;
      if (!isCarrier(leadsTo)) continue;
      const { url, ui } = carriers[leadsTo];
      link.setAttribute(
        "href", linkBuilders[ui](url.replace(/\/+$/, ""), link.dataset.expr ?? ""),
      );
    }
    current = name;
    const differs = own !== null && own !== name;
    box?.classList.toggle("differs", differs);
    if (note) note.textContent = differs ? `This page is about ${own}` : "";
  }

  /** The reader's choice. @param {string} name */
  function choose(name) {
    if (!isCarrier(name)) return;
    remember(name);
    show(name);
    document.dispatchEvent(new CustomEvent("alertbook:carrier"));
    // An address that names a carrier would win again at the next reload: it follows the choice.
    const address = new URL(location.href);
    if (!address.searchParams.has("carrier")) return;
    address.searchParams.set("carrier", name);
    try {
      history.replaceState(history.state, "", address);
    } catch {
      // Some browsers refuse this for pages from disk. The choice still holds until a reload.
    }
  }

  select.addEventListener("change", () => choose(select.value));
  configuration.isCarrier = isCarrier;
  configuration.carrier = () => current;
  configuration.chooseCarrier = choose;
  // Queries whose placeholders were filled are other queries.
  document.addEventListener("alertbook:filled", () => show(current));

  for (const option of select.options) option.disabled = !isCarrier(option.value);
  if (box) box.hidden = false;
  show(chosen());
  // A page that comes back from the history may have been left with another choice, or the browser
  // may have put back what the form control held.
  addEventListener("pageshow", () => show(chosen()));
})();
