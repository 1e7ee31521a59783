//! `alertbook.yaml`: what a site says about itself.
//!
//! [`parse`] reads the whole file before it gives up, so that one run shows all that is wrong with
//! it. A configuration that comes out is complete: defaults are filled in, URLs are URLs, and the
//! carriers are the same whichever way they were written.
//!
//! Texts that a later stage may find fault with (globs, folders, the names of checks) keep their
//! places.

mod access;
mod carriers;
mod edit_url;
mod glob;
pub mod jekyll;
mod levels;
mod review;
mod rules;
mod ui;
mod url;

pub use access::Access;
pub use carriers::{Carrier, Carriers};
pub use edit_url::EditUrl;
pub use glob::Glob;
pub use levels::{CheckLevel, Levels, Override};
pub use review::Review;
pub use rules::RuleServer;
pub use ui::{Tab, Ui};

use crate::diag::Diagnostic;
use crate::diag::suggest::nearest;
use crate::source::{Source, Span};
use crate::yaml::{self, Entry, Fields, Node, Reader, Text};
use std::sync::Arc;

/// The check that findings about the configuration belong to.
pub const CHECK: &str = "invalid-configuration";

/// The annotations that hold the link to a runbook, unless the site says otherwise; the first one
/// that a rule has counts.
const RUNBOOK_ANNOTATIONS: [&str; 6] =
    ["runbook_url", "runbook", "runbook_link", "playbook_url", "playbook", "documentation"];

const KEYS: &[&str] = &[
    "title",
    "base_url",
    "hosts",
    "content",
    "front_matter",
    "exclude",
    "rules",
    "runbook_annotations",
    "alert_columns",
    "runbook_links",
    "carriers",
    "placeholders",
    "checks",
    "overrides",
    "img_hosts",
    "data",
    "metrics",
    "review",
    "edit_url",
    "offline",
    "full_text",
];

/// A site's configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// The title of the site.
    pub title: String,
    /// Where the site is published, without a slash at its end.
    pub base_url: Option<String>,
    /// Where else it is or was published, without slashes at the ends: links there are internal.
    pub hosts: Vec<String>,
    /// The folder with the runbooks; `.` for the site itself.
    pub content: SitePath,
    /// Whether a Markdown file is a runbook without front matter as well.
    pub front_matter_is_optional: bool,
    /// The files that are no part of the site.
    pub exclude: Vec<Glob>,
    /// The rule files.
    pub rules: Vec<Glob>,
    /// Servers whose loaded rules belong to the site.
    pub rule_servers: Vec<RuleServer>,
    /// The annotations that may hold the link to a runbook; the first one that a rule has counts.
    pub runbook_annotations: Vec<String>,
    /// The headers of the columns of tables that name alerts, in place of the usual ones.
    pub alert_columns: Option<Vec<String>>,
    /// What the links to runbooks are that `annotate` writes.
    pub runbook_links: RunbookLinks,
    /// The clusters that queries can be run on; without any, queries have no links.
    pub carriers: Option<Carriers>,
    /// What the site says about placeholders, in the order of the file.
    pub placeholders: Vec<Placeholder>,
    /// How bad findings are here, where it differs from the default.
    pub levels: Levels,
    /// Other hosts whose images pages may show.
    pub img_hosts: Vec<String>,
    /// The folder with data for templates.
    pub data: Option<SitePath>,
    /// The file with the names of the metrics that there are.
    pub metrics: Option<SitePath>,
    /// When runbooks are to be looked at again.
    pub review: Review,
    /// Where readers change a page.
    pub edit_url: Option<EditUrl>,
    /// Whether browsers keep the site, for when the network is what is broken.
    pub offline: bool,
    /// Whether the text of the whole site can be searched.
    pub full_text: bool,
}

/// The form of links to runbooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RunbookLinks {
    /// `/alerts/NAME/`, which leads to the section to start at, wherever it moves.
    #[default]
    Alerts,
    /// The page and the section themselves.
    Sections,
}

/// A folder of the site, or a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitePath {
    /// Its path relative to the site, with `/` between folders and none at its end.
    pub path: String,
    /// Where it is configured, unless it is a default.
    pub span: Option<Span>,
}

/// What the site says about a placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placeholder {
    /// Its name.
    pub name: Text,
    /// The label of alerts that fills it.
    pub label: Option<String>,
    /// Other ways in which it is written, as they stand in the runbooks.
    pub also: Vec<String>,
    /// A regular expression that its whole value matches.
    pub pattern: Option<Text>,
}

impl Config {
    /// The carrier of this name.
    pub fn carrier(&self, name: &str) -> Option<&Carrier> {
        self.carriers.as_ref().and_then(|carriers| carriers.get(name))
    }

    /// Whether the site has rules, wherever they come from.
    pub fn has_rules(&self) -> bool {
        !self.rules.is_empty() || !self.rule_servers.is_empty()
    }

