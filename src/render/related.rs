//! Runbooks that may help with an alert which none documents: those of alerts with a name like its
//! own, those that ask for the same metrics, and those of its service.
//!
//! What is rare says more than what is common: a term that two share counts by how few runbooks have
//! it.

use super::views::RelatedView;
use crate::rules::Rule;
use crate::site::address::{NOT_FOUND, relative_url};
use crate::site::{Page, Site};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What a runbook and an alert may have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Term {
    /// A metric that is asked for.
    Metric(String),
    /// The service.
    Service(String),
    /// A word of a name or a title.
    Word(String),
}

/// Terms that more runbooks have say nothing, and cost time.
const MOST_PAGES: usize = 300;

/// How many runbooks are worth a line.
const MOST_SHOWN: usize = 4;

/// Which runbooks of a site have which terms.
pub(super) struct Related<'s> {
    site: &'s Site,
    /// The pages of each term, as indexes.
    pages: HashMap<Term, Vec<usize>>,
}

impl<'s> Related<'s> {
    /// Reads the terms of all runbooks.
    pub fn new(site: &'s Site) -> Self {
        let mut pages: HashMap<Term, Vec<usize>> = HashMap::new();
        for (index, page) in site.pages.iter().enumerate().filter(|(_, it)| it.path != NOT_FOUND) {
            for term in terms_of_page(site, index, page) {
                pages.entry(term).or_default().push(index);
            }
        }
        Self { site, pages }
    }

    /// Those that may help with an alert, as seen from the page at an output path, the best first.
    pub fn with(&self, alert: &str, path: &str) -> Vec<RelatedView> {
        let mut found: BTreeMap<usize, Vec<(&Term, f64)>> = BTreeMap::new();
        let terms = terms_of_alert(self.site, alert);
        for term in &terms {
            let pages = self.pages.get(term).map_or(&[][..], Vec::as_slice);
            for page in pages.iter().filter(|_| pages.len() <= MOST_PAGES) {
                found.entry(*page).or_default().push((term, self.weight(term)));
            }
        }
        let words = terms.iter().filter(|term| matches!(term, Term::Word(_)));
        let of_name: f64 = words.map(|word| self.weight(word)).sum();
        let may_help = |shared: &[(&Term, f64)]| {
            let is_word = |(term, _): &&(&Term, f64)| matches!(term, Term::Word(_));
            let of_words: f64 = shared.iter().filter(is_word).map(|(_, weight)| weight).sum();
            shared.iter().any(|it| !is_word(&it)) || of_words * 3.0 > of_name
        };
        let sum = |shared: &[(&Term, f64)]| shared.iter().map(|(_, weight)| weight).sum::<f64>();
        let mut found: Vec<_> = found.into_iter().filter(|(_, shared)| may_help(shared)).collect();
        found.sort_by(|(_, a), (_, b)| sum(b).total_cmp(&sum(a)));
        let shown = found.into_iter().take(MOST_SHOWN);
        shown.map(|(page, shared)| view(&self.site.pages[page], path, &shared)).collect()
    }

    /// What a term says: more, the fewer have it.
    fn weight(&self, term: &Term) -> f64 {
        let count = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        let having = self.pages.get(term).map_or(1, Vec::len);
        ((1.0 + count(self.site.pages.len())) / count(having)).ln()
    }
}

fn view(page: &Page, path: &str, shared: &[(&Term, f64)]) -> RelatedView {
    // Metrics come before services, and those before words.
    let reason = match shared[0].0 {
        Term::Metric(metric) => Some(("asks for", metric.clone())),
        Term::Service(_) => page.front_matter("service").map(|name| ("of", name.to_owned())),
        Term::Word(_) => None,
    };
    let href = relative_url(path, &page.path);
    RelatedView { title: page.title.clone(), href, reason }
}

fn terms_of_page(site: &Site, index: usize, page: &Page) -> BTreeSet<Term> {
    let mut terms = BTreeSet::new();
    push_words(&mut terms, &page.title);
    push_words(&mut terms, page.stem());
    terms.extend(page.front_matter("service").map(service));
    let queries = page.runbook.snippets.iter().flat_map(|snippet| &snippet.queries);
    terms.extend(queries.flat_map(|query| query.metrics.iter().cloned().map(Term::Metric)));
    for alert in site.alerts_starting_on(index) {
        terms.extend(terms_of_alert(site, alert));
    }
    terms
}

