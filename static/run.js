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

  /** A series as Prometheus writes it. @param {Record<string, string>} metric @param {string[]} without */
  function nameOf(metric, without = []) {
    const { __name__: name = "", ...labels } = metric;
    const pairs = Object.entries(labels)
      .filter(([label]) => !without.includes(label))
      .map(([label, value]) => `${label}="${value}"`);
    return pairs.length > 0 ? `${name}{${pairs.join(", ")}}` : name || "{}";
  }

  const { element } = globalThis.alertbook;
  /** @param {string} text as Prometheus writes it */
  const numberOf = (text) => Number(text.replace("Inf", "Infinity"));
  /** @param {number} value @param {string} [metric] */
  const format = (value, metric) => globalThis.alertbook.values.format(value, metric);

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
   * The series with the buckets of a histogram in their order, wherever it is among the others.
   * @param {Alertbook.Series[]} series
   */
  function inOrder(series) {
    /** Where each histogram begins. @type {Map<string, number>} */
    const places = new Map();
    const placed = series.map((one, at) => {
      const { le } = one.metric;
      const name = le === undefined ? String(at) : nameOf(one.metric, ["le"]);
      const place = places.get(name) ?? at;
      places.set(name, place);
      return { one, place, le: numberOf(le ?? "0") };
    });
    return placed.sort((a, b) => a.place - b.place || a.le - b.le).map(({ one }) => one);
  }

  /**
   * The result of an instant query as a table, the answers first: on a phone there is room for them
   * and little else, and a lone series has a row for each label. Labels that all share are said once.
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
    const titles = ["Value", ...(isWhole ? [] : ["Time"]), ...own.map((label) => (label === "__name__" ? "metric" : label))];
    const isLone = shown.length === 1;
    const head = titles.map((title) => element("th", { scope: isLone ? "row" : "col" }, title));
    const cells = shown.map(({ metric, value, values, histogram, histograms }) => {
      const sample = value ?? values?.at(-1);
      const counted = histogram ?? histograms?.at(-1);
      const text = sample ? format(numberOf(sample[1]), metric.__name__) : "";
      const time = (sample ?? counted)?.[0] ?? 0;
      return [element("td", { class: "number", title: sample?.[1] ?? "" }, counted ? histogramOf(counted[1]) : text),
        ...(isWhole ? [] : [element("td", {}, new Date(time * 1000).toLocaleTimeString())]),
        ...own.map((label) => element("td", {}, metric[label] ?? ""))];
    });
    const rows = isLone ? head.map((title, at) => [title, cells[0][at]]) : cells;
    const body = element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row)));
    const parts = [element("table", { class: "series" }, ...(isLone ? [] : [element("thead", {}, element("tr", {}, ...head))]), body)];
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
      this.box = element("section", { class: "result", "data-added": "" },
        this.tools, this.status, this.body);
      this.place();
    }

    /**
     * Puts the panel where it breaks no line: behind the block that the query is in, or into that
     * where it holds more than a line of text.
     */
    place() {
      /** @type {Element} */
      let block = this.button;
      while (block.parentElement && (block.matches(".query-tools *") || /^(inline|contents)/.test(getComputedStyle(block).display))) {
        block = block.parentElement;
      }
      const meaning = block.matches("dt") && [...block.parentElement?.children ?? []].find((it) =>
        it.matches("dd") && block.compareDocumentPosition(it) & Node.DOCUMENT_POSITION_FOLLOWING);
      if (meaning) meaning.prepend(this.box);
      else if (block.matches(".query-tools, p, pre, h1, h2, h3, h4, h5, h6, summary")) block.after(this.box);
      else block.append(this.box);
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
      this.box.setAttribute("aria-label", `Result of ${expression}`);
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
        const value = resultType === "scalar" ? format(numberOf(text)) : text;
        this.show(carrier, `a ${resultType}`, time, answer, [element("p", { class: "scalar", title: text }, value)]);
        return;
      }
      const series = inOrder(/** @type {Alertbook.Series[]} */ (result));
      const time = series[0]?.value?.[0] ?? Date.now() / 1000;
      if (series.length === 0) this.show(carrier, `no series: ${whyNone(expression)}`, time, answer, []);
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
      const series = inOrder(/** @type {Alertbook.Series[]} */ (answer.data.result));
      const floats = series.filter(({ values }) => values);
      const lines = floats.slice(0, mostLines).map(({ metric, values = [] }) => ({
        name: nameOf(metric), step,
        points: values.map(([time, value]) => /** @type {[number, number]} */ ([time, numberOf(value)])),
      }));
      const name = floats[0]?.metric.__name__ ?? "";
      const unit = floats.every(({ metric }) => (metric.__name__ ?? "") === name) ? name : "";
      const parts = [];
      if (lines.length > 0) {
        const mark = Number.isNaN(began) ? null : began;
        const picture = globalThis.alertbook.chart?.(lines, { start, end, mark, metric: unit, room: this.body.clientWidth });
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
      for (const box of this.body.querySelectorAll(".series")) globalThis.alertbook.focusable(box);
    }

    /** @param {Error & {kind?: string}} failure @param {string} carrier */
    fail(failure, carrier) {
      this.status.replaceChildren(failure.kind === "stopped" ? "Stopped." : `No result from ${carrier}`);
      const open = element("a", { class: "button", href: this.link.href }, "Open the query there instead");
      this.body.replaceChildren(element("p", { class: "notice failure", "data-kind": failure.kind ?? "error" }, failure.message),
        element("p", {}, open));
    }
  }

  /** What it means that a query finds nothing. @param {string} expression */
  function whyNone(expression) {
    const bare = expression.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|\{[^}]*\}/g, "");
    return /[<>]|[=!]=|\b(and|unless|absent\w*)\b/i.test(bare) ? "the condition is not true now" : "nothing that it selects is there now";
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
