//! The addresses of runbooks in rules.

use crate::rules::{Rule, RuleFile, template};
use crate::site::Site;
use crate::source::Span;
use crate::yaml::Text;
use std::ops::Range;

/// The address of the runbook in an alerting rule.
pub struct RunbookUrl<'s> {
    /// The rule.
    pub rule: &'s Rule,
    /// The alert that it raises.
    pub alert: &'s str,
    /// The annotation or label that holds the address.
    pub key: &'s str,
    /// The address as written, templates and all.
    pub text: &'s Text,
    /// The same with every byte of a template masked, trimmed. What a template fills in may hold any
    /// mark of an address; masked, it holds none.
    pub address: String,
    /// How many bytes of `text` stand before the address.
    lead: usize,
}

/// Stands for each byte of a template; no address has it.
pub const MASK: char = '\0';

/// The addresses of runbooks in the rules of a site, in the order of the files.
pub fn all(site: &Site) -> impl Iterator<Item = RunbookUrl<'_>> {
    site.rule_files.iter().flat_map(|file| in_file(site, file))
}

/// The addresses of runbooks in the rules of a file, in order.
pub fn in_file<'s>(site: &'s Site, file: &'s RuleFile) -> impl Iterator<Item = RunbookUrl<'s>> {
    file.rules().filter_map(|rule| {
        let alert = rule.alert_name()?.as_str();
        let (key, text) = site.runbook_annotation(rule)?;
        let masked = masked(text.as_str());
        let address = masked.trim().to_owned();
        let lead = masked.len() - masked.trim_start().len();
        Some(RunbookUrl { rule, alert, key, text, address, lead })
    })
}

impl RunbookUrl<'_> {
    /// Where a part of the address stands.
    pub fn place(&self, part: Range<usize>) -> Span {
        self.text.span_of(self.lead + part.start..self.lead + part.end)
    }

    /// The end of the address' path: where its query string or fragment begins.
    pub fn path_end(&self) -> usize {
        self.address.find(['?', '#']).unwrap_or(self.address.len())
    }

    /// Whether a template makes a part of the path, so that nobody knows where it leads.
    pub fn has_open_path(&self) -> bool {
        self.address[..self.path_end()].contains(MASK)
    }
}

/// The text with its Go templates masked, byte for byte.
fn masked(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for action in template::actions(text) {
        masked.push_str(&text[at..action.range.start]);
        masked.extend(std::iter::repeat_n(MASK, action.range.len()));
        at = action.range.end;
    }
    masked.push_str(&text[at..]);
    masked
}
