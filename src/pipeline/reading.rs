//! What the runbooks of a site are read with.

use crate::config::Config;
use crate::diag::Diagnostic;
use crate::liquid::{Data, SiteVariables};
use crate::load::Inputs;
use crate::memo::Key;
use crate::runbook::{AlertColumns, Runbook};
use crate::source::Source;
use std::sync::Arc;

/// What runbooks are read with beside their texts, which is the same for all of them.
pub(super) struct Reading {
    variables: SiteVariables,
    variables_key: Key,
    columns: AlertColumns,
    columns_key: Key,
    /// How many of the runbooks, from the first on, have their trees wait until they are checked.
    waiting: usize,
}

/// How much text there may be, in bytes, whose trees wait: a byte of text makes four or five of a tree, so
/// that they take some hundred megabytes at most.
const MOST_WAITING: usize = 24 * 1024 * 1024;

/// How much of that each runbook takes, whatever its length: the memory has to do for ten thousand of
/// them, whose trees are read again.
const OF_A_RUNBOOK: usize = 5 * 512;

impl Reading {
    /// That of a site, and what is wrong with its data.
    pub fn new(inputs: &Inputs) -> (Self, Vec<Diagnostic>) {
        let (data, diagnostics) = inputs.data.as_deref().map(Data::parse).unzip();
        let config = &inputs.config;
        let variables = SiteVariables::new(config.title.as_str(), config.base_url.as_deref(), data)
            .with_content(&config.content.path);
        let reading = Self {
            waiting: waiting(inputs),
            variables,
            variables_key: variables_key(inputs),
            columns: alert_columns(config),
            columns_key: columns_key(config),
        };
        (reading, diagnostics.unwrap_or_default())
    }

    /// Reads a runbook, which has its place among those of the site, and says what is wrong with it.
    pub fn runbook(&self, source: &Arc<Source>, place: usize) -> (Runbook, Vec<Diagnostic>) {
        let read = if place < self.waiting { Runbook::read_for_soon } else { Runbook::read };
        read(source, &self.variables, &self.columns)
    }

    /// Reads a runbook again of which another text was read before.
    pub fn again(&self, source: &Arc<Source>) -> (Runbook, Vec<Diagnostic>) {
        Runbook::read(source, &self.variables, &self.columns)
    }

    /// What a runbook is made of: the same if its text and what it is read with are.
    pub fn key(&self, source: &Source) -> Key {
        // Most texts use no variable, and stay as they are when one changes.
        if ["{{", "{%"].iter().any(|mark| source.text().contains(mark)) {
            let keys = [source.key(), self.columns_key, self.variables_key];
            Key::of(&keys.each_ref().map(Key::bytes))
        } else {
            Key::of(&[source.key().bytes(), self.columns_key.bytes()])
        }
    }
}

/// How many of the runbooks of a site, from the first on, have their trees wait.
fn waiting(inputs: &Inputs) -> usize {
    let of_all = inputs.runbooks.len().saturating_mul(OF_A_RUNBOOK);
    let mut left = MOST_WAITING.saturating_sub(of_all);
    let mut takes = |source: &Source| {
        let rest = left.checked_sub(source.text().len());
        left = rest.unwrap_or(0);
        rest.is_some()
    };
    inputs.runbooks.iter().take_while(|(_, source)| takes(source)).count()
}

/// The columns of tables that name alerts in this site.
fn alert_columns(config: &Config) -> AlertColumns {
    let named = |headers: &Vec<String>| AlertColumns::named(headers.iter().map(String::as_str));
    config.alert_columns.as_ref().map(named).unwrap_or_default()
}

fn columns_key(config: &Config) -> Key {
    let named = config.alert_columns.iter().flatten().map(String::as_bytes);
    let kind: &[u8] = if config.alert_columns.is_some() { b"named" } else { b"usual" };
    Key::of(&std::iter::once(kind).chain(named).collect::<Vec<_>>())
}

/// What the texts of runbooks can read beside themselves.
fn variables_key(inputs: &Inputs) -> Key {
    let config = &inputs.config;
    let data = inputs.data.iter().flatten();
    let data: Vec<Key> =
        data.map(|(path, source)| Key::of(&[path.as_bytes(), source.key().bytes()])).collect();
    let mut parts = vec![
        config.title.as_bytes(),
        config.base_url.as_deref().unwrap_or_default().as_bytes(),
        config.content.path.as_bytes(),
        if inputs.data.is_some() { b"data" } else { b"none" },
    ];
    parts.extend(data.iter().map(Key::bytes));
    Key::of(&parts)
}
