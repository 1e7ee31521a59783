//! A rule file in the hands of the checks.

use super::runbook_url::{self, RunbookUrl};
use crate::rules::RuleFile;
use crate::site::Site;

/// A rule file that checks look at, one after the other.
pub struct OpenRuleFile<'o> {
    /// The file.
    pub file: &'o RuleFile,
    urls: Vec<RunbookUrl<'o>>,
}

impl<'o> OpenRuleFile<'o> {
    /// Opens the rule file of this index.
    pub fn new(site: &'o Site, index: usize) -> Self {
        let file = &site.rule_files[index];
        Self { file, urls: runbook_url::in_file(site, file).collect() }
    }

    /// The addresses of runbooks in its rules, in order: one of each alerting rule that has any.
    pub fn urls(&self) -> &[RunbookUrl<'o>] {
        &self.urls
    }
}
