//! Expansion as a whole: what becomes of a page, and where its parts come from.

use super::data::tests::{TEAMS, data};
use super::*;
use crate::source::Span;
use proptest::prelude::*;

fn site() -> SiteVariables {
    let (data, _) = data(&[("teams.yaml", TEAMS), ("sites/eu.json", "{\"fra02\": \"Frankfurt\"}")]);
    SiteVariables::new("Armada runbooks", Some("https://runbooks.example.com/docs"), Some(data))
}

fn expanded(text: &str) -> (Arc<Source>, Vec<Diagnostic>) {
    let source = Source::new("a.md", text);
    let (front_matter, _) = FrontMatter::read(&source);
    let expanded = expand(&source, &front_matter, &site());
    (expanded.source, expanded.diagnostics)
}

#[test]
fn what_is_known_is_put_in() {
    let front_matter =
        "---\ntitle: '{{ site.title }}'\ntags: [a, b]\nteam: {name: Ops}\nlink:\n---\n";
    for (written, expected) in [
        ("{{ site.data.teams.armada-deploy.comm.name }}", "#armada-deploy"),
        ("{{site.data['teams']['armada-ops'].comm.name}}", "#armada-ops"),
        ("{{ site.data.sites.eu.fra02 | upcase }}", "FRANKFURT"),
        (
            "{{ site.title }}: {{ site.url }}{{ site.baseurl }}/x",
            "Armada runbooks: https://runbooks.example.com/docs/x",
        ),
        (
            "[a]({{ '/drain a.html' | relative_url }}) {{ \"drain.html\" | absolute_url }}",
            "[a](/docs/drain%20a.html) https://runbooks.example.com/docs/drain.html",
        ),
        ("{{ site.data.sites.eu.fra02 | relative_url }} {{ 'a' | upcase }}", "/docs/Frankfurt A"),
        ("{{ site.url | absolute_url }}", "https://runbooks.example.com"),
        // Front matter is not expanded, neither there nor here.
        ("{{ page.title }}", "{{ site.title }}"),
        ("{{ page.team.name }} {{ page.tags }} {{ page.tags[0] }}", "Ops ab a"),
        ("[{{ page.link }}]", "[]"),
        ("{{ page.link | default: 'none' }} {{ page.x.y | default: \"z\" }}", "none z"),
        ("{{ site.data.none | default: '<' | escape }}", "&lt;"),
        ("a\n{%- comment %} {{ site.data.none }} {% endcomment -%}\n b", "ab"),
        ("a {{- site.title -}} b", "aArmada runbooksb"),
        (
            "{% raw %}{{ page.team.name }} {% capture x %}{% endraw %}",
            "{{ page.team.name }} {% capture x %}",
        ),
        ("a {%- raw -%} {{ b }} {%- endraw -%} c", "a {{ b }} c"),
        (
            "{{ x }}{% capture x %}<{{ page.team.name }}>{% endcapture %}{{ x }}{{ x | downcase }}",
            "{{ x }}<Ops><ops>",
        ),
        (
            "{% capture 'a' %}1{% capture b %}2{% endcapture %}3{{ b }}{% endcapture %}{{ a }}{{ b }}",
            "1322",
        ),
        (
            "{% capture a %}{% raw %}{{ page.tags }}{% endraw %}{% endcapture %}{{ a }}",
            "{{ page.tags }}",
        ),
        ("```\n{{ page.team.name }}\n```\n", "```\nOps\n```\n"),
        ("{{{ page.team.name }}}", "{Ops}"),
        ("{{ {{ page.team.name }}", "{{ Ops"),
    ] {
        let (source, diagnostics) = expanded(&format!("{front_matter}{written}"));
        assert_eq!(source.text(), format!("{front_matter}{expected}"), "{written}");
        assert_eq!(diagnostics, [], "{written}");
    }
}

