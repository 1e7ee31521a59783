//! Nothing panics: the sample site's files, cut up and put together at random, still go the whole
//! way from text to pages.

use alertbook::config;
use alertbook::lint;
use alertbook::liquid::{Data, SiteVariables};
use alertbook::render::{Renderer, Theme};
use alertbook::rules;
use alertbook::runbook::{AlertColumns, Runbook};
use alertbook::site::{Parts, Site};
use alertbook::source::Source;
use proptest::prelude::*;

const RUNBOOK: &str = include_str!("../content/armada/armada-bootstrap-failures.md");
const RULES: &str = include_str!("../content/rules/armada-bootstrap.yaml");
const CONFIGURATION: &str = include_str!("../alertbook.yaml");

const DATA: &str =
    "armada-deploy:\n  comm: {name: '#armada', rooms: [a, b]}\n  note: '{% raw %} {{'\n";

/// What people and editors put into files by accident, and what parsers trip over.
const SPLINTERS: [&str; 36] = [
    "---\n",
    "```",
    "~~~~",
    "`",
    "|",
    "\n|--\n",
    "{: .x}",
    "{#",
    "<",
    "<!--",
    "</",
    "\"",
    "*",
    "${",
    "{{ $labels.x }}",
    "{{ site.data.teams.armada-deploy.comm.name }}",
    "{{- site.data.teams.armada-deploy.note -}}",
    "{{ site.data.teams.armada-deploi.comm | upcase }}",
    "{{ site.data.teams['",
    "{{ page.title | default: \"x",
    "{% raw -%}",
    "{% endraw %}",
    "{% capture x %}",
    "{%- endcapture %}",
    "{{ x }}",
    "{% comment %}",
    "{% endcomment %}",
    "[",
    "](",
    "#",
    "\r\n",
    "\t",
    "\u{a0}",
    "é",
    "<article>",
    ": x{a=\"",
];

/// An edit of a text: at a place given as a fraction, take some bytes out and put a splinter in.
type Edit = (f64, usize, usize);

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    prop::collection::vec((0.0..1.0, 0_usize..200, 0..SPLINTERS.len()), 0..12)
}

fn edited(text: &str, edits: &[Edit]) -> String {
    let mut text = text.to_owned();
    for (place, length, splinter) in edits {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_sign_loss,
            reason = "any place will do"
        )]
        let mut start = (text.len() as f64 * place) as usize;
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = (start + length).min(text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        text.replace_range(start..end, SPLINTERS[*splinter]);
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_text_becomes_pages(runbook in edits(), rule_file in edits(), data in edits()) {
        let configuration = Source::new("alertbook.yaml", CONFIGURATION);
        let config = config::parse(&configuration).expect("the sample's configuration is fine");
        let text = edited(RUNBOOK, &runbook);
        let (data, complaints) = Data::parse(&[(
            "teams.yaml".to_owned(),
            Source::new("content/_data/teams.yaml", edited(DATA, &data)),
        )]);
        let variables = SiteVariables::new("T", Some("https://a.example/b"), Some(data));
        let source = Source::new("content/a.md", text);
        let (runbook, mut diagnostics) = Runbook::read(&source, &variables, &AlertColumns::default());
        diagnostics.extend(complaints);
        let source = Source::new("content/rules/a.yaml", edited(RULES, &rule_file));
        let (rule_file, complaints) = rules::parse(&source);
        diagnostics.extend(complaints);
        let parts = Parts {
            runbooks: vec![("armada/a.md".to_owned(), runbook.into())],
            rule_files: vec![rule_file.into()],
            diagnostics,
            ..Parts::default()
        };
        let site = Site::assemble(config, parts);
        for (_, diagnostic) in lint::run(&site).entries() {
            prop_assert!(!diagnostic.message.is_empty());
            let range = diagnostic.span.range();
            prop_assert!(diagnostic.span.source().text().get(range).is_some());
        }
        let theme = Theme::built_in();
        let renderer = Renderer::new(&site, &theme).expect("the theme is fine");
        for output in renderer.outputs() {
            renderer.render(output).expect("the theme is fine");
        }
        let page = renderer.output_at("armada/a.html").expect("one page");
        let page = renderer.render(page).expect("it was rendered before");
        let html = String::from_utf8_lossy(&page.bytes);
        prop_assert_eq!(html.matches("<article").count(), 1);
        prop_assert_eq!(html.matches("</article>").count(), 1);
    }
}
