//! Columns of tables that name alerts though no header says so: rules have the names that stand there.

use super::Alert;
use crate::runbook::{NameCell, OtherTable, Runbook, is_phrase, is_shaped};
use crate::site::Site;
use std::sync::Arc;

/// The column of a table that holds names of alerts.
#[derive(Debug, Clone)]
pub struct NamingColumn<'s> {
    /// The cells in which a rule's name stands, from above.
    pub named: Vec<(&'s str, NameCell)>,
    /// Those in which something else does.
    pub others: Vec<(&'s str, NameCell)>,
    /// Whether the table has times, as a log of alerts that fired has.
    pub is_log: bool,
}

/// The columns of alerts in those tables of a runbook whose headers don't name them, one for a table at
/// most: the one with the most names that rules have. A single plain word, `Kafka`, may be a service or a
/// team, and so it takes a column full of them.
pub(super) fn find<'s>(
    runbook: &'s Runbook,
    is_raised: &dyn Fn(&str) -> bool,
) -> impl Iterator<Item = NamingColumn<'s>> {
    let text = runbook.source().text();
    runbook.other_tables.iter().filter_map(move |table| naming_column(text, table, is_raised))
}

fn naming_column<'s>(
    text: &'s str,
    table: &OtherTable,
    is_raised: &dyn Fn(&str) -> bool,
) -> Option<NamingColumn<'s>> {
    let mut best: Option<NamingColumn<'s>> = None;
    for column in &table.columns {
        let named = |cell: &NameCell| Some((text.get(cell.range())?, *cell));
        let cells = column.iter().filter_map(named);
        let (named, others): (Vec<_>, Vec<_>) = cells.partition(|(name, _)| is_raised(name));
        let most = best.as_ref().map_or(0, |best| best.named.len());
        let is_clear = named.iter().any(|(name, _)| is_shaped(name) || is_phrase(name))
            || named.len() > 1 && named.len() >= others.len();
        if is_clear && named.len() > most {
            best = Some(NamingColumn { named, others, is_log: table.has_times });
        }
    }
    best
}

impl Site {
    /// The columns of a page's tables in which names of rules stand though no header says so.
    pub fn naming_columns<'s>(&'s self, runbook: &'s Runbook) -> Vec<NamingColumn<'s>> {
        let is_named =
            |name: &str| is_raised(self.alerts.get(name)) || self.situations.contains_key(name);
        find(runbook, &is_named).collect()
    }
}

/// Whether a rule raises an alert, if there is one.
pub(super) fn is_raised(alert: Option<&Arc<Alert>>) -> bool {
    alert.is_some_and(|alert| !alert.rules.is_empty())
}