#[test]
fn markdown_within_raw_html_says_that_it_is_markdown() {
    for (written, expected) in [
        (
            "<div class=\"a\">{{ x | markdownify }}</div>",
            "<div class=\"a\"><div markdown=\"1\">\n\n**b**\nc\n\n</div></div>",
        ),
        (
            "- <div>\n  {{ x | markdownify }}</div>",
            "- <div>\n  <div markdown=\"1\">\n  \n  **b**\n  c\n  \n  </div></div>",
        ),
        (
            "<table><tr><td>{{ '*d*' | markdownify }}</td></tr></table>",
            "<table><tr><td><div markdown=\"1\">\n\n*d*\n\n</div></td></tr></table>",
        ),
        ("<div>{{ x }}</div> {{ x | markdownify }}", "<div>**b**\nc</div> **b**\nc"),
        ("Say <span>{{ x | markdownify }}</span>", "Say <span>**b**\nc</span>"),
        ("<div>\n\n{{ x | markdownify }}", "<div>\n\n**b**\nc"),
    ] {
        let (source, diagnostics) =
            expanded(&format!("{{% capture x %}}**b**\nc{{% endcapture %}}{written}"));
        assert_eq!(source.text(), expected, "{written}");
        assert_eq!(diagnostics, [], "{written}");
    }
}

#[test]
fn a_page_knows_its_file() {
    let written = "{{ page.url }} {{ page.path }} {{ page.name }} {{ page.dir }} {{ page.path.x }}";
    for (content, path, expected) in [
        ("content", "content/a/b c.md", "/a/b%20c.html a/b c.md b c.md /a/"),
        ("content/", "content/index.md", "/ index.md index.md /"),
        (".", "a/index.md", "/a/ a/index.md index.md /a/"),
        ("docs", "docsa/b.md", "/docsa/b.html docsa/b.md b.md /docsa/"),
    ] {
        let source = Source::new(path, format!("---\nname: x\n---\n{written}"));
        let (front_matter, _) = FrontMatter::read(&source);
        let Expanded { source, .. } = expand(&source, &front_matter, &site().with_content(content));
        let text = source.text().split("---\n").last().unwrap();
        assert_eq!(text, format!("{expected} {{{{ page.path.x }}}}"), "{path}");
    }
}

#[test]
fn everything_else_stays_as_it_stands() {
    for text in [
        "plain",
        "{{ $labels.instance }} on {{ .Values.name }}",
        "{{ range $i := .Items }}{{- end -}}",
        "{{ \"{{\" }} and {{ include \"x\" . | nindent 4 }}",
        "${{ secrets.TOKEN }} style={{color: red}}",
        "{{ site.data }} {{ unknown }} {{ site }} {{ unknown | strip }}",
        "{{ \"a\" | quote }} {{ 'a' | relative_url | jsonify }} {{ page.team[page.x] }}",
        "{% set a = 1 %} {% else %} {% endif %} {%p a %}",
        "{% raw x %} {% capture %} {% capture a b %}",
        "{{ {% }} %} {{}} {%%} {{-}} {{",
    ] {
        let source = Source::new("a.md", text);
        let (front_matter, _) = FrontMatter::read(&source);
        let Expanded { source: same, diagnostics, .. } = expand(&source, &front_matter, &site());
        assert!(Arc::ptr_eq(&source, &same), "{text} became {}", same.text());
        assert_eq!(diagnostics, [], "{text}");
    }
}

#[test]
fn what_jekyll_alone_knows_stays_and_is_said() {
    for (text, places) in [
        (
            "{{ page.unknown }} {{ site.pages }} {{ page.unknown | relative_url }}",
            vec!["{{ page.unknown }}", "{{ site.pages }}", "{{ page.unknown | relative_url }}"],
        ),
        ("{{ site.title | jsonify }}", vec!["{{ site.title | jsonify }}"]),
        (
            "{%- if page.x %} {% include a.html %} {% endif %} {% assign a = 1 %}",
            vec!["{%- if page.x %}", "{% include a.html %}", "{% assign a = 1 %}"],
        ),
        (
            "{% raw %} {%- capture a -%} {% comment %}",
            vec!["{% raw %}", "{%- capture a -%}", "{% comment %}"],
        ),
        (
            "{% raw %}{% endcomment %}{% endraw %}{% endraw %}{% endcapture %}{% endcomment %}",
            vec!["{% endraw %}", "{% endcapture %}", "{% endcomment %}"],
        ),
        (
            "{% capture a %}b{% endcapture %}{{ a | strip }} {{ site.data.sites | join: ', ' }}",
            vec!["{{ a | strip }}"],
        ),
    ] {
        let (_, diagnostics) = expanded(text);
        let said = diagnostics.iter().filter(|found| found.check == UNKNOWN_LIQUID);
        let said: Vec<&str> = said.map(|found| found.span.text()).collect();
        assert_eq!(said, places, "{text}");
    }
}

