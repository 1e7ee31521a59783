//! All that a template sees.
//!
//! A view is plain data, made from the site and nothing else; what is not in it can't be on a page.

use super::alert_list::ListedAlert;
use super::content::Content;
use super::escape::Html;
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::borrow::Cow;

/// What every template gets that differs from page to page; beside `site` ([`SiteView`]), `assets`
/// ([`AssetsView`]) and `policy`: what a page may load, for its `Content-Security-Policy`.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The way up to the site's root: `""`, or `../` for each folder.
    pub root: String,
    /// Where the page stands among the others: a [`NavigationView`].
    pub navigation: tera::Value,
}

/// The site as a whole.
#[derive(Debug, Clone, Serialize)]
pub struct SiteView {
    /// Its title.
    pub title: String,
    /// The language of its texts.
    pub language: &'static str,
    /// The names of all carriers.
    pub carriers: Vec<String>,
    /// The name of the default carrier, if there are carriers.
    pub default_carrier: Option<String>,
}

/// The theme's files, as paths below the root.
#[derive(Debug, Clone, Serialize)]
pub struct AssetsView {
    /// The stylesheet.
    pub stylesheet: String,
    /// The scripts of every page, in the order they are loaded.
    pub scripts: Vec<String>,
    /// How they are loaded: `async` where there is but one, `defer` where they have an order.
    pub scripts_load: &'static str,
    /// The script of redirects.
    pub redirect_script: String,
}

/// A place in the site and a way to it.
#[derive(Debug, Clone, Serialize)]
pub struct LinkView {
    /// What it is called.
    pub title: String,
    /// The address, relative to the page; `None` if nothing stands there.
    pub href: Option<String>,
}

/// Where a page stands among the others.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NavigationView {
    /// What is above it, outermost first.
    pub trail: Vec<LinkView>,
    /// The tree, with nothing but the page's own branch unfolded: an [`EntryView`] for each node.
    #[serde(serialize_with = "shared")]
    pub entries: Vec<tera::Value>,
    /// The tree as `navigation.level` of the theme takes it as well: entries with nothing unfolded below
    /// them that follow one another are one, which has nothing but `html`.
    #[serde(serialize_with = "shared")]
    pub items: Vec<tera::Value>,
    /// How many nodes of the top are left out, and where they are listed.
    pub more: Option<MoreView>,
    /// The page before it in its group, if there is one.
    pub previous: Option<LinkView>,
    /// The page after it in its group, if there is one.
    pub next: Option<LinkView>,
    /// What this page lists whole: its own children, and levels of the tree that no other page
    /// lists.
    pub lists: Vec<ListView>,
}

/// A list of values as one: each by itself would be handed over with much ado.
fn shared<S: Serializer>(list: &[tera::Value], serializer: S) -> Result<S::Ok, S::Error> {
    tera::Value::from(list.to_vec()).serialize(serializer)
}

/// All nodes of one level of the tree.
#[derive(Debug, Clone, Serialize)]
pub struct ListView {
    /// The id of its heading on the page.
    pub id: String,
    /// What they are below, if that is not the page itself.
    pub title: Option<String>,
    /// The nodes, in order.
    pub entries: Vec<ListEntryView>,
}

/// A node in a list.
#[derive(Debug, Clone, Serialize)]
pub struct ListEntryView {
    /// What it is called.
    pub title: String,
    /// The address, relative to the page; `None` if no page has this title.
    pub href: Option<String>,
    /// What it is about, in a sentence.
    pub description: Option<String>,
}

/// A node of the tree.
#[derive(Debug, Clone, Serialize)]
pub struct EntryView {
    /// What it is called.
    pub title: String,
    /// The address, relative to the page; `None` if no page has this title.
    pub href: Option<String>,
    /// Whether it is the page itself.
    pub current: bool,
    /// Whether it is unfolded.
    pub open: bool,
    /// What is below it, as far as it is unfolded: an [`EntryView`] for each node.
    #[serde(serialize_with = "shared")]
    pub children: Vec<tera::Value>,
    /// How many of its children are left out.
    pub more: Option<MoreView>,
}

/// Nodes that are left out of a long list.
#[derive(Debug, Clone, Serialize)]
pub struct MoreView {
    /// How many.
    pub count: usize,
    /// Where all are listed.
    pub href: String,
}

