//! Runbook sites of any size, the same on every machine: what speed is measured on.
//!
//! Two shapes: small pages of 2 KB with 2 alerts each, and pages of 20 KB with 13 alerts each, as
//! large and as mixed as a real runbook of a busy service. The rules agree with the pages, so that
//! `alertbook check` has nothing to say; names, numbers and texts differ from page to page, so that
//! no page is a copy of another one.

mod alerts;
mod drift;
mod prose;

use alerts::Alert;
pub use drift::drifted;
use prose::Prose;
use std::fmt::Write as _;

/// Where the sites say that they are published.
pub const BASE_URL: &str = "https://runbooks.example.com";

/// How many pages a section of the navigation has, its own page among them.
const SECTION: usize = 50;

/// What the pages of a site are like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// 2 KB, 2 alerts.
    Small,
    /// 20 KB, 13 alerts.
    Large,
}

/// A generated file: its path below the site, and its text.
pub type File = (String, String);

/// The files of a site with this many pages, in order of the pages.
pub fn site(shape: Shape, pages: usize) -> impl Iterator<Item = File> {
    let fixed = [
        ("alertbook.yaml".to_owned(), CONFIGURATION.to_owned()),
        ("content/images/load.svg".to_owned(), IMAGE.to_owned()),
    ];
    let generated = (0..pages).flat_map(move |number| {
        let page = Page { shape, number, pages };
        [(page.source(), page.text()), (page.rules_path(), page.rules())]
    });
    fixed.into_iter().chain(generated)
}

const CONFIGURATION: &str = "\
title: Harbour runbooks
base_url: https://runbooks.example.com
rules: [\"rules/**/*.yaml\"]
carriers:
  url: https://metrics.example.com/{carrier}/prometheus
  default: prod-ams1/carrier1
  names: [prod-ams1/carrier1, prod-ams1/carrier2, prod-gru1/carrier1, stage-ams1/carrier1]
";

/// An image of a few bytes.
pub const IMAGE: &str = "\
<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"120\" height=\"40\">\
<path d=\"M0 30 L30 10 L60 25 L90 5 L120 20\" fill=\"none\" stroke=\"#369\"/></svg>\n";

/// One page and the rules that belong to it.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// What the pages of its site are like.
    pub shape: Shape,
    /// Which page it is, from 0.
    pub number: usize,
    /// How many pages its site has.
    pub pages: usize,
}

impl Page {
    fn section(self) -> usize {
        self.number / SECTION
    }

    fn folder(self) -> String {
        format!("section-{:04}", self.section())
    }

    fn section_title(self) -> String {
        format!("{} {:04}", prose::area(self.section()), self.section())
    }

    /// Whether it is the one of its section.
    pub fn is_section_page(self) -> bool {
        self.number.is_multiple_of(SECTION)
    }

    /// The service it is for: `berth-planner-00042`.
    pub fn service(self) -> String {
        format!("{}-{:05}", prose::service(self.number), self.number)
    }

    fn name(self) -> String {
        if self.is_section_page() { "index".to_owned() } else { self.service() }
    }

    /// The path of its Markdown file below the site.
    pub fn source(self) -> String {
        format!("content/{}/{}.md", self.folder(), self.name())
    }

    /// The path of its page below the root of the output.
    pub fn output(self) -> String {
        format!("{}/{}.html", self.folder(), self.name())
    }

    fn rules_path(self) -> String {
        format!("rules/{}/{}.yaml", self.folder(), self.service())
    }

    /// The page of this number that stands beside it in its section, or itself where none does.
    fn neighbour(self) -> Page {
        let first = self.section() * SECTION;
        let last = self.pages.min(first + SECTION) - 1;
        let number = if self.number == last { first } else { self.number + 1 };
        Page { number, ..self }
    }

    /// The names of its alerts, in order.
    pub fn alert_names(self) -> impl Iterator<Item = String> {
        self.alerts().into_iter().map(|alert| alert.name())
    }

    fn alerts(self) -> Vec<Alert> {
        match self.shape {
            Shape::Small => alerts::of(self, 2),
            Shape::Large => alerts::of(self, 13),
        }
    }

    /// Its Markdown.
    pub fn text(self) -> String {
        let mut text = self.front_matter();
        let mut prose = Prose::new(self.number);
        let alerts = self.alerts();
        let _ = write!(
            text,
            "\nAlert\n{{: .label .label-purple}}\n\n## Overview\n\n{}\n\n",
            prose.paragraph(if self.shape == Shape::Small { 2 } else { 6 })
        );
        text.push_str(&alerts::table(&alerts));
        match self.shape {
            Shape::Small => self.small(&mut text, &alerts, &mut prose),
            Shape::Large => self.large(&mut text, &alerts, &mut prose),
        }
        text
    }

    fn front_matter(self) -> String {
        let service = self.service();
        let (title, parent) = if self.is_section_page() {
            (self.section_title(), "has_children: true".to_owned())
        } else {
            (format!("{service}: what to do"), format!("parent: {}", self.section_title()))
        };
        format!(
            "---\nlayout: default\ntitle: \"{title}\"\n\
             description: How to bring {service} back to its usual state\n\
             type: Alert\nservice: {service}\nrunbook-name: \"{service} alerts\"\n\
             tags: {}, harbour\nlink: /{}\n{parent}\n---\n",
            prose::area(self.section()).to_lowercase(),
            self.output()
        )
    }

