//! Where the time of a build goes.

use std::time::{Duration, Instant};

/// How long each stage of a build took, in order.
#[derive(Debug, Clone)]
pub struct Timings {
    /// The stages by what they do.
    pub stages: Vec<(&'static str, Duration)>,
    last: Instant,
}

impl Default for Timings {
    fn default() -> Self {
        Self { stages: Vec::new(), last: Instant::now() }
    }
}

impl Timings {
    /// Ends a stage that began when the last one ended.
    pub fn stage(&mut self, name: &'static str) {
        let now = Instant::now();
        self.stages.push((name, now - self.last));
        self.last = now;
    }
}
