//! Alerts on pages: the card of their rules and the badge beside their name.

use super::escape::{Html, push, push_as_templates_do, push_escaped};
use super::placeholders::{self, Placeholders};
use super::query::ShownQueries;
use super::views::{FieldView, RuleCardView, RuleChangeView, RuleView};
use crate::rules::{Duration, Label, Rule};
use crate::site::address::{encode_fragment, relative_url};
use crate::site::history::{Moment, Overtaken};
use crate::site::{Alert, Page, PlacedRule, ReviewDue, RulePlace, Site, row_id};
use crate::yaml::Text;
use rustc_hash::FxHashMap;

/// The id of an alert's card on its page. It has a dot, which no id of a heading has.
pub fn card_id(alert: &str) -> String {
    // Nearly all names are one word.
    if alert.bytes().all(|byte| byte.is_ascii_graphic()) {
        return ["rule.", alert].concat();
    }
    let words: Vec<&str> = alert.split(char::is_whitespace).collect();
    ["rule.", &words.join("-")].concat()
}

/// The labels that many rules add, as their cards show them, each made but once. Cards make those of few
/// rules themselves: a site may have a service for each of its pages, and so many labels.
#[derive(Default)]
pub struct Labels<'s>(FxHashMap<(&'s str, &'s str), tera::Value>);

impl<'s> Labels<'s> {
    /// Those of a site.
    pub fn of_many(site: &'s Site, placeholders: &Placeholders) -> Self {
        const MANY: usize = 5;
        let mut counts: FxHashMap<(&str, &str), (usize, &Label)> = FxHashMap::default();
        let rules = site.alerts.values().flat_map(|alert| site.rules_of(alert));
        for label in rules.flat_map(|rule| &rule.labels) {
            counts.entry((label.name.as_str(), label.value.as_str())).or_insert((0, label)).0 += 1;
        }
        let of_many = counts.into_iter().filter(|(_, (count, _))| *count >= MANY);
        let made = of_many.map(|(key, (_, label))| {
            (key, tera::Value::from_serializable(&field(placeholders, label)))
        });
        Self(made.collect())
    }

    fn of(&self, placeholders: &Placeholders, rule: &Rule) -> Vec<tera::Value> {
        let shown = |label: &Label| {
            let known = self.0.get(&(label.name.as_str(), label.value.as_str()));
            let make = || tera::Value::from_serializable(&field(placeholders, label));
            known.cloned().unwrap_or_else(make)
        };
        rule.labels.iter().map(shown).collect()
    }
}

/// The card of an alert's rules, or `None` for an alert that no rule raises. `labels` are there where a
/// template may ask for each of them, and for each annotation; `review_due` says why the page that documents
/// the alert is due for a review, if it is.
pub fn card<'c, 's: 'c>(
    (site, placeholders): (&'s Site, &Placeholders),
    labels: Option<&Labels<'_>>,
    (name, alert): (&'s str, &'s Alert),
    review_due: Option<&str>,
    queries: &'c mut ShownQueries<'s>,
) -> Option<RuleCardView<'c>> {
    let change = site.outdated(name);
    site.rules_of(alert).for_each(|rule| queries.keep(expression(rule)));
    let queries = &*queries;
    let rules = alert.rules.iter().map(|place| RuleView {
        change: change.filter(|it| it.rule == *place).map(change_view),
        ..rule((site, placeholders), labels, *place, queries)
    });
    let rules: Vec<RuleView<'_>> = rules.collect();
    (!rules.is_empty()).then(|| RuleCardView {
        id: card_id(name),
        alert: name,
        rules,
        review_due: review_due.map(str::to_owned),
    })
}

fn change_view(change: &Overtaken) -> RuleChangeView {
    let day = |moment: &Moment| moment.commit.as_ref().map(|(_, day)| day.to_string());
    let documented = change.documented.as_ref().and_then(day);
    let what = change.what.iter().map(|it| it.trim_matches('`')).collect();
    RuleChangeView { day: day(&change.changed), what, documented }
}

/// Why a page is due for a review, as a sentence.
pub fn review_due(site: &Site, page: &Page) -> Option<String> {
    Some(match site.review_due(page)? {
        ReviewDue::By(day, _) => format!("This page was to be reviewed by {day}."),
        ReviewDue::Last(day, ..) => format!("This page was last reviewed on {day}."),
    })
}

/// The expression of a rule, as it is shown.
fn expression(rule: &Rule) -> &str {
    rule.expr.as_str().trim()
}

