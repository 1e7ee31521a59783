//! What the carriers say, when somebody asks them: the rules that they have loaded, and the queries
//! that they refuse.

use crate::rules::RuleFile;
use std::fmt;

/// The answers of all carriers, in the order of the configuration.
#[derive(Debug, Clone, Default)]
pub struct Live {
    /// One for each carrier.
    pub answers: Vec<CarrierAnswer>,
}

/// What one carrier answered.
#[derive(Debug, Clone)]
pub struct CarrierAnswer {
    /// The rules that it has loaded.
    pub rules: Result<RuleFile, Unanswered>,
    /// The queries that it refused.
    pub refused: Vec<RefusedQuery>,
    /// Why it was asked no more queries, if it fell silent.
    pub silence: Option<Unanswered>,
}

/// A query that a carrier refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedQuery {
    /// The query as it was asked, with its holes filled.
    pub query: String,
    /// What the carrier said.
    pub message: String,
}

/// Why a server did not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    /// What was asked, without its parameters.
    pub url: String,
    /// What happened, to be read after a colon.
    pub reason: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "can't read {}: {}", self.url, self.reason)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "\n\nhelp: {help}"))
    }
}
