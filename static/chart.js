// A line chart of what a range query returned: axes, a legend, and the values at a moment under the
// pointer or the arrow keys. Lines differ in colour and, for those who don't see that, in dashes.
// @ts-check
"use strict";

(() => {
  const [height, right, top, bottom] = [260, 12, 10, 26];
  const innerHeight_ = height - top - bottom;

  /**
   * @param {string} name
   * @param {Record<string, string | number>} attributes
   * @param {(Node | string)[]} content
   */
  function svg(name, attributes, ...content) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
    made.append(...content);
    return made;
  }

  /**
   * The looks of a line: no two of a chart are the same. The five colours differ to every kind of eye;
   * each has four kinds of dashes.
   * @param {number} index
   */
  const looks = (index) => `line line-${index % 5} dash-${Math.floor(index / 5) % 4}`;

  /** Moments at round local times. @param {number} start @param {number} end @param {number} most */
  function moments(start, end, most) {
    const steps = [60, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800];
    const step = steps.find((it) => (end - start) / it <= most) ?? 604_800;
    const zone = new Date(start * 1000).getTimezoneOffset() * 60;
    const found = [];
    for (let at = Math.ceil((start - zone) / step) * step + zone; at <= end; at += step) found.push(at);
    return found;
  }

  /**
   * The picture, the moment that is read, and the legend.
   * @param {Alertbook.Line[]} lines
   * @param {{start: number, end: number, mark: number | null, metric: string, room: number}} range
   */
  function draw(lines, { start, end, mark, metric, room }) {
    const { element, values: { format: write, ticks } } = globalThis.alertbook;
    const format = (/** @type {number} */ value) => write(value, metric);
    const all = lines.flatMap((line) => line.points.map(([, value]) => value));
    const finite = all.filter(Number.isFinite);
    const isEmpty = finite.length === 0;
    const [least, greatest] = isEmpty ? [0, 1] : [Math.min(...finite), Math.max(...finite)];
    const rows = ticks(least, greatest, metric);
    const [low, high] = [rows[0].value, rows[rows.length - 1].value];
    // As many units as there are pixels, so that texts have their size on every screen.
    const width = Math.max(240, room);
    const left = Math.max(48, 18 + 6.5 * Math.max(...rows.map(({ label }) => label.length)));
    const innerWidth_ = width - left - right;
    const x = (/** @type {number} */ time) => left + ((time - start) / (end - start || 1)) * innerWidth_;
    const y = (/** @type {number} */ value) => top + (1 - (value - low) / (high - low || 1)) * innerHeight_;
    const isLong = end - start > 86_400;
    const clock = new Intl.DateTimeFormat(undefined, isLong
      ? { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" }
      : { hour: "2-digit", minute: "2-digit" });
    const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

    const picture = svg("svg", {
      viewBox: `0 0 ${width} ${height}`, class: "chart", tabindex: 0, role: "img",
      "aria-label": `${lines.length} series from ${clock.format(start * 1000)} to ${clock.format(end * 1000)}, between ${format(least)} and ${format(greatest)}. Arrow keys read the values.`,
    });
    for (const { value, label } of rows) {
      picture.append(
        svg("line", { class: "grid", x1: left, x2: width - right, y1: y(value), y2: y(value) }),
        svg("text", { class: "tick", x: left - 8, y: y(value) + 4, "text-anchor": "end" }, label),
      );
    }
    for (const moment of moments(start, end, Math.min(7, innerWidth_ / (isLong ? 100 : 60)))) {
      const at = x(moment);
      if (at > width - right - 20) continue;
      picture.append(svg("text", { class: "tick", x: at, y: height - 8, "text-anchor": "middle" }, clock.format(moment * 1000)));
    }
    if (mark !== null && mark > start && mark < end) {
      const isLate = mark - start > end - mark;
      picture.append(
        svg("line", { class: "began", x1: x(mark), x2: x(mark), y1: top, y2: height - bottom }),
        svg("text", { class: "tick", x: x(mark) + (isLate ? -4 : 4), y: top + 8, "text-anchor": isLate ? "end" : "start" }, "alert began"),
      );
    }
    lines.forEach((line, index) => {
      // A gap in the samples, or a value that is no number, is a gap in the line.
      let path = "";
      let before = -Infinity;
      for (const [time, value] of line.points) {
        if (!Number.isFinite(value)) {
          before = -Infinity;
          continue;
        }
        const goesOn = time - before <= line.step * 1.5;
        path += `${goesOn ? "L" : "M"}${x(time).toFixed(1)} ${y(value).toFixed(1)}`;
        // A lone sample would be invisible as a line of no length without its round cap.
        if (!goesOn) path += "h0";
        before = time;
      }
      picture.append(svg("path", { class: looks(index), d: path }));
    });

    const cursor = svg("line", { class: "cursor", y1: top, y2: height - bottom, visibility: "hidden" });
    picture.append(cursor);
    const values = lines.map(() => element("span", { class: "legend-value number" }));
    const legend = element("ul", { class: "legend" }, ...lines.map((line, index) => {
      const swatch = svg("svg", { viewBox: "0 0 24 8", class: "swatch", "aria-hidden": "true" },
        svg("path", { class: looks(index), d: "M1 4H23" }));
      const entry = element("li", {}, swatch, element("span", { class: "legend-name" }, line.name), values[index]);
      const emphasise = (/** @type {boolean} */ on) => {
        picture.classList.toggle("dimmed", on);
        picture.querySelectorAll("path.line")[index].classList.toggle("chosen", on);
      };
      entry.addEventListener("pointerenter", () => emphasise(true));
      entry.addEventListener("pointerleave", () => emphasise(false));
      return entry;
    }));
    const moment = element("p", { class: "quiet moment", role: "status" });

    const times = [...new Set(lines.flatMap((line) => line.points.map(([time]) => time)))].sort((a, b) => a - b);
    let at = times.length - 1;
    /** Shows the values of one moment. @param {number} index @param {boolean} isShown */
    function read(index, isShown) {
      at = Math.max(0, Math.min(times.length - 1, index));
      const time = times[at];
      if (time === undefined) return;
      cursor.setAttribute("x1", String(x(time)));
      cursor.setAttribute("x2", String(x(time)));
      cursor.setAttribute("visibility", isShown ? "visible" : "hidden");
      moment.textContent = exact.format(time * 1000);
      lines.forEach((line, row) => {
        const point = line.points.find(([when]) => when === time);
        values[row].textContent = point ? format(point[1]) : "no sample";
      });
    }
    read(at, false);
    picture.addEventListener("pointermove", (event) => {
      const box = picture.getBoundingClientRect();
      const pointer = /** @type {PointerEvent} */ (event);
      const wanted = start + (((pointer.clientX - box.left) / box.width) * width - left) / innerWidth_ * (end - start);
      const later = times.findIndex((time) => time >= wanted);
      const near = later > 0 && wanted - times[later - 1] < times[later] - wanted ? later - 1 : later;
      read(later < 0 ? times.length - 1 : near, true);
    });
    picture.addEventListener("pointerleave", () => read(times.length - 1, false));
    picture.addEventListener("keydown", (event) => {
      const { key } = /** @type {KeyboardEvent} */ (event);
      const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
      if (!(key in steps)) return;
      event.preventDefault();
      read(at + steps[/** @type {keyof typeof steps} */ (key)], true);
    });
    const nothing = () =>
      element("p", {}, `There is no line to draw: every value is ${[...new Set(all.map(format))].join(" or ")}.`);
    globalThis.alertbook.focusable(legend);
    return [isEmpty ? nothing() : picture, moment, legend];
  }

  globalThis.alertbook.chart = (lines, range) => {
    const box = globalThis.alertbook.element("div", { class: "chart-box" }, ...draw(lines, range));
    let { room } = range;
    // Who turns a phone has another picture: a stretched one would have texts of another size.
    new ResizeObserver(() => {
      if (box.clientWidth === 0 || Math.abs(box.clientWidth - room) < 2) return;
      room = box.clientWidth;
      const isRead = box.contains(document.activeElement);
      box.replaceChildren(...draw(lines, { ...range, room }));
      if (isRead) box.querySelector("svg")?.focus();
    }).observe(box);
    return box;
  };
})();
