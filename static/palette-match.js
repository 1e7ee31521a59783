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
  /** So many letters of a word are looked at for typos: there is a bit for each. */
  const most = 28;

  /** Letters and digits alone: `node_cpu`, `node-cpu` and `NodeCPU` are one. @param {string} text */
  const squeeze = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

  /** A bit for each letter that is in a text. @param {string} text */
  function lettersOf(text) {
    let letters = 0;
    for (let at = 0; at < text.length; at += 1) letters |= 1 << (text.charCodeAt(at) & 31);
    return letters;
  }

  /** Whether no more than so many letters, two at most, are missing. @param {number} letters @param {number} most */
  function isAtMost(letters, most) {
    let left = letters;
    for (let at = 0; at < most; at += 1) left &= left - 1;
    return left === 0;
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
    const end = 1 << Math.min(word.length, most);
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
    const places = new Map();
    for (let at = 0; at < Math.min(written.length, most); at += 1) {
      places.set(written[at], (places.get(written[at]) ?? 0) | (2 << at));
    }
    const mayErr = written.length < 4 ? 0 : written.length < 8 ? 1 : 2;
    return { word: written, places, letters: lettersOf(written), mayErr };
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
    const around = squeeze(thing.context);
    const aroundLetters = lettersOf(around);
    const letters = keys.reduce((all, key) => all | key.letters, aroundLetters);
    return { ...thing, keys, around, aroundLetters, letters };
  }

  /** How far a name is from a word. @param {Alertbook.Key} name @param {Alertbook.Word} typed */
  function costOfName(name, { word, letters }) {
    if ((letters & ~name.letters) !== 0) return Infinity;
    const at = name.key.indexOf(word);
    if (at === 0) return name.key.length === word.length ? -1 : 0;
    if (at < 0 || word.length === 1) return Infinity;
    const { starts } = parted(name);
    for (let next = at; next >= 0; next = name.key.indexOf(word, next + 1)) {
      if (starts.includes(next)) return 1;
    }
    return 2;
  }

  /** The same with typos. @param {Alertbook.Key} name @param {Alertbook.Word} typed */
  function costOfTypo(name, typed) {
    const { mayErr, letters } = typed;
    if (mayErr === 0 || !isAtMost(letters & ~name.letters, mayErr)) return Infinity;
    // Something like a short word is nearly everywhere.
    const found = faults(typed, name.key, mayErr === 1 ? parted(name).starts : null);
    return found <= mayErr ? withTypo + found : Infinity;
  }

  /**
   * How far a thing's names are from a word.
   * @param {Alertbook.Named} thing
   * @param {Alertbook.Word} word
   * @param {boolean} mayErr
   */
  function costInName(thing, word, mayErr) {
    let own = Infinity;
    for (let at = 0; at < thing.keys.length; at += 1) own = Math.min(own, costOfName(thing.keys[at], word) + at / 2);
    if (own < Infinity) return own;
    if (thing.kind === "alert" && word.word.length > 1 && parted(thing.keys[0]).initials.startsWith(word.word)) return 3;
    if (mayErr) for (const name of thing.keys) own = Math.min(own, costOfTypo(name, word));
    return own;
  }

  /**
   * @param {Alertbook.Named[]} things
   * @param {Alertbook.Word[]} words
   * @param {boolean} mayErr
   */
  function rank(things, words, mayErr) {
    /** @type {{thing: Alertbook.Named, cost: number, found: number}[]} */
    const ranked = [];
    let best = 1;
    const wholes = new Set(words.map((it) => it.word));
    for (const thing of things) {
      let possible = 0;
      for (const word of words) {
        if (isAtMost(word.letters & ~thing.letters, mayErr ? word.mayErr : 0)) possible += 1;
      }
      // Of a pasted text a word or two are in many names, which are not meant, but for whole names.
      if (possible < best || (possible * 2 < words.length && !wholes.has(thing.keys[0].key))) continue;
      let cost = 0;
      let found = 0;
      let isNamed = false;
      let isWhole = false;
      for (const word of words) {
        let own = costInName(thing, word, mayErr);
        if (own < 0) isWhole = true;
        if (own < Infinity) isNamed = true;
        else if (word.word.length > 1 && (word.letters & ~thing.aroundLetters) === 0 && thing.around.includes(word.word)) own = inContext;
        if (own < Infinity) found += 1;
        cost += Math.min(own, missing);
      }
      if (!isNamed || found < best || (!isWhole && found * 2 < words.length)) continue;
      best = found;
      ranked.push({ thing, cost: cost + handicap[thing.kind] + thing.keys[0].key.length / 1000, found });
    }
    const all = ranked.filter(({ found }) => found === best);
    return { isWhole: best === words.length, found: all.sort((a, b) => a.cost - b.cost) };
  }

  /** What had all of what was typed the last time. @type {{typed: string, things: number, found: Alertbook.Named[]}} */
  let last = { typed: "", things: 0, found: [] };

  /**
   * The best of the things for what was typed. If none has all the words, those with the most of them.
   * @param {Alertbook.Named[]} things
   * @param {string} typed
   * @param {number} number
   */
  function match(things, typed, number) {
    const written = typed.trim().split(/\s+/).map(squeeze).filter(Boolean).slice(0, 12);
    const words = [...new Set(written)].map(word);
    if (words.length === 0) return [];
    // Who types on looks among what there was: what has more letters is in fewer names.
    const isMore = last.things === things.length && last.typed !== "" && typed.startsWith(last.typed);
    let { isWhole, found } = rank(isMore ? last.found : things, words, false);
    // Of a letter alone this is not so.
    last = isWhole && words.every((it) => it.word.length > 1) ? { typed, things: things.length, found: found.map(({ thing }) => thing) } : { typed: "", things: 0, found: [] };
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
      if (best.length === number) break;
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