    /// All carriers, in the order of the configuration.
    pub fn all_carriers(&self) -> &[Carrier] {
        self.carriers.as_ref().map_or(&[], |carriers| &carriers.list)
    }

    /// The globs of rule files that lie outside of the site.
    pub fn rules_outside(&self) -> Vec<&str> {
        self.rules.iter().map(Glob::as_str).filter(|glob| glob.starts_with("../")).collect()
    }

    /// The carrier of queries for which nothing else says one.
    pub fn default_carrier(&self) -> Option<&Carrier> {
        self.carriers.as_ref().and_then(Carriers::default_carrier)
    }
}

/// A base address as the configuration would have it, from elsewhere.
///
/// # Errors
///
/// What is wrong with it, to be read after its name.
pub fn base_url(text: &str) -> Result<String, String> {
    url::check(text).map(|()| url::trimmed(text).to_owned())
}

/// Reads a configuration.
///
/// # Errors
/// All that is wrong with it.
pub fn parse(source: &Arc<Source>) -> Result<Config, Vec<Diagnostic>> {
    let documents = yaml::parse(source, 0..source.text().len())
        .map_err(|error| vec![error.into_diagnostic(CHECK)])?;
    let mut reader = Reader::new(CHECK);
    if let Some(second) = documents.get(1) {
        reader.complain(&second.span, "a configuration is one document");
    }
    let config = match documents.first() {
        Some(node) if !node.is_null() => config(&mut reader, node),
        _ => {
            no_title(&mut reader, &Span::new(source, 0..0));
            None
        }
    };
    let diagnostics = reader.into_diagnostics();
    match config {
        Some(config) if diagnostics.is_empty() => Ok(config),
        _ => Err(diagnostics),
    }
}

fn no_title(reader: &mut Reader, place: &Span) {
    let complaint = reader.complain(place, "the site needs a `title`");
    complaint.help = Some("write `title: Our runbooks`".to_owned());
}

/// Reads on at every fault: whoever complains has the last word on the whole.
fn config(reader: &mut Reader, node: &Node) -> Option<Config> {
    let fields = reader.fields(node, "`alertbook.yaml`", KEYS)?;
    // A misspelt title has its finding already.
    let is_misspelt = |entry: &Entry| nearest(entry.name(), KEYS.iter().copied()) == Some("title");
    if fields.get("title").is_none() && !node.entries().iter().any(is_misspelt) {
        no_title(reader, fields.place());
    }
    let title = fields.get("title").and_then(|title| text(reader, title, "`title`"));
    let base_url = fields.get("base_url").and_then(|url| url::read(reader, url, "`base_url`"));
    let hosts = fields.get("hosts").map(|hosts| reader.list(hosts, "`hosts`"));
    let hosts = hosts.unwrap_or_default().iter();
    let content =
        fields.get("content").and_then(|node| site_path(reader, node, "`content`", "folder"));
    let annotations = fields.get("runbook_annotations");
    let (rules, rule_servers) = rules::read(reader, fields);
    Some(Config {
        title: title.unwrap_or_default(),
        base_url,
        hosts: hosts.filter_map(|host| url::read(reader, host, "each of `hosts`")).collect(),
        content: content.unwrap_or_else(|| SitePath { path: "content".to_owned(), span: None }),
        front_matter_is_optional: one_of(
            reader,
            fields,
            "front_matter",
            &[("required", false), ("optional", true)],
        ),
        exclude: fields
            .get("exclude")
            .map(|node| Glob::read_list(reader, node, "`exclude`"))
            .unwrap_or_default(),
        rules,
        rule_servers,
        runbook_annotations: match annotations {
            Some(node) => texts(reader, node, "`runbook_annotations`"),
            None => RUNBOOK_ANNOTATIONS.map(str::to_owned).to_vec(),
        },
        alert_columns: fields
            .get("alert_columns")
            .map(|node| texts(reader, node, "`alert_columns`")),
        runbook_links: one_of(
            reader,
            fields,
            "runbook_links",
            &[("alerts", RunbookLinks::Alerts), ("sections", RunbookLinks::Sections)],
        ),
        carriers: fields.get("carriers").and_then(|node| carriers::read(reader, node)),
        placeholders: placeholders(reader, fields),
        levels: levels::read(reader, fields),
        img_hosts: fields
            .get("img_hosts")
            .map(|node| texts(reader, node, "`img_hosts`"))
            .unwrap_or_default(),
        data: fields.get("data").and_then(|node| site_path(reader, node, "`data`", "folder")),
        review: review::read(reader, fields),
        metrics: fields
            .get("metrics")
            .and_then(|node| site_path(reader, node, "`metrics`", "file")),
        edit_url: fields.get("edit_url").and_then(|node| EditUrl::read(reader, node)),
        offline: switch(reader, fields, "offline", false),
        full_text: switch(reader, fields, "full_text", true),
    })
}

