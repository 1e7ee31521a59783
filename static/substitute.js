// Puts the incident's values in the place of the placeholders, everywhere at once: in the text, in
// queries and commands, in the addresses of links. What a value has to be escaped to depends on
// where it stands; the build has said that of each placeholder (`data-context`). A value that can't
// be put somewhere safely is not put there.
// @ts-check
"use strict";

(() => {
  /** What needs no quotes in any shell. */
  const plain = /^[\w@%+:,./-]+$/;
  /** Behind which a line of other languages is a comment. */
  const comment = /--|(^|[^:])\/\//;
  /** What would lead out of the folder that it is put in: `rm -rf /var/<name>/*`. */
  const upwards = /(^|\/)\.\.(\/|$)|^[./]+$/;
  const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
  const duration = /^((\d+(ms|[smhdwy]))+|\d+|ms|[smhdwy])$/;
  const name = /^(?!\d+$)[a-zA-Z0-9_:]+$/;
  const keyword = /^(and|or|unless|atan2|by|without|on|ignoring|group_left|group_right|offset|bool)$/i;

  /** @param {string} value @param {string} quote */
  const inString = (value, quote) => value.replace(/[\\"']/g, (sign) =>
    sign === "\\" || sign === quote ? `\\${sign}` : sign);
  /** As RE2's QuoteMeta does it. @param {string} value */
  const inRegex = (value) => value.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
  /** @param {string} value @param {boolean} holds */
  const only = (value, holds) => (holds ? value : null);
  /**
   * Whether a value is a name of something: no option, nor what begins a command or the name of a file to
   * some programs, no way out, and no pattern for everything. @param {string} value
   */
  const isArgument = (value) => !/^[-+@<]/.test(value) && /[\p{L}\p{N}]/u.test(value) && !upwards.test(value);
  /** Whether it means the same in every language, as far as one can say. @param {string} value */
  const isPlain = (value) => plain.test(value) && !comment.test(value) && isArgument(value);
  /** @param {string} value */
  const isName = (value) => name.test(value) && !keyword.test(value);

  /**
   * A value as it has to be written in each context; null where it can't be.
   * @type {Record<string, (value: string) => string | null>}
   */
  const escapes = {
    text: (value) => value,
    comment: (value) => value,
    string: (value) => inString(value, '"'),
    "string-single": (value) => inString(value, "'"),
    "string-raw": (value) => only(value, !value.includes("`")),
    regex: (value) => inString(inRegex(value), '"'),
    "regex-single": (value) => inString(inRegex(value), "'"),
    "regex-raw": (value) => inRegex(value).replaceAll("`", "\\x60"),
    matcher: (value) => `"${inString(value, '"')}"`,
    "matcher-regex": (value) => `"${inString(inRegex(value), '"')}"`,
    name: (value) => only(value, isName(value)),
    number: (value) => only(value, number.test(value)),
    duration: (value) => only(value, duration.test(value)),
    operand: (value) => only(value, number.test(value) || isName(value)),
    shell: (value) =>
      only(plain.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`, isArgument(value)),
    "shell-single": (value) => only(value.replaceAll("'", "'\\''"), isArgument(value)),
    // An exclamation mark can't be escaped in double quotes: it goes out of them.
    "shell-double": (value) =>
      only(value.replace(/[\\"$`]/g, "\\$&").replaceAll("!", "\"'!'\""), isArgument(value)),
    plain: (value) => only(value, isPlain(value)),
    reread: (value) => only(value, /^[\w@%+:,.\/][\w@%+:,.\/~-]*$/.test(value) && isArgument(value)),
    // A line in capitals may be the end of a here-document.
    line: (value) => only(value, isPlain(value) && !/^[A-Z_]+$/.test(value)),
    // A slash ends a pattern, and what is behind it is a command to sed and awk; a comma adds another
    // part to a filter of jq.
    program: (value) => only(value, isPlain(value) && !/[/,]/.test(value)),
    word: (value) => only(value, /^\w+$/.test(value)),
    digits: (value) => only(value, /^\d+$/.test(value)),
    // A comma begins another part of a list, an ampersand another field of a form.
    item: (value) => only(value, !/[,&]/.test(value)),
    place: (value) => value,
    // A pattern may be for more than is meant.
    literal: (value) => only(value, !/[,&*?[\]^$|{}\\]/.test(value)),
    url: (value) =>
      only(
        encodeURIComponent(value).replace(/[!'()*]/g, (mark) =>
          `%${mark.charCodeAt(0).toString(16).toUpperCase()}`),
        !/^\.{1,2}$/.test(value) && value.isWellFormed(),
      ),
    // Of `10.0.0.1:9100`, where an exporter listens.
    machine: (value) => value.replace(/^([^:]+|\[.*\]):\d+$/, "$1"),
    host: (value) => only(value, /^[a-z\d]([a-z\d.-]*[a-z\d])?(:\d{1,5})?$/i.test(value)),
  };

  /**
   * A value as a context takes it, from the inside out: `url:string` is a string of a query in an
   * address.
   * @param {string} context
   * @param {string} text
   * @returns {string | null}
   */
  function escapedFor(context, text) {
    const [outer, ...inner] = context.split(":");
    if (!Object.hasOwn(escapes, outer)) return null;
    // Else a value alone is never the root of everything.
    if (inner[0] === "place" && text === "/") return text;
    const value = inner.length > 0 ? escapedFor(inner.join(":"), text) : text;
    return value === null ? null : escapes[outer](value);
  }

  /**
   * What stands in the place of a placeholder now.
   * @param {string} key
   * @param {string} context
   * @returns {{text: string | null, fault: string}} without a text it stays a placeholder
   */
  function valueIn(key, context) {
    const { incident } = globalThis.alertbook;
    const { text, fault } = incident?.value(key) ?? { text: "", fault: "" };
    if (!text) return { text: null, fault: "" };
    const escaped = fault ? null : escapedFor(context, text);
    return { text: escaped, fault: fault || (escaped === null ? "can't be written here" : "") };
  }

  /**
   * The holes that an attribute speaks of.
   * @param {Element} element
   * @returns {Alertbook.Hole[]}
   */
  function holesOf(element) {
    const written = element.getAttribute("data-holes");
    return (written ? written.split(" ") : []).map((hole) => {
      const [start, end, key, context] = hole.split(",");
      return { start: Number(start), end: Number(end), key, context };
    });
  }

  /**
   * A text with its holes filled, as far as they can be.
   * @param {string} text
   * @param {Alertbook.Hole[]} holes
   * @returns {Alertbook.Filled}
   */
  function fill(text, holes) {
    /** @type {Alertbook.Filled} */
    const filled = { text: "", open: [] };
    let at = 0;
    for (const { start, end, key, context } of holes) {
      const value = valueIn(key, context);
      filled.text += text.slice(at, start) + (value.text ?? text.slice(start, end));
      if (value.text === null) filled.open.push({ key, fault: value.fault });
      at = end;
    }
    filled.text += text.slice(at);
    return filled;
  }

  /** What the placeholders of the text were written as. @type {Map<HTMLElement, string>} */
  const written = new Map();
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (
    document.querySelectorAll(".placeholder[data-placeholder]")
  )) {
    written.set(element, element.textContent ?? "");
  }
  /** The attributes with holes: on what, which, and what they were. */
  const attributes = [...document.querySelectorAll("[data-holes]")].flatMap((element) => {
    const holes = holesOf(element);
    const owners = element.matches(".query-tools")
      ? [...element.querySelectorAll("[data-expr], [data-text]")]
      : [element];
    return owners.map((owner) => {
      const attribute = ["data-expr", "data-text", "href"].find((it) => owner.hasAttribute(it)) ?? "";
      return { owner, attribute, holes, text: owner.getAttribute(attribute) ?? "" };
    });
  });

  /** @param {string} key */
  const isSecret = (key) => globalThis.alertbook.incident?.isSecret(key) ?? false;

  function substitute() {
    for (const [element, text] of written) {
      const { placeholder: key = "", context = "" } = element.dataset;
      const value = valueIn(key, context);
      const shown = value.text ?? text;
      if (element.textContent !== shown) element.textContent = shown;
      element.classList.toggle("filled", value.text !== null);
      element.classList.toggle("refused", Boolean(value.fault));
      element.classList.toggle("secret", value.text !== null && isSecret(key));
      const name = globalThis.alertbook.incident?.nameOf(key) ?? key;
      if (value.fault) element.title = `${name}: ${value.fault}`;
      else if (value.text !== null) element.title = name;
      else element.removeAttribute("title");
    }
    for (const { owner, attribute, holes, text } of attributes) {
      if (!attribute) continue;
      const { text: filled, open } = fill(text, holes);
      owner.setAttribute(attribute, filled);
      // Paper shows where a link leads.
      owner.classList.toggle("secret", holes.some(({ key }) => isSecret(key) && open.every((it) => it.key !== key)));
    }
    document.dispatchEvent(new CustomEvent("alertbook:filled"));
  }

  /** A text without its secrets, in whatever way they are written in it. @param {string} text */
  globalThis.alertbook.masked = (text) => (globalThis.alertbook.incident?.secrets() ?? [])
    .flatMap((secret) => Object.values(escapes).map((escape) => escape(secret) ?? secret))
    .sort((a, b) => b.length - a.length)
    .reduce((rest, form) => rest.replaceAll(form, "•".repeat(form.length)), text);
  globalThis.alertbook.openHoles = (element) => fill("", holesOf(element)).open;
  document.addEventListener("alertbook:change", substitute);
})();
