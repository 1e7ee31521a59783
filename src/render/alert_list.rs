//! Lists of alerts: on the start page, and on the page of all.

use super::Renderer;
use super::alerts::severities;
use super::asked::Asked;
use super::escape::Html;
use super::skeleton::{Piece, Skeleton};
use super::views::{AlertView, LinkView};
use crate::site::address::{relative_url, with_fragment};
use crate::site::{Alert, Site};
use crate::yaml::Text;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Serialize, Serializer};
use std::iter;
use std::sync::Arc;

/// About how many bytes a list has for each alert, and for each page where it lists them as well.
pub const ROW_SIZE: usize = 384;

/// An alert as lists show it, wherever they stand.
pub struct ListedAlert<'s> {
    /// Its name.
    pub name: &'s str,
    /// What is known of it.
    pub alert: &'s Alert,
    /// The worst severity of its rules.
    pub severity: Option<&'s str>,
    /// The service of its rules, or else of its runbook.
    pub service: Option<&'s str>,
    /// Whether what is said of it may no longer be what happens.
    pub is_stale: bool,
}

impl<'s> ListedAlert<'s> {
    /// All alerts of a site, by name.
    pub fn all(site: &'s Site) -> Vec<Self> {
        let alerts: Vec<(&String, &Arc<Alert>)> = site.alerts.iter().collect();
        alerts.into_par_iter().map(|(name, alert)| Self::new(site, name, alert)).collect()
    }

    fn new(site: &'s Site, name: &'s str, alert: &'s Alert) -> Self {
        Self {
            name,
            alert,
            severity: severities(site, alert).into_iter().next(),
            service: service(site, alert),
            is_stale: alert.start.is_some() && site.is_stale(name),
        }
    }

    /// It in a list on the page at an output path. `runbooks` are the links to pages that others of the
    /// list lead to as well, by the indices of the pages.
    fn view(
        &self,
        site: &'s Site,
        path: &str,
        runbooks: &mut FxHashMap<usize, tera::Value>,
    ) -> AlertView<'s> {
        let (start, fragment) = site.start_of(self.name, self.alert);
        let address = relative_url(path, &start);
        let runbook = self.alert.start.as_ref().map(|start| {
            let link = || {
                let title = site.pages[start.page].title.clone();
                let link = LinkView { title, href: Some(address.clone()) };
                tera::Value::from_serializable(&link)
            };
            runbooks.entry(start.page).or_insert_with(link).clone()
        });
        AlertView {
            alert: self.name,
            href: with_fragment(address, fragment.as_deref()).into_owned(),
            letter: letter(self.name).collect(),
            severity: self.severity,
            service: self.service,
            runbook,
            rules: self.alert.rules.len(),
            is_stale: self.is_stale,
        }
    }
}

/// Alerts as a page at an output path lists them, by name.
pub struct AlertList<'r> {
    site: &'r Site,
    path: &'r str,
    alerts: Vec<&'r ListedAlert<'r>>,
}

impl<'r> AlertList<'r> {
    /// The list of all alerts on the page at an output path.
    pub fn new(renderer: &'r Renderer<'_>, path: &'r str) -> Self {
        let mut alerts: Vec<&ListedAlert<'_>> = renderer.alerts().iter().collect();
        alerts.sort_by_cached_key(|alert| (alert.name.to_lowercase(), alert.name));
        Self { site: renderer.site, path, alerts }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.alerts.len()
    }

    /// Whether any of them belongs to a service.
    pub fn has_services(&self) -> bool {
        self.alerts.iter().any(|alert| alert.service.is_some())
    }

    /// Apart by what they lack; no group is empty.
    ///
    /// # Errors
    ///
    /// A template has a fault.
    pub fn groups(&self, rows: &mut Rows<'r>) -> Result<Vec<AlertGroup<'r>>, String> {
        let groups = [
            ("page.missing", "Without a runbook"),
            ("page.stale", "May be out of date"),
            ("page.documented", "With a runbook"),
        ];
        let mut split = [Vec::new(), Vec::new(), Vec::new()];
        for alert in &self.alerts {
            let group = match &alert.alert.start {
                None => 0,
                Some(_) if alert.is_stale => 1,
                Some(_) => 2,
            };
            split[group].push(*alert);
        }
        let groups = groups.into_iter().zip(split).filter(|(_, alerts)| !alerts.is_empty());
        let group = |((id, title), alerts): (_, Vec<_>)| {
            let count = alerts.len();
            Ok(AlertGroup { id, title, count, alerts: rows.of(self, alerts)? })
        };
        groups.map(group).collect()
    }

    /// Apart by the letters that their names begin with.
    ///
    /// # Errors
    ///
    /// A template has a fault.
    pub fn letters(&self, rows: &mut Rows<'r>) -> Result<Vec<LetterGroup<'r>>, String> {
        let mut next = 1;
        let alike = |a: &&ListedAlert<'_>, b: &&ListedAlert<'_>| letter(a.name).eq(letter(b.name));
        let group = |alerts: &[&'r ListedAlert<'r>]| {
            let (first, letter) = (next, letter(alerts[0].name).collect());
            next += alerts.len();
            Ok(LetterGroup { letter, first, alerts: rows.of(self, alerts.to_vec())? })
        };
        self.alerts.chunk_by(alike).map(group).collect()
    }
}

/// The letter that a name begins with, as a capital.
fn letter(name: &str) -> impl Iterator<Item = char> {
    name.chars().take(1).flat_map(char::to_uppercase)
}

/// Alerts whose names begin with the same letter.
#[derive(Serialize)]
pub struct LetterGroup<'r> {
    letter: String,
    /// The number of the first of them among all, from 1.
    first: usize,
    alerts: Shown<'r>,
}

/// Alerts that lack the same.
#[derive(Serialize)]
pub struct AlertGroup<'r> {
    /// The id of its heading.
    id: &'static str,
    title: &'static str,
    count: usize,
    alerts: Shown<'r>,
}

