// What a text says of alerts, whatever brought it: the texts, mails and tables of Alertmanager and
// its tools, and the pairs that people, chats and logs write. What is not surely a label is none.
// @ts-check
"use strict";

(() => {
  /** Names that alerts say something with, and that are no labels. */
  const annotation = /^(summary|description|message|runbook\w*|dashboard\w*)$/i;
  /** What else stands before a colon in mails and messages. */
  const heading = /^(re|fwd?|from|to|b?cc|date|sent|subject|tags|labels|annotations|alerts?|details|graph|silence|source|expr(ession)?|query|generatorurl|fingerprint|started|startsat|activeat|endsat|updatedat)$/i;
  /** What is in the address of an expression, in front of that. */
  const query = /[?&#](g0\.expr|panes|left)=/;
  const state = /^(firing|resolved|active|pending|suppressed|triggered|values?)$/i;

  const longestTitle = 2000;
  /** What may stand between the name of an alert and its labels. */
  const between = /^(on|for|at|in|of|and|with|is|alerts?|firing|resolved|active|pending|critical|warning|info|\d+(ms|[smhdw])?)$/i;

  /** @returns {Alertbook.Alert} */
  const empty = () => ({ labels: {}, startsAt: null, source: null, isResolved: false });

  /** Whether the site knows an alert of this name. @param {string} name */
  const isAlert = (name) => Object.hasOwn(globalThis.alertbook.alerts ?? {}, name);

  /** The time in a text, however exact it is, as Go prints it too. @param {string} text */
  function timeIn(text) {
    const [, day, time, zone = "Z"] =
      /(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,3})?)\d*\s*([+-]\d\d:?\d\d)?/.exec(text) ?? [];
    return day ? `${day}T${time}${zone.replace(/(\d\d)(\d\d)$/, "$1:$2")}` : null;
  }

  /** @param {RegExpMatchArray} match @returns {[string, string]} */
  const pair = ([, label, quoted, single, bare = ""]) =>
    [label, quoted?.replace(/\\(.)/g, "$1") ?? single ?? bare.replace(/^([^(]*)\)+$|^([^[]*)\]+$/, "$1$2")];

  /**
   * The name of an alert and the pairs that stand beside it, `HighLatency (node=n1)`, if the line says
   * nothing else: in a sentence or a command a pair may be anything.
   * @param {string} line
   * @returns {string[][]}
   */
  function besideName(line) {
    if (line.length > longestTitle) return [];
    /** @type {string[][]} */
    const pairs = [];
    const rest = line.replaceAll("`", " ").replace(
      /(?<![\w.$:-])([A-Za-z_]\w*)(?:=~?|:(?![/:]))(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s,;"'{}]+))/g,
      (...match) => {
        pairs.push(pair(/** @type {RegExpMatchArray} */ (match)));
        return " ";
      },
    );
    const words = rest.split(/\s+/).map((word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}+]+$/gu, "")).filter(Boolean);
    const names = words.filter(isAlert);
    const hasName = pairs.some(([label]) => label === "alertname");
    if (pairs.length === 0 || (hasName ? pairs.length < 2 : names.length !== 1)) return [];
    if (!words.every((word) => isAlert(word) || between.test(word))) return [];
    const named = hasName ? pairs : [["alertname", names[0]], ...pairs];
    return named.filter(([label]) => !heading.test(label) && !state.test(label) && !annotation.test(label));
  }

  /**
   * The pairs of a line: one as long as the line is, or several without spaces in them, a selector
   * among them.
   * @param {string} line
   * @param {boolean} isLabel whether the text says that its pairs are labels
   * @returns {string[][]}
   */
  function pairsOf(line, isLabel) {
    const beside = isLabel ? [] : besideName(line);
    if (beside.length > 1) return beside;
    const [first, ...more] = isLabel ? [line] : line.split(/[,;]\s+(?=[A-Za-z_]\w*(?: = |: ?\S))/);
    const [, name = "", mark = "", rest = ""] =
      /^(?:[-*•]\s+)?[*`"']*([A-Za-z_][\w.]*)[*`"']*(\s*=\s*|\s*:(?!\/\/)[*`]*\s*|\s*[\t|]\s*)(.*)$/.exec(first) ?? [];
    const assigned = /(?<![\w.$-])([A-Za-z_]\w*)(?:\s*=~?\s*"((?:[^"\\]|\\.)*)"|='([^']*)'|=([^\s,;"'{}]+))/g;
    const unlinked = first.replace(/(?<![="'])https?:\/\/\S+/g, "");
    const several = [...unlinked.matchAll(assigned)].map(pair);
    // Among other words, as in a command, only quotes or the alert's name tell labels.
    const isSure = /["']/.test(first) || several.some(([label]) => label === "alertname") || !/\w/.test(unlinked.replace(assigned, ""));
    const isOne = isLabel || !/^[=:]$/.test(mark) || !/\s/.test(rest) || /^["']/.test(rest);
    const isPair = mark !== "" && isOne && (isLabel || !/[{}]/.test(rest)) && (mark !== "=" || several.length < 2);
    /** @type {string[][]} */
    let pairs = [];
    if (isPair) {
      const isTitle = isAlert(name) || (!/^alert/.test(name) && rest.slice(0, longestTitle).split(/[\s*`"']+/).some(isAlert));
      const isSaid = !mark.includes("=") && (isTitle || [name, rest].some((it) => state.test(it)) || annotation.test(name) || heading.test(name));
      if (!isSaid) pairs = [[name.replace(/^_(.*[^_])_$/, "$1"), rest.replace(/^(["'`]|\*+)(.*)\1,?$/, "$2")]];
      else if (/^(labels|alerts?|details|tags)$/i.test(name)) pairs = several;
    } else if (!(mark.includes(":") && /^(expr|query|annot)/i.test(name)) && isSure) {
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
   * The lines of a text, whatever it has come as: each pair, heading and row on one of its own.
   * @param {string} text
   */
  function linesOf(text) {
    const isHtml = /<\/?(br|p|b|div|span|strong|t[dhr]|li)\b[^<>]*>/i.test(text);
    const plain = !isHtml ? text : new DOMParser().parseFromString(
      text.replace(/<(br|\/(p|div|tr|li|h\d))\b/gi, "\n$&").replace(/<\/t[dh]\b/gi, "\t$&"), "text/html").body.textContent ?? "";
    const lines = (plain.trim().includes("\n") ? plain : plain.replaceAll("\\n", "\n"))
      // As Go prints labels.
      .replace(/(annotations:\s*)?map\[([^[\]]*)\]/gi, (_, isOther, pairs) => (isOther || !/\balertname:/.test(pairs)
        ? "" : `\nLabels:\n${pairs.replace(/(?:^|\s+)([A-Za-z_]\w*):/g, "\n$1 = ")}\nAnnotations:\n`))
      // All in one line, as VictorOps shows it.
      .replace(/ (?=- [A-Za-z_]\w* = |(?:Labels|Annotations|Source): )/g, "\n").replace(/^[^\w\n]*(Labels|Annotations): $/gm, "$1:")
      .split(/\r?\n/)
      // What a chat or a mail quotes.
      .map((line) => line.replace(/^\s*(?:(?:>|&gt;) ?)+/, ""))
      // A line of a log has its own pairs around those of the alert.
      .map((line) => (/^\s*(ts|time|level|caller)=/.test(line) ? /\{[^{}]{0,999}\balertname=[^{}]{0,999}\}/.exec(line)?.[0].replaceAll('\\"', '"') ?? line.replaceAll("=", " ") : line))
      .map((line) => line.replace(/^\s*\|(.*)\|\s*$/, (_, row) => row.replaceAll("|", "\t")).trim());
    // A sheet with commas has its head in front.
    if (lines[0].length < longestTitle && /^[\w,"]*\balertname\b[\w,"]*$/.test(lines[0]) && lines[0].includes(",")) {
      return lines.map((line) => line.replaceAll('"', "").replaceAll(",", "\t"));
    }
    // A name on one line, and its value on the next.
    const begin = lines.findIndex((line) => /^alertname:?$/i.test(line));
    let end = begin;
    const pairs = [];
    for (; begin >= 0 && lines[end + 1] && /^\w+:?$/.test(lines[end]) && !isAlert(lines[end]) && !heading.test(lines[end]); end += 2) {
      pairs.push(`${lines[end].replace(":", "")}\t${lines[end + 1]}`);
    }
    return begin < 0 ? lines : [...lines.slice(0, begin), ...pairs, ...lines.slice(end)];
  }

  /**
   * The alerts in a text. Alertmanager's begin with `Labels`, which is followed by `Annotations`;
   * in other texts each begins with its name, if there are several.
   * @param {string} text
   * @returns {Alertbook.Alert[]}
   */
  function ofText(text) {
    const lines = linesOf(text);
    const titles = lines.map((line) => /^\W*(labels|annotations|source)\W*$/i.exec(line)?.[1].toLowerCase());
    const count = titles.filter((title) => title === "labels").length;
    // Two columns are a name and a value in each row, or below `alertname` are the names of alerts.
    const column = lines.findIndex((line) => /^alertname(?: {2,}|\t)\S+$/i.test(line));
    const isSheet = column >= 0 && !isAlert(/^\S*/.exec(lines[column + 1] ?? "")?.[0] ?? "");
    let isResolved = count === 0 && /^\W*resolved\b/i.test(text);
    let alert = { ...empty(), isResolved };
    let alerts = count > 0 ? [] : [alert];
    let inLabels = count === 0;
    /** @type {string[]} */
    let head = [];
    // The labels of a row that goes on in the next line, as Prometheus' own page is copied.
    let begun = "";
    lines.forEach((line, row) => {
      const source = /^\W*(?:Source|generatorURL):\W*(http[^\s>|]+)/i.exec(line)?.[1];
      const cells = line.match(/(?:"(?:[^"\\]|\\.)*"?|[^\s"]| (?! ))+/g) ?? [];
      const began = /^\W*(?:startsAt|activeAt|started)\W/i.test(line) ? timeIn(line) : null;
      const told = /^\W*(?:alerts?\s+)?(?:\d+\W+)?(firing|resolved)\W*$/i.exec(line)?.[1];
      if (count > 0 && told) isResolved = told.toLowerCase() === "resolved";
      if (titles[row] && (count > 0 || titles[row] !== "source")) {
        inLabels = titles[row] === "labels";
        if (inLabels) {
          alert = { ...empty(), isResolved, startsAt: count === 1 ? alert.startsAt : null };
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
        const isBegin = cells.length === 1 && /^labels$/i.test(head[0]) && /^\w+="/.test(line);
        const whole = begun ? [begun, ...cells] : cells;
        begun = isBegin ? line : "";
        if (!isBegin && whole.length > 1 && /\w/.test(line)) alerts.push(ofRow(head, whole.map((cell) => cell.trim())));
      } else if (cells.length > (isSheet || row !== column ? 2 : 1) && cells.some((cell) => /^(labels|alertname)\s*$/i.test(cell))) {
        head = cells.map((cell) => cell.trim());
      } else if (inLabels) {
        const isRow = isSheet && cells.length === 2 && /^\w+\s*$/.test(cells[0]);
        const pairs = pairsOf(isRow ? cells.map((cell) => cell.trim()).join("\t") : line, count > 0);
        if (count === 0 && "alertname" in alert.labels && pairs.some(([label]) => label === "alertname")) {
          alert = { ...empty(), isResolved };
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
    alerts = [...new Map(alerts.map((it) => [JSON.stringify(it.labels), it])).values()];
    // A title says what is said again with other labels.
    const isSaid = (/** @type {Alertbook.Alert} */ it) => alerts.some((other) => size(other) > size(it) &&
      Object.entries(it.labels).every(([label, value]) => other.labels[label] === value));
    if (count === 0 && alerts.length < 200) alerts = alerts.filter((it) => size(it) === 0 || !isSaid(it));
    alerts = alerts.filter((it) => it.source || size(it) > 0);
    if (alerts.length === 0) alerts = [alert];
    if (alerts.length === 1) {
      alerts[0].source ??= text.match(/https?:\/\/[^\s>|]+/g)?.find((address) => query.test(address)) ?? null;
    }
    return alerts;
  }

  globalThis.alertbook.noAlert = empty;
  globalThis.alertbook.alertsIn = (text) => {
    const addresses = text.match(/https?:\/\/[^\s>|]+/g) ?? [];
    const isAddress = text.length < longestTitle && /^<?https?:\/\/\S+(\|[^\n]*)?>?$/.test(text.trim());
    const [linked] = addresses.slice(0, 20).flatMap((address) => globalThis.alertbook.alertOfLink(address) ?? []);
    if (isAddress && linked) return [linked];
    const json = globalThis.alertbook.alertsInJson(text);
    const alerts = json.length > 0 ? json : ofText(text.trim());
    // Whoever sends a link often says no more than that.
    if (linked && alerts.every(({ labels }) => Object.keys(labels).length === 0)) return [linked];
    return alerts.sort((a, b) => Number(a.isResolved) - Number(b.isResolved));
  };
})();
