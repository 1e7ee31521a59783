// What the scripts of a page share: the data that the build writes into carriers.js, and what each
// script adds to it for those that follow.

declare namespace Alertbook {
  /** A carrier as it is configured. */
  interface Carrier {
    /** The address of its query UI. */
    url: string;
    /** Which UI that is. */
    ui: string;
    /** The address of its HTTP API, where that is elsewhere. */
    api?: string;
    /** The labels that its alerts have. */
    labels?: Record<string, string>;
    /** How its UI shows what it finds, where that is no graph. */
    tab?: string;
    /** The data source that its UI asks. */
    datasource?: string;
  }

  /** A time to look at. */
  interface TimeRange {
    start: Date;
    /** Without one it is now. */
    end: Date | null;
    /** How long it is. */
    minutes: number;
  }

  /** A query UI. */
  interface QueryUi {
    title: string;
    /** Where it shows an expression, given the base without a slash at its end; Grafana more of them. */
    address(base: string, expression: string, carrier: Carrier, range: TimeRange | null, more?: string[]): string;
  }

  /** A placeholder in a text that is in an attribute. */
  interface Hole {
    /** Where it starts and ends, in UTF-16 units. */
    start: number;
    end: number;
    /** One for all spellings of its name. */
    key: string;
    /** What a value has to fit in. */
    context: string;
  }

  /** A placeholder without a value that can be used, and what is wrong with the one it has. */
  interface Open {
    key: string;
    fault: string;
  }

  /** A text with values in the place of its holes. */
  interface Filled {
    text: string;
    /** What could not be filled. */
    open: Open[];
  }

  /** What labels and their values are, wherever they come from. */
  interface Labels {
    /** One name for all spellings of a placeholder or a label. */
    canonicalKey(name: string): string;
    /** What keeps a value from being used; empty if nothing does. */
    faultOf(value: string, pattern?: string): string;
    /** Those that an address holds. */
    labelsOf(parameters: URLSearchParams): Map<string, string>;
    /** What an address calls one. */
    parameterOf(label: string): string;
    /** Those that say something. */
    telling(pairs: Iterable<[string, string]>): Map<string, string>;
    /** A time in one form, whoever wrote it. */
    timeOf(written: string | null): string | null;
  }

  /** The labels of the alert that the reader came for. */
  interface Incident {
    labels(): Map<string, string>;
    startsAt(): string | null;
    /** What the page calls a placeholder. */
    nameOf(key: string): string;
    /** Whether what fills a placeholder is nobody else's to see. */
    isSecret(key: string): boolean;
    /** The values that are nobody else's to see. */
    secrets(): string[];
    /** The value of a placeholder, and what keeps it from being used. */
    value(key: string): { text: string; fault: string };
    /** Gives a field a value. */
    set(key: string, value: string): void;
    /** Begins with another incident; the carrier is the one that its alert names. */
    replace(labels: Record<string, string>, startsAt: string | null, carrier: string | null): void;
    /** Says that the next page belongs to the same incident, as it does behind a link of the site. */
    follow(): void;
  }
}

declare namespace Alertbook {
  /** What a text says of an alert. */
  interface Alert {
    labels: Record<string, string>;
    startsAt: string | null;
    /** The address of its expression. */
    source: string | null;
    /** The carrier, where the text names it as such. */
    carrier?: string;
    /** Whether the text says that it is over. */
    isResolved: boolean;
  }
}

declare namespace Alertbook {
  /** A native histogram; a bucket is its boundaries' kind, its boundaries and its count. */
  interface Histogram {
    count: string;
    sum: string;
    buckets?: [number, string, string, string][];
  }

  /** A series with its sample of one moment, or with those of a range. */
  interface Series {
    metric: Record<string, string>;
    value?: [number, string];
    values?: [number, string][];
    histogram?: [number, Histogram];
    histograms?: [number, Histogram][];
  }

  /** What the HTTP API answers to a query. */
  interface Answer {
    data: { resultType: string; result: Series[] };
    warnings?: string[];
    infos?: string[];
  }

  /** A line of a chart: its samples, and how far apart they are in seconds. */
  interface Line {
    name: string;
    step: number;
    points: [number, number][];
  }

  /** What is to be done with a text that may lack values. */
  interface Question {
    /** What is done: "Copy", "Run". */
    verb: string;
    read(): Filled;
    go(): void;
  }
}

declare namespace Alertbook {
  /** Something that has a name and a place. */
  interface Named {
    kind: "alert" | "runbook" | "section" | "metric" | "text";
    title: string;
    /** What it is part of. */
    context: string;
    /** Its page below the root of the site, and the place on it, encoded. */
    path: string;
    fragment: string;
    /** The names that it goes by, the title first. */
    keys: Key[];
    /** Of what was found: whether it has only a part of what was typed, by chance perhaps. */
    isPart?: boolean;
  }

  /** A name as it is compared. */
  interface Key {
    name: string;
    /** Its letters and digits alone. */
    key: string;
    /** Where its words begin in the key; made when it is needed. */
    starts?: number[];
    /** Their first letters: `btf` for `BootstrapTaintFailed`. */
    initials?: string;
  }

  /** A word that was typed: its letters and digits alone. */
  interface Word {
    word: string;
    /** Where in it a letter stands, a bit for each place, from bit 1; by ASCII code, and of others. */
    places: Int32Array;
    others: Map<number, number>;
    /** How many typos it may have. */
    mayErr: number;
  }

  /** Texts in a row, one for each thing, and where each of them begins; at last where all end. */
  interface Row {
    text: string;
    starts: Uint32Array;
  }

  /** Things that were loaded together, and what they are looked for in. */
  interface Shelf {
    things: Named[];
    names: Row;
    /** Those of alerts. */
    initials: Row;
    contexts: Row;
  }

