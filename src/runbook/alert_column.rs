//! Which columns of tables hold the names of alerts, by their headers.
//!
//! The defaults are the headers of a survey of 828 runbooks. `Alert_Situation` and `Alert Name` say
//! that names of alerts follow; `Alert` and `Alerts` stand above channels, counts and severities as
//! well, so that what follows has to look like a name, or be one.

use crate::diag::suggest::letters;

/// The headers of columns that name alerts. Letters and digits count alone, in either case:
/// `Alert_Situation`, `alert situation` and `**Alert Situation**` are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertColumns {
    plain: Vec<String>,
    vague: Vec<String>,
}

/// How sure it is that a column names alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// The header may mean something else.
    Vague,
    /// The header says so.
    Plain,
}

impl Default for AlertColumns {
    fn default() -> Self {
        const PLAIN: [&str; 6] = [
            "Alert_Situation",
            "Alert Name",
            "Alert Rule",
            "Alerting Rule",
            "Prometheus Alert",
            "Prometheus Alert Name",
        ];
        Self { plain: with_plurals(PLAIN), vague: with_plurals(["Alert"]) }
    }
}

impl AlertColumns {
    /// Columns with these headers and no others.
    pub fn named<'n>(headers: impl IntoIterator<Item = &'n str>) -> Self {
        Self { plain: headers.into_iter().map(letters).collect(), vague: Vec::new() }
    }

    /// Whether a column with this header names alerts, as far as the header says.
    pub fn certainty(&self, header: &str) -> Option<Certainty> {
        let header = letters(header);
        if self.plain.contains(&header) {
            return Some(Certainty::Plain);
        }
        self.vague.contains(&header).then_some(Certainty::Vague)
    }

    /// The column `Name`, where no header says more: in a table that also has severities or
    /// expressions, as Thanos' runbook has, it is of alerts.
    pub fn name_beside(&self, headers: &[impl AsRef<str>]) -> Option<usize> {
        const COMPANY: [&str; 4] = ["severity", "expr", "expression", "promql"];
        let headers: Vec<String> = headers.iter().map(|it| letters(it.as_ref())).collect();
        let in_company = headers.iter().any(|header| COMPANY.contains(&header.as_str()));
        let column = headers.iter().position(|header| header == "name")?;
        (in_company && !self.vague.is_empty()).then_some(column)
    }
}

fn with_plurals<const N: usize>(headers: [&str; N]) -> Vec<String> {
    headers.into_iter().map(letters).flat_map(|header| [format!("{header}s"), header]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_known_however_they_are_spelt() {
        let columns = AlertColumns::default();
        for (header, expected) in [
            ("Alert_Situation", Some(Certainty::Plain)),
            ("AlertName", Some(Certainty::Plain)),
            ("alert name(s)", Some(Certainty::Plain)),
            ("Alert", Some(Certainty::Vague)),
            ("Alerts", Some(Certainty::Vague)),
            ("Alerts channel", None),
            ("Number of alerts", None),
            ("", None),
        ] {
            assert_eq!(columns.certainty(header), expected, "{header}");
        }
        let headers =
            |headers: &[&str]| headers.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        for (row, expected) in [
            (headers(&["Name", "Summary", "Severity"]), Some(0)),
            (headers(&["Severity", "**Name**"]), Some(1)),
            (headers(&["Name", "Team"]), None),
            (headers(&["Host name", "Severity"]), None),
        ] {
            assert_eq!(columns.name_beside(&row), expected, "{row:?}");
        }
        let columns = AlertColumns::named(["Störung", "PagerDuty title"]);
        assert_eq!(columns.certainty("störung"), Some(Certainty::Plain));
        assert_eq!(columns.certainty("Alert"), None);
    }
}