/// What is either so or not.
fn switch(reader: &mut Reader, fields: Fields<'_>, key: &str, without_it: bool) -> bool {
    let Some(node) = fields.get(key) else { return without_it };
    node.as_bool().unwrap_or_else(|| {
        reader.complain(&node.span, format!("`{key}` must be true or false"));
        without_it
    })
}

/// One of the values that a key can have.
fn one_of<T: Copy + Default>(
    reader: &mut Reader,
    fields: Fields<'_>,
    key: &str,
    all: &[(&str, T)],
) -> T {
    let what = format!("`{key}`");
    let text = fields.get(key).and_then(|node| reader.text(node, &what));
    text.and_then(|text| reader.one_of(&text, &what, all)).unwrap_or_default()
}

fn placeholders(reader: &mut Reader, fields: Fields<'_>) -> Vec<Placeholder> {
    let Some(node) = fields.get("placeholders") else {
        return Vec::new();
    };
    if reader.open_fields(node, "`placeholders`").is_none() {
        return Vec::new();
    }
    let mut placeholders = Vec::new();
    for entry in node.entries() {
        let Some(name) = entry.key.text() else {
            continue;
        };
        let mut placeholder = Placeholder { name, label: None, also: Vec::new(), pattern: None };
        let keys = ["label", "also", "pattern"];
        // A name alone is enough to say that there is such a placeholder.
        let fields = (!entry.value.is_null())
            .then(|| reader.fields(&entry.value, "a placeholder", &keys))
            .flatten();
        if let Some(fields) = fields {
            let label = fields.get("label");
            placeholder.label = label.and_then(|node| text(reader, node, "`label`"));
            let also = fields.get("also");
            placeholder.also = also.map(|node| texts(reader, node, "`also`")).unwrap_or_default();
            let pattern = fields.get("pattern");
            placeholder.pattern = pattern.and_then(|node| reader.text(node, "`pattern`"));
            if let Some(pattern) = &placeholder.pattern
                && let Some(fault) = pattern_fault(pattern.as_str())
            {
                let help = "write one that Rust and JavaScript both know, such as `[a-z0-9-]+`";
                reader.complain(pattern.span(), &fault).help = Some(help.to_owned());
            }
        }
        placeholders.push(placeholder);
    }
    placeholders
}

/// What keeps a pattern from being used: browsers are stricter than Rust with what they don't know,
/// such as `\-`, and know nothing of `(?i)` and `[[:alnum:]]`.
fn pattern_fault(pattern: &str) -> Option<String> {
    if regex::Regex::new(pattern).is_err() {
        return Some("`pattern` is no regular expression".to_owned());
    }
    // As `static/incident.js` makes it.
    let reason = match regress::Regex::with_flags(&format!("^(?:{pattern})$"), "u") {
        Err(error) => error.text.trim_end_matches('.').to_lowercase(),
        Ok(_) if has_modifiers(pattern) => "most know no modifiers".to_owned(),
        Ok(_) => return None,
    };
    Some(format!("`pattern` is no regular expression to a browser ({reason})"))
}

/// Whether a pattern changes how a part of it is read, `(?i:abc)`: only browsers of 2025 and later
/// know that.
fn has_modifiers(pattern: &str) -> bool {
    let mut letters = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => _ = letters.next(),
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class && letters.next_if_eq(&'?').is_some() => {
                let flag = letters.peek();
                if flag.is_some_and(|it| it.is_ascii_alphabetic() || *it == '-') {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

/// A text that says something.
fn text(reader: &mut Reader, node: &Node, what: &str) -> Option<String> {
    let text = reader.text(node, what)?;
    if text.as_str().trim().is_empty() {
        reader.complain(&node.span, format!("{what} is empty"));
        return None;
    }
    Some(text.as_str().to_owned())
}

fn texts(reader: &mut Reader, node: &Node, what: &str) -> Vec<String> {
    let each = format!("each of {what}");
    let items = reader.list(node, what).iter();
    items.filter_map(|item| text(reader, item, &each)).collect()
}

/// The path of a `kind`, which is a file or a folder.
fn site_path(reader: &mut Reader, node: &Node, what: &str, kind: &str) -> Option<SitePath> {
    let written = text(reader, node, what)?;
    let mut path = written.trim_end_matches('/');
    while let Some(rest) = path.strip_prefix("./") {
        path = rest.trim_start_matches('/');
    }
    if written.starts_with('/') {
        reader.complain(&node.span, format!("{what} must be a {kind} relative to the site"));
        return None;
    }
    let path = if path.is_empty() { "." } else { path };
    Some(SitePath { path: path.to_owned(), span: Some(node.span.clone()) })
}

#[cfg(test)]
mod tests;