  /** What has the most of the words so far. */
  interface Ranked {
    most: number;
    found: { thing: Named; isPart: boolean; cost: number }[];
  }

  /** Finds sections by what they say. */
  interface FullText {
    /** The words of a text, and where they begin in it. */
    wordsOf(text: string): Iterable<{ word: string; index: number; run: number }>;
    /** The numbers of the sections that have a word. */
    sectionsWith(word: string): Promise<Set<number>>;
    /** The sections that say most of what was typed, the best first; null without a full text. */
    search(typed: string, most: number): Promise<Named[] | null>;
  }

  /** Finds things by their names. */
  interface Finder {
    /** Loads alerts, runbooks and metrics, once. */
    load(): Promise<void>;
    /** Loads the next part of the sections; false if there is none left. */
    loadSections(): Promise<boolean>;
    /** The best of what is loaded, at most so many. */
    find(typed: string, most: number): Named[];
  }
}

declare namespace Alertbook {
  /** An event of a service worker, which lives on for as long as it has work. */
  interface WorkerEvent extends Event {
    waitUntil(work: Promise<unknown>): void;
  }

  /** A request of a page. */
  interface FetchEvent extends WorkerEvent {
    request: Request;
    respondWith(response: Promise<Response>): void;
  }

  /** What a service worker sees of the world; the types of pages are here, and they exclude its own. */
  interface Worker {
    registration: { scope: string };
    clients: { claim(): Promise<void> };
    skipWaiting(): Promise<void>;
    addEventListener(type: "install" | "activate" | "message", listener: (event: WorkerEvent) => void): void;
    addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void;
  }
}

/** What the build tells the worker: new with each change of the site; what to keep beside its pages. */
declare const site: { version: string; files: string[]; mark: string };

interface Alertbook {
  /** Whether a worker keeps the site. */
  offline?: boolean;
  /** The root of the site. */
  root: URL;
  /** Loads a script of data below the root, once. */
  load(path: string): Promise<void>;
  /** Title, address and service of each page; places of each metric; how many parts sections have. */
  names?: {
    pages: [string, string, string][];
    metrics: Record<string, ([number, string, string] | string)[]>;
    parts: number;
  };
  /** The path of a page, then titles and fragments in turn. */
  sections?: string[][];
  /** Loads what finds things, where that comes behind the other scripts. */
  loadFinders?(): Promise<unknown>;
  finder?: Alertbook.Finder;
  /** The full text of the site: how many sections it has, how many files their words, and with which section each file of texts begins. */
  search?: { key: string; sections: number; shards: number; starts: number[] } | null;
  /** By file: words with their sections, the first by number, the others by the gap to the one before. */
  words?: Record<number, Record<string, number[]>>;
  /** By file: path of the page, fragment, title and text of sections. */
  texts?: Record<number, [string, string, string, string][]>;
  fullText?: Alertbook.FullText;
  carriers: Record<string, Alertbook.Carrier>;
  default: string | null;
  externalLabel: string | null;
  /** The query UIs by the names of the configuration. */
  uis?: Record<string, Alertbook.QueryUi>;
  /** Of which carrier an address is, which of that one's addresses it begins with, and what it shows. */
  readAddress(address: string): { carrier: string | null; base: string; expressions: string[] };
  /** Where a carrier shows expressions. */
  addressOf(name: string, expressions: string[], range: Alertbook.TimeRange | null): string;
  /** The time to look at for an alert that began then. */
  timeAround?(startsAt: string | null): Alertbook.TimeRange | null;
  isCarrier?(name: string | null | undefined): name is string;
  /** The carrier that the labels of an alert name, or the address of its Prometheus. */
  carrierOf?(labels: Record<string, string>, addressed?: string | null): string | null;
  /** The carrier that is chosen. */
  carrier?(): string | null;
  chooseCarrier?(name: string): void;
  /** For each alert, its address below the root of the site and hashes of its expressions. */
  alerts?: Record<string, (string | number)[]>;
  labels: Alertbook.Labels;
  incident?: Alertbook.Incident;
  /** The alerts that a text speaks of, those that are over last; one without labels where it speaks of none. */
  alertsIn(text: string): Alertbook.Alert[];
  /** Those in the JSON of a text. */
  alertsInJson(text: string): Alertbook.Alert[];
  /** The alert that an address is of. */
  alertOfLink(address: string): Alertbook.Alert | null;
  /** An alert of which nothing is known yet. */
  noAlert(): Alertbook.Alert;
  /** Asks for what a text lacks, if it lacks anything: then the answer is true. */
  ask?(question: Alertbook.Question): boolean;
  /** What of the holes that an element speaks of can't be filled. */
  openHoles?(element: Element): Alertbook.Open[];
  /** A text with dots in the place of what is secret. */
  masked?(text: string): string;
  element(name: string, attributes?: Record<string, string>, ...content: (Node | string)[]): HTMLElement;
  /** Asks a carrier's API; an error says why there is no answer. */
  query?(
    carrier: string,
    endpoint: string,
    parameters: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<Alertbook.Answer>;
  values: {
    /** A value of a metric for people. */
    format(value: number, metric?: string): string;
    /** Round numbers around values, for an axis. */
    ticks(least: number, greatest: number, metric: string): { value: number; label: string }[];
  };
  /** Lets a box be focused as long as it scrolls. */
  focusable(box: Element): void;
  chart?(
    lines: Alertbook.Line[],
    range: { start: number; end: number; mark: number | null; metric: string; room: number },
  ): HTMLElement;
  /** A series as Prometheus writes it. */
  nameOfSeries?(metric: Record<string, string>, without?: string[]): string;
}

declare var alertbook: Alertbook;

interface String {
  isWellFormed(): boolean;
  toWellFormed(): string;
}
