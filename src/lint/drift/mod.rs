//! What a runbook says of an alert, set beside what its rule says.
//!
//! - [`description`] finds where a runbook says when an alert fires, and [`prose`] reads it;
//! - [`statement`] takes the numbers and times out of the sentences;
//! - [`condition`] takes those of the rule out of its expression;
//! - [`evidence`] tells whether a sentence is about the rule's condition at all, by where and how it
//!   speaks and by the words of the rule ([`vocabulary`]);
//! - [`other_alert`] tells whether it is about another alert;
//! - [`agreement`] tells whether the two are the same, and [`judge`] what is to be told;
//! - [`wait`] reads fields that have nothing but a time, `For: 5m`;
//! - [`fields`] parts several of them on a line, and [`header`] tells which keys are of the rule itself;
//! - [`kinds`] tells what words a text has, before anybody reads it;
//! - [`section`] finds the rows and sections that belong to an alert, but for those below a heading that
//!   tells of [another time](another_time), and [`own_part`] what in a section
//!   is about the alert itself, so that fields in it are the alert's, by what lines and headings name
//!   ([`naming`]);
//! - [`entries`] reads lists that name alerts, each with what it means;
//! - [`severity`] reads how they state one; [`shown_rule`] reads rules that are shown in YAML, and
//!   [`own_query`] queries that are the alert's, however they are written, which [`introduced`] tells
//!   from others.
//!
//! A finding that is wrong costs more than one that is missing: whatever leaves doubt states nothing.

mod agreement;
mod another_time;
pub mod condition;
pub mod description;
pub mod entries;
mod evidence;
pub mod fields;
mod header;
pub mod introduced;
pub mod judge;
mod kinds;
pub mod lost;
mod naming;
pub mod other_alert;
pub mod own_part;
pub mod own_query;
mod prose;
pub mod section;
pub mod severity;
pub mod shown_rule;
pub mod statement;
pub mod vocabulary;
pub mod wait;
pub mod words;

use crate::diag::wording::{joined, on_one_line};
use crate::promql::{Difference, Part};
use crate::rules::Rule;
use crate::site::Site;
use agreement::{has_length, is_age_and_wait, is_other_length};
use smallvec::SmallVec;

/// The rules that a place which describes these alerts may be about. None where no rule raises one of
/// them: what stands there may be said of that one, before it was renamed.
pub fn rules_meant<'s>(site: &'s Site, alerts: &[&str]) -> Rules<'s> {
    // Most places are about one alert.
    if let [only] = alerts {
        return site.rules_raising(only).collect();
    }
    let mut rules = Rules::new();
    for alert in alerts {
        let before = rules.len();
        rules.extend(site.rules_raising(alert));
        if rules.len() == before {
            return Rules::new();
        }
    }
    rules
}

/// Some rules: nearly always the only one of an alert.
pub type Rules<'s> = SmallVec<[&'s Rule; 2]>;

/// How two expressions differ, the one that was written and the rule's: `` `3` is `4` there ``.
pub fn differing(differences: &[Difference], written: &str, rule: &str) -> String {
    const MOST: usize = 3;
    let mut said: Vec<String> = Vec::new();
    for difference in differences {
        let (first, second) = (
            on_one_line(&written[difference.first.clone()]),
            on_one_line(&rule[difference.second.clone()]),
        );
        let what = match difference.part {
            Part::Threshold => "the threshold ",
            Part::Window => "the window ",
            Part::Metric => "the metric ",
            Part::LabelValue => "the label value ",
            Part::Comparison | Part::Number | Part::Argument | Part::Labels => "",
        };
        let one = format!("{what}`{first}` is `{second}` there");
        if !said.contains(&one) {
            said.push(one);
        }
    }
    if said.len() > MOST {
        let more = said.len() - MOST;
        said.truncate(MOST);
        said.push(format!("{more} more parts differ"));
    }
    joined(&said)
}