/// A page with a runbook.
#[derive(Debug, Clone, Serialize)]
pub struct PageView<'s> {
    /// What it is called.
    pub title: &'s str,
    /// Whether the template shows the title, because the text has no heading of the first level.
    pub shows_title: bool,
    /// What it is about, in a sentence.
    pub description: Option<&'s str>,
    /// The service it is for.
    pub service: Option<&'s str>,
    /// What kind of page it is, in the author's words.
    #[serde(rename = "type")]
    pub kind: Option<&'s str>,
    /// The author's tags.
    pub tags: Vec<String>,
    /// The front matter, whole.
    pub front_matter: Value,
    /// The carrier that it says that it is about, in which its queries open unless the reader chooses
    /// another one.
    pub carrier: Option<&'s str>,
    /// The inside of the article, as HTML.
    pub content: Content,
    /// The placeholders in its snippets, each once, in order.
    pub placeholders: Vec<PlaceholderView>,
    /// Its headings of the second and third level.
    pub contents: Vec<ContentsEntry<'s>>,
    /// The Markdown file, relative to the site.
    pub source: &'s str,
    /// Where its readers can change it, if the site says so.
    pub edit_href: Option<String>,
    /// Who looks after it, in its author's words.
    pub owners: Vec<String>,
    /// When it was changed last, if its repository knows.
    pub last_change: Option<LastChangeView>,
    /// Why it is due for a review, if it is.
    pub review_due: Option<String>,
    /// Its address, relative to the root.
    pub url: Cow<'s, str>,
}

/// The last change of a page.
#[derive(Debug, Clone, Serialize)]
pub struct LastChangeView {
    /// The day: `2026-11-25`.
    pub day: String,
    /// Who wrote it.
    pub author: String,
}

/// A placeholder that the reader of a page fills.
#[derive(Debug, Clone, Serialize)]
pub struct PlaceholderView {
    /// One for all spellings of its name; what its holes on the page refer to.
    pub key: String,
    /// The keys of all names that it goes by, its own included, apart by spaces.
    pub keys: String,
    /// Its name, as the configuration or else its author writes it.
    pub name: String,
    /// The label of alerts that fills it, where the configuration names one.
    pub label: Option<String>,
    /// A regular expression that a whole value matches.
    pub pattern: Option<String>,
    /// Whether what fills it is nobody else's to see.
    pub is_secret: bool,
    /// Whether a command of the page has it, and not just queries, links and sentences.
    pub is_of_command: bool,
}

/// A heading in the table of contents.
#[derive(Debug, Clone, Serialize)]
pub struct ContentsEntry<'s> {
    /// Its level.
    pub level: u8,
    /// The fragment that leads to it, percent-encoded.
    pub id: Cow<'s, str>,
    /// Its text.
    pub title: &'s str,
}

/// The rules that raise an alert.
#[derive(Debug, Clone)]
pub struct RuleCardView<'s> {
    /// The card's id on the page.
    pub id: String,
    /// The alert.
    pub alert: &'s str,
    /// The rules, in order.
    pub rules: Vec<RuleView<'s>>,
    /// Why the page that documents it is due for a review, if it is.
    pub review_due: Option<String>,
}

/// A rule, as loaded.
#[derive(Debug, Clone, Serialize)]
pub struct RuleView<'s> {
    /// The value of its label `severity`.
    pub severity: Option<&'s str>,
    /// How long the expression must hold.
    #[serde(rename = "for")]
    pub for_duration: Option<&'s str>,
    /// How long the alert keeps firing.
    pub keep_firing_for: Option<&'s str>,
    /// The group it belongs to.
    pub group: &'s str,
    /// The rule file, relative to the site.
    pub file: &'s str,
    /// The line of its name, from 1.
    pub line: usize,
    /// The expression in colours, as HTML.
    pub query_html: &'s str,
    /// Its summary and its description, each as a paragraph.
    pub texts: Html,
    /// Links to the dashboards that it names.
    pub dashboards: Html,
    /// Its labels and its other annotations, as terms of a list of definitions.
    pub details: Html,
    /// The expression.
    pub expr: &'s str,
    /// The expression in the carrier's query UI, if there are carriers.
    pub open_href: Option<&'s str>,
    /// What that UI is called.
    pub open_in: Option<&'static str>,
    /// The labels that it adds: a [`FieldView`] for each.
    #[serde(serialize_with = "shared")]
    pub labels: Vec<tera::Value>,
    /// What it tells people.
    pub annotations: Vec<FieldView<'s>>,
    /// How it changed after what documents its alert, if it did.
    pub change: Option<RuleChangeView>,
}

/// A change of a rule after what documents its alert was last touched.
#[derive(Debug, Clone, Serialize)]
pub struct RuleChangeView {
    /// The day: `2026-11-25`; none for what is not committed yet.
    pub day: Option<String>,
    /// What of it changed: `expression`, `for`, `severity`.
    pub what: Vec<&'static str>,
    /// The day on which the documentation was last touched; none if that was before all that is known.
    pub documented: Option<String>,
}

