// Run: asks the carrier for a query's result and shows it below the query, as a table of now or as
// a chart of the last while. The link beside it does not depend on any of this.
// @ts-check
"use strict";

(() => {
  const mostRows = 100;
  const mostLines = 20;
  const spans = { "15 minutes": 900, "1 hour": 3600, "6 hours": 21_600, "1 day": 86_400, "1 week": 604_800 };

  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button.run"));
  /** The panel of each button that was pressed. @type {Map<HTMLButtonElement, Panel>} */
  const panels = new Map();

  /**
   * A value for people: what a metric counts in is the end of its name, by Prometheus' custom.
   * @param {number} value
   * @param {string} metric
   */
  function format(value, metric = "") {
    if (Number.isNaN(value)) return "NaN";
    if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
    const number = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 });
    if (/_timestamp_seconds$/.test(metric) && value > 1e8) return new Date(value * 1000).toLocaleString();
    if (/_seconds$/.test(metric)) {
      const size = Math.abs(value);
      const [factor, unit] = size >= 172_800 ? [1 / 86_400, "d"] : size >= 7200 ? [1 / 3600, "h"]
        : size >= 120 ? [1 / 60, "min"] : size >= 1 || size === 0 ? [1, "s"]
          : size >= 1e-3 ? [1e3, "ms"] : [1e6, "µs"];
      return `${number.format(Number((value * factor).toPrecision(4)))} ${unit}`;
    }
    if (/_bytes$/.test(metric)) {
      const power = Math.max(0, Math.min(5, Math.floor(Math.log2(Math.abs(value) || 1) / 10)));
      return `${number.format(Number((value / 1024 ** power).toPrecision(4)))} ${["B", "KiB", "MiB", "GiB", "TiB", "PiB"][power]}`;
    }
    if (/_ratio$/.test(metric)) return `${number.format(value * 100)} %`;
    return value !== 0 && (Math.abs(value) >= 1e15 || Math.abs(value) < 1e-6) ? value.toPrecision(6) : number.format(value);
  }

  /** A series as Prometheus writes it. @param {Record<string, string>} metric @param {string[]} without */
  function nameOf(metric, without = []) {
    const { __name__: name = "", ...labels } = metric;
    const pairs = Object.entries(labels)
      .filter(([label]) => !without.includes(label))
      .map(([label, value]) => `${label}="${value}"`);
    return pairs.length > 0 ? `${name}{${pairs.join(", ")}}` : name || "{}";
  }

  const { element } = globalThis.alertbook;

  /** @param {string} label @param {() => void} act @param {string} name */
  function buttonOf(label, act, name = "") {
    const made = element("button", { type: "button", class: name }, label);
    made.addEventListener("click", act);
    return made;
  }

  /** A native histogram: how many, how much, and its buckets. @param {Alertbook.Histogram} histogram */
  function histogramOf({ count, sum, buckets = [] }) {
    const most = Math.max(...buckets.map(([, , , size]) => Number(size)), 0);
    const rows = buckets.map(([boundaries, from, to, size]) => {
      // 0 open left, 1 open right, 2 both open, 3 both closed.
      const [opens, closes] = [["(", "]"], ["[", ")"], ["(", ")"], ["[", "]"]][boundaries] ?? ["(", "]"];
      const bar = element("meter", { min: "0", max: String(most || 1), value: String(Number(size)) });
      return element("tr", {},
        element("td", {}, `${opens}${format(Number(from))}, ${format(Number(to))}${closes}`),
        element("td", { class: "number" }, format(Number(size))), element("td", {}, bar));
    });
    const mean = Number(count) > 0 ? `, ${format(Number(sum) / Number(count))} on average` : "";
    return element("details", {},
      element("summary", {}, `${format(Number(count))} observations${mean}`),
      element("table", {}, element("tbody", {}, ...rows)));
  }

  /**
   * The result of an instant query as a table: labels that all series share are said once.
   * @param {Alertbook.Series[]} series
   */
  function tableOf(series) {
    const shown = series.slice(0, mostRows);
    const labels = [...new Set(shown.flatMap(({ metric }) => Object.keys(metric)))];
    const isShared = (/** @type {string} */ label) =>
      shown.length > 1 && shown.every(({ metric }) => metric[label] === shown[0].metric[label]);
    const own = labels.filter((label) => !isShared(label));
    const shared = Object.fromEntries(labels.filter(isShared).map((label) => [label, shown[0].metric[label]]));
    const isWhole = shown.every(({ value, values }) => !values && value?.[0] === shown[0].value?.[0]);
    const head = [...own.map((label) => element("th", { scope: "col" }, label === "__name__" ? "metric" : label)),
      element("th", { scope: "col", class: "number" }, "Value"), ...(isWhole ? [] : [element("th", { scope: "col" }, "Time")])];
    const rows = shown.map(({ metric, value, values, histogram, histograms }) => {
      const sample = value ?? values?.at(-1);
      const counted = histogram ?? histograms?.at(-1);
      const text = sample ? format(Number(sample[1].replace("Inf", "Infinity")), metric.__name__) : "";
      const time = (sample ?? counted)?.[0] ?? 0;
      return element("tr", {},
        ...own.map((label) => element("td", {}, metric[label] ?? "")),
        element("td", { class: "number", title: sample?.[1] ?? "" }, counted ? histogramOf(counted[1]) : text),
        ...(isWhole ? [] : [element("td", {}, new Date(time * 1000).toLocaleTimeString())]));
    });
    const parts = [element("table", { class: "series" }, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows))];
    if (Object.keys(shared).length > 0) {
      parts.unshift(element("p", { class: "quiet" }, `All have ${nameOf(shared)}`));
    }
    if (series.length > shown.length) {
      parts.push(element("p", { class: "quiet" }, `${shown.length} of ${series.length} series. Open the query to see all of them.`));
    }
    return parts;
  }

  /** The result of a query, below it. */
  class Panel {
    /** @param {HTMLButtonElement} button */
    constructor(button) {
      this.button = button;
      this.link = /** @type {HTMLAnchorElement} */ (button.parentElement?.querySelector(".promql-open"));
      this.span = 3600;
      /** @type {"table" | "chart"} */
      this.view = "table";
      /** @type {AbortController | null} */
      this.running = null;
      this.status = element("p", { class: "result-status", role: "status" });
      this.body = element("div", { class: "result-body" });
      this.tools = element("div", { class: "result-tools" });
      this.box = element("section", { class: "result", "data-added": "", "aria-label": "Result of the query" },
        this.tools, this.status, this.body);
      this.place();
    }

    /** Puts the panel where it breaks no line: behind the block that the query is in. */
    place() {
      const tools = this.button.closest(".query-tools");
      if (tools instanceof HTMLDivElement) tools.after(this.box);
      else {
        const block = tools?.closest("p, pre, h1, h2, h3, h4, h5, h6, li, td, dd, blockquote");
        if (block?.matches("li, td, dd, blockquote")) block.append(this.box);
        else block?.after(this.box);
      }
    }

    carrier() {
      return this.link.dataset.pinned ?? globalThis.alertbook.carrier?.() ?? null;
    }

    close() {
      this.running?.abort();
      this.box.remove();
      panels.delete(this.button);
      this.button.focus();
    }

    showTools() {
      const choice = (/** @type {"table" | "chart"} */ view, /** @type {string} */ label) => {
        const made = buttonOf(label, () => { this.view = view; void this.run(); }, "view");
        made.setAttribute("aria-pressed", String(this.view === view));
        return made;
      };
      const span = /** @type {HTMLSelectElement} */ (element("select", { "aria-label": "How far back" },
        ...Object.entries(spans).map(([label, seconds]) => {
          const option = element("option", { value: String(seconds) }, label);
          option.toggleAttribute("selected", seconds === this.span);
          return option;
        })));
      span.addEventListener("change", () => { this.span = Number(span.value); void this.run(); });
      this.tools.replaceChildren(choice("table", "Table"), choice("chart", "Chart"),
        ...(this.view === "chart" ? [span] : []),
        buttonOf("Run again", () => void this.run()), buttonOf("Close", () => this.close(), "close"));
    }

    async run() {
      const carrier = this.carrier();
      if (!carrier) return;
      this.running?.abort();
      const running = new AbortController();
      this.running = running;
      this.showTools();
      const expression = this.link.dataset.expr ?? "";
      this.box.classList.remove("stale");
      this.box.setAttribute("aria-busy", "true");
      this.status.replaceChildren(`Asking ${carrier} … `, buttonOf("Stop", () => running.abort()));
      try {
        if (this.view === "chart") await this.showRange(carrier, expression, running.signal);
        else await this.showNow(carrier, expression, running.signal);
      } catch (failure) {
        if (this.running !== running) return;
        this.fail(/** @type {Error & {kind?: string}} */ (failure), carrier);
      } finally {
        if (this.running === running) this.box.removeAttribute("aria-busy");
      }
    }

    /** @param {string} carrier @param {string} expression @param {AbortSignal} signal */
    async showNow(carrier, expression, signal) {
      const answer = await globalThis.alertbook.query?.(carrier, "query", { query: expression }, signal);
      if (!answer || signal.aborted) return;
      const { resultType, result } = answer.data;
      if (resultType === "scalar" || resultType === "string") {
        const [time, text] = /** @type {[number, string]} */ (/** @type {unknown} */ (result));
        const value = resultType === "scalar" ? format(Number(text.replace("Inf", "Infinity"))) : text;
        this.show(carrier, `a ${resultType}`, time, answer, [element("p", { class: "scalar" }, value)]);
        return;
      }
      const series = /** @type {Alertbook.Series[]} */ (result);
      const time = series[0]?.value?.[0] ?? Date.now() / 1000;
      if (series.length === 0) this.show(carrier, "no series: the condition is not true now", time, answer, []);
      else this.show(carrier, countOf(series.length), time, answer, tableOf(series));
    }

    /** @param {string} carrier @param {string} expression @param {AbortSignal} signal */
    async showRange(carrier, expression, signal) {
      const end = Math.floor(Date.now() / 1000);
      const began = Date.parse(globalThis.alertbook.incident?.startsAt() ?? "") / 1000;
      const start = end - this.span;
      const step = Math.max(5, Math.ceil(this.span / 240));
      const parameters = { query: expression, start: String(start), end: String(end), step: String(step) };
      const answer = await globalThis.alertbook.query?.(carrier, "query_range", parameters, signal);
      if (!answer || signal.aborted) return;
      const series = /** @type {Alertbook.Series[]} */ (answer.data.result);
      const floats = series.filter(({ values }) => values);
      const lines = floats.slice(0, mostLines).map(({ metric, values = [] }) => ({
        name: nameOf(metric), step,
        points: values.map(([time, value]) => /** @type {[number, number]} */ ([time, Number(value.replace("Inf", "Infinity"))])),
      }));
      const name = floats[0]?.metric.__name__ ?? "";
      const unit = floats.every(({ metric }) => (metric.__name__ ?? "") === name) ? name : "";
      const parts = [];
      if (lines.length > 0) {
        const mark = Number.isNaN(began) ? null : began;
        const picture = globalThis.alertbook.chart?.(lines, { start, end, mark, format: (value) => format(value, unit) });
        if (picture) parts.push(picture);
      }
      const histograms = series.filter((it) => it.histograms);
      if (histograms.length > 0) parts.push(...tableOf(histograms));
      if (floats.length > lines.length) {
        parts.push(element("p", { class: "quiet" }, `${lines.length} of ${floats.length} series. Open the query to see all of them.`));
      }
      this.show(carrier, series.length === 0 ? "no series in this time" : countOf(series.length), end, answer, parts);
    }

    /**
     * @param {string} carrier @param {string} what @param {number} time
     * @param {Alertbook.Answer} answer @param {Node[]} parts
     */
    show(carrier, what, time, answer, parts) {
      this.status.replaceChildren(`${carrier}, ${new Date(time * 1000).toLocaleTimeString()}: ${what}`);
      const notes = [...(answer.warnings ?? []), ...(answer.infos ?? [])];
      this.body.replaceChildren(...notes.map((note) => element("p", { class: "notice" }, note)), ...parts);
    }

    /** @param {Error & {kind?: string}} failure @param {string} carrier */
    fail(failure, carrier) {
      this.status.replaceChildren(failure.kind === "stopped" ? "Stopped." : `No result from ${carrier}`);
      const open = element("a", { class: "button", href: this.link.href }, "Open the query there instead");
      this.body.replaceChildren(element("p", { class: "notice failure", "data-kind": failure.kind ?? "error" }, failure.message),
        element("p", {}, open));
    }
  }

  /** @param {number} count */
  const countOf = (count) => (count === 1 ? "1 series" : `${count} series`);

  /** @param {HTMLButtonElement} button */
  function start(button) {
    const panel = panels.get(button) ?? new Panel(button);
    panels.set(button, panel);
    void panel.run();
  }

  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const tools = button.closest(".query-tools");
      const link = button.parentElement?.querySelector(".promql-open");
      const read = () => ({
        text: link?.getAttribute("data-expr") ?? "",
        open: tools ? globalThis.alertbook.openHoles?.(tools) ?? [] : [],
      });
      if (!globalThis.alertbook.ask?.({ verb: "Run", read, go: () => start(button) })) start(button);
    });
  }
  // What is shown is of the carrier that is chosen; what is typed is not run before it is complete.
  document.addEventListener("alertbook:carrier", () => {
    for (const panel of panels.values()) {
      if (!panel.link.dataset.pinned) void panel.run();
    }
  });
  document.addEventListener("alertbook:filled", () => {
    for (const panel of panels.values()) panel.box.classList.add("stale");
  });
  globalThis.alertbook.nameOfSeries = nameOf;
})();
