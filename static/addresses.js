// The addresses at which each query UI shows an expression: the very bytes that the build writes
// (`src/promui`), and, where it is known when the alert began, the time around that.
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
      address: (base, expression, { datasource: uid }, range) => {
        const query = uid === undefined
          ? { refId: "A", expr: expression }
          : { refId: "A", datasource: { type: "prometheus", uid }, expr: expression };
        const from = range ? String(range.start.getTime()) : "now-1h";
        const to = range?.end ? String(range.end.getTime()) : "now";
        const pane = { ...(uid === undefined ? {} : { datasource: uid }), queries: [query], range: { from, to } };
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

  globalThis.alertbook.uis = uis;
  globalThis.alertbook.timeAround = timeAround;
})();
