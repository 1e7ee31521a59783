//! What a sentence may state: numbers with their units and bounds, and times.

use std::ops::Range;

/// A sentence, or a line of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Sentence {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// What it states; nothing if it leaves doubt.
    pub statements: Vec<Statement>,
    /// How it says when an alert fires, if it states something and does: `This alert is triggered
    /// when …`.
    pub tells_when: Option<Telling>,
    /// The bytes of what it says fires, up to the verb: `this alert`; empty if nothing stands there.
    pub who_fires: Option<Range<usize>>,
    /// Whether it is about what the sentence before is about: `It fires when …`.
    pub goes_on: bool,
    /// Whether it states something, and says that it is so only when something else is.
    pub is_conditional: bool,
    /// The severity that it begins with, and is about: `critical over 95 percent`.
    pub level: Option<&'static str>,
}

/// Of what a sentence says when an alert fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// Of anything that stands before it: `this means that`.
    Anything,
    /// Of the alert: `the alert fires when`.
    Alert,
    /// Of how long the alert waits: `fires after 10 minutes`.
    Wait,
}

/// A number or a time that a sentence states.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one independent observation")]
pub struct Statement {
    /// The bytes of the phrase in the text.
    pub range: Range<usize>,
    /// What it says.
    pub said: Said,
    /// The bytes of the words behind a number that name what it counts, `unique workers`.
    pub counted: Option<Range<usize>>,
    /// Whether the sentence, or what stands behind its colon, begins with it.
    pub is_first: bool,
    /// Whether it only says which things are meant: `messages older than 7 days are dropped`.
    pub restricts: bool,
    /// Whether it is an end of a range, `between 85% and 95%`: only a range of a rule is meant.
    pub is_of_range: bool,
    /// Whether nothing stands behind it but a time: `usage is above 70 percent for 5 minutes`.
    pub is_last: bool,
}

/// What a phrase says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Said {
    /// A number that something is compared with.
    Number(Quantity),
    /// How far back something is looked at.
    Window {
        /// Its length.
        milliseconds: u64,
        /// How surely it is meant so.
        looking: Looking,
    },
    /// How long something goes on: `for 10 minutes`.
    Held(Lasting),
    /// How far ahead something is predicted: `will be full within 4 hours`.
    Ahead {
        /// Its length.
        milliseconds: u64,
    },
    /// How long ago something was that it is compared with: `higher than a week ago`.
    Ago {
        /// Its length.
        milliseconds: u64,
    },
}

/// How long something goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lasting {
    /// Its length.
    pub milliseconds: u64,
    /// What it can be of a rule.
    pub meant: Meant,
}

/// What of a rule a time can be that something goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meant {
    /// How long it waits, or how far it looks back: `no heartbeat for 10 minutes`.
    Any,
    /// How long something is more or less than it may be, `above 5 percent for 10 minutes`: that is
    /// no range over which a rate is taken.
    Compared,
    /// How long the alert waits: `fires after 10 minutes`.
    Wait,
}

impl Lasting {
    /// A time that may be any.
    pub fn any(milliseconds: u64) -> Self {
        Self { milliseconds, meant: Meant::Any }
    }
}

/// How surely a time is one that is looked back at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looking {
    /// It can't be meant otherwise: `in the past 5 hours`.
    Back,
    /// It may be how long something took: `in 5 hours`.
    Within,
    /// It may be how long something lasts: `for the last 10 minutes`.
    OrLasting,
}

/// A number with its unit and the words of comparison before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantity {
    /// The number as written.
    pub value: f64,
    /// What it counts.
    pub unit: Unit,
    /// On which side of it the alert fires.
    pub bound: Bound,
    /// The whole of which it is a part: the 3 of `two of three`.
    pub whole: Option<f64>,
    /// The seconds that it is given for: 60 of `per minute`.
    pub per: Option<f64>,
    /// The seconds that the sentence looks back: 300 of `3 errors in 5 minutes`.
    pub within: Option<f64>,
    /// Whether the sentence speaks of what is well or of what is not, of replicas that are up or
    /// down.
    pub state: Option<State>,
    /// Whether the sentence speaks of what is used or of what is left.
    pub share: Option<Share>,
}

/// How the things are of which a sentence speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// `up`, `ready`
    Well,
    /// `down`, `lost`
    Broken,
}

/// The two parts of what runs out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// `full`, `usage`
    Used,
    /// `free`, `left`
    Free,
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Unit {
    /// Things.
    Count,
    /// How often something happened.
    Times,
    /// Parts of a hundred.
    Percent,
    /// Time, in units of so many milliseconds.
    Time(u64),
    /// Bytes or bits: the power of the prefix, 2 of `MiB`, `MB` and `Mbit`.
    Bytes(i32),
    /// Of anything, with a prefix alone: the power of 3 of `10 G`.
    Prefixed(i32),
    /// Of a unit that names of metrics spell out, the number of units without a prefix.
    Physical(Physical),
}

/// Units of measurement that metrics have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Physical {
    /// `W`
    Watt,
    /// `V`
    Volt,
    /// `A`
    Ampere,
    /// `Hz`
    Hertz,
    /// `J`
    Joule,
    /// `°C`
    Celsius,
}

/// On which side of a number an alert fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// `more than`
    Above,
    /// `at least`
    AtLeast,
    /// `less than`
    Below,
    /// `at most`
    AtMost,
    /// The number alone.
    Plain,
}

/// Severities that a sentence about one of several rules begins with.
const LEVELS: [&str; 2] = ["critical", "warning"];

impl Sentence {
    /// One that states nothing, by its first word.
    pub(super) fn without_statements(range: Range<usize>, first: &str) -> Self {
        let goes_on = matches!(
            first,
            "it" | "its"
                | "that"
                | "they"
                | "these"
                | "those"
                | "both"
                | "which"
                | "he"
                | "and"
                | "but"
        );
        let level = LEVELS.into_iter().find(|level| *level == first);
        Self {
            range,
            statements: Vec::new(),
            tells_when: None,
            who_fires: None,
            goes_on,
            is_conditional: false,
            level,
        }
    }
}

impl Quantity {
    /// Whether it says something without a window beside it: it is compared, or counts times or
    /// parts.
    pub(super) fn stands_alone(&self) -> bool {
        self.bound != Bound::Plain || self.unit != Unit::Count || self.whole.is_some()
    }
}
