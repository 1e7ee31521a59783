//! The links to runbooks that rules should have.
//!
//! A rule leads whoever it pages to its runbook by an annotation, and can hand over what it knows:
//! labels that the page's placeholders need, and the carrier. [`annotate`] says for each alerting
//! rule what its annotation should be, and as a [`Fix`] what to write in its file.
//!
//! - `address`: the address, with the templates in it that Prometheus fills.
//! - `parameters`: which labels to hand over, under which names.
//! - `edit`: where in the YAML it is written, and how.
//!
//! What an author wrote is kept where it is right: an address that leads to the alert's runbook
//! keeps its form, and parameters that say something else than labels stay.

mod address;
mod edit;
mod parameters;

use crate::diag::fix::{Edit, Fix, Safety};
use crate::rules::Rule;
use crate::site::Site;

use address::Standing;
use edit::Place;
use std::collections::{BTreeMap, BTreeSet};

/// What becomes of the rules.
#[derive(Debug, Default)]
pub struct Annotated<'s> {
    /// The annotations to write, in the order of the files.
    pub changes: Vec<Change<'s>>,
    /// How many alerting rules were looked at.
    pub rules: usize,
    /// The rules that stay as they are although something should be done, and why.
    pub left: Vec<(&'s Rule, Left)>,
}

/// An annotation to write.
#[derive(Debug)]
pub struct Change<'s> {
    /// The rule.
    pub rule: &'s Rule,
    /// The annotation.
    pub key: String,
    /// What it says now, blanks around it aside, if it is there.
    pub before: Option<String>,
    /// What it should say.
    pub after: String,
    /// How that is written in the file.
    pub fix: Fix,
}

/// Why a rule stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Left {
    /// No runbook documents its alert.
    Undocumented,
    /// Its address leads out of the site.
    External,
    /// Its address is a label, which Prometheus fills with no parameters.
    Label,
    /// By an alias of YAML it shares the annotation with a rule that needs another one.
    Shared,
    /// It is written in a way that can't be edited.
    Unusual,
}

/// Says what the links of alerting rules should be: of those in `only`, or of all if that is empty.
/// `base_url` is where the site is published.
pub fn annotate<'s>(site: &'s Site, base_url: &str, only: &BTreeSet<&str>) -> Annotated<'s> {
    let mut annotated = Annotated::default();
    let mut wanted: Vec<Wanted<'s>> = Vec::new();
    let mut labels = parameters::Labels::new(site);
    for file in &site.rule_files {
        // Nobody edits what a server has loaded, or what a template will make.
        if file.is_loaded || file.is_unrendered {
            continue;
        }
        let mut places = edit::Places::new(&file.source);
        for rule in file.rules() {
            let Some(alert) = rule.alert_name() else { continue };
            if !only.is_empty() && !only.contains(alert.as_str()) {
                continue;
            }
            annotated.rules += 1;
            match want(site, base_url, &mut labels, &mut places, rule) {
                Ok(want) => wanted.push(want),
                Err(left) => annotated.left.push((rule, left)),
            }
        }
    }
    // One place, shared by aliases, can say one thing only.
    let mut said: BTreeMap<(&str, usize), BTreeSet<&str>> = BTreeMap::new();
    for want in &wanted {
        said.entry(want.at()).or_default().insert(&want.after);
    }
    let is_shared: Vec<bool> = wanted.iter().map(|want| said[&want.at()].len() > 1).collect();
    for (want, is_shared) in wanted.into_iter().zip(is_shared) {
        let Wanted { rule, key, before, after, place } = want;
        if before.as_deref() == Some(after.as_str()) {
            continue;
        }
        if is_shared {
            annotated.left.push((rule, Left::Shared));
            continue;
        }
        let (range, text) = place.written(&key, &after);
        let edit = Edit::new(rule.span.source(), range, text);
        match Fix::new(Safety::Safe, [edit]) {
            Some(fix) => annotated.changes.push(Change { rule, key, before, after, fix }),
            None => annotated.left.push((rule, Left::Unusual)),
        }
    }
    annotated
}

/// An annotation that a rule should have, whether it has it already or not.
struct Wanted<'s> {
    rule: &'s Rule,
    key: String,
    before: Option<String>,
    after: String,
    place: Place,
}

impl Wanted<'_> {
    fn at(&self) -> (&str, usize) {
        (self.rule.span.source().path(), self.place.start())
    }
}

fn want<'s>(
    site: &'s Site,
    base_url: &str,
    labels: &mut parameters::Labels<'s>,
    places: &mut edit::Places,
    rule: &'s Rule,
) -> Result<Wanted<'s>, Left> {
    let alert = rule.name().as_str();
    let present = site.runbook_annotation(rule);
    let present = match present {
        Some((key, _)) if rule.annotation(key).is_none() => return Err(Left::Label),
        present => present,
    };
    // Blanks around it, such as the line break of a block scalar, are of no matter.
    let before = present.map(|(_, text)| text.as_str().trim().to_owned());
    let standing = address::standing(site, alert, before.as_deref().unwrap_or_default());
    if standing == Standing::External {
        return Err(Left::External);
    }
    let known = site.alerts.get(alert).filter(|alert| alert.start.is_some());
    let Some(start) = known.and_then(|alert| alert.start.as_ref()) else {
        return Err(Left::Undocumented);
    };
    let mut address = match standing {
        Standing::Right(address) => address,
        Standing::Wrong | Standing::External => address::new(site, alert, start),
    };
    let wanted = labels.wanted(rule, start.page);
    parameters::settle(&mut address, &wanted, site);
    let key = present.map_or_else(|| default_key(site), |(key, _)| key.to_owned());
    let place = places.of(rule, &key).ok_or(Left::Unusual)?;
    Ok(Wanted { rule, after: address.written(base_url), key, before, place })
}

/// The annotation for rules that have none yet.
fn default_key(site: &Site) -> String {
    let keys = &site.config.runbook_annotations;
    keys.first().cloned().unwrap_or_else(|| "runbook_url".to_owned())
}
