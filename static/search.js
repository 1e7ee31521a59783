// Full text: finds the sections that say what was typed or pasted, an error message say. The words
// of the site are in many small files (`src/render/full_text.rs` writes them), and only those that
// hold a word of the query are loaded.
// @ts-check
"use strict";

(() => {
  /** Of a long text, its longest words tell sections apart best. */
  const mostWords = 12;
  const shortest = 2;
  const longest = 24;
  const prefix = 3;
  /** So many letters of a pasted text are looked for. */
  const longestMessage = 2000;
  /** So many words are close together. */
  const closeBy = 25;
  /** What any sentence has. */
  const filler = /^(an?|and|are|as|at|be|by|can|for|from|has|have|how|i[fns]|it|no|not|of|on|or|so|that|the|then|there|this|to|was|we|were|what|when|will|with|you)$/;

  /**
   * The words of a text, where they stand in it, and which of its runs of letters and digits they are
   * cut out of; as the build takes them.
   * @param {string} text
   */
  function* wordsOf(text) {
    const cuts = /(?<=[\p{Lowercase}\p{N}])(?=\p{Uppercase})|(?<=\p{Uppercase})(?=\p{Uppercase}\p{Lowercase})/u;
    for (const { 0: run, index } of text.matchAll(/[\p{Alphabetic}\p{N}]+/gu)) {
      let at = index;
      for (const part of run.split(cuts)) {
        const letters = [...part.toLowerCase()];
        if (letters.length >= shortest) yield { word: letters.slice(0, longest).join(""), index: at, run: index };
        at += part.length;
      }
    }
  }

  /**
   * Loads a file of the full text that the head speaks of, and not one that the browser kept from
   * before. @param {string} path
   */
  const loadData = (path) => globalThis.alertbook.load(`${path}?${globalThis.alertbook.search?.key ?? ""}`);

  /** The file that a word is in: 32-bit FNV-1a over its first letters. @param {string} word @param {number} shards */
  function shardOf(word, shards) {
    let hash = 0x811c9dc5;
    for (const letter of [...word].slice(0, prefix)) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
    return (hash >>> 0) % shards;
  }

  /** Numbers out of the gaps between them. @param {number[]} gaps */
  function* numbers(gaps) {
    let last = 0;
    for (const gap of gaps) yield last += gap;
  }

  /**
   * The sections that have a word, or that have one which begins like it, if there is no such word.
   * @param {string} word
   * @returns {Promise<Set<number>>}
   */
  async function sectionsWith(word) {
    const shard = shardOf(word, globalThis.alertbook.search?.shards ?? 1);
    await loadData(`assets/search-words-${shard}.js`);
    const words = globalThis.alertbook.words?.[shard] ?? {};
    if (Object.hasOwn(words, word)) return new Set(numbers(words[word]));
    const longer = word.length < prefix ? [] : Object.keys(words).filter((known) => known.startsWith(word));
    return new Set(longer.flatMap((known) => [...numbers(words[known])]));
  }

  /** @param {number} section */
  async function read(section) {
    const starts = globalThis.alertbook.search?.starts ?? [];
    const file = starts.findLastIndex((start) => start <= section);
    await loadData(`assets/search-texts-${file}.js`);
    const [path, fragment, title, text] = globalThis.alertbook.texts?.[file][section - starts[file]] ?? ["", "", "", ""];
    const context = globalThis.alertbook.names?.pages.find(([, known]) => known === path)?.[0] ?? "";
    return { path, fragment, title, text, context };
  }

  /**
   * What tells which of the words that were typed a word of a text is, or begins like.
   * @param {string[]} typed
   */
  function matcher(typed) {
    const whole = new Set(typed);
    /** @type {Map<string, string[]>} */
    const alike = new Map();
    for (const word of whole) {
      if (word.length < prefix) continue;
      const begin = word.slice(0, prefix);
      alike.set(begin, [...(alike.get(begin) ?? []), word]);
    }
    return (/** @type {string} */ word) =>
      (whole.has(word) ? word : alike.get(word.slice(0, prefix))?.find((it) => word.startsWith(it)));
  }

  /**
   * How much each word says: of what few sections have, more; of what is in any sentence, and of the
   * times, numbers and names that are others each time, nothing.
   * @param {string[]} words
   * @param {Set<number>[]} lists the sections that have each of them
   * @param {number} sections
   */
  function weigh(words, lists, sections) {
    const sizes = new Map(words.map((word, at) => [word, lists[at].size]));
    const isOther = (/** @type {string} */ word) => (/\D/.test(word) ? /\d/.test(word) && !sizes.get(word) : true);
    const tells = (/** @type {string} */ word) => !filler.test(word) && !isOther(word);
    const all = words.some(tells) ? tells : () => true;
    return new Map(words.map((word) => [word, all(word) ? Math.log(1 + sections / Math.max(sizes.get(word) ?? 0, 1)) : 0]));
  }

  /** @param {Iterable<string>} words @param {Map<string, number>} weights */
  const sum = (words, weights) => [...new Set(words)].reduce((all, word) => all + (weights.get(word) ?? 0), 0);

  /**
   * Where of a text most of what the words say stands close together, and how much that is; how much of
   * it stands there in the order in which it was typed, and how much in a row; and how many words are in
   * the longest row. Parts of one word count where they stand together.
   * @param {string} text
   * @param {{word: string, run: number}[]} typed
   * @param {Map<string, number>} weights
   */
  function densest(text, typed, weights) {
    const words = typed.map(({ word }) => word);
    const pairs = new Set(words.map((word, at) => `${words[at - 1]} ${word}`));
    const placeOf = (/** @type {string} */ is) => words.indexOf(is);
    /** The other parts of the words that each is cut out of, before and behind it. */
    const beside = new Map(typed.map(({ word, run }, at) =>
      [word, [typed[at - 1], typed[at + 1]].map((it) => (it?.run === run ? it.word : null))]));
    const typedAs = matcher(words);
    const read = [...wordsOf(text)].map(({ word, index }) => ({ index, is: typedAs(word) }));
    const found = read.map(({ index, is = "" }, at) => ({
      index, is: beside.get(is)?.every((part, side) => !part || read[at + side * 2 - 1]?.is === part) ? is : undefined,
    }));
    const best = { at: 0, near: 0, order: 0, row: 0, length: 0 };
    /** @type {string[]} */
    let row = [];
    /** How many of the words that were typed some of them are, as far as they say something. @param {string[]} some */
    const count = (some) => new Set(some.filter((word) => weights.get(word)).map((word) => typed[placeOf(word)].run)).size;
    const enough = Math.min(3, count(words));
    found.forEach(({ index, is }, at) => {
      if (is === undefined) return;
      row = pairs.has(`${found[at - 1]?.is} ${is}`) ? [...row, is] : [is];
      best.length = Math.max(best.length, row.length);
      // Two words of a message stand side by side in others as well.
      if (count(row) > 2) best.row = Math.max(best.row, sum(row, weights));
      const window = found.slice(at, at + closeBy).flatMap((it) => it.is ?? []);
      const near = sum(window, weights);
      if (near > best.near) [best.at, best.near] = [index, near];
      if (near <= best.order) return;
      /** The best that ends with each of them, in the order of the typed. @type {string[][]} */
      const ends = [];
      for (const word of window) {
        const before = ends.filter((end) => placeOf(end.at(-1) ?? "") < placeOf(word));
        const [first = []] = before.sort((a, b) => sum(b, weights) - sum(a, weights));
        ends.push([...first, word]);
      }
      for (const end of ends) if (count(end) >= enough) best.order = Math.max(best.order, sum(end, weights));
    });
    return best;
  }

  /** What of a text to show, so that a place in it is seen. @param {string} text @param {number} at */
  function excerpt(text, at) {
    const begin = text.lastIndexOf("\n", at) + 1;
    const space = text.indexOf(" ", at - 50) + 1;
    const from = at - begin <= 60 ? begin : space > 0 && space < at ? space : at;
    return (from > begin ? "… " : "") + text.slice(from, from + 220).replace(/\s+/g, " ").trim();
  }

  /**
   * The sections that say most of what was typed, the best first; null where the site has no full
   * text. A section holds a message if most of what that says stands close together there in its order,
   * or a good part of it in a row: what surrounds a message in a log is other each time. A few words
   * that are no sentence may be in any order. Other sections have a part of the words, by chance perhaps.
   * @param {string} typed
   * @param {number} most
   * @returns {Promise<Alertbook.Named[] | null>}
   */
  async function search(typed, most) {
    await globalThis.alertbook.load("assets/search.js");
    const { sections = 0, shards = 0 } = globalThis.alertbook.search ?? {};
    if (shards === 0) return null;
    const parts = [...wordsOf(typed.slice(0, longestMessage))];
    const words = parts.map(({ word }) => word);
    const isSentence = new Set(parts.map(({ run }) => run)).size > 3 || words.some((word) => filler.test(word));
    const isNumber = (/** @type {string} */ word) => Number(!/\D/.test(word));
    const wanted = [...new Set(words)].sort((a, b) => isNumber(a) - isNumber(b) || b.length - a.length).slice(0, mostWords);
    if (wanted.length === 0) return [];
    const lists = await Promise.all(wanted.map(sectionsWith));
    const weights = weigh(wanted, lists, sections);
    const all = sum(wanted, weights);
    /** @type {Map<number, number>} */
    const scores = new Map();
    lists.forEach((list, at) => {
      // What says nothing may still decide between two.
      const weight = weights.get(wanted[at]) || 0.1;
      for (const section of list) scores.set(section, (scores.get(section) ?? 0) + weight);
    });
    const ranked = [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    // What has half as much is about something else.
    const good = ranked.filter(([, score]) => score > ranked[0][1] * 0.6).slice(0, most + 4);
    const looked = await Promise.all(good.map(async ([section, score]) => {
      const it = await read(section);
      const text = `${it.title}\n${it.text}`;
      const { at, near, order, row, length } = densest(text, parts, weights);
      const shown = excerpt(it.text, Math.max(0, at - it.title.length - 1));
      // Numbers of a site that was published meanwhile lead to sections which say something else.
      const isOther = length === 0;
      const isPart = order < 0.6 * all && row < 0.25 * all && (isSentence || near < 0.999 * all);
      return { it, shown, isPart, score: isOther ? 0 : score * (1 + (near + order) / all + length / words.length) };
    }));
    looked.sort((a, b) => Number(a.isPart) - Number(b.isPart) || b.score - a.score);
    /** @type {Map<string, Alertbook.Named>} */
    const found = new Map();
    for (const { it: { path, fragment, title, context }, shown, isPart, score } of looked) {
      const place = `${path}#${fragment}`;
      if (score === 0 || found.has(place)) continue;
      const where = [title, context].filter((part, at, all) => part && all.indexOf(part) === at).join(" · ");
      found.set(place, { kind: "text", title: where, context: shown, path, fragment, keys: [], isPart });
    }
    return [...found.values()].slice(0, most);
  }

  globalThis.alertbook.fullText = { wordsOf, sectionsWith, search };
})();
