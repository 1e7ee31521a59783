//! What a check is about, for people: the head of its file.

use super::{CHECKS, Check, checks};
use crate::diag::sarif;
use std::fmt::Write as _;

/// What there is to know about a check: the words of `alertbook explain` and of its page in the
/// manual.
#[derive(Debug, Clone, Copy)]
pub struct Explanation {
    /// The check.
    pub check: &'static Check,
    source: &'static str,
}

impl Explanation {
    /// The explanation of the check of this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::all().find(|one| one.check.name == name)
    }

    /// The explanations of all checks, by name.
    pub fn all() -> impl Iterator<Item = Self> {
        CHECKS.iter().zip(checks::SOURCES).map(|(check, source)| Self { check, source })
    }

    /// Its first sentence, on one line: what the check finds.
    pub fn summary(&self) -> String {
        let first = self.lines().take_while(|line| !line.is_empty());
        first.collect::<Vec<_>>().join(" ")
    }

    /// All of it as Markdown, below the name of the check as a heading of the first level: what it
    /// finds and why that matters, an example, how to fix it, its level and how to allow a finding.
    pub fn markdown(&self) -> String {
        let mut text = format!("# {}\n\n", self.check.name);
        for line in self.lines() {
            // The sections of the head stand below the name.
            let mark = if line.starts_with("# ") { "#" } else { "" };
            let _ = writeln!(text, "{mark}{line}");
        }
        text + &self.levels()
    }

    /// All of them, as code scanners show them.
    pub fn for_scanners() -> Vec<sarif::Rule> {
        let rule = |one: Self| sarif::Rule {
            name: one.check.name,
            summary: one.summary(),
            explanation: one.markdown(),
            level: one.check.severity.name(),
        };
        Self::all().map(rule).collect()
    }

    fn lines(&self) -> impl Iterator<Item = &'static str> {
        let head = self.source.lines().map_while(|line| line.strip_prefix("//!"));
        head.map(|line| line.strip_prefix(' ').unwrap_or(line))
    }

    /// What is the same for all checks: how bad a finding is, and how to live with it.
    fn levels(&self) -> String {
        let Check { name, severity, needs, .. } = self.check;
        let article = if severity.name().starts_with('e') { "an" } else { "a" };
        let mut text = format!(
            "\n## Level\n\nA finding is {article} **{severity}**, unless `alertbook.yaml` says otherwise:\n\n\
             ```yaml\nchecks: {{{name}: error}} # or warning, note, off; below `overrides` for some files\n```\n"
        );
        if needs.has_rules() {
            text.push_str("\nWithout `rules` in `alertbook.yaml` the check is silent.\n");
        }
        if self.check.name != checks::unused_allow::CHECK.name {
            let _ = write!(
                text,
                "\n## To allow one\n\nIn a runbook, above the block that it is in:\n\n\
                 ```html\n<!-- allow({name}): why this is all right -->\n```\n\n\
                 In a rule file, above the rule, and in front matter, above the key:\n\n\
                 ```yaml\n# allow({name}): why this is all right\n```\n"
            );
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_is_explained() {
        for explanation in Explanation::all() {
            let name = explanation.check.name;
            // Of all files, the one that makes the check.
            assert!(
                explanation.source.contains(&format!("\"{name}\""))
                    || name.starts_with("invalid-")
                    || matches!(name, "unknown-data" | "unknown-liquid"),
                "{name}"
            );
            let summary = explanation.summary();
            assert!(summary.ends_with('.') && summary.len() < 200, "{name}: {summary}");
        }
    }
}
