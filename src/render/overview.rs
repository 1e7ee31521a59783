//! The overview of the site as a whole: how many of the alerts are documented, by severity and by
//! service, which carriers there are, and what was changed last.

use super::alerts::rank;
use super::views::{CarrierView, ChangeView, CoverageView, LinkView, OverviewView};
use super::{RenderedFile, Renderer};
use crate::site::Site;
use crate::site::address::{OVERVIEW, relative_url};
use std::collections::BTreeMap;

/// How many changes are worth a line.
const LAST_CHANGES: usize = 15;

/// Renders it.
pub(super) fn render(renderer: &Renderer<'_>) -> Result<RenderedFile, String> {
    let frame = renderer.frame(OVERVIEW, None);
    renderer.fill((OVERVIEW, 16 * 1024), "overview.html", frame, view(renderer))
}

fn view(renderer: &Renderer<'_>) -> OverviewView {
    let site = renderer.site;
    let mut total = CoverageView::of("All");
    let mut severities: BTreeMap<(usize, String), CoverageView> = BTreeMap::new();
    let mut services: BTreeMap<(bool, String), CoverageView> = BTreeMap::new();
    for alert in renderer.alerts() {
        let severity = match alert.severity {
            Some(severity) => (rank(severity), severity.to_owned()),
            None if !alert.alert.rules.is_empty() => (usize::MAX - 1, "no severity".to_owned()),
            None => (usize::MAX, "no rule".to_owned()),
        };
        let of_severity = severities.entry(severity);
        of_severity.or_insert_with_key(|(_, name)| CoverageView::of(name)).count(alert);
        of_service(&mut services, alert.service).count(alert);
        total.count(alert);
    }
    for page in &site.pages {
        of_service(&mut services, page.front_matter("service")).runbooks += 1;
        total.runbooks += 1;
    }
    OverviewView {
        page: LinkView { title: "Overview".to_owned(), href: None },
        total,
        severities: severities.into_values().collect(),
        services: services.into_values().collect(),
        knows_age: site.has_history(),
        carriers: carriers(site),
        changes: changes(renderer),
    }
}

/// The service of this name; those without one come last.
fn of_service<'v>(
    services: &'v mut BTreeMap<(bool, String), CoverageView>,
    name: Option<&str>,
) -> &'v mut CoverageView {
    let key = (name.is_none(), name.unwrap_or_default().to_lowercase());
    services.entry(key).or_insert_with(|| CoverageView::of(name.unwrap_or("without a service")))
}

fn carriers(site: &Site) -> Vec<CarrierView> {
    let default = site.config.default_carrier().map(|carrier| carrier.name.as_str());
    let all = site.config.all_carriers().iter();
    all.map(|carrier| CarrierView {
        name: carrier.name.to_string(),
        url: carrier.url.clone(),
        opens: carrier.ui.title(),
        is_default: default == Some(carrier.name.as_str()),
    })
    .collect()
}

/// The runbooks that were changed last, the newest first.
fn changes(renderer: &Renderer<'_>) -> Vec<ChangeView> {
    let pages = renderer.site.pages.iter();
    let mut changed: Vec<_> = pages
        .filter_map(|page| Some((renderer.last_changes.get(page.runbook.source().path())?, page)))
        .collect();
    changed.sort_by(|(a, page), (b, other)| (b.day, &page.path).cmp(&(a.day, &other.path)));
    changed
        .into_iter()
        .take(LAST_CHANGES)
        .map(|(change, page)| ChangeView {
            title: page.title.clone(),
            href: relative_url(OVERVIEW, &page.path),
            day: change.day.to_string(),
            author: change.author.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::liquid::SiteVariables;
    use crate::render::{Output, Theme};
    use crate::runbook::{AlertColumns, Runbook};
    use crate::site::{Age, Date, LastChange, Parts};
    use crate::source::Source;
    use std::sync::Arc;

    fn site() -> Site {
        let config =
            "title: T\nrules: [r.yaml]\ncarriers: [{name: one, url: 'http://one.example'}]";
        let config = crate::config::parse(&Source::new("alertbook.yaml", config)).unwrap();
        let page = |path: &str, text: &str| {
            let source = Source::new(path, text);
            let variables = SiteVariables::default();
            let (runbook, _) = Runbook::read(&source, &variables, &AlertColumns::default());
            (path.to_owned(), Arc::new(runbook))
        };
        let disks = "---\ntitle: Disks\nservice: storage\nalerts: [Full, Slow]\nreview_by: 2024-01-01\n---\n";
        let rules = "groups: [{name: g, rules: [\
                     {alert: Full, expr: a > 1, labels: {severity: page}}, \
                     {alert: Odd, expr: a > 1}, \
                     {alert: Down, expr: up == 0, labels: {severity: warning, service: net}}]}]";
        let (rules, _) = crate::rules::parse(&Source::new("r.yaml", rules));
        let runbooks = vec![page("a.md", disks), page("b.md", "# Nets")];
        let parts = Parts { runbooks, rule_files: vec![rules.into()], ..Parts::default() };
        let age = Age { today: Date::parse("2024-06-01"), overtaken: Some(BTreeMap::new()) };
        Site::assemble(config, parts).with_age(age)
    }

    /// Names with runbooks, alerts, documented, missing and stale ones.
    fn counts(views: &[CoverageView]) -> Vec<(&str, [usize; 5])> {
        let of = |it: &CoverageView| [it.runbooks, it.alerts, it.documented, it.missing, it.stale];
        views.iter().map(|it| (it.name.as_str(), of(it))).collect()
    }

    #[test]
    fn alerts_count_by_their_worst_severity_and_by_service() {
        let (site, theme) = (site(), Theme::built_in());
        let change = |day, author: &str| LastChange {
            day: Date::parse(day).unwrap(),
            author: author.to_owned(),
        };
        let history = [
            ("a.md".to_owned(), change("2024-01-02", "Ada")),
            ("b.md".to_owned(), change("2024-03-04", "Grace")),
        ];
        let renderer = Renderer::new(&site, &theme).unwrap();
        let renderer = renderer.with_last_changes(Arc::new(history.into()));
        let view = view(&renderer);
        // `Slow` is documented, and no rule raises it.
        let severities = [
            ("page", [0, 1, 1, 0, 1]),
            ("warning", [0, 1, 0, 1, 0]),
            ("no severity", [0, 1, 0, 1, 0]),
            ("no rule", [0, 1, 1, 0, 1]),
        ];
        assert_eq!(counts(&view.severities), severities);
        let services = [
            ("net", [0, 1, 0, 1, 0]),
            ("storage", [1, 2, 2, 0, 2]),
            ("without a service", [1, 1, 0, 1, 0]),
        ];
        assert_eq!(counts(&view.services), services);
        assert_eq!(counts(&[view.total]), [("All", [2, 4, 2, 2, 2])]);
        let changes: Vec<_> = view.changes.iter().map(|it| (&*it.day, &*it.href)).collect();
        assert_eq!(changes, [("2024-03-04", "../b.html"), ("2024-01-02", "../a.html")]);
        let page = renderer.render(Output::Listing(OVERVIEW)).unwrap();
        let page = String::from_utf8(page.bytes).unwrap();
        for shown in [
            "http://one.example",
            ">Ada<",
            "no severity",
            "<th scope=\"col\" class=\"number\">May be stale",
        ] {
            assert!(page.contains(shown), "{shown} is not in {page}");
        }
    }
}
