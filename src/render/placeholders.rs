//! Placeholders on pages: which there are in a text, the mark-up that the page's scripts fill, and the
//! fields of a page.

mod fields;
mod hole;

pub use fields::Fields;
pub use hole::{Hole, push_attribute, push_text};

use super::views::PlaceholderView;
use crate::config::Config;
use crate::lang::placeholder::{self, Code, CodeText, Context, Placeholder, canonical_key};
use memchr::memchr;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// What a site knows of its placeholders.
#[derive(Debug)]
pub struct Placeholders {
    configured: Vec<PlaceholderView>,
    /// Which of `configured` each key of its names and spellings is.
    by_key: FxHashMap<String, usize>,
    /// The spellings that the configuration adds, longest first.
    spellings: Vec<(String, usize)>,
}

impl Placeholders {
    /// Those of a site.
    pub fn new(config: &Config) -> Self {
        let mut known =
            Self { configured: Vec::new(), by_key: FxHashMap::default(), spellings: Vec::new() };
        for (index, placeholder) in config.placeholders.iter().enumerate() {
            let name = placeholder.name.as_str();
            let names = std::iter::once(name).chain(placeholder.label.as_deref());
            let mut keys: Vec<String> = Vec::new();
            for spelling in names.chain(placeholder.also.iter().map(String::as_str)) {
                let key = canonical_key(spelling);
                if !key.is_empty() && !keys.contains(&key) {
                    known.by_key.entry(key.clone()).or_insert(index);
                    keys.push(key);
                }
            }
            let also = placeholder.also.iter().filter(|spelling| !spelling.trim().is_empty());
            known.spellings.extend(also.map(|spelling| (spelling.trim().to_owned(), index)));
            known.configured.push(PlaceholderView {
                key: canonical_key(name),
                keys: keys.join(" "),
                name: name.to_owned(),
                label: placeholder.label.clone(),
                pattern: placeholder.pattern.as_ref().map(ToString::to_string),
                is_secret: placeholder::names_secret(name),
                is_of_command: false,
            });
        }
        known.spellings.sort_by_key(|(spelling, _)| std::cmp::Reverse(spelling.len()));
        known
    }

    /// The holes of a query whose placeholders are known.
    pub fn of_query(&self, text: &str, found: &[Placeholder]) -> Vec<Hole> {
        let named = self.named(text, found.to_vec());
        if named.is_empty() {
            return Vec::new();
        }
        let ranges: Vec<_> = named.iter().map(|(found, _)| found.range.clone()).collect();
        let contexts = placeholder::in_query(text, &ranges);
        let holes = named.into_iter().filter_map(|(hole, is_configured)| {
            let (_, context) = *contexts.iter().find(|(range, _)| *range == hole.range)?;
            // `workerID` may be a spelling of a placeholder, and is the name of a label as well.
            let is_sure = !is_configured
                || context.name().starts_with("string")
                || context.name().starts_with("regex");
            is_sure.then(|| self.hole(text, hole, context, None))?
        });
        holes.collect()
    }

    /// The holes of other code.
    pub fn of_code(&self, code_text: &CodeText<'_>, code: Code) -> Vec<Hole> {
        let text = code_text.text();
        let named = self.named(text, code_text.placeholders_in(code));
        let ranges: Vec<_> = named.iter().map(|(found, _)| found.range.clone()).collect();
        let contexts = code_text.contexts(&ranges, code);
        let holes = named.into_iter().zip(contexts);
        let of = Some(code);
        holes.filter_map(|((hole, _), context)| self.hole(text, hole, context, of)).collect()
    }

    /// The holes of an address.
    pub fn of_address(&self, url: &str) -> Vec<Hole> {
        let found = placeholder::find_in_address(url);
        let ranges: Vec<_> = found.iter().map(|found| found.range.clone()).collect();
        let contexts = placeholder::in_address(url, &ranges);
        let holes = found.into_iter().zip(contexts);
        holes.filter_map(|(hole, context)| self.hole(url, hole, context, None)).collect()
    }

    /// The holes of a sentence that a template of Prometheus' leaves: `{{ $labels.pod }} is down`.
    pub fn of_annotation(&self, text: &str) -> Vec<Hole> {
        // Without a brace nothing that is found begins with two.
        if memchr(b'{', text.as_bytes()).is_none() {
            return Vec::new();
        }
        let found = placeholder::find(text).into_iter();
        let labels = found.filter(|found| text[found.range.clone()].starts_with("{{"));
        labels.filter_map(|hole| self.hole(text, hole, Context::Text, None)).collect()
    }