fn terms_of_alert(site: &Site, name: &str) -> BTreeSet<Term> {
    let mut terms = BTreeSet::new();
    push_words(&mut terms, name);
    for rule in site.rules_raising(name) {
        terms.extend(rule.label("service").map(|name| service(name.as_str())));
        terms.extend(metrics(rule).map(Term::Metric));
    }
    terms
}

fn metrics(rule: &Rule) -> impl Iterator<Item = String> {
    rule.query().into_iter().flat_map(|query| query.metrics.iter().cloned())
}

fn service(name: &str) -> Term {
    Term::Service(name.to_lowercase())
}

/// Adds the words of a name in whatever way it is written, `KubeJobFailed`, `kube-job-failed`, by
/// their first letters, in which `completed` and `completion` are one.
fn push_words(terms: &mut BTreeSet<Term>, name: &str) {
    const STEM: usize = 6;
    let letters: Vec<char> = name.chars().collect();
    let mut word = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let is_small = |at: usize| letters.get(at).is_some_and(|it| it.is_lowercase());
        let begins = letter.is_uppercase() && at > 0 && (is_small(at - 1) || is_small(at + 1));
        if begins || !letter.is_alphanumeric() {
            push_word(terms, &mut word);
        }
        if letter.is_alphanumeric() && word.chars().count() < STEM {
            word.extend(letter.to_lowercase());
        }
    }
    push_word(terms, &mut word);
}

fn push_word(terms: &mut BTreeSet<Term>, word: &mut String) {
    let word = std::mem::take(word);
    let singular = word.strip_suffix('s').filter(|rest| rest.len() > 2 && !rest.ends_with('s'));
    if word.chars().count() > 1 {
        terms.insert(Term::Word(singular.map_or_else(|| word.clone(), str::to_owned)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::liquid::SiteVariables;
    use crate::runbook::{AlertColumns, Runbook};
    use crate::site::Parts;
    use crate::source::Source;

    #[test]
    fn runbooks_help_by_name_by_metric_and_by_service() {
        let config = crate::config::parse(&Source::new("alertbook.yaml", "title: T")).unwrap();
        let page = |path: &str, text: &str| {
            let variables = SiteVariables::default();
            let columns = AlertColumns::default();
            let (runbook, _) = Runbook::read(&Source::new(path, text), &variables, &columns);
            (path.to_owned(), runbook.into())
        };
        let runbooks = vec![
            page("KubeJobCompletion.md", "# Kube Job Completion"),
            page("KubePodNotReady.md", "# Kube Pod Not Ready"),
            page("KubePodCrash.md", "# Kube Pod Crash"),
            page("KubeNodeNotFound.md", "# Kube Node Not Found"),
            page("KubeQuotaNotMet.md", "# Kube Quota Not Met"),
            page("batch.md", "# Batch\n\n```promql\nkube_job_failed > 0\n```\n"),
            page("night.md", "---\ntitle: At night\nservice: Billing\n---\n"),
        ];
        let rules = "groups: [{name: g, rules: [\
            {alert: KubeJobNotCompleted, expr: kube_job_failed > 0, labels: {service: billing}}, \
            {alert: Odd, expr: vector(1)}]}]";
        let (rules, _) = crate::rules::parse(&Source::new("r.yaml", rules));
        let rule_files = vec![rules.into()];
        let site = Site::assemble(config, Parts { runbooks, rule_files, ..Parts::default() });
        let related = Related::new(&site);
        let found = related.with("KubeJobNotCompleted", "alerts/KubeJobNotCompleted/index.html");
        let reason =
            |it: &RelatedView| it.reason.clone().map(|(how, what)| format!("{how} {what}"));
        let found: Vec<_> = found.iter().map(|it| (it.href.as_str(), reason(it))).collect();
        let expected = [
            ("../../KubeJobCompletion.html", None),
            ("../../batch.html", Some("asks for kube_job_failed".to_owned())),
            ("../../night.html", Some("of Billing".to_owned())),
        ];
        assert_eq!(found, expected);
        assert!(related.with("Odd", "alerts/Odd/index.html").is_empty());
    }
}
