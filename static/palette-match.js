// Finds things by their names, as people type them: parts of names, in any order, with a letter too
// many, too few, wrong, or two of them swapped. The names of all things stand in one long text, in
// which a word, or a part that even a mistyped one has, is looked for at once; only what has it is
// weighed. So each letter typed is answered at once on a site of ten thousand pages.
// @ts-check
"use strict";

(() => {
  /** What a kind of thing has to be better by, to stand before another one. */
  const handicap = { alert: 0, runbook: 0.25, metric: 0.5, section: 0.75, text: 1 };
  const inContext = 4;
  const withTypo = 6;
  const missing = 20;
  /** So many letters of a word are looked at for typos: there is a bit for each. */
  const longest = 28;
  /** So many words: there is a bit for each as well. */
  const mostWords = 12;
  /** Stands before each name in a long text; no name has it. */
  const before = "\n";

  const notInKeys = /[^\p{L}\p{N}]+/gu;
  const notInAsciiKeys = /[^a-z0-9]+/g;
  const isAscii = /^[\0-\x7f]*$/;

  /** Letters and digits alone: `node_cpu`, `node-cpu` and `NodeCPU` are one. @param {string} text */
  function squeeze(text) {
    return text.toLowerCase().replace(isAscii.test(text) ? notInAsciiKeys : notInKeys, "");
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
  function faults({ word, places, others }, name, starts) {
    const end = 1 << Math.min(word.length, longest);
    let [none, one, two, swappedOnce, swappedTwice] = [0, 0, 0, 0, 0];
    let least = Infinity;
    for (let at = 0, next = 0; at < name.length; at += 1) {
      if (!starts || starts[next] === at) {
        next += 1;
        none |= 1;
        one |= 3;
        two |= 7;
      }
      const letter = name.charCodeAt(at);
      const here = letter < places.length ? places[letter] : others.get(letter) ?? 0;
      const none2 = (none << 1) & here;
      const one2 = ((one << 1) & here) | none | (none << 1) | (none2 << 1) | (swappedOnce & (here << 1));
      two = ((two << 1) & here) | one | (one << 1) | (one2 << 1) | (swappedTwice & (here << 1));
      swappedOnce = (none << 2) & here;
      swappedTwice = (one << 2) & here;
      none = none2;
      one = one2;
      if (none & end) return 0;
      if (one & end) least = 1;
      else if (two & end) least = Math.min(least, 2);
    }
    return least;
  }

  /**
   * Texts of which a name has at least one, if it has a word with no more than so many typos. Of its
   * parts, one more than there are typos, one is without any; but two letters that are swapped where
   * parts meet spoil both of them, so the letters there count as well, swapped.
   * @param {string} word
   * @param {number} typos
   */
  function signsOf(word, typos) {
    const signs = [];
    let at = 0;
    for (let part = 0; part <= typos; part += 1) {
      const end = at + Math.floor((word.length + part) / (typos + 1));
      signs.push(word.slice(at, end));
      if (part < typos) signs.push(word[end - 2] + word[end] + word[end - 1] + word[end + 1]);
      at = end;
    }
    return signs;
  }

  /** @param {string} written @returns {Alertbook.Word} */
  function word(written) {
    const places = new Int32Array(128);
    const others = new Map();
    for (let at = 0; at < Math.min(written.length, longest); at += 1) {
      const letter = written.charCodeAt(at);
      if (letter < places.length) places[letter] |= 2 << at;
      else others.set(letter, (others.get(letter) ?? 0) | (2 << at));
    }
    const mayErr = written.length < 4 ? 0 : written.length < 8 ? 1 : 2;
    return { word: written, places, others, mayErr };
  }

  /**
   * @param {Pick<Alertbook.Named, "kind" | "title" | "context" | "path" | "fragment">} thing
   * @returns {Alertbook.Named}
   */
  function named(thing) {
    // A page also goes by the name of its file.
    const file = thing.kind === "runbook" ? decodeURIComponent(thing.path).replace(/^.*\/|\.html$/g, "") : "";
    const keys = [{ name: thing.title, key: squeeze(thing.title) }];
    if (file && file !== "index") keys.push({ name: file, key: squeeze(file) });
    return { ...thing, keys };
  }

  /** Puts texts in a row. @param {string[]} texts @returns {Alertbook.Row} */
  function row(texts) {
    const starts = new Uint32Array(texts.length + 1);
    texts.forEach((text, at) => {
      starts[at + 1] = starts[at] + text.length;
    });
    return { text: texts.join(""), starts };
  }

  /** @param {Alertbook.Named[]} things @returns {Alertbook.Shelf} */
  function shelve(things) {
    // Neighbours are mostly parts of the same.
    let [context, around] = ["", before];
    return {
      things,
      names: row(things.map(({ keys }) => keys.map(({ key }) => before + key).join(""))),
      initials: row(things.map(({ kind, keys }) => (kind === "alert" ? before + parted(keys[0]).initials : ""))),
      contexts: row(things.map((thing) => {
        if (thing.context !== context) [context, around] = [thing.context, before + squeeze(thing.context)];
        return around;
      })),
    };
  }

  /**
   * Sets a bit for each thing whose text in a row has a text.
   * @param {Alertbook.Row} row
   * @param {string} wanted
   * @param {Uint16Array} marks
   * @param {number} bit
   */
  function mark({ text, starts }, wanted, marks, bit) {
    let thing = 0;
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, starts[thing])) {
      while (starts[thing + 1] <= at) thing += 1;
      marks[thing] |= bit;
      thing += 1;
    }
  }

  /** How far a name is from a word. @param {Alertbook.Key} name @param {string} word */
  function costOfName(name, word) {
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
    // Something like a short word is nearly everywhere.
    const found = faults(typed, name.key, typed.mayErr === 1 ? parted(name).starts : null);
    return found <= typed.mayErr ? withTypo + found : Infinity;
  }

  /**
   * What of a shelf has the most of the words, or as many as what was found before.
   * @param {Alertbook.Shelf} shelf
   * @param {Alertbook.Word[]} words
   * @param {boolean} mayErr
   * @param {Alertbook.Ranked} ranked
   */
  function rankShelf({ things, names, initials, contexts }, words, mayErr, ranked) {
    const [inNames, inInitials, inContexts, mistyped] = Array.from({ length: 4 }, () => new Uint16Array(things.length));
    words.forEach((typed, at) => {
      const bit = 1 << at;
      const isLetter = typed.word.length === 1;
      mark(names, isLetter ? before + typed.word : typed.word, inNames, bit);
      if (!isLetter) mark(initials, before + typed.word, inInitials, bit);
      if (!isLetter) mark(contexts, typed.word, inContexts, bit);
      if (!mayErr || typed.mayErr === 0) return;
      for (const sign of signsOf(typed.word.slice(0, longest), typed.mayErr)) mark(names, sign, mistyped, bit);
    });
    for (let at = 0; at < things.length; at += 1) {
      // Something is found by its name; its context alone does not do.
      if ((inNames[at] | inInitials[at] | mistyped[at]) === 0) continue;
      const thing = things[at];
      let [cost, found, isNamed, isWhole] = [0, 0, false, false];
      for (let number = 0; number < words.length; number += 1) {
        const bit = 1 << number;
        const typed = words[number];
        let own = Infinity;
        if (inNames[at] & bit) thing.keys.forEach((key, nth) => { own = Math.min(own, costOfName(key, typed.word) + nth / 2); });
        if (own === Infinity && inInitials[at] & bit) own = 3;
        if (own === Infinity && mistyped[at] & bit) for (const key of thing.keys) own = Math.min(own, costOfTypo(key, typed));
        if (own < 0) isWhole = true;
        if (own < Infinity) isNamed = true;
        else if (inContexts[at] & bit) own = inContext;
        if (own < Infinity) found += 1;
        cost += Math.min(own, missing);
      }
      // Of a pasted text a word or two are in many names, which are not meant, but for whole names.
      if (!isNamed || found < ranked.most || (!isWhole && found * 2 < words.length)) continue;
      if (found > ranked.most) [ranked.most, ranked.found] = [found, []];
      // Many a name is but one word, which messages have as well.
      const isTyped = thing.keys.some((key) => parted(key).starts.length > 1 && words.some(({ word }) => word === key.key));
      const isPart = found < words.length && !(isWhole && isTyped);
      ranked.found.push({ thing, isPart, cost: cost + handicap[thing.kind] + thing.keys[0].key.length / 1000 });
    }
  }

  /**
   * What has the most of the words, the best first.
   * @param {Alertbook.Shelf[]} shelves
   * @param {Alertbook.Word[]} words
   * @param {boolean} mayErr
   */
  function rank(shelves, words, mayErr) {
    /** @type {Alertbook.Ranked} */
    const ranked = { most: 1, found: [] };
    for (const shelf of shelves) rankShelf(shelf, words, mayErr, ranked);
    return { isWhole: ranked.most === words.length, found: ranked.found.sort((a, b) => a.cost - b.cost) };
  }

  /**
   * The best of the things for what was typed. If none has all the words, those with the most of them.
   * @param {Alertbook.Shelf[]} shelves
   * @param {string} typed
   * @param {number} number
   */
  function match(shelves, typed, number) {
    const written = typed.trim().split(/\s+/).map(squeeze).filter(Boolean).slice(0, mostWords);
    const words = [...new Set(written)].map(word);
    if (words.length === 0) return [];
    let { isWhole, found } = rank(shelves, words, false);
    // Several words may be one name, written apart.
    if (!isWhole && words.length > 1) {
      const joined = rank(shelves, [word(written.join(""))], false);
      if (joined.found.length > 0) ({ isWhole, found } = joined);
    }
    if (!isWhole || found.length === 0) ({ found } = rank(shelves, words, true));
    const seen = new Set();
    /** @type {Alertbook.Named[]} */
    const best = [];
    for (const { thing, isPart } of found) {
      const place = `${thing.path}#${thing.fragment} ${thing.kind === "metric" ? thing.title : ""}`;
      if (seen.has(place)) continue;
      seen.add(place);
      best.push({ ...thing, isPart });
      if (best.length === number) break;
    }
    return best;
  }

  /** Everything that has a name, as far as it is loaded. @type {Alertbook.Shelf[]} */
  const shelves = [];
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
    /** @type {Alertbook.Named[]} */
    const things = [];
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
    shelves.push(shelve(things));
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
      const titles = new Map(pages.map(([title, path]) => [path, title]));
      const things = [];
      for (const [page, ...sections] of globalThis.alertbook.sections?.splice(0) ?? []) {
        const context = titles.get(page) ?? page;
        for (let at = 0; at < sections.length; at += 2) {
          const [title, fragment] = [sections[at], sections[at + 1]];
          things.push(named({ kind: "section", title, context, path: page, fragment }));
        }
      }
      shelves.push(shelve(things));
      parts += 1;
      return true;
    },

    find: (typed, most) => match(shelves, typed, most),
  };
})();
