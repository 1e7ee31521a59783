// The incident: the labels of the alert that the reader came for, and the bar with a field for each
// placeholder of the page. Labels come with the address, from a pasted alert or from the fields;
// they are kept in the address, so that it can be shared, and for the tab. Nothing else sees them.
// @ts-check
"use strict";

(() => {
  const { canonicalKey, faultOf, labelsOf, parameterOf, telling, timeOf } = globalThis.alertbook.labels;

  /** @typedef {{labels: Record<string, string>, startsAt: string | null}} Kept */

  const bar = /** @type {HTMLDetailsElement | null} */ (document.querySelector(".incident"));
  const inputs = /** @type {NodeListOf<HTMLInputElement>} */ (
    document.querySelectorAll(".incident input[data-key]")
  );
  // A host may have several sites.
  const storageKey = `alertbook.incident ${globalThis.alertbook.root.pathname}`;
  /** The labels of the incident, in the order they came. @type {Map<string, string>} */
  let labels = new Map();
  /** When the alert began. @type {string | null} */
  let startsAt = null;
  /**
   * The values of the fields as they came: a field itself would drop line breaks.
   * @type {Map<string, string>}
   */
  const values = new Map();

  /** @param {HTMLInputElement} input */
  const keyOf = (input) => input.dataset.key ?? "";
  /** The keys of all names that a field goes by. @param {HTMLInputElement} input */
  const keysOf = (input) => (input.dataset.keys ?? "").split(" ");
  /** What tells of others than itself, by what its job is called. */
  const exporter = /(state-metrics|pushgateway)|exporter/;
  /** Labels that name an object of a namespace. */
  const inNamespace = /^(cronjob|deployment|horizontalpodautoscaler|ingress|job_name|persistentvolumeclaim|poddisruptionbudget|resourcequota|\w+set)$/;
  const exported = /^exported_/;

  /**
   * Whether a label says which of its targets Prometheus has scraped, and not what the alert is about:
   * the pod of kube-state-metrics is none of the deployment's that it tells of.
   * @param {string} label
   */
  function isOfTarget(label) {
    if (label === "job") return true;
    // Where the rule has left neither, it means the target itself.
    if (!labels.has("instance") && !labels.has("endpoint")) return false;
    const has = (/** @type {RegExp} */ kind) => [...labels.keys()].some((it) => kind.test(it));
    const [pod = "", job = "", service = "", container = ""] = ["pod", "job", "service", "container"].map((it) => labels.get(it));
    const name = [job, service].find((it) => exporter.test(it))?.replace(/.*\//, "") ?? " ";
    const isScraped = pod.includes(name) || has(/^exported_(container|namespace|pod)$/);
    switch (label) {
      case "service":
      case "endpoint": return true;
      case "pod": return isScraped;
      case "container": return isScraped || container.includes(name) || (!pod && labels.has("endpoint"));
      case "namespace": return exporter.test(name) && (!pod || isScraped) && !has(inNamespace);
      // Others stand beside what they tell of, or are asked by its name.
      case "instance": return !!exporter.exec(name)?.[1];
      default: return false;
    }
  }

  /**
   * Whether a field asks for what a command is about, and the label of its name says something else.
   * What is meant is then called `job_name`.
   * @param {HTMLInputElement} input
   */
  const isOther = ({ dataset }) => dataset.command !== undefined && dataset.label === undefined && isOfTarget(dataset.key ?? "");

  /** Whether a label is one of a field, by any of its names. @param {HTMLInputElement} input @param {string} label */
  const isLabelOf = (input, label) =>
    [label, label.replace(exported, "")].some((name) => keysOf(input).includes(canonicalKey(name))) &&
    !(isOther(input) && isOfTarget(label));
  /**
   * The label that a field stands for. Where Prometheus has renamed one, `exported_pod`, the one of the
   * plain name says which exporter has told of it.
   * @param {HTMLInputElement} input
   */
  const labelOf = (input) =>
    [...labels.keys()].find((label) => exported.test(label) && isLabelOf(input, label)) ??
    input.dataset.label ?? (isOther(input) ? `${keyOf(input)}_name` : (input.dataset.name ?? ""));
  /** Whether what a field asks for is nobody else's to see. @param {HTMLInputElement} input */
  const isSecret = (input) => input.matches(".secret");
  /** What the tab knows; nothing where the browser keeps storage from the page. @returns {Kept} */
  function recall() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(storageKey) ?? "{}");
      const entries = Object.entries(kept.labels ?? {});
      const texts = entries.filter(([, value]) => typeof value === "string");
      return {
        labels: /** @type {Record<string, string>} */ (Object.fromEntries(texts)),
        startsAt: typeof kept.startsAt === "string" ? kept.startsAt : null,
      };
    } catch {
      return { labels: {}, startsAt: null };
    }
  }

  function remember() {
    try {
      if (labels.size === 0 && !startsAt) sessionStorage.removeItem(storageKey);
      else {
        const kept = { labels: Object.fromEntries(labels), startsAt };
        sessionStorage.setItem(storageKey, JSON.stringify(kept));
      }
    } catch {
      // Without storage the labels hold for this page alone.
    }
  }

  /** Where it stands that the reader has followed a link of this site, and when. */
  const followedKey = `alertbook.followed ${globalThis.alertbook.root.pathname}`;

  /** The next page belongs to the same incident. */
  function follow() {
    try {
      sessionStorage.setItem(followedKey, String(Date.now()));
    } catch {
      // Without storage there is nothing to go on with.
    }
  }

  /** Whether a link of this site has led here; a short address may have been in between. */
  function isFollowed() {
    try {
      const time = Number(sessionStorage.getItem(followedKey));
      sessionStorage.removeItem(followedKey);
      return performance.timeOrigin - time < 60_000;
    } catch {
      return false;
    }
  }

  /**
   * What the address and the tab say. Whoever comes from elsewhere comes for an alert, and it may be
   * another one than before: its page must not have the other one's pod in its commands, whether the
   * address brings labels or none. Values that are lost can be typed again, a deleted pod can't. What
   * the tab knows goes on within the site, where nothing in the address contradicts it, and when a
   * page is loaded again or gone back to.
   * @param {"comes" | "follows" | "returns"} how
   * @returns {boolean} whether this is another incident
   */
  function read(how) {
    const parameters = new URLSearchParams(location.search);
    const asked = labelsOf(parameters);
    const hasTime = parameters.has("startsAt");
    const began = timeOf(parameters.get("startsAt"));
    const kept = recall();
    const known = new Map(Object.entries(kept.labels));
    const keys = new Map([...known].map(([label, value]) => [canonicalKey(label), value]));
    const agrees = [...asked].every(([label, value]) => {
      const before = keys.get(canonicalKey(label));
      return before === value || (how === "follows" && before === undefined);
    });
    const isThen = !hasTime || !kept.startsAt || began === kept.startsAt;
    const isSame = how !== "comes" && agrees && isThen;
    labels = isSame ? new Map([...known, ...asked]) : asked;
    startsAt = hasTime || !isSame ? began : kept.startsAt;
    return !isSame;
  }

  /** Whether a field asks for the carrier, which the switch says as well. @param {HTMLInputElement} input */
  const isOfCarrier = (input) => keysOf(input).includes(canonicalKey(globalThis.alertbook.externalLabel ?? "carrier"));

  /** @param {string | null | undefined} name */
  const isCarrier = (name) => globalThis.alertbook.isCarrier?.(name) ?? false;

  /** The carrier that the address names: the alert's, or the reader's choice. */
  function namedCarrier() {
    const name = new URLSearchParams(location.search).get("carrier");
    return isCarrier(name) ? name : null;
  }

  /** Gives each field the label of its name, else one of its spellings. */
  function fillFields() {
    values.clear();
    const keys = new Map([...labels].reverse().map(([label, value]) => [canonicalKey(label), value]));
    for (const input of inputs) {
      const spelled = keysOf(input).find((key) => keys.has(key));
      const other = isOther(input) || !spelled ? undefined : keys.get(spelled);
      const label = labels.get(labelOf(input)) ?? other ?? "";
      // Queries and commands are about the same carrier.
      const follows = isOfCarrier(input) && (!label || isCarrier(label));
      const value = (follows && namedCarrier()) || label;
      values.set(keyOf(input), value);
      input.value = value;
    }
  }

  /** Puts the fields' values into the address, if they are not there yet. */
  function writeAddress() {
    const address = new URL(location.href);
    const there = labelsOf(address.searchParams);
    let changed = false;
    for (const input of inputs) {
      const value = values.get(keyOf(input)) ?? "";
      const names = [...there.keys()].filter((name) => isLabelOf(input, name));
      // A secret is never in an address, also if somebody put it there.
      const isSaid = isOfCarrier(input) && value === namedCarrier();
      const shared = isSecret(input) || isSaid ? "" : value;
      if (names.length === 0 ? !shared : names.every((name) => there.get(name) === shared)) continue;
      changed = true;
      for (const name of names) {
        address.searchParams.delete(name);
        address.searchParams.delete(`label.${name}`);
      }
      if (shared) address.searchParams.set(parameterOf(labelOf(input)), shared);
    }
    if (startsAt && !address.searchParams.has("startsAt")) {
      changed = true;
      address.searchParams.set("startsAt", startsAt);
    }
    if (changed) replaceAddress(address);
  }

  /** @param {URL} address */
  function replaceAddress(address) {
    try {
      history.replaceState(history.state, "", address);
    } catch {
      // Some browsers refuse this for pages from disk. The tab still knows.
    }
  }

  /** Shows in the bar how the fields are, and tells everybody. */
  function show() {
    for (const input of inputs) {
      const value = values.get(keyOf(input)) ?? "";
      const fault = value ? faultOf(value, input.dataset.pattern) : "";
      input.setAttribute("aria-invalid", String(Boolean(fault)));
      const note = input.closest(".field")?.querySelector(".fault");
      if (note) note.textContent = fault;
    }
    const summary = bar?.querySelector(".incident-values");
    if (summary) {
      const given = [...inputs].filter((input) => values.get(keyOf(input)));
      const parts = given.map((input) => `${labelOf(input)} = ${isSecret(input) ? "…" : values.get(keyOf(input))}`);
      const open = inputs.length - given.length;
      const rest = open > 0 && given.length > 0 ? [`${open} to fill in`] : [];
      summary.textContent = [...parts, ...rest].join(" · ") || "Fill in what this page asks for";
    }
    bar?.classList.toggle("filled", [...values.values()].some(Boolean));
    showTime();
    document.dispatchEvent(new CustomEvent("alertbook:change"));
  }

  /** Says when the alert began, and how long ago that is. */
  function showTime() {
    const place = /** @type {HTMLTimeElement | null} */ (bar?.querySelector("time"));
    if (!place) return;
    const began = startsAt ? new Date(startsAt) : null;
    place.hidden = !began || Number.isNaN(began.getTime());
    if (!began || place.hidden) return;
    place.dateTime = began.toISOString();
    place.title = began.toLocaleString();
    const minutes = Math.round((began.getTime() - Date.now()) / 60_000);
    const [amount, unit] = /** @type {[number, Intl.RelativeTimeFormatUnit]} */ (
      Math.abs(minutes) < 120
        ? [minutes, "minute"]
        : Math.abs(minutes) < 2880
          ? [Math.round(minutes / 60), "hour"]
          : [Math.round(minutes / 1440), "day"]
    );
    const ago = new Intl.RelativeTimeFormat("en").format(amount, unit);
    place.textContent = `began ${ago}`;
  }

  /** The field of a key, if the page has one. @param {string} key */
  const fieldOf = (key) => [...inputs].find((input) => keyOf(input) === key);

  const incident = {
    labels: () => new Map(labels),
    startsAt: () => startsAt,

    /** @param {string} key */
    nameOf: (key) => fieldOf(key)?.dataset.name ?? key,

    /** @param {string} key */
    isSecret: (key) => fieldOf(key)?.matches(".secret") ?? false,

    secrets: () => [...inputs].filter(isSecret).map((input) => values.get(keyOf(input)) ?? "").filter(Boolean),

    /** @param {string} key */
    value(key) {
      const field = fieldOf(key);
      const label = [...labels].find(([label]) => canonicalKey(label) === key);
      const text = (field ? values.get(key) : label?.[1]) ?? "";
      return { text, fault: text ? faultOf(text, field?.dataset.pattern) : "" };
    },

    /** @param {string} key @param {string} value */
    set(key, value) {
      const field = fieldOf(key);
      if (!field) return;
      if (field.value !== value) field.value = value;
      // What is taken out of a sentence brings its spaces along.
      const text = value.trim();
      values.set(key, text);
      const own = labelOf(field);
      for (const label of [...labels.keys()]) {
        if (isLabelOf(field, label)) labels.delete(label);
      }
      if (text) labels.set(own, text);
      if (isOfCarrier(field) && isCarrier(text)) globalThis.alertbook.chooseCarrier?.(text);
      remember();
      writeAddress();
      show();
    },

    follow,

    /** @param {Record<string, string>} found @param {string | null} began @param {string | null} carrier */
    replace(found, began, carrier) {
      // What the address said was of the incident before.
      clearAddress();
      labels = telling(Object.entries(found));
      startsAt = timeOf(began);
      remember();
      tell(true, carrier);
      fillFields();
      writeAddress();
      show();
    },
  };
  globalThis.alertbook.incident = incident;

  /** Takes everything out of the address that is of an incident. */
  function clearAddress() {
    const address = new URL(location.href);
    address.search = "";
    replaceAddress(address);
  }

  /** @param {boolean} isNew @param {string | null} carrier the one that the alert itself names */
  function tell(isNew, carrier) {
    document.dispatchEvent(new CustomEvent("alertbook:incident", { detail: { isNew, carrier } }));
  }

  for (const input of inputs) {
    input.addEventListener("input", () => incident.set(keyOf(input), input.value));
  }
  bar?.querySelector(".incident-clear")?.addEventListener("click", () => {
    incident.replace({}, null, null);
    inputs[0]?.focus({ preventScroll: true });
  });

  /** @param {"comes" | "follows" | "returns"} how */
  function arrive(how) {
    // Escaped once too often, as mails have it.
    if (location.search.includes("&amp;")) replaceAddress(new URL(location.href.replaceAll("&amp;", "&")));
    const isNew = read(how);
    remember();
    // An address that names no carrier may have the label that does.
    const carrier = isNew && !namedCarrier() ? globalThis.alertbook.carrierOf?.(Object.fromEntries(labels)) : null;
    tell(isNew, carrier ?? null);
    fillFields();
    writeAddress();
    // Where the text is seen already, what gets shorter keeps its room.
    const holes = performance.now() > 1000 ? document.querySelectorAll("article .placeholder") : [];
    const blocks = new Set([...holes].flatMap((hole) => hole.closest("p, li, td, dd, pre") ?? []));
    const heights = new Map([...blocks].map((block) => [/** @type {HTMLElement} */ (block), /** @type {HTMLElement} */ (block).offsetHeight]));
    show();
    for (const [block, height] of heights) {
      if (block.offsetHeight < height) block.style[block.matches("td") ? "height" : "minHeight"] = `${height}px`;
    }
    measure();
    // The page is shown as it is going to stay; without scripts, or where they are late, anyway.
    document.documentElement.classList.add("arrived");
  }
  let isBegun = false;
  function begin() {
    if (isBegun) return;
    isBegun = true;
    const follows = isFollowed();
    arrive(navigation?.type !== "navigate" ? "returns" : follows ? "follows" : "comes");
  }
  // The scripts that follow have to be there to hear of it.
  const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  for (const sign of ["alertbook:ready", "DOMContentLoaded"]) document.addEventListener(sign, begin, { once: true });
  document.addEventListener("click", (event) => {
    const link = /** @type {Element | null} */ (event.target)?.closest?.("a[href]");
    if (!(link instanceof HTMLAnchorElement) || !link.href.startsWith(globalThis.alertbook.root.href)) return;
    const isHere = link.hash !== "" && link.pathname === location.pathname && link.search === location.search;
    const isElsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || /^(?!_self$)./.test(link.target);
    // What a browser saves or shows by itself leaves the reader, or the next alert, on no page of the site.
    const isPage = /\/([^/.]*|[^/]*\.html)$/.test(link.pathname) && !link.hasAttribute("download");
    if (!isHere && !isElsewhere && isPage) follow();
  });
  document.addEventListener("alertbook:carrier", () => {
    if (![...inputs].some(isOfCarrier)) return;
    fillFields();
    writeAddress();
    show();
  });
  // A page that comes back from the history may have been left with another incident.
  addEventListener("pageshow", (event) => {
    if (event.persisted) arrive("returns");
  });

  // The reader has taken over where the page is scrolled to; so has a browser that goes back.
  let isMoved = navigation?.type !== "navigate";
  for (const sign of ["wheel", "touchmove", "keydown", "pointerdown"]) {
    addEventListener(sign, () => { isMoved = true; }, { once: true, passive: true });
  }

  /** What is scrolled to must not end up below the bar, however many rows it has. */
  function measure() {
    if (!bar) return;
    const height = `${bar.offsetHeight}px`;
    const { style } = document.documentElement;
    if (style.getPropertyValue("--bar") === height) return;
    style.setProperty("--bar", height);
    // The browser may have scrolled before, and keeps in place what is seen when the values are in.
    requestAnimationFrame(() => requestAnimationFrame(() => {
      const target = document.querySelector(":target");
      if (!isMoved && target && target.getBoundingClientRect().top < bar.getBoundingClientRect().bottom) target.scrollIntoView();
    }));
  }
  if (bar) {
    bar.hidden = false;
    new ResizeObserver(measure).observe(bar);
  }
})();
