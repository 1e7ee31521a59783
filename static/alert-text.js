// What a text says of alerts, whatever brought it: JSON wherever it stands, the texts, mails and
// tables of Alertmanager and its tools, and the pairs that people, chats and logs write.
// @ts-check
"use strict";

(() => {
  /** Names that alerts say something with, and that are no labels. */
  const annotation = /^(summary|description|message|runbook\w*|dashboard\w*)$/i;
  /** What else stands before a colon in mails and messages. */
  const heading = /^(from|to|b?cc|date|sent|subject|labels|annotations|alerts?|details|graph|silence|source|expr(ession)?|query|generatorurl|fingerprint|started|startsat|activeat|endsat|updatedat)$/i;
  /** What is in the address of an expression, in front of that. */
  const query = /[?&#](g0\.expr|panes|left)=/;
  const state = /^(firing|resolved|active|pending|suppressed|triggered|values?)$/i;

  /** @returns {Alertbook.Alert} */
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
   * @returns {Alertbook.Alert[]}
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
    const inside = Object.values(value).flatMap((inner) => ofJson(inner, depth + 1));
    // Labels alone, as a log may have them.
    return depth === 0 && inside.length === 0 && "alertname" in value ? [{ ...empty(), labels: textsOf(value) }] : inside;
  }

  /** The alerts of all JSON that stands in a text. @param {string} text */
  function inJson(text) {
    const found = [];
    let [depth, start] = [0, 0];
    for (const { 0: sign, index } of text.matchAll(/"(?:[^"\\\n]|\\.)*"?|[[\]{}]/g)) {
      if (/[[{]/.test(sign[0])) {
        if (depth === 0) start = index;
        depth += 1;
      } else if (sign[0] !== '"' && depth > 0) {
        depth -= 1;
        if (depth > 0) continue;
        try {
          found.push(...ofJson(JSON.parse(text.slice(start, index + 1))));
        } catch {
          // `{alertname="x"}` and `[FIRING:1]` are none.
        }
      }
    }
    return found;
  }

  /** The time in a text, however exact it is, as Go prints it too. @param {string} text */
  function timeIn(text) {
    const [, day, time, zone = "Z"] =
      /(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,3})?)\d*\s*([+-]\d\d:?\d\d)?/.exec(text) ?? [];
    return day ? `${day}T${time}${zone.replace(/(\d\d)(\d\d)$/, "$1:$2")}` : null;
  }

  /**
   * The pairs of a line: one as long as the line is, or several without spaces in them, a selector
   * among them.
   * @param {string} line
   * @param {boolean} isLabel whether the text says that its pairs are labels
   * @returns {string[][]}
   */
  function pairsOf(line, isLabel) {
    const [first, ...more] = isLabel ? [line] : line.split(/[,;]\s+(?=[A-Za-z_]\w*(?: = |: ?\S))/);
    const [, name = "", mark = "", rest = ""] =
      /^(?:[-*•]\s+)?[*`"']*([A-Za-z_][\w.]*)[*`"']*(\s*=\s*|\s*:(?!\/\/)[*`]*\s*|\s*[\t|]\s*)(.*)$/.exec(first) ?? [];
    const several = [...first.replace(/(?<![="'])https?:\/\/\S+/g, "").matchAll(
      /(?<![\w.$-])([A-Za-z_]\w*)(?:\s*=~?\s*"((?:[^"\\]|\\.)*)"|='([^']*)'|=([^\s,;"'{}]+))/g,
    )].map(([, label, quoted, single, bare = ""]) =>
      [label, quoted?.replace(/\\(.)/g, "$1") ?? single ?? bare.replace(/^([^(]*)\)+$|^([^[]*)\]+$/, "$1$2")]);
    const isPair = mark !== "" && (isLabel || !/[{}]/.test(rest)) && (mark !== "=" || several.length < 2);
    /** @type {string[][]} */
    let pairs = [];
    if (isPair) {
      const isSaid = !mark.includes("=") && (annotation.test(name) || heading.test(name) || state.test(rest));
      if (!isSaid) pairs = [[name.replace(/^_(.*[^_])_$/, "$1"), rest.replace(/^(["'`]|\*+)(.*)\1,?$/, "$2")]];
      else if (/^(labels|alerts?|details)$/i.test(name)) pairs = several;
    } else if (!(mark.includes(":") && /^(expr|query|annot)/i.test(name)) && (several.length > 1 || /["']/.test(first))) {
      pairs = several;
    }
    if (!isLabel) pairs = pairs.filter(([label]) => !annotation.test(label));
    return [...pairs, ...more.flatMap((piece) => pairsOf(piece, isLabel))];
  }

  /**
   * An alert of a row of a table: its labels stand in one cell, or each has a column.
   * @param {string[]} head @param {string[]} cells
   */
  function ofRow(head, cells) {
    const alert = empty();
    const at = head.findIndex((title) => /^labels$/i.test(title));
    const pairs = at < 0
      ? head.map((title, column) => [title.replace(/^Alertname$/, "alertname"), cells[column] ?? ""])
      : pairsOf(cells[at] ?? "", true);
    for (const [label, value] of pairs) {
      if (at >= 0 || (/^\w+$/.test(label) && !annotation.test(label) && !state.test(value))) alert.labels[label] = value;
    }
    alert.startsAt = timeIn(cells.find(timeIn) ?? "");
    alert.source = cells.find((cell) => query.test(cell)) ?? null;
    return alert;
  }

  /**
   * The alerts in a text. Alertmanager's begin with `Labels`, which is followed by `Annotations`;
   * in other texts each begins with its name, if there are several.
   * @param {string} text
   * @returns {Alertbook.Alert[]}
   */
  function ofText(text) {
    const lines = (text.includes("\n") ? text : text.replaceAll("\\n", "\n"))
      // As Go prints labels.
      .replace(/(annotations:\s*)?map\[([^[\]]*)\]/gi, (_, isOther, pairs) => (isOther || !/\balertname:/.test(pairs)
        ? "" : `\nLabels:\n${pairs.replace(/(?:^|\s+)([A-Za-z_]\w*):/g, "\n$1 = ")}\nAnnotations:\n`))
      .split(/\r?\n/)
      .map((line) => line.replace(/^\s*\|(.*)\|\s*$/, (_, row) => row.replaceAll("|", "\t")).trim());
    const titles = lines.map((line) => /^\W*(labels|annotations|source)\W*$/i.exec(line)?.[1].toLowerCase());
    const count = titles.filter((title) => title === "labels").length;
    let alert = empty();
    let alerts = count > 0 ? [] : [alert];
    let inLabels = count === 0;
    /** @type {string[]} */
    let head = [];
    lines.forEach((line, row) => {
      const source = /^\W*(?:Source|generatorURL):\W*(http[^\s>|]+)/i.exec(line)?.[1];
      const cells = line.match(/(?:"(?:[^"\\]|\\.)*"?|[^\s"]| (?! ))+/g) ?? [];
      const began = /^\W*(?:startsAt|activeAt|started)\W/i.test(line) ? timeIn(line) : null;
      if (titles[row]) {
        inLabels = titles[row] === "labels";
        if (inLabels) {
          alert = { ...empty(), startsAt: count === 1 ? alert.startsAt : null };
          alerts.push(alert);
        }
      } else if (!line) {
        head = [];
      } else if (source) {
        alert.source ??= source;
      } else if (began) {
        // Where an alert of several begins is not known as well as that.
        if (count < 2) alert.startsAt ??= began;
      } else if (head.length > 0) {
        if (cells.length > 1 && /\w/.test(line)) alerts.push(ofRow(head, cells.map((cell) => cell.trim())));
      } else if (cells.length > 2 && cells.some((cell) => /^(labels|alertname)\s*$/i.test(cell))) {
        head = cells.map((cell) => cell.trim());
      } else if (inLabels) {
        const pairs = pairsOf(line, count > 0);
        if (count === 0 && "alertname" in alert.labels && pairs.some(([label]) => label === "alertname")) {
          alert = empty();
          alerts.push(alert);
        }
        for (const [label, value] of pairs) {
          if (/[^\s[\]{}|>-]/.test(value) && !Object.hasOwn(alert.labels, label)) alert.labels[label] = value;
        }
      }
    });
    for (const { labels } of alerts) {
      // What Prometheus adds.
      delete labels.__name__;
      delete labels.alertstate;
    }
    const size = (/** @type {Alertbook.Alert} */ { labels }) => Object.keys(labels).length;
    const detailed = new Set(alerts.filter((it) => size(it) > 1).map(({ labels }) => labels.alertname));
    // A title says the name that is said again with the other labels.
    if (count === 0) alerts = alerts.filter((it) => size(it) !== 1 || !detailed.has(it.labels.alertname));
    alerts = [...new Map(alerts.map((it) => [JSON.stringify(it.labels), it])).values()];
    alerts = alerts.filter((it) => it.source || size(it) > 0);
    if (alerts.length === 0) alerts = [alert];
    if (alerts.length === 1) {
      alerts[0].source ??= text.match(/https?:\/\/[^\s>|]+/g)?.find((address) => query.test(address)) ?? null;
    }
    return alerts;
  }

  globalThis.alertbook.alertsIn = (text) => {
    const alerts = inJson(text);
    return alerts.length > 0 ? alerts : ofText(text.trim());
  };
})();