/// Alerts as a template shows them.
pub enum Shown<'r> {
    /// An [`AlertView`] for each, made when it is asked for, since a large site has many.
    Each(AlertList<'r>),
    /// What the built-in template makes of them.
    Rows(Html),
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Rows<'h> {
            html: &'h Html,
        }
        match self {
            Self::Each(list) => list.serialize(serializer),
            Self::Rows(html) => serializer.collect_seq(iter::once(Rows { html })),
        }
    }
}

impl Serialize for AlertList<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut runbooks = FxHashMap::default();
        let site = self.site;
        let views = self.alerts.iter().map(|alert| alert.view(site, self.path, &mut runbooks));
        serializer.collect_seq(views)
    }
}

/// The rows of a list as the theme's component makes them, which differ by texts and by which of them are
/// there.
pub struct Rows<'r> {
    engine: &'r tera::Tera,
    site: &'r Site,
    /// Whether a template of the site's own may ask for each alert.
    is_asked_for_each: bool,
    component: &'static str,
    /// What the component is told beside the alerts.
    has_services: Option<bool>,
    /// None yet for selections of texts that no alert had.
    skeletons: [Option<Skeleton>; 1 << CHOICES],
}

/// An alert whose texts are holes.
#[derive(Serialize)]
struct Holes {
    href: String,
    alert: String,
    rules: usize,
    service: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    runbook: Option<LinkView>,
    is_stale: bool,
}

/// Whether there is a severity, whether there is a runbook, and whether that may be out of date.
const CHOICES: usize = 3;

impl<'r> Rows<'r> {
    /// The rows that a component makes.
    pub fn of_component(
        renderer: &'r Renderer<'_>,
        component: &'static str,
        has_services: Option<bool>,
    ) -> Self {
        Self {
            engine: &renderer.engine,
            site: renderer.site,
            is_asked_for_each: renderer.theme.has_own_templates(),
            component,
            has_services,
            skeletons: Default::default(),
        }
    }

    /// Alerts of a list, each by itself where a template of the site's own may ask for it.
    fn of(
        &mut self,
        list: &AlertList<'r>,
        alerts: Vec<&'r ListedAlert<'r>>,
    ) -> Result<Shown<'r>, String> {
        let AlertList { site, path, .. } = *list;
        if self.is_asked_for_each {
            return Ok(Shown::Each(AlertList { site, path, alerts }));
        }
        let mut html = String::with_capacity(ROW_SIZE * alerts.len());
        for alert in alerts {
            self.push(&mut html, alert, path)?;
        }
        Ok(Shown::Rows(Html(html)))
    }

    fn push(
        &mut self,
        html: &mut String,
        alert: &ListedAlert<'_>,
        path: &str,
    ) -> Result<(), String> {
        let site = self.site;
        if alert.alert.rules.len() > 1 {
            // The template compares the number.
            let view = alert.view(site, path, &mut FxHashMap::default());
            html.push_str(&self.made(&Asked(&view))?);
            return Ok(());
        }
        let (start, fragment) = site.start_of(alert.name, alert.alert);
        let address = relative_url(path, &start);
        let title = alert.alert.start.as_ref().map(|start| site.pages[start.page].title.as_str());
        let severity = alert.severity.unwrap_or_default();
        let choices = [!severity.is_empty(), title.is_some(), alert.is_stale];
        let choice = choices.iter().rev().fold(0, |all, choice| all << 1 | usize::from(*choice));
        if self.skeletons[choice].is_none() {
            self.skeletons[choice] = Some(Skeleton::new(&self.made(&Self::holes(choices))?));
        }
        let runbook = if title.is_some() { &*address } else { "" };
        let href = with_fragment(&*address, fragment.as_deref());
        let texts = [
            &*href,
            alert.name,
            alert.service.unwrap_or_default(),
            severity,
            title.unwrap_or_default(),
            runbook,
        ];
        if let Some(skeleton) = &self.skeletons[choice] {
            skeleton.push_with(html, &texts.map(Piece::Text));
        }
        Ok(())
    }

    fn holes([has_severity, has_runbook, is_stale]: [bool; CHOICES]) -> Holes {
        let [href, alert, service, severity, title, address] =
            [0, 1, 2, 3, 4, 5].map(Skeleton::hole);
        Holes {
            href,
            alert,
            rules: 1,
            service,
            severity: has_severity.then_some(severity),
            runbook: has_runbook.then_some(LinkView { title, href: Some(address) }),
            is_stale,
        }
    }

    /// What the component makes of an alert.
    fn made(&self, alert: &impl Serialize) -> Result<String, String> {
        let mut context = tera::Context::new();
        context.insert("alerts", &[alert]);
        if let Some(has_services) = self.has_services {
            context.insert_value("has_services", has_services.into());
        }
        let made = self.engine.render_component(self.component, &context, None, true);
        made.map_err(|error| super::describe(&error))
    }
}

/// The service of an alert's rules, else of its runbook.
fn service<'s>(site: &'s Site, alert: &Alert) -> Option<&'s str> {
    let of_rules = site.rules_of(alert).find_map(|rule| rule.label("service"));
    let of_runbook = || site.pages[alert.start.as_ref()?.page].front_matter("service");
    of_rules.map(Text::as_str).or_else(of_runbook)
}