#[test]
fn a_linked_file_has_the_address_that_jekyll_gives_it() {
    for (written, expected) in [
        ("[a]({% link a/drain.md %})", "[a](/docs/a/drain.md)"),
        ("[a]({{ site.baseurl }}{% link a b.md %}#c)", "[a](/docs/a%20b.md#c)"),
        ("{% link %} {% link {{ page.x }} %}", "{% link %} {% link {{ page.x }} %}"),
    ] {
        assert_eq!(expanded(written).0.text(), expected, "{written}");
    }
}

#[test]
fn a_path_that_leads_nowhere_is_said_where_it_goes_wrong() {
    for (path, place, message, label, help) in [
        (
            "teams.armada-depoy.comm.name",
            "armada-depoy",
            "there is no data at `site.data.teams.armada-depoy`",
            "not in `_data/teams.yaml`",
            "did you mean `site.data.teams.armada-deploy.comm.name`?",
        ),
        (
            "taems.armada_ops.comm.nam",
            "taems",
            "there is no data at `site.data.taems`",
            "no data file or folder of this name",
            "did you mean `site.data.teams.armada-ops.comm.name`?",
        ),
        (
            "fra02",
            "fra02",
            "there is no data at `site.data.fra02`",
            "no data file or folder of this name",
            "did you mean `site.data.sites.eu.fra02`?",
        ),
        (
            "teams.armada-ops.name",
            "name",
            "there is no data at `site.data.teams.armada-ops.name`",
            "not in `_data/teams.yaml`",
            "did you mean `site.data.teams.armada-ops.comm.name`?",
        ),
        (
            "teams.armada-ops.escalation.phone",
            "escalation",
            "there is no data at `site.data.teams.armada-ops.escalation`",
            "not in `_data/teams.yaml`",
            "`site.data.teams.armada-ops` has `on-call`, `pager`, `room` and `comm`",
        ),
        (
            "teams.armada-ops.comm.name.first",
            "first",
            "there is no data at `site.data.teams.armada-ops.comm.name.first`",
            "this is below a text",
            "did you mean `site.data.teams.armada-ops.comm.name`?",
        ),
        (
            "teams.armada-ops.on-call[2]",
            "2",
            "there is no data at `site.data.teams.armada-ops.on-call[2]`",
            "the list has 2 items",
            "",
        ),
        (
            "teams.armada-ops.on-call.name",
            "name",
            "there is no data at `site.data.teams.armada-ops.on-call.name`",
            "this is below a list, whose items have numbers",
            "did you mean `site.data.teams.armada-ops.on-call`?",
        ),
        (
            "teams['armada-deploy'].comm | markdownify",
            "comm",
            "`site.data.teams.armada-deploy.comm` is a mapping, not a text",
            "",
            "go on with one of what it has: `name` and `url`",
        ),
    ] {
        let text = format!("---\ntitle: x\n---\n\ntext {{{{ site.data.{path} }}}} text");
        let (source, diagnostics) = expanded(&text);
        assert_eq!(source.text(), text);
        let [found] = diagnostics.as_slice() else { panic!("{path}: {diagnostics:?}") };
        assert_eq!(found.check, UNKNOWN_DATA);
        assert_eq!(found.span.text(), place, "{path}");
        assert_eq!(found.message, message, "{path}");
        assert_eq!(found.label.as_deref().unwrap_or_default(), label, "{path}");
        assert_eq!(found.help.as_deref().unwrap_or_default(), help, "{path}");
    }
}

#[test]
fn the_name_that_was_meant_is_shown_in_its_file() {
    let (_, diagnostics) = expanded("{{ site.data.teams.armada-depoy.comm.name }}");
    let related = &diagnostics[0].related[0];
    assert_eq!(related.message, "`armada-deploy` is here");
    assert_eq!((related.span.text(), related.span.start().line), ("armada-deploy", 1));
    assert_eq!(related.span.source().path(), "_data/teams.yaml");
}

#[test]
fn a_site_without_data_says_so() {
    let source = Source::new("a.md", "{{ site.data.teams.a }}{{ site.url }}{{ site.baseurl }}");
    let (front_matter, _) = FrontMatter::read(&source);
    let Expanded { source: found, diagnostics, .. } =
        expand(&source, &front_matter, &SiteVariables::default());
    assert_eq!(found.text(), "{{ site.data.teams.a }}");
    assert_eq!(diagnostics[0].message, "there is no data at `site.data.teams`");
}

