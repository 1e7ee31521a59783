// Alerts in JSON, wherever that stands in a text: webhooks and APIs of Alertmanager, Prometheus,
// PagerDuty and OpsGenie, and what programs print of them.
// @ts-check
"use strict";

(() => {
  /** An object of texts as labels. @param {unknown} value @returns {Record<string, string>} */
  function textsOf(value) {
    const entries = Object.entries(value && typeof value === "object" ? value : {});
    return Object.fromEntries(
      entries.filter(([, it]) => ["string", "number"].includes(typeof it)).map(([k, it]) => [k, String(it)]),
    );
  }

  /** @param {...unknown} values */
  const textAmong = (...values) => values.find((it) => typeof it === "string") ?? null;

  /**
   * The alerts in JSON, wherever they are in it: every object with labels is one, and a text may
   * hold alerts as text (PagerDuty's `firing` and `resolved`).
   * @param {unknown} value
   * @param {number} depth
   * @returns {Alertbook.Alert[]}
   */
  function ofJson(value, depth = 0) {
    if (depth > 20) return [];
    if (typeof value === "string") return /Labels:|alertname|"alerts"/.test(value) ? globalThis.alertbook.alertsIn(value) : [];
    if (!value || typeof value !== "object") return [];
    const { labels, startsAt, activeAt, generatorURL, status, details, custom_details: custom = details, message, summary = message } =
      /** @type {Record<string, unknown>} */ (value);
    if (labels && typeof labels === "object") {
      return [{
        labels: textsOf(labels),
        startsAt: textAmong(startsAt, activeAt),
        source: textAmong(generatorURL),
        isResolved: status === "resolved",
      }];
    }
    const inside = Object.entries(value).flatMap(([key, inner]) => {
      const alerts = ofJson(inner, depth + 1);
      return key === "resolved" ? alerts.map((it) => ({ ...it, isResolved: true })) : alerts;
    });
    if (inside.length > 0) return inside;
    // Labels alone, as a log may have them; and those of an event that says the name in its message.
    if (depth === 0 && "alertname" in value) return [{ ...globalThis.alertbook.noAlert(), labels: textsOf(value) }];
    if (!custom || typeof custom !== "object" || typeof summary !== "string") return [];
    const isCount = (/** @type {string} */ key) => /^(firing|resolved|num_\w+)$/.test(key);
    const told = Object.entries(textsOf(custom)).filter(([key, text]) => /^\w+$/.test(key) && !isCount(key) && !text.includes("\n"));
    return told.length > 0 ? [{ ...globalThis.alertbook.noAlert(), labels: Object.fromEntries(told) }] : [];
  }

  /** JSON, or what Python prints of it. @param {string} text */
  function parse(text) {
    try {
      return JSON.parse(text);
    } catch {
      const words = /** @type {Record<string, string>} */ ({ True: "true", False: "false", None: "null" });
      return JSON.parse(text.replace(/"(?:[^"\\]|\\.)*"|'((?:[^'\\]|\\.)*)'|\b(True|False|None)\b/g, (whole, single, word) =>
        word ? words[word] : single === undefined ? whole : JSON.stringify(single.replace(/\\(['"])/g, "$1"))));
    }
  }

  globalThis.alertbook.alertsInJson = (text) => {
    const found = [];
    let [depth, start] = [0, 0];
    for (const { 0: sign, index } of text.matchAll(/"(?:[^"\\\n]|\\.)*"?|(?<=[{[,:] ?)'(?:[^'\\\n]|\\.)*'?|[[\]{}]/g)) {
      if (/[[{]/.test(sign[0])) {
        if (depth === 0) start = index;
        depth += 1;
      } else if (/[\]}]/.test(sign[0]) && depth > 0) {
        depth -= 1;
        if (depth > 0) continue;
        try {
          found.push(...ofJson(parse(text.slice(start, index + 1))));
        } catch {
          // `{alertname="x"}` and `[FIRING:1]` are none.
        }
      }
    }
    return found;
  };
})();