    /// The holes of an address that a template of Prometheus' leaves, or `None` if it leaves more than
    /// labels.
    pub fn of_template_address(&self, url: &str) -> Option<Vec<Hole>> {
        // Without a brace nothing that is found begins with two, and none is left.
        if memchr(b'{', url.as_bytes()).is_none() {
            return Some(Vec::new());
        }
        let mut found = placeholder::find(url);
        found.retain(|found| url[found.range.clone()].starts_with("{{"));
        if found.len() != url.matches("{{").count() {
            return None;
        }
        let ranges: Vec<_> = found.iter().map(|found| found.range.clone()).collect();
        let holes = found.into_iter().zip(placeholder::in_address(url, &ranges));
        holes.map(|(hole, context)| self.hole(url, hole, context, None)).collect()
    }

    /// A word of the text that is a spelling of a placeholder by itself: `<pod name>`, `WORKERID`.
    pub fn of_word(&self, word: &str) -> Option<Hole> {
        let whole = 0..word.len();
        let mut found = self.named(word, placeholder::find(word)).into_iter();
        if let Some((hole, _)) = found.next().filter(|(hole, _)| hole.range == whole) {
            return self.hole(word, hole, Context::Text, None);
        }
        let is_capital = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        let is_name = word.len() > 1
            && word.bytes().all(|byte| is_capital(byte) || matches!(byte, b'_' | b'-'))
            && placeholder::is_known_thing(word)
            // "The container `POD`", and what heads a column.
            && !placeholder::names_a_kind(word);
        let hole = || Placeholder { range: whole, name: word.to_owned() };
        is_name.then(|| self.hole(word, hole(), Context::Text, None))?
    }

    /// What was found, with the spellings of the configuration, which win; `true` for those.
    fn named(&self, text: &str, found: Vec<Placeholder>) -> Vec<(Placeholder, bool)> {
        let mut all: Vec<(Placeholder, bool)> = Vec::new();
        let is_free = |all: &[(Placeholder, bool)], range: &Range<usize>| {
            all.iter()
                .all(|(taken, _)| taken.range.end <= range.start || range.end <= taken.range.start)
        };
        for (spelling, index) in &self.spellings {
            for (start, _) in text.match_indices(spelling.as_str()) {
                let range = start..start + spelling.len();
                if is_whole(text, &range) && is_free(&all, &range) {
                    let name = self.configured[*index].name.clone();
                    all.push((Placeholder { range, name }, true));
                }
            }
        }
        // What was found by its form is a placeholder wherever it stands, whoever else names it.
        for hole in found {
            if let Some((_, is_configured)) =
                all.iter_mut().find(|(taken, _)| taken.range == hole.range)
            {
                *is_configured = false;
            } else if is_free(&all, &hole.range) {
                all.push((hole, false));
            }
        }
        all.sort_by_key(|(hole, _)| hole.range.start);
        all
    }

    /// A placeholder as a hole of a page, of some code or of something else; `None` for what is not for
    /// its reader to fill.
    fn hole(
        &self,
        text: &str,
        found: Placeholder,
        context: Context,
        of: Option<Code>,
    ) -> Option<Hole> {
        // A label of a metric is no secret.
        let is_secret =
            !matches!(context, Context::Promql(_)) && placeholder::is_secret(text, &found);
        let most_words = if context == Context::Text { 3 } else { 6 };
        let Placeholder { range, name } = found;
        let has_call = name.contains('(') && !name.contains(" (");
        let written = text.get(range.clone()).unwrap_or_default();
        let is_of_template = written.starts_with("{{") && (is_action(&name) || name.contains('|'));
        let is_template =
            name.starts_with(['$', '.']) || name.contains('"') || has_call || is_of_template;
        let is_label = ["$labels.", ".Labels.", ".CommonLabels.", ".GroupLabels."]
            .iter()
            .any(|prefix| name.strip_prefix(prefix).is_some_and(is_label_name));
        // "what you did, and why" is an instruction.
        let is_sentence = (name.contains(',') && name.contains(' '))
            || name.split_whitespace().any(|word| word.ends_with(':'))
            || name.split_whitespace().count() > most_words;
        // Of a command nothing between `<` and `>` is left for the shell to read.
        let is_free = of == Some(Code::Shell) && written.starts_with('<');
        // `$__interval` is Grafana's.
        if name.starts_with("__") || (!is_free && (is_sentence || (is_template && !is_label))) {
            return None;
        }
        let key = canonical_key(&name);
        let known = self.by_key.get(&key).and_then(|index| self.configured.get(*index));
        let key = known.map_or(key, |known| known.key.clone());
        // A field and an address call it what the alert calls it.
        let name = placeholder::label_asked_for(&name).unwrap_or(name);
        let name = without(without(&name, "$labels."), ".Labels.").to_owned();
        let label = known.and_then(|known| known.label.as_deref()).unwrap_or(&key);
        let is_machine = is_machine(text, &range, context) && canonical_key(label) == "instance";
        let is_of_command = of.is_some();
        (!key.is_empty()).then_some(Hole {
            range,
            key,
            name,
            context,
            is_secret,
            is_machine,
            is_of_command,
        })
    }

