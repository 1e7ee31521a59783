// Whether an alert fires now, and on which series: asked on the card of its rules. One of the series
// fills the fields of the page.
// @ts-check
"use strict";

(() => {
  const most = 20;

  /**
   * @param {HTMLElement} box
   * @param {HTMLElement} answer
   */
  async function ask(box, answer) {
    const { element } = globalThis.alertbook;
    const carrier = globalThis.alertbook.carrier?.();
    const alert = box.dataset.alert ?? "";
    if (!carrier || !globalThis.alertbook.query) return;
    answer.replaceChildren(`Asking ${carrier} …`);
    const selector = `{alertname="${alert.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"}`;
    try {
      const { data } = await globalThis.alertbook.query(carrier, "query", { query: `ALERTS${selector}` });
      const series = /** @type {Alertbook.Series[]} */ (data.result);
      const since = await sinceWhen(carrier, selector).catch(() => new Map());
      // The reader may have switched meanwhile.
      if (globalThis.alertbook.carrier?.() !== carrier) return;
      if (series.length === 0) {
        answer.replaceChildren(`Not firing on ${carrier} now.`);
        return;
      }
      const firing = series.filter(({ metric }) => metric.alertstate === "firing").length;
      const pending = series.length - firing;
      const counts = [firing > 0 ? `${firing} firing` : "", pending > 0 ? `${pending} pending` : ""];
      // What all of them have says nothing about one.
      const shared = Object.keys(series[0].metric).filter((label) => series.length > 1 &&
        series.every(({ metric }) => metric[label] === series[0].metric[label]));
      // The one that the reader came for first, however many there are.
      const own = series.filter(({ metric }) => isCurrent(labelsOf(metric), shared));
      const isMissed = (globalThis.alertbook.incident?.labels().get("alertname") ?? alert) === alert &&
        series.every(({ metric }) => !commonOf(labelsOf(metric), shared).agrees);
      const first = new Set([...own, ...series].slice(0, most + own.length));
      const rows = [...first].slice(0, most).map(({ metric }) => row(metric, shared, since.get(keyOf(metric))));
      const rest = series.length > most ? [element("p", { class: "quiet" }, `and ${series.length - most} more`)] : [];
      answer.replaceChildren(`On ${carrier} now: ${counts.filter(Boolean).join(", ")}`,
        ...(isMissed ? [element("p", {}, "The one of this incident is not among them.")] : []),
        element("ul", { class: "firing-series" }, ...rows), ...rest);
    } catch (failure) {
      answer.replaceChildren(/** @type {Error} */ (failure).message);
    }
  }

  /** The labels of an alert, without what Prometheus adds. @param {Record<string, string>} metric */
  function labelsOf({ __name__: _name, alertstate: _state, ...labels }) {
    return labels;
  }

  /** @param {Record<string, string>} metric */
  function keyOf(metric) {
    return JSON.stringify(Object.entries(labelsOf(metric)).sort());
  }

  /** When each series became active. @param {string} carrier @param {string} selector */
  async function sinceWhen(carrier, selector) {
    const answer = await globalThis.alertbook.query?.(carrier, "query", { query: `ALERTS_FOR_STATE${selector}` });
    const series = /** @type {Alertbook.Series[]} */ (answer?.data.result ?? []);
    return new Map(series.map(({ metric, value }) => [keyOf(metric), Number(value?.[1])]));
  }

  /**
   * What the incident and a series both say, without what all series do.
   * @param {Record<string, string>} labels @param {string[]} shared
   */
  function commonOf(labels, shared) {
    const known = [...(globalThis.alertbook.incident?.labels() ?? [])]
      .filter(([label]) => label in labels && label !== "alertname");
    return { telling: known.filter(([label]) => !shared.includes(label)), agrees: known.every(([label, value]) => labels[label] === value) };
  }

  /**
   * Whether a series is the one that the reader came for.
   * @param {Record<string, string>} labels @param {string[]} shared
   */
  function isCurrent(labels, shared = []) {
    const { telling, agrees } = commonOf(labels, shared);
    return telling.length > 0 && agrees;
  }

  /**
   * What the incident knows that a series can't: the server's own labels are only added to what it
   * sends out. What belongs to another series is left behind.
   * @param {Record<string, string>} labels
   */
  function besides(labels) {
    const known = [...(globalThis.alertbook.incident?.labels() ?? [])];
    const isOwn = isCurrent(labels);
    return Object.fromEntries(known.filter(([label]) => isOwn || label === globalThis.alertbook.externalLabel));
  }

  /**
   * @param {Record<string, string>} metric
   * @param {string[]} shared
   * @param {number | undefined} since
   */
  function row(metric, shared, since) {
    const { element, incident } = globalThis.alertbook;
    const labels = labelsOf(metric);
    const { alertname: _name, severity: _severity, ...own } = labels;
    const began = since ? new Date(since * 1000) : null;
    const use = element("button", { type: "button", class: "firing-use" }, "Use its labels");
    use.addEventListener("click", () => {
      const carrier = globalThis.alertbook.carrier?.() ?? null;
      incident?.replace({ ...besides(labels), ...labels }, began?.toISOString() ?? null, carrier);
    });
    const isFiring = metric.alertstate === "firing";
    return element("li", isCurrent(labels, shared) ? { class: "current" } : {},
      element("span", { class: `severity ${isFiring ? "severity-critical" : "severity-warning"}` }, metric.alertstate ?? "active"),
      element("code", {}, globalThis.alertbook.nameOfSeries?.(own, shared) ?? ""),
      ...(began ? [element("span", { class: "quiet" }, `since ${began.toLocaleString()}`)] : []),
      use);
  }

  for (const box of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".firing[data-alert]"))) {
    const button = /** @type {HTMLButtonElement | null} */ (box.querySelector(".firing-ask"));
    const answer = /** @type {HTMLElement | null} */ (box.querySelector(".firing-answer"));
    if (!button || !answer) continue;
    button.hidden = false;
    button.addEventListener("click", () => void ask(box, answer));
    document.addEventListener("alertbook:carrier", () => {
      if (answer.hasChildNodes()) void ask(box, answer);
    });
  }
})();
