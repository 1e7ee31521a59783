// Paste the alert: whatever an alert looks like on its way to people, its labels fill the fields, its
// carrier is chosen and its section is shown. All of it happens in the browser.
// @ts-check
"use strict";

(() => {
  const dialog = /** @type {HTMLDialogElement | null} */ (document.querySelector("dialog.paste"));
  const button = /** @type {HTMLButtonElement | null} */ (document.querySelector(".paste-open"));
  const area = dialog?.querySelector("textarea");
  const found = dialog?.querySelector(".paste-found");
  if (!dialog || !button || !area || !found) return;
  const longest = 1_000_000;

  /** As the build makes it: white space does not count. @param {string} expression */
  function hash(expression) {
    let value = 0x811c9dc5;
    for (let at = 0; at < expression.length; at += 1) {
      const unit = expression.charCodeAt(at);
      if (![9, 10, 13, 32].includes(unit)) value = Math.imul(value ^ unit, 0x01000193);
    }
    return value >>> 0;
  }

  /** A text without what stands around words and is no part of names. @param {string} text */
  const wordsOf = (text) => ` ${text.replace(/[\s()[\]{},;:|"'`*<>=]+|(?<!\w)_|_(?!\w)/g, " ").trim()} `;

  /** @param {string} name */
  const lettersOf = (name) => name.replace(/[^\p{L}\p{N}]+/gu, "").toLowerCase();

  /**
   * The alert's name: its label, else a name of the site that the text holds as a word, else the
   * alert of its expression.
   * @param {Alertbook.Alert} alert
   * @param {string} text
   */
  function nameOf(alert, text) {
    const known = globalThis.alertbook.alerts ?? {};
    const { alertname, alert_situation: situation } = alert.labels;
    for (const name of [alertname, situation]) {
      if (name && Object.hasOwn(known, name)) return name;
      // One way of writing it may be `a_situation_failed`, another `ASituationFailed`.
      const same = name && Object.keys(known).find((it) => lettersOf(it) === lettersOf(name));
      if (same) return same;
    }
    if (alertname || situation) return alertname || situation;
    const words = wordsOf(text);
    const single = new Set(words.split(" "));
    const named = Object.keys(known).filter((name) => {
      const bare = wordsOf(name);
      return bare.lastIndexOf(" ", bare.length - 2) > 0 ? words.includes(bare) : single.has(bare.trim());
    });
    const [expression] = globalThis.alertbook.readAddress(alert.source ?? "").expressions;
    const wanted = expression === undefined ? null : hash(expression);
    const raised = Object.keys(known).filter((name) => wanted !== null && known[name].includes(wanted));
    return named.sort((a, b) => b.length - a.length)[0] ?? raised[0] ?? null;
  }

  /** The labels that say where something runs, whatever a site calls its carriers. */
  const placed = /^(carrier|cluster(_?(id|name))?|env(ironment)?|region|data_?cent(er|re)|dc|site|stage|prometheus)$/i;

  /**
   * The carrier: by its external label, the address of its Prometheus, its labels, its name in the
   * path of that (a Prometheus behind another server does not know where it is), a label of places.
   * Other words choose one only if they can mean nothing else: `dev` may be a team, and of two
   * carriers nobody knows which.
   * @param {Alertbook.Alert} alert
   * @param {string} text
   */
  function carrierOf(alert, text) {
    const { carriers } = globalThis.alertbook;
    const isCarrier = (/** @type {string | null | undefined} */ name) => Boolean(name) && Object.hasOwn(carriers, name ?? "");
    const { carrier: addressed } = globalThis.alertbook.readAddress(alert.source ?? "");
    const known = isCarrier(alert.carrier) ? alert.carrier : globalThis.alertbook.carrierOf?.(alert.labels, addressed);
    if (known) return known;
    const path = (alert.source ?? "").replace(/[?#].*/s, "");
    const passed = Object.entries(carriers).filter(([name]) => path.includes(`/${name}/`)).sort(([a], [b]) => b.length - a.length)[0];
    if (passed) return passed[0];
    const only = (/** @type {string[]} */ names) => (new Set(names).size === 1 ? names[0] : null);
    const values = Object.values(alert.labels);
    const told = values.length > 1 ? [text.trim().split("\n")[0], ...values].join(" ") : text;
    const words = told.split(/[\s()[\]{},;|"'=]+/).filter((word) => /[^\p{L}]/u.test(word));
    return only(Object.entries(alert.labels).filter(([label, value]) => placed.test(label) && isCarrier(value)).map(([, value]) => value))
      ?? only(words.filter(isCarrier));
  }

  /** Goes to the section of an alert, with its labels. @param {Alertbook.Alert} alert @param {string} text */
  function go(alert, text) {
    const name = nameOf(alert, text);
    const carrier = carrierOf(alert, text);
    const address = name ? globalThis.alertbook.alerts?.[name]?.[0] : null;
    dialog?.close();
    globalThis.alertbook.incident?.replace(alert.labels, alert.startsAt, carrier);
    if (typeof address !== "string") return;
    const target = new URL(address, globalThis.alertbook.root);
    // The labels travel in the tab and not in the address: a server would read that.
    if (target.pathname !== location.pathname) {
      globalThis.alertbook.incident?.follow();
      location.assign(target);
    } else if (target.hash !== location.hash) location.hash = target.hash;
    else document.querySelector(":target")?.scrollIntoView();
  }

  /** Says what the text holds, and offers to go there. */
  function show() {
    const text = area?.value ?? "";
    found?.replaceChildren();
    if (!text.trim()) return;
    if (text.length > longest) {
      found?.append(paragraph("That is more than an alert."));
      return;
    }
    const alerts = globalThis.alertbook.alertsIn(text);
    for (const alert of alerts.slice(0, 20)) found?.append(offer(alert, text, alerts.length > 1));
    if (alerts.length > 20) found?.append(paragraph(`and ${alerts.length - 20} more`));
  }

  /** @param {string} text @param {string} name */
  const paragraph = (text, name = "") => globalThis.alertbook.element("p", name ? { class: name } : {}, text);

  /**
   * What was read of an alert, and the button that goes there.
   * @param {Alertbook.Alert} alert
   * @param {string} text
   * @param {boolean} isOneOfMany
   */
  function offer(alert, text, isOneOfMany) {
    const whole = isOneOfMany ? JSON.stringify(alert) : text;
    const name = nameOf(alert, whole);
    const carrier = carrierOf(alert, whole);
    const isKnown = name !== null && Object.hasOwn(globalThis.alertbook.alerts ?? {}, name);
    const labels = Object.entries(alert.labels).filter(([label]) => label !== "alertname");
    const { element } = globalThis.alertbook;
    const box = element("div", { class: "offer" },
      paragraph(name ?? "No alert that this site knows", name ? "alert-name" : "missing"));
    const facts = [...labels.map(([label, value]) => `${label} = ${value}`), ...(carrier ? [`on ${carrier}`] : [])];
    if (facts.length > 0) box.append(paragraph(facts.join(" · "), "quiet facts-read"));
    if (alert.isResolved) box.append(paragraph("It is resolved.", "quiet"));
    if (name && !isKnown) box.append(paragraph("No runbook and no rule of this site has this name."));
    if (isKnown || labels.length > 0) {
      const open = element("button", { type: "button", class: "primary" }, isKnown ? "Open its runbook" : "Use its labels here");
      open.addEventListener("click", () => go(alert, whole));
      box.append(open);
    }
    return box;
  }

  function open(text = "") {
    if (!dialog || !area) return;
    void globalThis.alertbook.load("assets/alerts.js").then(show, () => {
      // The labels are read without the names of the site's alerts.
    });
    area.value = text;
    show();
    dialog.showModal();
    area.focus();
  }

  button.hidden = false;
  button.addEventListener("click", () => open());
  area.addEventListener("input", show);
  // What is pasted onto the page itself, and is an alert, was meant for here.
  document.addEventListener("paste", (event) => {
    const target = /** @type {Element | null} */ (event.target);
    if (dialog.open || target?.closest("input, textarea, [contenteditable]")) return;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const [alert] = text.length > longest ? [] : globalThis.alertbook.alertsIn(text);
    if (alert?.labels.alertname || alert?.source) open(text);
  });
})();