    /// The field of a hole that the configuration says nothing of, or what it says.
    fn view(&self, hole: &Hole) -> PlaceholderView {
        let known = self.by_key.get(&hole.key).and_then(|index| self.configured.get(*index));
        let view = known.cloned().unwrap_or_else(|| PlaceholderView {
            key: hole.key.clone(),
            keys: hole.key.clone(),
            name: hole.name.clone(),
            label: None,
            pattern: None,
            is_secret: false,
            is_of_command: false,
        });
        let is_secret = view.is_secret || hole.is_secret;
        PlaceholderView { is_secret, is_of_command: hole.is_of_command, ..view }
    }
}

/// A name without what it begins with, however often it does.
fn without<'n>(mut name: &'n str, start: &str) -> &'n str {
    while let Some(rest) = name.strip_prefix(start) {
        name = rest;
    }
    name
}

/// Whether a hole is an argument of a command that is given a machine and knows its own port.
/// Prometheus' label has the port of an exporter behind it, which is right for all that talks to that.
fn is_machine(text: &str, hole: &Range<usize>, context: Context) -> bool {
    #[rustfmt::skip]
    const OF_MACHINES: [&str; 20] = [
        "arping", "cordon", "dig", "drain", "gcloud", "host", "ipmitool", "mosh", "mtr", "node", "nodes",
        "nslookup", "ping", "scp", "sftp", "ssh", "tracepath", "traceroute", "uncordon", "virsh",
    ];
    const HOST: [&str; 2] = ["-h", "--host"];
    let is_of_command = matches!(
        context,
        Context::Shell
            | Context::ShellSingle
            | Context::ShellDouble
            | Context::Literal(_)
            | Context::Plain
            | Context::Reread
    );
    if !is_of_command {
        return false;
    }
    let before = text.get(..hole.start).unwrap_or_default();
    let command = before.rsplit(['\n', '|', ';', '&', '(']).next().unwrap_or_default();
    let is_given = |word: &str| {
        let word = word.rsplit_once('@').map_or(word, |(_, host)| host);
        OF_MACHINES.contains(&word.trim_end_matches('/'))
    };
    let words = command.split([' ', '\t', '"', '\'', '=']).filter(|word| !word.is_empty());
    let is_host = words.clone().next_back().is_some_and(|word| HOST.contains(&word));
    let behind = text.get(hole.end..).unwrap_or_default();
    (is_host || words.clone().any(is_given)) && !behind.starts_with('/')
}

/// Whether what stands between `{{` and `}}` is an action of a template of Go's, which a program fills:
/// `range .items`, `json .Config`, `end`.
fn is_action(name: &str) -> bool {
    let mut words = name.split_whitespace();
    let first = words.next().unwrap_or_default();
    matches!(first, "end" | "else" | "break" | "continue")
        || words.any(|word| word.starts_with(['.', '$', '(', '"']))
}

fn is_label_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
}

