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

  /**
   * The carrier whose external label is among the labels of an alert, however that is spelt; else the
   * one that the alert's Prometheus is, or the one of which the most labels are there. Of two that
   * agree alike nobody knows which.
   * @param {Record<string, string>} labels
   * @param {string | null} [addressed]
   */
  function carrierOf(labels, addressed = null) {
    const key = (/** @type {string} */ label) => configuration.labels.canonicalKey(label);
    const external = key(configuration.externalLabel ?? "carrier");
    const [, named] = Object.entries(labels).find(([label, value]) => key(label) === external && isCarrier(value)) ?? [];
    if (named) return named;
    const agreeing = Object.keys(carriers).map((name) => ({ name, pairs: Object.entries(carriers[name].labels ?? {}) }))
      .filter(({ pairs }) => pairs.length > 0 && pairs.every(([label, value]) => labels[label] === value))
      .sort((a, b) => b.pairs.length - a.pairs.length);
    const [best, next] = agreeing;
    const labelled = best && best.pairs.length !== next?.pairs.length ? best.name : null;
    // Several carriers may be behind one address.
    const isAlike = addressed !== null && labelled !== null && carriers[addressed].url === carriers[labelled].url;
    return isAlike ? labelled : addressed ?? labelled;
  }

  /** The carrier that is shown. @type {string | null} */
  let current = null;

  /**
   * The choices of this tab: the reader's own, which holds until there is another, and above that the
   * one of the alert, which goes with its incident. Where the browser keeps storage from the page they
   * hold for this page alone.
   */
  const choices = ["alert", "carrier"].map((kind) => {
    // A host may have several sites.
    const key = `alertbook.${kind === "alert" ? "alert-" : ""}carrier ${configuration.root.pathname}`;
    /** @type {string | null} */
    let kept = null;
    return {
      get() {
        try {
          return sessionStorage.getItem(key);
        } catch {
          return kept;
        }
      },
      /** @param {string | null} name */
      set(name) {
        kept = name;
        try {
          if (name === null) sessionStorage.removeItem(key);
          else sessionStorage.setItem(key, name);
        } catch {
          // As above.
        }
      },
    };
  });
  const [ofAlert, ofReader] = choices;

  /** The carrier that the page is about, if it is about one. */
  const own = isCarrier(document.body.dataset.carrier) ? document.body.dataset.carrier : null;

  /** What the alert or the reader has chosen, and not the page. */
  const choice = () => choices.map((it) => it.get()).find(isCarrier) ?? null;

  /** The carrier to use now: the address, else this tab's choice, else the page's own. */
  function chosen() {
    const named = asked();
    // An address that comes from somewhere is an alert's, or a colleague's.
    if (isCarrier(named) && named !== choice()) ofAlert.set(named);
    return choice() ?? own ?? (isCarrier(configuration.default) ? configuration.default : null);
  }

  /**
   * The links to carriers that authors wrote out by hand: the address as they wrote it, and what
   * stands between the tags where that is the address too. One that holds a placeholder is another
   * one whenever that is filled.
   * @type {Map<HTMLAnchorElement, {address: string, text: ChildNode[] | null}>}
   */
  const others = new Map();

  function findOthers() {
    for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (
      document.querySelectorAll("article a[href]:not(.promql-open)")
    )) {
      const address = link.getAttribute("href") ?? "";
      const known = others.get(link);
      if ((known && !link.hasAttribute("data-holes")) || !globalThis.alertbook.readAddress(address).carrier) continue;
      const isBare = (link.textContent ?? "").startsWith(globalThis.alertbook.readAddress(address).base);
      others.set(link, { address, text: known ? known.text : isBare ? [...link.childNodes] : null });
    }
  }

  /**
   * The same page on another carrier, or where that has another UI, the same expressions. What is
   * neither stays as it was written.
   * @param {string} written
   * @param {string} name
   * @param {Alertbook.TimeRange | null} range
   */
  function movedTo(written, name, range) {
    const { carrier, base, expressions } = globalThis.alertbook.readAddress(written);
    if (!carrier || carrier === name) return written;
    const [before, after] = [carriers[carrier], carriers[name]];
    const [from, to] = [before.datasource, after.datasource];
    const isAlike = before.ui === after.ui && written.startsWith(base) && base === before.url.replace(/\/+$/, "");
    if (expressions.length > 0 && !(isAlike && (from === undefined) === (to === undefined))) {
      return globalThis.alertbook.addressOf(name, expressions, range);
    }
    if (!isAlike) return written;
    let page = written.slice(base.length);
    if (from && to) {
      // In the JSON of Explore, and where a dashboard has a variable for it.
      const inJson = (/** @type {string} */ uid) => encodeURIComponent(JSON.stringify(uid).slice(1, -1));
      page = page.replace(new RegExp(`(%22|"|[?&]var-[^=&]*=)${inJson(from).replace(/\W/g, "\\$&")}(?=%22|"|&|#|$)`, "g"),
        (_, mark) => mark + (mark.endsWith("=") ? encodeURIComponent(to) : inJson(to)));
    }
    return after.url.replace(/\/+$/, "") + page;
  }

  /** @param {string} name @param {Alertbook.TimeRange | null} range */
  function moveOthers(name, range) {
    for (const [link, { address, text }] of others) {
      const moved = movedTo(address, name, range);
      if (link.getAttribute("href") === moved) continue;
      link.setAttribute("href", moved);
      if (text) link.replaceChildren(...(moved === address ? text : [moved]));
    }
  }

  /** What the address asks for. */
  const asked = () => new URLSearchParams(location.search).get("carrier");

  /** A link that is shared leads to the carrier that was chosen here. @param {string} name */
  function writeAddress(name) {
    const address = new URL(location.href);
    address.searchParams.set("carrier", name);
    try {
      history.replaceState(history.state, "", address);
    } catch {
      // Some browsers refuse this for pages from disk. The choice still holds until a reload.
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
      link.setAttribute("href", globalThis.alertbook.addressOf(leadsTo, [link.dataset.expr ?? ""], range));
      if (link.textContent !== `Open in ${title}`) link.textContent = `Open in ${title}`;
      // It opens, but what it opens is not about the alert yet.
      const tools = link.closest(".query-tools");
      const open = tools ? configuration.openHoles?.(tools) ?? [] : [];
      const lacks = [...new Set(open.map(({ key }) => configuration.incident?.nameOf(key) ?? key))].join(", ");
      link.classList.toggle("unfilled", lacks !== "");
      // A sign says nothing by itself.
      const says = tools?.matches("span") ? [`Open in ${title}`] : [];
      const titled = [...says, ...(lacks ? [`still to fill in: ${lacks}`] : [])].join(", ");
      if (link.title !== titled) link.title = titled;
    }
    current = name;
    const named = asked();
    if (choice()) {
      moveOthers(name, range);
      if (!named) writeAddress(name);
    }
    const says = named && !isCarrier(named) ? `No carrier is called ${/** @type {string} */ (named).slice(0, 60)}`
      : own !== null && own !== name ? `This page is about ${own}` : "";
    box?.classList.toggle("differs", says !== "");
    if (note) note.textContent = says;
  }

  /** @param {string | null} name */
  function change(name) {
    const before = current;
    show(name);
    if (before !== null && before !== current) document.dispatchEvent(new CustomEvent("alertbook:carrier"));
  }

  /** The reader's choice. @param {string} name */
  function choose(name) {
    if (!isCarrier(name)) return;
    ofReader.set(name);
    ofAlert.set(null);
    writeAddress(name);
    change(name);
  }

  select.addEventListener("change", () => choose(select.value));
  configuration.isCarrier = isCarrier;
  configuration.carrierOf = carrierOf;
  configuration.carrier = () => current;
  configuration.chooseCarrier = choose;
  // Another alert that names no carrier is not of the one before's.
  document.addEventListener("alertbook:incident", (event) => {
    const { isNew, carrier } = /** @type {CustomEvent<{isNew: boolean, carrier: string | null}>} */ (event).detail;
    if (isNew) ofAlert.set(null);
    if (isCarrier(carrier) && carrier !== choice()) ofAlert.set(carrier);
    change(chosen());
  });
  // Queries whose placeholders were filled are other queries, and an alert has its time.
  document.addEventListener("alertbook:filled", () => {
    findOthers();
    show(current);
  });

  for (const option of select.options) option.disabled = !isCarrier(option.value);
  if (box) box.hidden = false;
  // A page that comes back from the history may have been left with another choice, or the browser
  // may have put back what the form control held.
  addEventListener("pageshow", () => show(chosen()));
})();
