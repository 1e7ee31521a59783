// Paste the alert: reads what an alert looks like on its way to people (Alertmanager's text and
// JSON, a title of PagerDuty's, the address behind `Source:`), fills the fields from its labels,
// chooses its carrier and goes to its section. All of it happens in the browser.
// @ts-check
"use strict";

(() => {
  /**
   * @typedef {object} Alert what a text says of an alert
   * @property {Record<string, string>} labels
   * @property {string | null} startsAt
   * @property {string | null} source the address of its expression
   */

  const dialog = /** @type {HTMLDialogElement | null} */ (document.querySelector("dialog.paste"));
  const button = /** @type {HTMLButtonElement | null} */ (document.querySelector(".paste-open"));
  const area = dialog?.querySelector("textarea");
  const found = dialog?.querySelector(".paste-found");
  if (!dialog || !button || !area || !found) return;
  const longest = 1_000_000;

  /** @returns {Alert} */
  const empty = () => ({ labels: {}, startsAt: null, source: null });

  /** An object of texts as labels. @param {unknown} value @returns {Record<string, string>} */
  function textsOf(value) {
    const entries = Object.entries(value && typeof value === "object" ? value : {});
    return Object.fromEntries(
      entries.filter(([, it]) => ["string", "number"].includes(typeof it)).map(([k, it]) => [k, String(it)]),
    );
  }

  /**
   * The alerts in JSON, wherever they are in it: every object with labels is one, and a text may
   * hold alerts as text (PagerDuty's `firing`).
   * @param {unknown} value
   * @param {number} depth
   * @returns {Alert[]}
   */
  function ofJson(value, depth = 0) {
    if (depth > 20) return [];
    if (typeof value === "string") return value.includes("Labels:") ? ofText(value) : [];
    if (!value || typeof value !== "object") return [];
    const { labels, startsAt, activeAt, generatorURL } = /** @type {Record<string, unknown>} */ (value);
    if (labels && typeof labels === "object") {
      const began = [startsAt, activeAt].find((time) => typeof time === "string");
      return [{
        labels: textsOf(labels),
        startsAt: typeof began === "string" ? began : null,
        source: typeof generatorURL === "string" ? generatorURL : null,
      }];
    }
    return Object.values(value).flatMap((inner) => ofJson(inner, depth + 1));
  }

  /**
   * The alerts in a text. Alertmanager's template begins each with `Labels:`; other texts have
   * pairs on lines of their own, or a selector.
   * @param {string} text
   * @returns {Alert[]}
   */
  function ofText(text) {
    /** @type {Alert[]} */
    const alerts = [];
    let alert = empty();
    let inLabels = !/^\s*Labels:\s*$/m.test(text);
    for (const line of text.split(/\r?\n/)) {
      const trimmed = line.trim();
      const source = /^Source:\s*(\S+)/.exec(trimmed)?.[1];
      const pair = /^(?:[-*•]\s*)?["']?([A-Za-z_][\w.]*)["']?\s*(?:=|:(?!\/\/))\s*(.*)$/.exec(trimmed);
      if (trimmed === "Labels:") {
        alert = empty();
        alerts.push(alert);
        inLabels = true;
      } else if (source) {
        alert.source = source;
      } else if (/^Annotations:/.test(trimmed)) {
        inLabels = false;
      } else if (inLabels && pair && !(pair[1] in alert.labels)) {
        alert.labels[pair[1]] = pair[2].replace(/^(["'])(.*)\1,?$/, "$2");
      }
    }
    if (alerts.length > 0) return alerts;
    for (const [, name, value] of text.matchAll(/([A-Za-z_]\w*)\s*=~?\s*"((?:[^"\\]|\\.)*)"/g)) {
      alert.labels[name] = value.replace(/\\(.)/g, "$1");
    }
    // A selector's pairs are on one line, which is no pair itself.
    for (const [name, value] of Object.entries(alert.labels)) {
      if (/[{}]/.test(value)) delete alert.labels[name];
    }
    alert.source ??= /https?:\/\/\S+[?&#]g0\.expr=\S*/.exec(text)?.[0] ?? null;
    return [alert];
  }

  /** @param {string} text */
  function read(text) {
    const trimmed = text.trim();
    if (/^[[{"]/.test(trimmed)) {
      try {
        const alerts = ofJson(JSON.parse(trimmed));
        if (alerts.length > 0) return alerts;
      } catch {
        // `{alertname="x"}` begins like JSON and is none.
      }
    }
    return ofText(trimmed);
  }

  /** As the build makes it: white space does not count. @param {string} expression */
  function hash(expression) {
    let value = 0x811c9dc5;
    for (let at = 0; at < expression.length; at += 1) {
      const unit = expression.charCodeAt(at);
      if (![9, 10, 13, 32].includes(unit)) value = Math.imul(value ^ unit, 0x01000193);
    }
    return value >>> 0;
  }

  /** The expression in the address behind `Source:`. @param {string | null} source */
  function expressionOf(source) {
    try {
      return source ? new URL(source).searchParams.get("g0.expr") : null;
    } catch {
      return null;
    }
  }

  /**
   * The alert's name: its label, else a name of the site that the text holds as a word, else the
   * alert of its expression.
   * @param {Alert} alert
   * @param {string} text
   */
  function nameOf(alert, text) {
    const known = globalThis.alertbook.alerts ?? {};
    const { alertname, alert_situation: situation } = alert.labels;
    for (const name of [alertname, situation]) {
      if (name && Object.hasOwn(known, name)) return name;
    }
    if (alertname) return alertname;
    const words = ` ${text.replace(/[\s()[\]{},;:|"']+/g, " ")} `;
    const named = Object.keys(known).filter((name) => words.includes(` ${name} `));
    const expression = expressionOf(alert.source);
    const wanted = expression === null ? null : hash(expression);
    const raised = Object.keys(known).filter((name) => wanted !== null && known[name].includes(wanted));
    return named.sort((a, b) => b.length - a.length)[0] ?? raised[0] ?? null;
  }

  /**
   * The carrier: by its external label, its labels, the address of its Prometheus, its name.
   * @param {Alert} alert
   * @param {string} text
   */
  function carrierOf(alert, text) {
    const { carriers, externalLabel } = globalThis.alertbook;
    const named = alert.labels[externalLabel ?? "carrier"];
    if (named && Object.hasOwn(carriers, named)) return named;
    const entries = Object.entries(carriers);
    const labelled = entries.find(([, { labels = {} }]) => {
      const pairs = Object.entries(labels);
      return pairs.length > 0 && pairs.every(([label, value]) => alert.labels[label] === value);
    });
    const source = alert.source ?? "";
    const addressed = entries
      .filter(([, { url }]) => source.startsWith(`${url.replace(/\/+$/, "")}/`))
      .sort(([, a], [, b]) => b.url.length - a.url.length)[0];
    const words = text.split(/[\s()[\]{},;|"'=]+/);
    const mentioned = entries.find(([name]) => words.includes(name));
    return (labelled ?? addressed ?? mentioned)?.[0] ?? null;
  }

  /** Goes to the section of an alert, with its labels. @param {Alert} alert @param {string} text */
  function go(alert, text) {
    const name = nameOf(alert, text);
    const carrier = carrierOf(alert, text);
    const address = name ? globalThis.alertbook.alerts?.[name]?.[0] : null;
    dialog?.close();
    globalThis.alertbook.incident?.replace(alert.labels, alert.startsAt);
    if (carrier) globalThis.alertbook.chooseCarrier?.(carrier);
    if (typeof address !== "string") return;
    const target = new URL(address, globalThis.alertbook.root);
    // The labels travel in the tab and not in the address: a server would read that.
    if (target.pathname !== location.pathname) location.assign(target);
    else if (target.hash !== location.hash) location.hash = target.hash;
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
    const alerts = read(text);
    for (const alert of alerts.slice(0, 20)) found?.append(offer(alert, text, alerts.length > 1));
    if (alerts.length > 20) found?.append(paragraph(`and ${alerts.length - 20} more`));
  }

  /** @param {string} text */
  function paragraph(text) {
    const element = document.createElement("p");
    element.textContent = text;
    return element;
  }

  /**
   * What was read of an alert, and the button that goes there.
   * @param {Alert} alert
   * @param {string} text
   * @param {boolean} isOneOfMany
   */
  function offer(alert, text, isOneOfMany) {
    const whole = isOneOfMany ? JSON.stringify(alert) : text;
    const name = nameOf(alert, whole);
    const carrier = carrierOf(alert, whole);
    const isKnown = name !== null && Object.hasOwn(globalThis.alertbook.alerts ?? {}, name);
    const labels = Object.entries(alert.labels).filter(([label]) => label !== "alertname");
    const box = document.createElement("div");
    box.className = "offer";
    const title = paragraph(name ?? "No alert that this site knows");
    title.className = name ? "alert-name" : "missing";
    box.append(title);
    const facts = [...labels.map(([label, value]) => `${label} = ${value}`), ...(carrier ? [`on ${carrier}`] : [])];
    if (facts.length > 0) {
      const list = paragraph(facts.join(" · "));
      list.className = "quiet facts-read";
      box.append(list);
    }
    if (name && !isKnown) box.append(paragraph("No runbook and no rule of this site has this name."));
    if (isKnown || labels.length > 0) {
      const open = document.createElement("button");
      open.type = "button";
      open.className = "primary";
      open.textContent = isKnown ? "Open its runbook" : "Use its labels here";
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
    const [alert] = text.length > longest ? [] : read(text);
    if (alert?.labels.alertname || alert?.source) open(text);
  });
})();
