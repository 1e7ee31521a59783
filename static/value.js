// Values for people. What a metric counts in is the end of its name, by Prometheus' custom; a value
// is shown in the unit that suits its size, and an axis in one unit, with round numbers of that.
// @ts-check
"use strict";

(() => {
  /**
   * The units by the ends of names: how large each is, the largest first, and from how many of it on
   * it is used.
   * @type {[RegExp, [number, string, number][]][]}
   */
  const kinds = [
    [/_seconds(_total|_sum)?$/, [[86_400, "d", 2], [3600, "h", 2], [60, "min", 2], [1, "s", 1], [1e-3, "ms", 1], [1e-6, "µs", 1], [1e-9, "ns", 1]]],
    [/_bytes(_total|_sum)?$/, ["PiB", "TiB", "GiB", "MiB", "KiB", "B"].map((unit, at) => [1024 ** (5 - at), unit, 1])],
    [/_ratio$/, [[0.01, "%", 0]]],
  ];
  const none = /** @type {const} */ ([1, "", 0]);

  /** @param {string} metric @param {number} value */
  const isTime = (metric, value) => /_timestamp_seconds$/.test(metric) && value > 1e8;

  /** The unit for values up to a size. @param {string} metric @param {number} size */
  function unitFor(metric, size) {
    const [, units] = kinds.find(([end]) => end.test(metric)) ?? [];
    if (!units) return none;
    const isBase = (/** @type {readonly [number, string, number]} */ [factor]) => factor === 1;
    return size === 0 ? units.find(isBase) ?? units[0] : units.find(([factor, , least]) => size >= factor * least) ?? units[units.length - 1];
  }

  /** How many digits a number has before its point. @param {number} value */
  const wholeOf = (value) => Math.floor(Math.log10(Math.abs(value) || 1)) + 1;

  /**
   * A number with so many digits, but whole where it is large: a count is no estimate.
   * @param {number} value @param {number} digits @param {number} [decimals]
   */
  function written(value, digits, decimals) {
    const size = Math.abs(value);
    if (size > Number.MAX_SAFE_INTEGER || (size > 0 && size < 1e-6)) return Number(value.toPrecision(digits)).toExponential();
    const maximumFractionDigits = decimals ?? Math.max(0, digits - wholeOf(value));
    return new Intl.NumberFormat("en", { maximumFractionDigits }).format(value);
  }

  /** @param {number} value @param {string} metric */
  function format(value, metric = "") {
    if (Number.isNaN(value)) return "NaN";
    if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
    if (isTime(metric, value)) return new Date(value * 1000).toLocaleString();
    const [factor, unit] = unitFor(metric, Math.abs(value));
    return unit ? `${written(value / factor, 4)} ${unit}` : written(value, 6, Math.max(2, 6 - wholeOf(value)));
  }

  /**
   * Round numbers from below the least to above the greatest, and how they are written.
   * @param {number} least @param {number} greatest @param {string} metric
   * @returns {{value: number, label: string}[]}
   */
  function ticks(least, greatest, metric) {
    const ofTime = isTime(metric, least);
    const [factor, unit] = ofTime ? none : unitFor(metric, Math.max(Math.abs(least), Math.abs(greatest)));
    const span = (greatest - least || (ofTime ? 240 : Math.abs(greatest)) || factor) / factor;
    const rough = span / 4;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = ([1, 2, 5].find((times) => times * power >= rough * 0.999) ?? 10) * power;
    const first = Math.floor(least / factor / step);
    const last = Math.max(Math.ceil(greatest / factor / step), first + 1);
    const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    return Array.from({ length: last - first + 1 }, (_, index) => {
      // What is exact in decimal is not in binary.
      const shown = Number(((first + index) * step).toPrecision(15));
      const label = ofTime ? format(shown, metric) : `${written(shown, 15, decimals)} ${unit}`.trim();
      return { value: shown * factor, label };
    });
  }

  globalThis.alertbook.values = { format, ticks };
})();
