// What an address says of an alert: one of this site, which has its labels as parameters, and one of
// Alertmanager's or Grafana's page, which has them as matchers.
// @ts-check
"use strict";

(() => {
  /** @param {URLSearchParams} parameters @returns {Alertbook.Alert} */
  function ofParameters(parameters) {
    const alert = globalThis.alertbook.noAlert();
    for (const [name, value] of parameters) {
      if (name === "startsAt") alert.startsAt = value;
      else if (name === "carrier") alert.carrier = value;
      // Go's templates say `<no value>` for a label that an alert does not have.
      else if (value.trim() && value !== "<no value>") alert.labels[name.replace(/^label\./, "")] ??= value.trim();
    }
    return alert;
  }

  /**
   * The alert whose short address, or whose section, an address is, wherever the site is published.
   * @param {URL} url
   */
  function nameAt(url) {
    const known = globalThis.alertbook.alerts ?? {};
    const path = url.pathname.replace(/index\.html$/, "");
    return Object.keys(known).find((name) => path.endsWith(`/alerts/${encodeURIComponent(name)}/`)) ??
      Object.keys(known).find((name) => url.hash && `${url.pathname}${url.hash}`.endsWith(`/${known[name][0]}`)) ?? null;
  }

  globalThis.alertbook.alertOfLink = (address) => {
    if (!URL.canParse(address)) return null;
    const url = new URL(address);
    const name = nameAt(url);
    if (name) {
      const alert = ofParameters(url.searchParams);
      return { ...alert, labels: { alertname: name, ...alert.labels } };
    }
    if (address.startsWith(globalThis.alertbook.root.href)) return ofParameters(url.searchParams);
    const query = new URLSearchParams(address.replace(/^[^?]*\?/, ""));
    const matchers = [...(query.get("filter") ?? "").matchAll(/([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g)];
    const labels = Object.fromEntries([
      ...matchers.map(([, label, value]) => [label, value.replace(/\\(.)/g, "$1")]),
      // Grafana has one in each parameter.
      ...query.getAll("matcher").map((it) => it.split(/=(.*)/s)),
    ]);
    return "alertname" in labels ? { ...globalThis.alertbook.noAlert(), labels } : null;
  };
})();
