// The addresses at which each query UI shows an expression: the very bytes that the build writes
// (`src/promui`), and, where it is known when the alert began, the time around that. And the way
// back: what an address of any of them shows, and of which carrier.
// @ts-check
"use strict";

(() => {
  const minute = 60_000;

  /**
   * Escapes text as Go's url.QueryEscape does, so that a link has the very bytes that Prometheus
   * itself writes: all but letters, digits, `-`, `_`, `.` and `~` as %XX, and a space as `+`.
   * @param {string} text
   */
  function queryEscape(text) {
    return encodeURIComponent(text.toWellFormed())
      .replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll("%20", "+");
  }

  /**
   * What to look at for an alert: from an hour before it began to an hour after that, or to now,
   * if that is sooner. Without an end it stays now, also when the page is looked at later.
   * @param {string | null} startsAt
   * @returns {Alertbook.TimeRange | null}
   */
  function timeAround(startsAt) {
    const began = startsAt ? Date.parse(startsAt) : NaN;
    const now = Date.now();
    if (!(began <= now && began > 0)) return null;
    const end = began + 60 * minute < now ? new Date(began + 60 * minute) : null;
    const start = new Date(began - 60 * minute);
    return { start, end, minutes: Math.ceil(((end?.getTime() ?? now) - start.getTime()) / minute) };
  }

  /** In UTC, to the second, as Prometheus' pages read it. @param {Date} time */
  const clock = (time) => time.toISOString().slice(0, 19).replace("T", " ");
  /** @param {Alertbook.TimeRange | null} range */
  const times = (range) => {
    const end = range?.end ? queryEscape(clock(range.end)) : "";
    return end ? `&g0.end_input=${end}&g0.moment_input=${end}` : "";
  };
  /** @param {Alertbook.TimeRange | null} range */
  const length = (range) => (range ? `${range.minutes}m` : "1h");
  /** @param {Alertbook.TimeRange | null} range */
  const lengthIfKnown = (range) => (range ? `&g0.range_input=${length(range)}` : "");
  /** @param {Alertbook.Carrier} carrier */
  const number = ({ tab }) => (tab === "table" ? 1 : 0);

  /** @type {Record<string, Alertbook.QueryUi>} */
  const uis = {
    prometheus: {
      title: "Prometheus",
      address: (base, expression, carrier, range) =>
        `${base}/graph?g0.expr=${queryEscape(expression)}&g0.tab=${number(carrier)}${lengthIfKnown(range)}${times(range)}`,
    },
    prometheus3: {
      title: "Prometheus",
      address: (base, expression, { tab = "graph" }, range) =>
        `${base}/query?g0.expr=${queryEscape(expression)}&g0.tab=${tab}${lengthIfKnown(range)}${times(range)}`,
    },
    thanos: {
      title: "Thanos",
      address: (base, expression, carrier, range) =>
        `${base}/graph?g0.expr=${queryEscape(expression)}&g0.tab=${number(carrier)}&g0.stacked=0` +
        `&g0.range_input=${length(range)}&g0.max_source_resolution=0s&g0.deduplicate=1` +
        `&g0.partial_response=0${times(range)}`,
    },
    grafana: {
      title: "Grafana",
      address: (base, expression, { datasource: uid }, range, more = []) => {
        const queries = [expression, ...more].map((expr, at) => {
          const refId = String.fromCharCode(65 + at);
          return uid === undefined ? { refId, expr } : { refId, datasource: { type: "prometheus", uid }, expr };
        });
        const from = range ? String(range.start.getTime()) : "now-1h";
        const to = range?.end ? String(range.end.getTime()) : "now";
        const pane = { ...(uid === undefined ? {} : { datasource: uid }), queries, range: { from, to } };
        const panes = encodeURIComponent(JSON.stringify({ A: pane }).toWellFormed());
        return `${base}/explore?schemaVersion=1&panes=${panes}&orgId=1`;
      },
    },
    victoriametrics: {
      title: "VictoriaMetrics",
      address: (base, expression, carrier, range) => {
        const end = range?.end ? queryEscape(range.end.toISOString().slice(0, 19)) : "";
        return `${base}/vmui/#/?g0.expr=${queryEscape(expression)}&g0.range_input=${length(range)}` +
          `&g0.tab=${number(carrier)}${end ? `&g0.end_input=${end}&g0.relative_time=none` : ""}`;
      },
    },
  };

  /** @param {string} url */
  const baseOf = (url) => url.replace(/\/+$/, "");

  /**
   * The expressions that an address shows, and the data sources that it asks by type and UID (an old
   * Explore says a name). In Explore they are in JSON, of a shape that changed twice; a dashboard may
   * have a variable for them.
   * @param {string} address
   */
  function contentOf(address) {
    const parameters = new URLSearchParams(address.replace(/^[^?]*\?(#\/\?)?/, "").replace(/#.*/s, ""));
    const expressions = [...parameters].filter(([name]) => /^g\d+\.expr$/.test(name)).map(([, text]) => text);
    const known = Object.values(globalThis.alertbook.carriers).map(({ datasource }) => datasource);
    /** @type {{type?: string, uid?: string}[]} */
    const sources = [...parameters].filter(([name, uid]) => name.startsWith("var-") && known.includes(uid)).map(([, uid]) => ({ uid }));
    try {
      const state = JSON.parse(parameters.get("panes") ?? parameters.get("left") ?? "null", (key, value) => {
        if (key === "expr") expressions.push(String(value));
        if (key === "datasource" && value) sources.push(typeof value === "string" ? { uid: value } : value);
        return value;
      });
      if (Array.isArray(state)) sources.push({ uid: String(state[2]) });
    } catch {
      // It shows something else.
    }
    return { expressions, sources };
  }

  globalThis.alertbook.readAddress = (address) => {
    const { carriers } = globalThis.alertbook;
    const { expressions, sources } = contentOf(address);
    const asks = (/** @type {{datasource?: string}} */ { datasource }) =>
      sources.every(({ type = "prometheus" }) => type === "prometheus") &&
      (datasource === undefined || sources.length === 0 || sources.some(({ uid }) => uid === datasource));
    const found = Object.entries(carriers).flatMap(([carrier, { url, api = url, ...rest }]) =>
      [...new Set([baseOf(url), baseOf(api)])]
        .filter((base) => address.startsWith(base) && /^(?:[/?#]|$)/.test(address.slice(base.length)) && asks(rest))
        .map((base) => ({ carrier, base })));
    const best = found.sort((a, b) => b.base.length - a.base.length).at(0);
    return { ...(best ?? { carrier: null, base: "" }), expressions };
  };
  globalThis.alertbook.addressOf = (name, [first = "", ...more], range) => {
    const carrier = globalThis.alertbook.carriers[name];
    const address = uis[carrier.ui].address(baseOf(carrier.url), first, carrier, range, more);
    // All of them but Grafana number their panels.
    const panels = carrier.ui === "grafana" ? [] : more.map((expression, at) => `&g${at + 1}.expr=${queryEscape(expression)}`);
    return address + panels.join("");
  };
  globalThis.alertbook.uis = uis;
  globalThis.alertbook.timeAround = timeAround;
})();
