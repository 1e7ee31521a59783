// Finds things by their names, as people type them: parts of names, in any order, with a letter too
// many, too few, wrong, or two of them swapped.
// @ts-check
"use strict";

(() => {
  /** What a kind of thing has to be better by, to stand before another one. */
  const handicap = { alert: 0, runbook: 0.25, metric: 0.5, section: 0.75, text: 1 };
  const inContext = 4;
  const withTypo = 6;
  const missing = 20;

  /** Letters and digits alone: `node_cpu`, `node-cpu` and `NodeCPU` are one. @param {string} text */
  const squeeze = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

  /** A bit for each letter that is in a text. @param {string} text */
  function lettersOf(text) {
    let letters = 0;
    for (let at = 0; at < text.length; at += 1) letters |= 1 << (text.charCodeAt(at) & 31);
    return letters;
  }

  /** @param {number} bits */
  function count(bits) {
    let found = 0;
    for (let left = bits; left !== 0; left &= left - 1) found += 1;
    return found;
  }

  /** Finds where the words of a name begin in its squeezed form. @param {Alertbook.Key} name */
  function parted(name) {
    if (name.starts) return { starts: name.starts, initials: name.initials ?? "" };
    const starts = [];
    let at = 0;
    for (const [word] of name.name.matchAll(/\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}]+|\p{N}+|\p{Lu}/gu)) {
      starts.push(at);
      at += squeeze(word).length;
    }
    name.starts = starts;
    name.initials = starts.map((start) => name.key[start]).join("");
    return { starts, initials: name.initials };
  }

  /**
   * How many letters, two at most, are too many, too few or wrong where a name has something like a
   * word; two that are swapped count once. This is Wu and Manber's way to look for all of it at once:
   * bit n of a number says that the word's first n letters stand right before the place looked at,
   * with no fault among them, with one, or with two.
   * @param {Alertbook.Word} word
   * @param {string} name
   * @param {number[] | null} starts where it may begin, or anywhere
   */
  function faults({ word, places }, name, starts) {
    const end = 1 << word.length;
    let [none, one, two, swappedOnce, swappedTwice] = [0, 0, 0, 0, 0];
    let least = Infinity;
    for (let at = 0, next = 0; at < name.length; at += 1) {
      if (!starts || starts[next] === at) {
        next += 1;
        [none, one, two] = [none | 1, one | 3, two | 7];
      }
      const here = places.get(name[at]) ?? 0;
      const none2 = (none << 1) & here;
      const one2 = ((one << 1) & here) | none | (none << 1) | (none2 << 1) | (swappedOnce & (here << 1));
      two = ((two << 1) & here) | one | (one << 1) | (one2 << 1) | (swappedTwice & (here << 1));
      swappedOnce = (none << 2) & here;
      swappedTwice = (one << 2) & here;
      [none, one] = [none2, one2];
      if (none & end) return 0;
      if (one & end) least = 1;
      else if (two & end) least = Math.min(least, 2);
    }
    return least;
  }

  /** @param {string} written @returns {Alertbook.Word} */
  function word(written) {
    const part = written.slice(0, 28);
    const places = new Map();
    for (let at = 0; at < part.length; at += 1) places.set(part[at], (places.get(part[at]) ?? 0) | (2 << at));
    return { word: part, places, letters: lettersOf(part) };
  }

  /**
   * @param {Pick<Alertbook.Named, "kind" | "title" | "context" | "path" | "fragment">} thing
   * @returns {Alertbook.Named}
   */
  function named(thing) {
    // A page also goes by the name of its file.
    const file = thing.kind === "runbook" ? decodeURIComponent(thing.path).replace(/^.*\/|\.html$/g, "") : "";
    const names = file && file !== "index" ? [thing.title, file] : [thing.title];
    const keys = names.map((name) => ({ name, key: squeeze(name), letters: lettersOf(squeeze(name)) }));
    return { ...thing, keys, around: squeeze(thing.context) };
  }

  /** How far a name is from a word. @param {Alertbook.Key} name @param {string} word */
  function costOfName(name, word) {
    const at = name.key.indexOf(word);
    if (at === 0) return name.key.length === word.length ? -1 : 0;
    if (at < 0) return Infinity;
    const { starts } = parted(name);
    for (let next = at; next >= 0; next = name.key.indexOf(word, next + 1)) {
      if (starts.includes(next)) return 1;
    }
    return word.length > 1 ? 2 : Infinity;
  }

  /** The same with typos. @param {Alertbook.Key} name @param {Alertbook.Word} typed */
  function costOfTypo(name, typed) {
    const { length } = typed.word;
    const most = length < 4 ? 0 : length < 8 ? 1 : 2;
    if (most === 0 || count(typed.letters & ~name.letters) > most) return Infinity;
    // Something like a short word is nearly everywhere.
    const found = faults(typed, name.key, length < 8 ? parted(name).starts : null);
    return found <= most ? withTypo + found : Infinity;
  }

  /**
   * How far a thing's names are from a word.
   * @param {Alertbook.Named} thing
   * @param {Alertbook.Word} word
   * @param {boolean} mayErr
   */
  function costInName(thing, word, mayErr) {
    const own = Math.min(...thing.keys.map((name, at) => costOfName(name, word.word) + at / 2));
    if (own < Infinity) return own;
    if (thing.kind === "alert" && word.word.length > 1 && parted(thing.keys[0]).initials.startsWith(word.word)) return 3;
    return mayErr ? Math.min(...thing.keys.map((name) => costOfTypo(name, word))) : Infinity;
  }

  /**
   * @param {Alertbook.Named[]} things
   * @param {Alertbook.Word[]} words
   * @param {boolean} mayErr
   */
  function rank(things, words, mayErr) {
    /** @type {{thing: Alertbook.Named, cost: number, found: number}[]} */
    const ranked = [];
    let most = 1;
    for (const thing of things) {
      let cost = 0;
      let found = 0;
      let isNamed = false;
      let isWhole = false;
      for (const word of words) {
        let own = costInName(thing, word, mayErr);
        if (own < 0) isWhole = true;
        if (own < Infinity) isNamed = true;
        else if (word.word.length > 1 && thing.around.includes(word.word)) own = inContext;
        if (own < Infinity) found += 1;
        cost += Math.min(own, missing);
      }
      // Of a pasted text a word or two are in many names, which are not meant.
      if (!isNamed || found < most || (!isWhole && found * 2 < words.length)) continue;
      most = found;
      ranked.push({ thing, cost: cost + handicap[thing.kind] + thing.keys[0].key.length / 1000, found });
    }
    const all = ranked.filter(({ found }) => found === most);
    return { isWhole: most === words.length, found: all.sort((a, b) => a.cost - b.cost) };
  }

  /**
   * The best of the things for what was typed. If none has all the words, those with the most of them.
   * @param {Alertbook.Named[]} things
   * @param {string} typed
   * @param {number} most
   */
  function match(things, typed, most) {
    const written = typed.trim().split(/\s+/).map(squeeze).filter(Boolean).slice(0, 12);
    const words = [...new Set(written)].map(word);
    if (words.length === 0) return [];
    let { isWhole, found } = rank(things, words, false);
    // Several words may be one name, written apart.
    if (!isWhole && words.length > 1) {
      const joined = rank(things, [word(written.join(""))], false);
      if (joined.found.length > 0) ({ isWhole, found } = joined);
    }
    if (!isWhole || found.length === 0) ({ found } = rank(things, words, true));
    const seen = new Set();
    /** @type {Alertbook.Named[]} */
    const best = [];
    for (const { thing } of found) {
      const place = `${thing.path}#${thing.fragment} ${thing.kind === "metric" ? thing.title : ""}`;
      if (seen.has(place)) continue;
      seen.add(place);
      best.push(thing);
      if (best.length === most) break;
    }
    return best;
  }

  /** Everything that has a name, as far as it is loaded. @type {Alertbook.Named[]} */
  const things = [];
  /** @type {Promise<void> | null} */
  let names = null;
  let parts = 0;

  /** @param {string} address */
  function placeAt(address) {
    const [path, fragment = ""] = address.split("#");
    return { path, fragment };
  }

  function readNames() {
    const { alerts = {}, names: { pages, metrics } = { pages: [], metrics: {} } } = globalThis.alertbook;
    const titles = new Map(pages.map(([title, path]) => [path, title]));
    for (const [title, [address]] of Object.entries(alerts)) {
      const place = placeAt(String(address));
      things.push(named({ kind: "alert", title, context: titles.get(place.path) ?? "no runbook yet", ...place }));
    }
    for (const [title, path, service] of pages) {
      const place = { path, fragment: "" };
      things.push(named({ kind: "runbook", title, context: service, ...place }));
    }
    for (const [title, places] of Object.entries(metrics)) {
      for (const at of places) {
        const [place, context] = typeof at === "string"
          ? [placeAt(String(alerts[at]?.[0] ?? "")), `rule of ${at}`]
          : [{ path: pages[at[0]][1], fragment: at[1] }, [at[2], pages[at[0]][0]].filter(Boolean).join(" · ")];
        things.push(named({ kind: "metric", title, context, ...place }));
      }
    }
  }

  /** Loads all but the sections. */
  async function loadNames() {
    const { load } = globalThis.alertbook;
    await Promise.all([load("assets/alerts.js"), load("assets/palette-names.js")]);
    readNames();
  }

  globalThis.alertbook.finder = {
    load() {
      names ??= loadNames().catch((failure) => {
        names = null;
        throw failure;
      });
      return names;
    },

    async loadSections() {
      const { names: { pages, parts: all } = { pages: [], parts: 0 } } = globalThis.alertbook;
      if (parts >= all) return false;
      await globalThis.alertbook.load(`assets/palette-sections-${parts}.js`);
      for (const [page, ...sections] of globalThis.alertbook.sections?.splice(0) ?? []) {
        const [context, path] = pages[Number(page)];
        for (let at = 0; at < sections.length; at += 2) {
          const [title, fragment] = [String(sections[at]), String(sections[at + 1])];
          things.push(named({ kind: "section", title, context, path, fragment }));
        }
      }
      parts += 1;
      return true;
    },

    find: (typed, most) => match(things, typed, most),
  };
})();