#[test]
fn an_address_is_a_host_and_a_path() {
    for (base_url, url, baseurl) in [
        (None, "", ""),
        (Some("https://a.example"), "https://a.example", ""),
        (Some("https://a.example/"), "https://a.example", ""),
        (Some("http://[::1]:80/b/c/"), "http://[::1]:80", "/b/c"),
    ] {
        let site = SiteVariables::new("T", base_url, None);
        assert_eq!((site.url.as_str(), site.base_path.as_str()), (url, baseurl));
    }
}

#[test]
fn growth_is_bounded() {
    let doubling = "{% capture a %}{{ a }}{{ a }}{% endcapture %}".repeat(40);
    let text = format!("{{% capture a %}}0123456789{{% endcapture %}}{doubling}{{{{ a }}}} end");
    let (source, _) = expanded(&text);
    assert!(source.text().len() < 17 * 1024 * 1024, "{}", source.text().len());
    assert!(source.text().ends_with(" end"));
    // Openings without ends cost no more than other text.
    for opening in
        ["{{", "{% raw %}", "{% comment %}", "{% capture a %}", "{% endcomment %}", "{{ a | "]
    {
        let text = opening.repeat(50_000);
        let (source, _) = expanded(&text);
        assert_eq!(source.text().len(), text.len());
    }
}

/// Liquid in front of a word, with what of it stays.
fn constructs() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        " ",
        "\n",
        " {{ site.title }} ",
        "{{ site.data.teams.armada-ops.comm.name }}",
        " {{- page.x -}} ",
        "{{ $labels.x }}",
        " {% comment %} é {% endcomment %} ",
        "{% raw %} {{ a }} {% endraw %}",
        "{% raw -%} ",
        " {%- endraw -%} ",
        "{% capture c %}é{% endcapture %}",
        "{{ c }}",
        "{% comment %}",
        "{{ c | upcase | escape }}",
        "é{{ site.data.teams }}{% if x %}",
    ])
}

proptest! {
    /// Every word that is still in the text is found again in the file, where it is and nowhere
    /// else.
    #[test]
    fn every_word_is_found_again(constructs in prop::collection::vec(constructs(), 0..20)) {
        let mut text = "---\nx: é\n---\n".to_owned();
        for (index, construct) in constructs.iter().enumerate() {
            text += &format!("{construct}word{index}.");
        }
        let (source, _) = expanded(&text);
        for index in 0..constructs.len() {
            let word = format!("word{index}.");
            let found: Vec<usize> = source.text().match_indices(&word).map(|(at, _)| at).collect();
            for at in found {
                let span = Span::new(&source, at..at + word.len());
                prop_assert_eq!(span.text(), &word);
                let place = text.find(&word).map(|at| at..at + word.len());
                prop_assert_eq!(Some(span.range()), place);
            }
        }
    }

    /// What was put in leads to the braces that it stands for.
    #[test]
    fn every_value_leads_to_its_braces(constructs in prop::collection::vec(constructs(), 0..12), part in 0_usize..5) {
        let before = constructs.concat().replace("{% comment %}", "").replace("{% raw", "{% rave");
        let text = format!("{before}<{{{{ page.x }}}}>");
        let text = format!("---\nx: 'value'\n---\n{text}");
        let (source, _) = expanded(&text);
        let at = source.text().rfind("<value>").unwrap() + 1;
        let span = Span::new(&source, at + part..at + 5);
        prop_assert_eq!(span.text(), "{{ page.x }}");
        let around = Span::new(&source, at - 1..at + 6);
        prop_assert_eq!(around.text(), "<{{ page.x }}>");
    }

    #[test]
    fn any_text_comes_through(text in "([{}%\\- a.|\"'\\[\\]\n]|\\{\\{|\\}\\}|\\{%|%\\}|raw|endraw|comment|endcomment|capture a|endcapture|site.data.|page.title|é){0,60}") {
        let (source, diagnostics) = expanded(&text);
        let length = source.text().len();
        for at in 0..=length {
            let span = Span::new(&source, at..length);
            prop_assert!(span.range().end <= text.len());
        }
        for diagnostic in diagnostics {
            prop_assert!(text.get(diagnostic.span.range()).is_some());
        }
    }
}
