//! Query UIs: what a carrier shows its queries in.

use super::{one_of, text};
use crate::yaml::{Fields, Reader};

/// The keys that say something of a carrier's UI.
pub(super) const KEYS: [&str; 3] = ["ui", "tab", "datasource"];

/// A query UI: what links to it look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Ui {
    /// Prometheus itself, by the address that all of its versions know.
    #[default]
    Prometheus,
    /// Prometheus 3 behind a proxy that strips a prefix, where its redirect from the address of
    /// older versions would get lost.
    Prometheus3,
    /// Thanos Query.
    Thanos,
    /// Explore in Grafana, which people with Mimir use as well.
    Grafana,
    /// VictoriaMetrics' vmui.
    VictoriaMetrics,
}

impl Ui {
    /// All that links can be made for, by the name in the configuration.
    pub const ALL: [(&'static str, Self); 5] = [
        ("prometheus", Self::Prometheus),
        ("prometheus3", Self::Prometheus3),
        ("thanos", Self::Thanos),
        ("grafana", Self::Grafana),
        ("victoriametrics", Self::VictoriaMetrics),
    ];

    /// The name in the configuration.
    pub fn name(self) -> &'static str {
        let known = Self::ALL.iter().find(|(_, ui)| *ui == self);
        known.map_or("", |(name, _)| name)
    }

    /// What its readers call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Prometheus | Self::Prometheus3 => "Prometheus",
            Self::Thanos => "Thanos",
            Self::Grafana => "Grafana",
            Self::VictoriaMetrics => "VictoriaMetrics",
        }
    }
}

/// How a UI shows what it finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tab {
    /// As a graph of the last while.
    #[default]
    Graph,
    /// As a table of now.
    Table,
}

impl Tab {
    /// Both, by the name in the configuration.
    const ALL: [(&'static str, Self); 2] = [("graph", Self::Graph), ("table", Self::Table)];

    /// The name in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Graph => "graph",
            Self::Table => "table",
        }
    }
}

/// What the configuration says of a carrier's UI.
#[derive(Debug, Clone, Default)]
pub(super) struct Shown {
    pub(super) ui: Ui,
    pub(super) tab: Tab,
    /// The UID of the data source that Grafana asks.
    pub(super) datasource: Option<String>,
}

pub(super) fn read(reader: &mut Reader, fields: Fields<'_>) -> Shown {
    let ui = one_of(reader, fields, "ui", &Ui::ALL);
    let tab = one_of(reader, fields, "tab", &Tab::ALL);
    let node = fields.get("datasource");
    let datasource = node.and_then(|node| text(reader, node, "`datasource`"));
    if let Some(node) = node
        && ui != Ui::Grafana
    {
        let complaint = reader.complain(&node.span, "only Grafana has data sources");
        complaint.help = Some("write `ui: grafana` beside it".to_owned());
    }
    Shown { ui, tab, datasource }
}
