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
}

impl Reading {
    /// That of a site, and what is wrong with its data.
    pub fn new(inputs: &Inputs) -> (Self, Vec<Diagnostic>) {
        let (data, diagnostics) = inputs.data.as_deref().map(Data::parse).unzip();
        let config = &inputs.config;
        let variables = SiteVariables::new(config.title.as_str(), config.base_url.as_deref(), data)
            .with_content(&config.content.path);
        let reading = Self {
            variables,
            variables_key: variables_key(inputs),
            columns: alert_columns(config),
            columns_key: columns_key(config),
        };
        (reading, diagnostics.unwrap_or_default())
    }

    /// Reads a runbook, and says what is wrong with it.
    pub fn runbook(&self, source: &Arc<Source>) -> (Runbook, Vec<Diagnostic>) {
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