fn rule<'c>(
    (site, known): (&'c Site, &Placeholders),
    labels: Option<&Labels<'_>>,
    place: RulePlace,
    queries: &'c ShownQueries<'_>,
) -> RuleView<'c> {
    let PlacedRule { file, group, rule } = site.rule(place);
    let expr = expression(rule);
    let query = queries.kept(expr);
    debug_assert!(query.is_some(), "{expr} is not kept");
    let text = |duration: Option<&'c Duration>| duration.map(|duration| duration.text.as_str());
    let annotations = || rule.annotations().iter().map(|it| field(known, it)).collect();
    let (texts, dashboards, details) = shown(rule, known);
    RuleView {
        severity: rule.severity().map(Text::as_str),
        for_duration: text(rule.for_duration()),
        keep_firing_for: text(rule.keep_firing_for()),
        group: group.name.as_str(),
        file: file.source.path(),
        line: rule.name().span().start().line,
        query_html: query.map_or("", |query| &query.html),
        open_href: query.and_then(|query| query.url.as_deref()),
        open_in: queries.open_in(),
        expr,
        texts,
        dashboards,
        details,
        labels: labels.map_or_else(Vec::new, |labels| labels.of(known, rule)),
        annotations: labels.map_or_else(Vec::new, |_| annotations()),
        change: None,
    }
}

/// The labels and annotations of a rule as its card shows them: what it says, links to dashboards, and all
/// the rest.
fn shown(rule: &Rule, known: &Placeholders) -> (Html, Html, Html) {
    let is_said = |it: &Label| matches!(it.name.as_str(), "summary" | "description");
    let (mut said, mut others) = (0, 64 * rule.labels.len());
    for annotation in rule.annotations() {
        let length = if is_said(annotation) { &mut said } else { &mut others };
        *length += 64 + annotation.value.as_str().len();
    }
    let mut texts = String::with_capacity(said);
    let mut details = String::with_capacity(others);
    let mut dashboards = String::new();
    for label in &rule.labels {
        details.push_str("\n<dt>");
        push_as_templates_do(&mut details, label.name.as_str());
        details.push_str("</dt><dd>");
        push_as_templates_do(&mut details, label.value.as_str());
        details.push_str("</dd>");
    }
    for annotation in rule.annotations() {
        let (name, value) = (annotation.name.as_str(), annotation.value.as_str());
        let link = link(known, value);
        if let Some(link) = link.as_ref().filter(|_| is_dashboard(name)) {
            push(&mut dashboards, &["<a ", link, " rel=\"noreferrer\">Dashboard</a>"]);
        }
        if is_said(annotation) {
            push(&mut texts, &["\n<p class=\"rule-", name, "\">"]);
            push_value(&mut texts, known, value);
            texts.push_str("</p>");
            continue;
        }
        details.push_str("\n<dt>");
        push_as_templates_do(&mut details, name);
        details.push_str("</dt><dd>");
        if let Some(link) = &link {
            push(&mut details, &["<a data-autolink ", link, ">"]);
        }
        push_value(&mut details, known, value);
        details.push_str(if link.is_some() { "</a></dd>" } else { "</dd>" });
    }
    (Html(texts), Html(dashboards), Html(details))
}

fn is_dashboard(name: &str) -> bool {
    name.contains("dashboard")
}

/// Appends the value of a label or an annotation, with the labels that it speaks of as placeholders.
fn push_value(html: &mut String, known: &Placeholders, value: &str) {
    placeholders::push_text(html, value, &known.of_annotation(value));
}

/// The attributes of a link to the address that a value is, if it is one.
fn link(known: &Placeholders, value: &str) -> Option<String> {
    if !value.starts_with("https://") && !value.starts_with("http://") {
        return None;
    }
    // Labels in an address are filled in by the reader; whatever else a template does is not
    // known before the alert is raised.
    let holes = known.of_template_address(value)?;
    let mut attributes = String::with_capacity(value.len() + 16);
    attributes.push_str("href=\"");
    push_escaped(&mut attributes, value);
    attributes.push('"');
    placeholders::push_attribute(&mut attributes, value, &holes);
    Some(attributes)
}

fn field<'s>(known: &Placeholders, label: &'s Label) -> FieldView<'s> {
    let (name, value) = (label.name.as_str(), label.value.as_str());
    let mut html = String::with_capacity(value.len() + 8);
    push_value(&mut html, known, value);
    FieldView { name, value, html, link: link(known, value), is_dashboard: is_dashboard(name) }
}

/// The severities of an alert's rules, worst first, each once.
pub(super) fn severities<'s>(site: &'s Site, alert: &Alert) -> Vec<&'s str> {
    let mut found: Vec<&str> = Vec::with_capacity(alert.rules.len());
    for severity in site.rules_of(alert).filter_map(Rule::severity).map(Text::as_str) {
        if !found.contains(&severity) {
            found.push(severity);
        }
    }
    found.sort_by_key(|severity| rank(severity));
    found
}

