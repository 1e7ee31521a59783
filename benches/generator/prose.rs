//! Words and sentences of the generated pages.

const AREAS: [&str; 8] =
    ["Berths", "Cargo", "Cranes", "Customs", "Ferries", "Moorings", "Pilots", "Tugs"];

const FIRST: [&str; 10] =
    ["anchor", "berth", "buoy", "cargo", "crane", "dock", "ferry", "mooring", "pilot", "tide"];

const SECOND: [&str; 9] =
    ["broker", "gateway", "indexer", "keeper", "ledger", "planner", "router", "signer", "watcher"];

/// What a section of the navigation is about.
pub fn area(section: usize) -> &'static str {
    AREAS[section % AREAS.len()]
}

/// What a service does.
pub fn service(number: usize) -> String {
    let second = SECOND[(number / FIRST.len()) % SECOND.len()];
    format!("{}-{second}", FIRST[number % FIRST.len()])
}

const SENTENCES: [&str; 24] = [
    "The service takes the requests of the workers and puts them into a queue, where the *planner* picks them up in order.",
    "A worker that gets no answer tries again after a pause, and each pause is longer than the one before.",
    "Most of the time the cause is the store: when it answers slowly, everything that waits for it is late as well.",
    "Read the value of the label `failureReason`; it says what the worker itself believes went wrong.",
    "If only one cluster is affected, the fault is most likely in that cluster and not in the service.",
    "If several carriers report it at once, look for a change that was rolled out to all of them.",
    "The state is kept in etcd; without a leader there, nothing that is described below can succeed.",
    "Nothing is lost while the alert is firing: what could not be done stays in the queue and is done later.",
    "People notice it by slow answers first, and by refused requests only when the queue is full.",
    "The deployment has three replicas, and one of them is enough to carry the load of a quiet day.",
    "Ask the colleagues who keep the network whether anything was changed **before** you restart anything.",
    "A restart hides the cause, so keep the logs of the pod before its memory of the event is gone.",
    "The graph of the past day shows whether it came suddenly or grew over hours.",
    "Certificates are renewed a week ahead; an expired one shows as a refused handshake in the logs.",
    "What the service writes to its log has the cluster and the worker in each line, so that one search finds both.",
    "The limits are set in the settings of the environment, and a new limit holds from the next start on.",
    "While the store is being moved to new machines, a handful of these is expected and no cause for concern.",
    "The dashboards show the sum over all workers; the queries here show each worker by itself.",
    "An old worker may ask for a version that nobody builds any more, and is then sent away politely.",
    "The pods find each other by name, and a name that can't be resolved looks like a pod that is down.",
    "Every hour a task looks for leftovers and removes them; its last run is in the log under `sweep`.",
    "Should the leader change more than once in a minute, the clocks of the machines have drifted apart.",
    "Requests of the night come in bursts, since many teams have set their jobs to the full hour.",
    "Write down what you saw and when, even if it went away by itself; the next one to be called will be glad of it.",
];

/// Sentences in an order that differs from page to page.
pub struct Prose {
    state: u64,
}

impl Prose {
    pub fn new(number: usize) -> Self {
        Self { state: number as u64 }
    }

    /// `SplitMix64` (Steele, Lea, Flood 2014): small, and the same everywhere.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut value = self.state;
        value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        value ^ (value >> 31)
    }

    /// A paragraph of this many sentences, a line each.
    pub fn paragraph(&mut self, sentences: usize) -> String {
        let lines: Vec<&str> = (0..sentences)
            .map(|_| SENTENCES[usize::try_from(self.next() % 24).unwrap_or_default()])
            .collect();
        lines.join("\n")
    }
}
