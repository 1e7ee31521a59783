//! Carriers: the clusters whose Prometheus queries can be run on.

use super::ui::{self, Shown};
use super::{Access, Tab, Ui, access, text, url};
use crate::diag::suggest::did_you_mean;
use crate::source::Span;
use crate::yaml::{Node, Reader, Text, Value};
use std::collections::HashMap;

/// Where a carrier's name goes in the URL that all carriers share.
const HOLE: &str = "{carrier}";

/// The carriers of a site: at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carriers {
    /// The index of the carrier that counts where nothing else says one.
    pub default: usize,
    /// All carriers, in the order of the configuration, each name once.
    pub list: Vec<Carrier>,
    /// The external label of Prometheus that holds a carrier's name.
    pub external_label: Option<String>,
}

/// One cluster with a Prometheus of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carrier {
    /// Its name, as people write it: `prod-dal10/carrier3`.
    pub name: Text,
    /// Where its query UI is, without a slash at the end.
    pub url: String,
    /// Where its HTTP API is, if that is elsewhere; without a slash at the end.
    pub api: Option<String>,
    /// The query UI that is found there.
    pub ui: Ui,
    /// How it shows what it finds, unless its reader chooses something else.
    pub tab: Tab,
    /// The UID of the data source to ask, where the UI has several; without one it asks its own
    /// default.
    pub datasource: Option<String>,
    /// Labels of alerts that come from it.
    pub labels: Vec<(String, String)>,
    /// How its API is asked from the command line.
    pub access: Access,
}

impl Carrier {
    /// Where its HTTP API is, without a slash at the end.
    pub fn api_url(&self) -> &str {
        self.api.as_ref().unwrap_or(&self.url)
    }
}

impl Carriers {
    /// The carrier of this name.
    pub fn get(&self, name: &str) -> Option<&Carrier> {
        self.list.iter().find(|carrier| carrier.name.as_str() == name)
    }

    /// The carrier that counts where nothing else says one.
    pub fn default_carrier(&self) -> Option<&Carrier> {
        self.list.get(self.default)
    }
}

/// Reads either form: names with a URL for all of them, or a list of carriers.
pub(super) fn read(reader: &mut Reader, node: &Node) -> Option<Carriers> {
    let carriers = match &node.value {
        Value::Mapping(_) => named(reader, node)?,
        Value::Sequence(items) => Carriers {
            default: 0,
            list: items.iter().filter_map(|item| listed(reader, item)).collect(),
            external_label: None,
        },
        _ => {
            reader.wrong_kind(node, "`carriers`", "a mapping or a list");
            return None;
        }
    };
    if carriers.list.is_empty() {
        if node.items().is_empty() && node.entries().is_empty() {
            reader.complain(&node.span, "`carriers` names none");
        }
        return None;
    }
    unique(reader, &carriers.list);
    Some(carriers)
}

fn named(reader: &mut Reader, node: &Node) -> Option<Carriers> {
    let keys: Vec<&str> = ["url", "default", "names", "external_label"]
        .into_iter()
        .chain(ui::KEYS)
        .chain(access::KEYS)
        .collect();
    let fields = reader.fields(node, "`carriers`", &keys)?;
    let access = access::read(reader, fields);
    let template = fields.get("url").and_then(|node| template(reader, node));
    let shown = ui::read(reader, fields);
    let external_label = fields.get("external_label");
    let external_label = external_label.and_then(|it| text(reader, it, "`external_label`"));
    for key in ["url", "names"] {
        if !node.entries().is_empty() && fields.get(key).is_none() {
            reader.complain(fields.place(), format!("`carriers` needs `{key}`"));
        }
    }
    let names = fields.get("names").map(|names| names_of(reader, names)).unwrap_or_default();
    let default = fields.get("default").map(|node| default(reader, node, &names));
    let url = template.as_ref().map(Text::as_str).unwrap_or_default();
    let list: Vec<Carrier> =
        names.into_iter().filter_map(|name| filled(reader, url, name, &shown, &access)).collect();
    Some(Carriers { default: default.flatten().unwrap_or_default(), list, external_label })
}