/// Whether a part of a text is not just a part of a word.
fn is_whole(text: &str, range: &Range<usize>) -> bool {
    let is_inside = |character: Option<char>| {
        character.is_some_and(|character| character.is_alphanumeric() || character == '_')
    };
    let part = &text[range.clone()];
    let starts =
        is_inside(part.chars().next()) && is_inside(text[..range.start].chars().next_back());
    let ends = is_inside(part.chars().next_back()) && is_inside(text[range.end..].chars().next());
    !starts && !ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn known() -> Placeholders {
        let text = "title: T\nplaceholders:\n  clusterID: {label: cluster_id, also: [\"<cid>\", \"CLID\", \"%C%\"], pattern: \"[a-z]+\"}\n";
        Placeholders::new(&crate::config::parse(&Source::new("alertbook.yaml", text)).unwrap())
    }

    fn marked(text: &str, holes: &[Hole]) -> Vec<String> {
        let shown = |hole: &Hole| {
            format!("{} {} {}", &text[hole.range.clone()], hole.key, hole.context_name())
        };
        holes.iter().map(shown).collect()
    }

    #[test]
    fn configured_spellings_are_one_placeholder() {
        for (text, expected) in [
            (
                "kubectl <cid> <cluster id> $CLUSTER_ID",
                &[
                    "<cid> clusterid shell",
                    "<cluster id> clusterid shell",
                    "$CLUSTER_ID clusterid shell",
                ][..],
            ),
            ("cd CLID xCLID \"%C%\"", &["CLID clusterid shell", "%C% clusterid shell-double"]),
            ("get <pod name>", &["<pod name> pod shell"]),
            // A machine is asked for without a port.
            (
                "ssh <instance> \"$INSTANCE\"",
                &["<instance> instance reread:machine", "$INSTANCE instance reread:machine"],
            ),
            ("oc debug node/<instance>", &["<instance> instance shell:machine"]),
            (
                "curl <instance>; cd <instance>/metrics",
                &["<instance> instance shell", "<instance> instance shell"],
            ),
            (
                "echo {{ .Values.x }} $__interval <what, and why> <one two three four five six seven>",
                &[
                    "<what, and why> whatandwhy reread",
                    "<one two three four five six seven> onetwothreefourfivesixseven shell",
                ],
            ),
            (
                "docker inspect -f '{{range .A}}{{.B}}{{json .C}}{{else}}{{end}}' {{ name }}",
                &["{{ name }} name shell"],
            ),
            ("nc <IP:port> <note: it>", &["<IP:port> ipport shell", "<note: it> noteit shell"]),
            (
                "get <name of it, short> <pod \"b\">",
                &["<name of it, short> nameofitshort shell", "<pod \"b\"> podb shell"],
            ),
            (
                "kubectl get <pod|job> {{ .name | quote }} -n <pod,job>",
                &["<pod|job> podjob shell", "<pod,job> podjob shell"],
            ),
            ("scp <user@host:/path> x", &["<user@host:/path> userhostpath shell"]),
            ("{{ $labels.cluster_id }}", &["{{ $labels.cluster_id }} clusterid shell"]),
        ] {
            assert_eq!(
                marked(text, &known().of_code(&CodeText::new(text), Code::Shell)),
                expected,
                "{text}"
            );
        }
        let query = "x{clusterID=\"CLID\",CLID=~\"<pod>\"} > <n>";
        assert_eq!(
            marked(query, &known().of_query(query, &placeholder::find(query))),
            ["CLID clusterid string", "<pod> pod regex", "<n> n operand"]
        );
    }

    #[test]
    fn a_field_is_called_what_the_alert_calls_it() {
        for (text, key, name) in [
            ("ssh <value of instance label from alert>", "instance", "instance"),
            (
                "get pvc <persistentvolumeclaim label from alert>",
                "persistentvolumeclaim",
                "persistentvolumeclaim",
            ),
            ("label node x <node label>", "nodelabel", "node label"),
        ] {
            let [hole] = &known().of_code(&CodeText::new(text), Code::Shell)[..] else {
                panic!("{text}")
            };
            assert_eq!((hole.key.as_str(), hole.name.as_str()), (key, name));
        }
    }

    #[test]
    fn words_that_are_placeholders_by_themselves() {
        for (word, key) in [
            ("WORKERID", Some("workerid")),
            ("<pod name>", Some("pod")),
            ("CLID", Some("clusterid")),
            ("workerID", None),
            ("GET", None),
            ("POD", None),
            ("NODE_NAME", Some("node")),
            ("X", None),
        ] {
            assert_eq!(known().of_word(word).map(|hole| hole.key).as_deref(), key, "{word}");
        }
    }

    #[test]
    fn mark_up_keeps_the_text_and_counts_as_browsers_do() {
        let text = "ü😀 <pod> \"<cid>\"";
        let holes = known().of_code(&CodeText::new(text), Code::Shell);
        let mut html = String::new();
        push_text(&mut html, text, &holes);
        assert_eq!(
            html,
            "ü😀 <span class=\"placeholder\" data-placeholder=\"pod\" data-context=\"shell\">&lt;pod&gt;</span> \
             &quot;<span class=\"placeholder\" data-placeholder=\"clusterid\" data-context=\"shell-double\">&lt;cid&gt;</span>&quot;"
        );
        let mut attribute = String::new();
        push_attribute(&mut attribute, text, &holes);
        assert_eq!(attribute, " data-holes=\"4,9,pod,shell 11,16,clusterid,shell-double\"");
    }

    #[test]
    fn a_page_has_one_field_for_each_name() {
        let known = known();
        let mut fields = Fields::default();
        for text in ["ls \"WORKERID\" <workerID> <cid>", "get CLID $POD"] {
            fields.add(&known, &known.of_code(&CodeText::new(text), Code::Shell));
        }
        let names: Vec<_> = fields.into_views().into_iter().map(|it| (it.key, it.name)).collect();
        let names: Vec<_> = names.iter().map(|(key, name)| (key.as_str(), name.as_str())).collect();
        assert_eq!(names, [("workerid", "workerID"), ("clusterid", "clusterID"), ("pod", "POD")]);
    }
}