/// A name and a value.
#[derive(Debug, Clone, Serialize)]
pub struct FieldView<'s> {
    /// The name.
    pub name: &'s str,
    /// The value.
    pub value: &'s str,
    /// The value as HTML, with the labels that it speaks of as placeholders.
    pub html: String,
    /// The attributes of a link to the address that the value is, if it is one.
    pub link: Option<String>,
    /// Whether it is called a dashboard.
    pub is_dashboard: bool,
}

/// An alert in a list of alerts.
#[derive(Debug, Clone, Serialize)]
pub struct AlertView<'s> {
    /// Its name.
    pub alert: &'s str,
    /// Where it leads: the section to start at, or the alert's own page.
    pub href: String,
    /// The letter that its name begins with, as a capital.
    pub letter: String,
    /// The worst severity of its rules.
    pub severity: Option<&'s str>,
    /// The service of its rules, or of its runbook.
    pub service: Option<&'s str>,
    /// The page that documents it: a [`LinkView`].
    pub runbook: Option<tera::Value>,
    /// How many rules raise it.
    pub rules: usize,
    /// Whether what is said of it may no longer be what happens.
    pub is_stale: bool,
}

/// A runbook that may help with an alert that it does not document.
#[derive(Debug, Clone, Serialize)]
pub struct RelatedView {
    /// What it is called.
    pub title: String,
    /// The address, relative to the page.
    pub href: String,
    /// Why it may help, if not by its name: in words, and the metric or the service.
    pub reason: Option<(&'static str, String)>,
}

/// The site as a whole.
#[derive(Debug, Clone, Serialize)]
pub struct OverviewView {
    /// The page itself.
    pub page: LinkView,
    /// All of it.
    pub total: CoverageView,
    /// The alerts by the worst severity of their rules, the worst first.
    pub severities: Vec<CoverageView>,
    /// Alerts and runbooks by service.
    pub services: Vec<CoverageView>,
    /// Whether it is known which rules changed after their documentation.
    pub knows_age: bool,
    /// The carriers, in order.
    pub carriers: Vec<CarrierView>,
    /// What was changed last, the newest first.
    pub changes: Vec<ChangeView>,
}

/// How many alerts of a kind are documented.
#[derive(Debug, Clone, Serialize)]
pub struct CoverageView {
    /// The severity or the service.
    pub name: String,
    /// How many runbooks there are.
    pub runbooks: usize,
    /// How many alerts there are.
    pub alerts: usize,
    /// How many of them have a runbook.
    pub documented: usize,
    /// How many have none.
    pub missing: usize,
    /// Of how many the runbook may be out of date.
    pub stale: usize,
}

impl CoverageView {
    /// Nothing yet.
    pub fn of(name: &str) -> Self {
        let name = name.to_owned();
        Self { name, runbooks: 0, alerts: 0, documented: 0, missing: 0, stale: 0 }
    }

    /// Counts an alert.
    pub fn count(&mut self, alert: &ListedAlert<'_>) {
        let is_documented = alert.alert.start.is_some();
        self.alerts += 1;
        self.documented += usize::from(is_documented);
        self.missing += usize::from(!is_documented);
        self.stale += usize::from(alert.is_stale);
    }
}

/// A carrier in the overview.
#[derive(Debug, Clone, Serialize)]
pub struct CarrierView {
    /// Its name.
    pub name: String,
    /// Where its query UI is.
    pub url: String,
    /// What that UI is called.
    pub opens: &'static str,
    /// Whether it counts where nothing else says one.
    pub is_default: bool,
}

/// A change of a runbook.
#[derive(Debug, Clone, Serialize)]
pub struct ChangeView {
    /// What the runbook is called.
    pub title: String,
    /// The address, relative to the page.
    pub href: String,
    /// The day: `2026-11-25`.
    pub day: String,
    /// Who wrote it.
    pub author: String,
}

/// The runbooks of a service.
#[derive(Debug, Clone, Serialize)]
pub struct ServiceView {
    /// The service; empty for runbooks that name none.
    pub name: String,
    /// Its runbooks, by title.
    pub pages: Vec<ServicePageView>,
}

/// A runbook in a list of runbooks.
#[derive(Debug, Clone, Serialize)]
pub struct ServicePageView {
    /// What it is called.
    pub title: String,
    /// The address, relative to the page.
    pub href: String,
    /// What it is about.
    pub description: Option<String>,
    /// How many alerts start there.
    pub alerts: usize,
}
