// Labels of alerts as addresses, alerts and people write them: one name for all spellings, values that
// say something, and times. Nothing here knows the page.
// @ts-check
"use strict";

(() => {
  /** Parameters of an address that are no labels, as `annotate` knows them (`RESERVED`). */
  const reserved = ["carrier", "startsAt"];

  /** Kinds of Kubernetes whose label is called like the kind and holds the name. */
  const named = /^(container|cronjob|daemonset|deployment|namespace|node|persistentvolume(?:claim)?|pod|statefulset)name$/;

  /**
   * One name for all spellings of a placeholder, as the build makes it (`canonical_key`).
   * @param {string} name
   */
  function canonicalKey(name) {
    const bare = name.trim().replace(/^[$.]+/, "");
    const label = bare.replace(/^(labels|Labels|CommonLabels|GroupLabels)\./, "");
    let words = label.split(/[^\p{Alphabetic}\p{N}]+/u).filter(Boolean);
    if (words.length > 1 && /^(the|an?|your|my|some)$/i.test(words[0])) words = words.slice(1);
    const unmarked = words.map((word) => word.replace(/XXX+/g, "")).join("");
    const key = (unmarked || words.join("")).toLowerCase();
    return key.replace(named, "$1");
  }

  /** What an address calls a label. @param {string} label */
  const parameterOf = (label) => (reserved.includes(label) ? `label.${label}` : label);

  /**
   * What keeps a value from being used; empty if nothing does. Whatever a pattern allows, a value
   * is one line of characters that can be seen.
   * @param {string} value
   * @param {string} [pattern]
   */
  function faultOf(value, pattern) {
    if (value.length > 1000) return "too long for a value";
    if (/[\p{C}\p{Zl}\p{Zp}]/u.test(value)) return "holds line breaks or characters that can't be seen";
    if (!pattern) return "";
    try {
      return new RegExp(`^(?:${pattern})$`, "u").test(value) ? "" : `not of the form ${pattern}`;
    } catch {
      return `nothing can be of the form ${pattern}`;
    }
  }

  /**
   * Labels without what says nothing. Go's templates say `<no value>` for a label that an alert does not
   * have, and nobody has run one that still has its braces; a name without letters, as proxies add it,
   * is of nothing.
   * @param {Iterable<[string, string]>} pairs
   */
  function telling(pairs) {
    /** @type {Map<string, string>} */
    const found = new Map();
    for (const [label, written] of pairs) {
      const value = written.trim();
      if (!value || value === "<no value>" || /\{\{.*\}\}/.test(value)) continue;
      if (canonicalKey(label) && !found.has(label)) found.set(label, value);
    }
    return found;
  }

  /** The labels that an address holds. @param {URLSearchParams} parameters */
  const labelsOf = (parameters) => telling([...parameters]
    .filter(([name]) => !reserved.includes(name))
    .map(([name, value]) => [name.replace(/^label\./, ""), value]));

  /**
   * A time as programs write it into addresses: by RFC 3339, as Go prints it, or in seconds or
   * milliseconds; also with a `+` that was read as a space. Without a zone it is UTC, so that it means
   * the same to everybody.
   * @param {string | null} written
   */
  function timeOf(written) {
    const text = written?.trim() ?? "";
    const unix = text.match(/^(\d{10})(?:\.\d+|\d{3})?$/);
    const parts = text.match(
      /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(\.\d{1,3})?\d*\s*(?:([+-]?)(\d\d):?(\d\d)\b|Z|UTC|$)/);
    if (!unix && !parts) return null;
    const [, day, clock, fraction = "", sign, hours, minutes] = parts ?? [];
    const zone = hours ? `${sign || "+"}${hours}:${minutes}` : "Z";
    const time = new Date(unix ? Number(unix[1]) * 1000 : `${day}T${clock}${fraction}${zone}`);
    return Number.isNaN(time.getTime()) ? null : time.toISOString().replace(".000Z", "Z");
  }

  globalThis.alertbook.labels = { canonicalKey, faultOf, labelsOf, parameterOf, telling, timeOf };
})();