/// The URL of all carriers; with a name in its hole it is a URL.
fn template(reader: &mut Reader, node: &Node) -> Option<Text> {
    let template = reader.text(node, "`url`")?;
    if !template.as_str().contains(HOLE) {
        let complaint =
            reader.complain(&node.span, "the `url` of carriers needs `{carrier}` in it");
        complaint.help = Some(
            "put it where the name goes: `https://dashboard.example.com/{carrier}/prometheus`"
                .to_owned(),
        );
        return None;
    }
    if let Err(fault) = url::check(&template.as_str().replace(HOLE, "carrier")) {
        reader.complain(&node.span, format!("`url` {fault}"));
        return None;
    }
    Some(template)
}

fn names_of(reader: &mut Reader, node: &Node) -> Vec<Text> {
    let nodes = reader.list(node, "`names`");
    if nodes.is_empty() && node.entries().is_empty() {
        reader.complain(&node.span, "`names` needs at least one carrier");
    }
    nodes.iter().filter_map(|node| name(reader, node)).collect()
}

fn name(reader: &mut Reader, node: &Node) -> Option<Text> {
    text(reader, node, "the name of a carrier")?;
    node.text()
}

fn default(reader: &mut Reader, node: &Node, names: &[Text]) -> Option<usize> {
    let name = reader.text(node, "`default`")?;
    let index = names.iter().position(|known| known.as_str() == name.as_str());
    if index.is_none() && !names.is_empty() {
        let message = format!("the default carrier `{name}` is none of `names`");
        let help = did_you_mean(name.as_str(), names.iter().map(Text::as_str));
        reader.complain(&node.span, message).help = help;
    }
    index
}

fn filled(
    reader: &mut Reader,
    template: &str,
    name: Text,
    shown: &Shown,
    access: &Access,
) -> Option<Carrier> {
    let filled = template.replace(HOLE, name.as_str());
    // Without a template there is a complaint already.
    if !template.is_empty()
        && let Err(fault) = url::check(&filled)
    {
        reader.complain(name.span(), format!("the URL of the carrier `{name}` {fault}"));
        return None;
    }
    let url = url::trimmed(&filled).to_owned();
    let datasource = shown.datasource.as_ref();
    let datasource = datasource.map(|it| it.replace(HOLE, name.as_str()));
    let shown = Shown { datasource, ..shown.clone() };
    Some(carrier(name, url, None, shown, access.clone()))
}

/// A carrier of which all is known but its labels.
fn carrier(name: Text, url: String, api: Option<String>, shown: Shown, access: Access) -> Carrier {
    let Shown { ui, tab, datasource } = shown;
    let mut carrier = Carrier { name, url, api, ui, tab, datasource, labels: Vec::new(), access };
    if ui == Ui::VictoriaMetrics {
        // The page and the API stand side by side; people copy the address of the page.
        let base = carrier.url.strip_suffix("/vmui").unwrap_or(&carrier.url).to_owned();
        carrier.api.get_or_insert_with(|| format!("{base}/prometheus"));
        carrier.url = base;
    }
    carrier
}

fn listed(reader: &mut Reader, node: &Node) -> Option<Carrier> {
    let keys: Vec<&str> =
        ["name", "url", "api", "labels"].into_iter().chain(ui::KEYS).chain(access::KEYS).collect();
    let fields = reader.fields(node, "a carrier", &keys)?;
    let access = access::read(reader, fields);
    for key in ["name", "url"] {
        if fields.get(key).is_none() {
            reader.complain(fields.place(), format!("a carrier needs a `{key}`"));
        }
    }
    let name = fields.get("name").and_then(|node| name(reader, node));
    let url = fields.get("url").and_then(|node| url::read(reader, node, "`url`"));
    let api = fields.get("api").and_then(|node| url::read(reader, node, "`api`"));
    let shown = ui::read(reader, fields);
    let labels = fields.get("labels").map(|node| reader.pairs(node, "`labels`"));
    let labels = labels.unwrap_or_default().into_iter();
    let mut carrier = carrier(name?, url?, api, shown, access);
    carrier.labels =
        labels.map(|(name, value)| (name.as_str().to_owned(), value.as_str().to_owned())).collect();
    Some(carrier)
}

fn unique(reader: &mut Reader, list: &[Carrier]) {
    let mut known: HashMap<&str, &Span> = HashMap::new();
    for Carrier { name, .. } in list {
        if let Some(first) = known.get(name.as_str()) {
            let complaint =
                reader.complain(name.span(), format!("the carrier `{name}` is there twice"));
            complaint.relate((*first).clone(), "first here");
        } else {
            known.insert(name.as_str(), name.span());
        }
    }
}
