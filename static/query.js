// Asks a carrier's Prometheus over its HTTP API, and says why when that does not work: browsers
// tell scripts next to nothing, so what can be found out is found out here.
// @ts-check
"use strict";

(() => {
  const patience = 30_000;

  /** Why a question has no answer, in words for the reader. */
  class Failure extends Error {
    /** @param {string} kind @param {string} message */
    constructor(kind, message) {
      super(message);
      this.kind = kind;
    }
  }

  /** @param {string} host */
  const isLoopback = (host) => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host);

  /**
   * The hosts that sent a question on to where this page may not ask: its policy names the carriers
   * alone, and a login is elsewhere.
   * @type {Set<string>}
   */
  const movedOn = new Set();
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
    if (effectiveDirective === "connect-src" && URL.canParse(blockedURI)) movedOn.add(new URL(blockedURI).origin);
  });

  /**
   * Why a request failed without an answer. A request that may go anywhere and whose answer nobody
   * may read still tells whether somebody answers.
   * @param {URL} url
   * @param {string} carrier
   */
  async function reason(url, carrier) {
    if (!navigator.onLine) return new Failure("offline", "This device is offline.");
    movedOn.delete(url.origin);
    try {
      await fetch(url, { mode: "no-cors", signal: AbortSignal.timeout(10_000), referrerPolicy: "no-referrer" });
      return new Failure(
        "cors",
        `${carrier} answers, but does not let this page read the answer: it wants a login first, or its --web.cors.origin leaves this site out.`,
      );
    } catch {
      // The policy's own word may come a little later.
      await new Promise((resume) => setTimeout(resume, 100));
      if (movedOn.has(url.origin)) {
        return new Failure("login", `${carrier} answers with another address instead of data, most likely that of a login.`);
      }
      return new Failure(
        "unreachable",
        `${url.host} can't be reached from here: no such name, no connection, or a VPN that is off.`,
      );
    }
  }

  /**
   * What an endpoint answers.
   * @param {string} carrier
   * @param {string} endpoint
   * @param {Record<string, string>} parameters
   * @param {AbortSignal} [signal] ends the question early
   * @returns {Promise<Alertbook.Answer>}
   */
  async function query(carrier, endpoint, parameters, signal) {
    const { api, url: base, ui } = globalThis.alertbook.carriers[carrier];
    if (!api && ui === "grafana") {
      throw new Failure("no-api", `The configuration names no api for ${carrier}, only Grafana.`);
    }
    const url = new URL(`${(api ?? base).replace(/\/+$/, "")}/api/v1/${endpoint}`);
    if (location.protocol === "https:" && url.protocol === "http:" && !isLoopback(url.hostname)) {
      throw new Failure("mixed", `This page came over https, and browsers let no such page ask ${url.host} over http.`);
    }
    const timeout = AbortSignal.timeout(patience);
    let response;
    let text;
    try {
      response = await fetch(url, {
        method: "POST",
        body: new URLSearchParams(parameters),
        headers: { Accept: "application/json" },
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        referrerPolicy: "no-referrer",
      });
      text = await response.text();
    } catch {
      if (signal?.aborted) throw new Failure("stopped", "Stopped.");
      if (timeout.aborted) throw new Failure("timeout", `${carrier} did not answer within ${patience / 1000} seconds.`);
      throw await reason(url, carrier);
    }
    /** @type {{status?: string, error?: string, errorType?: string} & Alertbook.Answer} */
    let answer;
    try {
      answer = JSON.parse(text);
    } catch {
      const isPage = /^\s*</.test(text);
      throw response.ok || response.status === 401 || response.status === 403
        ? new Failure("login", isPage
          ? `${carrier} answered with a page instead of data, most likely a login.`
          : `${carrier} answered with something that is no data (HTTP ${response.status}).`)
        : new Failure("status", `${carrier} answered with HTTP ${response.status}.`);
    }
    if (answer?.status === "error") {
      throw new Failure(answer.errorType ?? "error", answer.error ?? "The query failed.");
    }
    if (answer?.status !== "success" || !answer.data) {
      throw new Failure("status", `${carrier} answered with HTTP ${response.status} and no result.`);
    }
    return answer;
  }

  globalThis.alertbook.query = query;
})();