/// How bad a severity is by the names that are in use, 0 the worst.
pub(super) fn rank(severity: &str) -> usize {
    const WORST_FIRST: [&[&str]; 4] = [
        &["page", "critical", "emergency", "sev1", "s1"],
        &["error", "major", "high", "sev2", "s2"],
        &["warning", "minor", "medium", "ticket", "sev3", "s3"],
        &["info", "low", "notice", "sev4", "s4"],
    ];
    let is_one = |names: &&[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(severity));
    WORST_FIRST.iter().position(is_one).unwrap_or(4)
}

/// Appends what stands beside the names of alerts in a row of an alert table: the severity of each, as a
/// link to its rules. The alerts whose readers land at the row have their ids here.
pub fn push_facts<'n>(
    html: &mut String,
    site: &Site,
    path: &str,
    alerts: impl Iterator<Item = (&'n str, &'n Alert, bool)>,
) {
    for (name, alert, is_start) in alerts {
        if alert.rules.is_empty() && !is_start {
            continue;
        }
        html.push_str("<span class=\"alert-facts\" data-added");
        if is_start {
            html.push_str(" id=\"");
            push_escaped(html, &row_id(name));
            html.push('"');
        }
        html.push('>');
        if !alert.rules.is_empty() {
            push_severities(html, site, path, name, alert);
        }
        html.push_str("</span>");
    }
}

/// The severities of an alert, each as a link to its rules.
fn push_severities(html: &mut String, site: &Site, path: &str, name: &str, alert: &Alert) {
    let href = card_address(site, path, name, alert);
    let severities = severities(site, alert);
    let shown = if severities.is_empty() { &["rule"][..] } else { &severities };
    for severity in shown {
        html.push_str("<a class=\"severity severity-");
        push_escaped(html, severity);
        html.push_str("\" href=\"");
        push_escaped(html, &href);
        html.push_str("\" title=\"The rule of ");
        push_escaped(html, name);
        html.push_str("\">");
        push_escaped(html, severity);
        html.push_str("</a>");
    }
}

/// Where the card of an alert's rules is, as seen from a page.
fn card_address(site: &Site, path: &str, name: &str, alert: &Alert) -> String {
    let page = alert.start.as_ref().map(|start| site.pages[start.page].path.as_str());
    let id = card_id(name);
    let id = encode_fragment(&id);
    match page {
        Some(page) if page == path => ["#", &id].concat(),
        Some(page) => [&relative_url(path, page), "#", &id].concat(),
        None => relative_url(path, &site.alert_page(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::liquid::SiteVariables;
    use crate::render::{Output, Renderer, Theme};
    use crate::runbook::{AlertColumns, Runbook};
    use crate::site::{Age, Date, Parts};
    use crate::source::Source;

    #[test]
    fn a_rule_that_changed_after_its_section_says_so_on_its_card() {
        let config = Source::new("alertbook.yaml", "title: T\nrules: [r.yaml]");
        let config = crate::config::parse(&config).unwrap();
        let text = "---\ntitle: Disks\nreview_by: 2026-06-01\n---\n\n## Full\n";
        let (runbook, _) = Runbook::read(
            &Source::new("a.md", text),
            &SiteVariables::default(),
            &AlertColumns::default(),
        );
        let rules =
            "groups: [{name: g, rules: [{alert: Full, expr: a > 1}, {alert: Full, expr: a > 2}]}]";
        let (rules, _) = crate::rules::parse(&Source::new("r.yaml", rules));
        let runbooks = vec![("a.md".to_owned(), runbook.into())];
        let rule_files = vec![rules.into()];
        let site = Site::assemble(config, Parts { runbooks, rule_files, ..Parts::default() });
        let day = |day| Moment { commit: Some(("c".to_owned(), Date::parse(day).unwrap())) };
        let overtaken = Overtaken {
            rule: site.alerts["Full"].rules[1],
            what: vec!["expression", "`for`"],
            changed: day("2026-11-01"),
            documented: Some(day("2026-01-02")),
        };
        let site = site.with_age(Age {
            today: Date::parse("2026-11-26"),
            overtaken: Some([("Full".to_owned(), overtaken)].into()),
        });
        let theme = Theme::built_in();
        let page = Renderer::new(&site, &theme).unwrap().render(Output::Page(0)).unwrap();
        let page = String::from_utf8(page.bytes).unwrap();
        let (first, second) = page.split_once("a</span> <span class=\"q-operator\">&gt;").unwrap();
        let told = "This rule changed on 2026-11-01 (expression, for); what is said of it here was last changed on 2026-01-02.";
        assert!(!first.contains(told) && second.contains(told), "{page}");
        assert!(first.contains("This page was to be reviewed by 2026-06-01."), "{page}");
    }
}
