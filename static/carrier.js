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
  const { carriers, uis = {} } = configuration;
  const box = /** @type {HTMLElement | null} */ (select.closest(".carrier"));
  const note = document.querySelector(".carrier-note");
  // A host may have several sites.
  const storageKey = `alertbook.carrier ${configuration.root.pathname}`;

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
      Object.hasOwn(uis, carriers[name].ui)
    );
  }

  /** The carrier that is shown. @type {string | null} */
  let current = null;
  /** Whether somebody chose one on this page, where there is no storage to remember it. */
  let hasChosen = false;

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
    hasChosen = true;
    try {
      sessionStorage.setItem(storageKey, name);
    } catch {
      // Without storage the choice holds for this page alone.
    }
  }

  /** The carrier that the page is about, if it is about one. */
  const own = isCarrier(document.body.dataset.carrier) ? document.body.dataset.carrier : null;

  /** Whether the reader, the address or the alert has chosen, and not the page. */
  const isChosen = () => isCarrier(recall()) || hasChosen;

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
   * Where a carrier shows an expression.
   * @param {string} name
   * @param {string} expression
   * @param {Alertbook.TimeRange | null} range
   */
  function addressOn(name, expression, range) {
    const carrier = carriers[name];
    return uis[carrier.ui].address(carrier.url.replace(/\/+$/, ""), expression, carrier, range);
  }

  /**
   * The links to carriers that authors wrote out by hand, as they wrote them. One that holds a
   * placeholder is another one whenever that is filled.
   * @type {Map<HTMLAnchorElement, string>}
   */
  const others = new Map();

  /** The carrier whose pages an address is one of. @param {string} address */
  function carrierOf(address) {
    const found = Object.keys(carriers).filter((name) => {
      const base = carriers[name].url.replace(/\/+$/, "");
      return address.startsWith(base) && /^(?:[/?#]|$)/.test(address.slice(base.length));
    });
    return found.sort((a, b) => carriers[b].url.length - carriers[a].url.length)[0] ?? null;
  }

  function findOthers() {
    for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (
      document.querySelectorAll("article a[href]:not(.promql-open)")
    )) {
      const address = link.getAttribute("href") ?? "";
      if ((!others.has(link) || link.hasAttribute("data-holes")) && carrierOf(address)) {
        others.set(link, address);
      }
    }
  }

  /**
   * Lets them follow the choice: the same page on the other carrier, or where that has another UI,
   * the same expression. What is neither stays as it was written.
   * @param {string} name
   * @param {Alertbook.TimeRange | null} range
   */
  function moveOthers(name, range) {
    for (const [link, written] of others) {
      const from = carrierOf(written);
      if (!from) continue;
      const [before, after] = [carriers[from], carriers[name]];
      let address = written;
      if (before.ui === after.ui) {
        address = after.url.replace(/\/+$/, "") + written.slice(before.url.replace(/\/+$/, "").length);
      } else {
        const parameters = new URLSearchParams(written.slice(written.indexOf("?") + 1).split("#")[0]);
        const expression = parameters.get("g0.expr");
        if (expression !== null) address = addressOn(name, expression, range);
      }
      link.setAttribute("href", address);
    }
  }

  /**
   * Makes switch, links and note say the same carrier.
   * @param {string | null} name
   */
  function show(name) {
    if (!select || !isCarrier(name)) return;
    select.value = name;
    const range = configuration.timeAround?.(configuration.incident?.startsAt() ?? null) ?? null;
    for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (
      document.querySelectorAll("a.promql-open[data-expr]")
    )) {
      const leadsTo = link.dataset.pinned ?? name;
      if (!isCarrier(leadsTo)) continue;
      const { title } = uis[carriers[leadsTo].ui];
      link.setAttribute("href", addressOn(leadsTo, link.dataset.expr ?? "", range));
      if (link.textContent !== `Open in ${title}`) link.textContent = `Open in ${title}`;
      if (link.title) link.title = `Open in ${title}`;
    }
    if (isChosen()) moveOthers(name, range);
    current = name;
    const differs = own !== null && own !== name;
    const asked = new URLSearchParams(location.search).get("carrier");
    const isUnknown = Boolean(asked) && !isCarrier(asked);
    box?.classList.toggle("differs", differs || isUnknown);
    if (note) note.textContent = isUnknown ? `No carrier is called ${asked}` : differs ? `This page is about ${own}` : "";
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
  // Queries whose placeholders were filled are other queries, and an alert has its time.
  document.addEventListener("alertbook:filled", () => {
    findOthers();
    show(current);
  });

  for (const option of select.options) option.disabled = !isCarrier(option.value);
  if (box) box.hidden = false;
  show(chosen());
  // A page that comes back from the history may have been left with another choice, or the browser
  // may have put back what the form control held.
  addEventListener("pageshow", () => show(chosen()));
})();