    fn small(self, text: &mut String, alerts: &[Alert], prose: &mut Prose) {
        let (service, neighbour) = (self.service(), self.neighbour());
        for alert in alerts {
            let _ = write!(
                text,
                "\n### {}\n\n{}\n\n```promql\n{}\n```\n\n{}\n",
                alert.heading(),
                alert.sentence(),
                alert.expression(),
                prose.paragraph(2)
            );
        }
        let _ = write!(
            text,
            "\n## Actions\n\n\
             1. See what the service says of itself:\n\n   ```bash\n   \
             kubectl --namespace harbour logs deployment/{service} --tail=200 | grep -i error\n   \
             ```\n\n\
             2. Look at [the service beside it](./{}.html), which fails along with this one.\n\
             3. Hand over as the [section](./index.html#overview) describes.\n",
            neighbour.name()
        );
    }

    fn large(self, text: &mut String, alerts: &[Alert], prose: &mut Prose) {
        text.push_str("{:.table .table-bordered}\n\n## Example alert\n\n");
        text.push_str(&alerts[0].example(self));
        let _ = write!(
            text,
            "\n## Reading the graphs\n\n{}\n\n\
             <a href=\"../images/load.svg\">\n\
             <img src=\"../images/load.svg\" alt=\"Load over a day\" width=\"120\"/></a>\n\n\
             {}\n\n## Metrics and queries\n",
            prose.paragraph(2),
            prose.paragraph(2)
        );
        for (index, alert) in alerts.iter().enumerate() {
            let metric = alert.metric();
            let _ = write!(
                text,
                "\n### {}\n\nRelated metric: `{metric}`\n\
                 Get all series of a worker: `{metric}{{workerID=\"*workerID*\"}} >= 0`\n\n{}\n",
                alert.heading(),
                prose.paragraph(6),
            );
            if alert.is_compound() {
                let _ = write!(
                    text,
                    "\nThe rule asks for this:\n\n```promql\n{}\n```\n\n{}\n",
                    alert.expression(),
                    prose.paragraph(2)
                );
            }
            for (query, says) in alert.parts() {
                let _ = write!(text, "\n```promql\n{query}\n```\n{says}\n");
            }
            if let Some(series) = alert.series(self) {
                let _ = write!(text, "\nA series of it:\n\n```promql\n{series}\n```\n");
            }
            if index == 9 {
                let _ = write!(
                    text,
                    "\nFor each cluster by itself:\n\n```\nsum by (clusterID) ({metric})\n```\n"
                );
            }
        }
        self.actions(text, prose);
    }

    /// What to do, as a busy service's runbook says it: steps, sessions, links.
    fn actions(self, text: &mut String, prose: &mut Prose) {
        let (service, neighbour) = (self.service(), self.neighbour());
        let pod =
            format!("{service}-6d5f7c9b{:02x}-x{:04x}", self.number % 251, self.number % 65_521);
        let _ = write!(
            text,
            "\n## Actions\n\n### Find the worker\n\n\
             1. Take `clusterID` and `workerID` from the alert.\n\
             2. Read the [logs of the pod](#read-the-logs).\n\
             3. See whether [its neighbour](./{}.html#overview) complains as well.<br>\n   {}\n\n\
             ### Read the logs\n\n\
             1. Go to the carrier that the alert names.\n\
             2. Run `kubectl get pods -n harbour -l app={service}`\n\n   ~~~~~\n   \
             root@{service}-master-01:~# kubectl get pods -n harbour -l app={service}\n   \
             NAME                                 READY   STATUS    RESTARTS   AGE\n   \
             {pod}   2/2     Running   1          9h\n   ~~~~~\n\n\
             3. Keep what it says: `kubectl logs {pod} -n harbour --since=2h`\n\
             4. Of all its pods at once:\n\n   ```bash\n   \
             for pod in $(kubectl get pods -n harbour -l app={service} -o name); do\n     \
             kubectl logs \"$pod\" -n harbour --tail=200 | grep -i \"error\" | sort | uniq -c\n   \
             done\n   ```\n\n   {}\n\n",
            neighbour.name(),
            prose.paragraph(1),
            prose.paragraph(1)
        );
        let _ = write!(
            text,
            "### Look at the control plane\n\n{}\n\n\
             - `kubectl get pods -n harbour | grep <clusterID>` lists the pods of a cluster.\n\
             - `kubectl get events -n harbour --sort-by=.lastTimestamp` says what happened last.\n\
             - `etcdctl endpoint status --cluster -w table` shows who leads.\n\n{}\n\n\
             ## Escalation\n\n{}\n\n\
             Hand over as the [section's page](./index.html#overview) describes, with what you \
             found and what you tried.\n",
            prose.paragraph(4),
            prose.paragraph(6),
            prose.paragraph(4)
        );
    }

    /// Its rule file.
    fn rules(self) -> String {
        let service = self.service();
        let mut text = String::from("groups:\n");
        if self.shape == Shape::Large {
            let _ = writeln!(text, "  - name: {service}-recording\n    rules:");
            for alert in self.alerts().iter().take(5) {
                let metric = alert.metric();
                let _ = writeln!(
                    text,
                    "      - record: harbour:{metric}:sum\n        \
                     expr: sum by (clusterID, workerID) ({metric})"
                );
            }
        }
        let _ = writeln!(text, "  - name: {service}\n    rules:");
        for alert in self.alerts() {
            text.push_str(&alert.rule(self));
        }
        text
    }
}
