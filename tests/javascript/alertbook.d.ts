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
    /** Where it shows an expression, given the base without a slash at its end. */
    address(base: string, expression: string, carrier: Carrier, range: TimeRange | null): string;
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

  /** The labels of the alert that the reader came for. */
  interface Incident {
    canonicalKey(name: string): string;
    labels(): Map<string, string>;
    startsAt(): string | null;
    /** What the page calls a placeholder. */
    nameOf(key: string): string;
    /** The value of a placeholder, and what keeps it from being used. */
    value(key: string): { text: string; fault: string };
    /** Gives a field a value. */
    set(key: string, value: string): void;
    /** Begins with another incident. */
    replace(labels: Record<string, string>, startsAt: string | null): void;
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

interface Alertbook {
  carriers: Record<string, Alertbook.Carrier>;
  default: string | null;
  externalLabel: string | null;
  /** The query UIs by the names of the configuration. */
  uis?: Record<string, Alertbook.QueryUi>;
  /** The time to look at for an alert that began then. */
  timeAround?(startsAt: string | null): Alertbook.TimeRange | null;
  isCarrier?(name: string | null | undefined): name is string;
  /** The carrier that is chosen. */
  carrier?(): string | null;
  chooseCarrier?(name: string): void;
  /** For each alert, its address below the root of the site and hashes of its expressions. */
  alerts?: Record<string, (string | number)[]>;
  incident?: Alertbook.Incident;
  /** Asks for what a text lacks, if it lacks anything: then the answer is true. */
  ask?(question: Alertbook.Question): boolean;
  /** What of the holes that an element speaks of can't be filled. */
  openHoles?(element: Element): Alertbook.Open[];
  element(name: string, attributes?: Record<string, string>, ...content: (Node | string)[]): HTMLElement;
  /** Asks a carrier's API; an error says why there is no answer. */
  query?(
    carrier: string,
    endpoint: string,
    parameters: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<Alertbook.Answer>;
  chart?(
    lines: Alertbook.Line[],
    range: { start: number; end: number; mark: number | null; format(value: number): string },
  ): HTMLElement;
  /** A series as Prometheus writes it. */
  nameOfSeries?(metric: Record<string, string>, without?: string[]): string;
}

declare var alertbook: Alertbook;

interface String {
  isWellFormed(): boolean;
  toWellFormed(): string;
}
