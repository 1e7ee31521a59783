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

  /** The words of a text and where they stand in it; as the build takes them. @param {string} text */
  function* wordsOf(text) {
    const cuts = /(?<=[\p{Lowercase}\p{N}])(?=\p{Uppercase})|(?<=\p{Uppercase})(?=\p{Uppercase}\p{Lowercase})/u;
    for (const { 0: run, index } of text.matchAll(/[\p{Alphabetic}\p{N}]+/gu)) {
      let at = index;
      for (const part of run.split(cuts)) {
        const letters = [...part.toLowerCase()];
        if (letters.length >= shortest) yield { word: letters.slice(0, longest).join(""), index: at };
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
   * Whether a word of a text is one that was typed, or begins like it.
   * @param {string} word
   * @param {string[]} typed
   */
  const isWanted = (word, typed) => typed.some((it) => it === word || (it.length >= prefix && word.startsWith(it)));

  /**
   * What of a text to show: where most of the words stand close together, and how many of them stand
   * there in a row as they were typed.
   * @param {string} text
   * @param {string[]} typed
   */
  function excerpt(text, typed) {
    const wanted = new Set(typed);
    const found = [...wordsOf(text)];
    let best = { at: 0, count: 0, row: 0 };
    let row = 0;
    found.forEach(({ word, index }, at) => {
      if (!isWanted(word, typed)) {
        row = 0;
        return;
      }
      const next = typed[typed.indexOf(found[at - 1]?.word) + 1];
      row = next !== undefined && word.startsWith(next) ? row + 1 : 1;
      const near = found.slice(at, at + 25).filter((it) => wanted.has(it.word));
      const count = new Set(near.map((it) => it.word)).size;
      if (count > best.count) best = { at: index, count, row: best.row };
      best.row = Math.max(best.row, row);
    });
    const begin = text.lastIndexOf("\n", best.at) + 1;
    const space = text.indexOf(" ", best.at - 50) + 1;
    const from = best.at - begin <= 60 ? begin : space > 0 && space < best.at ? space : best.at;
    const shown = text.slice(from, from + 220).replace(/\s+/g, " ").trim();
    return { shown: (from > begin ? "… " : "") + shown, count: best.count, row: best.row };
  }

  /**
   * The sections that say most of what was typed, the best first.
   * @param {string} typed
   * @param {number} most
   * @returns {Promise<Alertbook.Named[]>}
   */
  async function search(typed, most) {
    await globalThis.alertbook.load("assets/search.js");
    const { sections = 0, shards = 0 } = globalThis.alertbook.search ?? {};
    const words = [...wordsOf(typed)].map(({ word }) => word);
    const wanted = [...new Set(words)].sort((a, b) => b.length - a.length).slice(0, mostWords);
    if (shards === 0 || wanted.length === 0) return [];
    const lists = await Promise.all(wanted.map(sectionsWith));
    /** @type {Map<number, number>} */
    const scores = new Map();
    for (const list of lists) {
      // What few sections have says more.
      const weight = Math.log(1 + sections / Math.max(list.size, 1));
      for (const section of list) scores.set(section, (scores.get(section) ?? 0) + weight);
    }
    const ranked = [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    // What has half as much is about something else.
    const good = ranked.filter(([, score]) => score > ranked[0][1] * 0.6).slice(0, most + 4);
    const looked = await Promise.all(good.map(async ([section, score]) => {
      const it = await read(section);
      const { shown, count, row } = excerpt(it.text, words);
      // Numbers of a site that was published meanwhile lead to sections which say something else.
      const isOther = ![...wordsOf(`${it.title}\n${it.text}`)].some(({ word }) => isWanted(word, words));
      return { it, shown, score: isOther ? 0 : score * (1 + (count + 2 * row) / (3 * words.length)) };
    }));
    looked.sort((a, b) => b.score - a.score);
    /** @type {Map<string, Alertbook.Named>} */
    const found = new Map();
    for (const { it: { path, fragment, title, context }, shown, score } of looked) {
      const place = `${path}#${fragment}`;
      if (score === 0 || found.has(place)) continue;
      const where = [title, context].filter((part, at, all) => part && all.indexOf(part) === at).join(" · ");
      found.set(place, { kind: "text", title: where, context: shown, path, fragment, keys: [] });
    }
    return [...found.values()].slice(0, most);
  }

  globalThis.alertbook.fullText = { wordsOf, sectionsWith, search };
})();
