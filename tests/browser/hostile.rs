//! Values that nobody means well with, in every parameter: no script runs, and no command and no
//! query becomes another one. What was copied is read by a shell and by a parser of PromQL.

use crate::Browser;
use crate::story::{CARRIERS, Site};
use alertbook::config::Tab;
use alertbook::promql::{self, MatchOperator};
use alertbook::promui::prometheus;
use alertbook::site::address::percent_decode;
use regex::Regex;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

/// A runbook with a placeholder in every place that there is.
const RUNBOOK: &str = "---\ntitle: Hostile\n---\n
```promql
a{pod=\"<pod>\",ns='<pod>',raw=`<pod>`,bare=<pod>} > 1
```

```promql
b{pod=~\"<pod>\",ns!~'a-<pod>.*',raw=~`<pod>`,bare=~<pod>} > 1
```

```promql
# of <pod>
rate(c_<pod>_total[<pod>] offset <pod>) > <pod>
```

```promql
label_replace(e, \"x\", \"$1\", \"pod\", \"(<pod>)-.*\")
```

Look: d{pod=\"*pod*\"} > 0

- `kubectl get pod <pod> -n \"<pod>\" -l 'app=<pod>' --all`
- `kubectl get --field=<pod>_<pod>.log ${POD} \"$POD\"`
- `ssh <pod> rm '<pod>'`
- `awk '/<pod>/ {print}' \"a <pod>\" file`
- `awk '/<pod>/' file`
- `sed -e 's/<pod>/x/' file`
- `jq -r .items.<pod> file`
- `kubectl delete pods -l app=<pod>`
- `scp host:<pod> .`
- `rm -rf /var/<pod>/*`
- `ansible all -m shell -a '<pod>'`
- `tmux send-keys -t 0 \"<pod>\" Enter`
- `curl https://<pod>/a/<pod>?b=<pod> 'https://h/?c=<pod>'`

```
user@host:~$ kubectl logs <pod> \"$(kubectl get <pod>)\"
can't do that
user@host:~$ kubectl delete pod <pod> 'a <pod> b'
```

```bash
[[ <pod> -gt 3 ]] && echo high
```

```sql
DELETE FROM t WHERE pod = <pod> AND expired = 1;
```

```json
{\"pod\": \"<pod>\"}
```

See [the pod](https://example.com/<pod>?pod=<pod>).

- `grep \\<pod> file`
- `curl 'http://h/api/v1/query?query=up%7Ba%3D%22<pod>%22%2Cb%3D~%22<pod>%22%7D'`
";

/// One harmless value, to see what everything is like without malice.
const HARMLESS: &str = "v1";

fn hostile() -> Vec<String> {
    let mut values: Vec<String> = [
        "\"; rm -rf ~ #",
        "$(id)",
        "`id`",
        "'",
        "''; id; '",
        "\\",
        "\\\"",
        "\\'; id #",
        "a\nb",
        "a\r\nid",
        "</script><img src=x onerror=document.title='run'>",
        "<svg onload=document.title='run'>",
        "javascript:document.title='run'",
        "\u{202e}evil",
        "a\u{200b}b",
        "\u{feff}",
        "-rf",
        "--all",
        "a b",
        "*",
        "~",
        "!!",
        "${HOME}",
        "a=b",
        "a|b.*",
        "a&b=c#d",
        "../../x",
        "..",
        ".",
        "/",
        "a/..",
        "x/{system(\"id\")}/",
        "x/id/e",
        "1--",
        "1//",
        "a+env",
        "a,b=c",
        "x;id",
        "+!id",
        "@/etc/passwd",
        ".*",
        "by",
        "x\"} or up{y=\"",
        "1] or x[1m",
        "é",
        "%00%0a",
        "<pod>",
        "*pod*",
    ]
    .map(str::to_owned)
    .to_vec();
    values.push("x".repeat(10_240));
    values.push("'\"".repeat(5_000));
    values
}

/// For each Copy button of the page: whether it copies a query, whether it asks for what it lacks
/// (it is told to copy what there is), and what it copies.
async fn copied(browser: &Browser) -> Vec<(bool, bool, String)> {
    let script = "
        const copied = [];
        const writeText = async (text) => { copied.push(text); };
        Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
        const found = [];
        for (const button of document.querySelectorAll('article button.copy')) {
            button.click();
            const dialog = document.querySelector('dialog.ask[open]');
            if (dialog) dialog.querySelector('.ask-as-is').click();
            const isQuery = Boolean(button.parentElement.querySelector('.promql-open'));
            found.push([isQuery, Boolean(dialog), copied.at(-1)]);
        }
        return found;";
    serde_json::from_value(browser.run(script).await).unwrap()
}

/// What a shell makes of a command: each of the commands in it with its arguments. Nothing is run:
/// there is no program where the shell looks for some.
fn words(command: &str) -> BTreeSet<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let script = format!(
        "command_not_found_handle() {{ printf '%s\\0' \"$@\" >&3; printf '\\1\\0' >&3; }}\n\
         exec 3>words; PATH=; {command}\n"
    );
    let bash = Command::new("bash").arg("-c").arg(script).current_dir(&folder).output().unwrap();
    let said = fs::read_to_string(folder.path().join("words")).unwrap_or_default();
    let syntax = String::from_utf8_lossy(&bash.stderr).into_owned();
    assert!(
        !syntax.contains("syntax error") && !syntax.contains("unexpected"),
        "{command}: {syntax}"
    );
    let files = fs::read_dir(&folder).unwrap().count();
    assert_eq!(files, 1, "{command} has written files");
    let commands = said.split("\u{1}\0").filter(|words| !words.is_empty());
    commands.map(|words| words.split_terminator('\0').map(str::to_owned).collect()).collect()
}

/// A label, how it is compared, and with what.
type Matcher = (String, MatchOperator, String);

/// A query as data: each selector's metric, range and labels, and what a matcher takes.
fn selectors(query: &str) -> Vec<(String, Vec<Matcher>)> {
    let selectors = promql::selectors(query, &[]).unwrap_or_else(|| panic!("{query}"));
    selectors
        .into_iter()
        .map(|selector| {
            let metric = selector.metric.map(|metric| metric.text).unwrap_or_default();
            let matchers = selector.matchers.into_iter();
            let matchers = matchers.map(|it| (it.label.text, it.operator, it.value.text));
            (format!("{metric} {:?}", selector.range), matchers.collect())
        })
        .collect()
}

/// Compares a query with the harmless one: the same but for values, and those are the hostile one.
fn assert_query(harmless: &str, query: &str, value: &str) {
    let (before, after) = (selectors(harmless), selectors(query));
    assert_eq!(before.len(), after.len(), "{query}");
    for ((metric, matchers), (same, others)) in before.iter().zip(&after) {
        assert_eq!((metric, matchers.len()), (same, others.len()), "{query}");
        for ((label, operator, written), (name, compares, now)) in matchers.iter().zip(others) {
            assert_eq!((label, operator), (name, compares), "{query}");
            match operator {
                MatchOperator::Equal | MatchOperator::NotEqual => {
                    assert_eq!(*now, written.replace(HARMLESS, value), "{query}");
                }
                MatchOperator::Matches | MatchOperator::NotMatches => {
                    let pattern = Regex::new(&format!("^(?s:{now})$")).unwrap();
                    let matched = written.replace(".*", "zzz").replace(HARMLESS, value);
                    assert!(pattern.is_match(&matched), "{now} for {matched}");
                    assert!(!pattern.is_match("something else"), "{now}");
                }
            }
        }
    }
}

/// The same of what `label_replace` looks for: the value and nothing else.
fn assert_replacement(harmless: &str, query: &str, value: &str) {
    let Some(start) = harmless.find("\"(v1)-.*\")") else { return };
    let written = query[start + 1..].strip_suffix("\")").unwrap_or_else(|| panic!("{query}"));
    let pattern: String = serde_json::from_str(&format!("\"{written}\"")).unwrap();
    let pattern = Regex::new(&format!("^(?s:{pattern})$")).unwrap();
    let label = format!("{value}-zzz");
    let found = pattern.captures(&label).unwrap_or_else(|| panic!("{query}"));
    assert_eq!(&found[1], value, "{query}");
    assert!(!pattern.is_match("something-else"), "{query}");
}

fn percent_encoded(byte: u8) -> Vec<char> {
    format!("%{byte:02X}").chars().collect()
}

#[tokio::test]
async fn no_value_changes_what_a_command_or_a_query_does() {
    let base = "http://127.0.0.1:1";
    let site = Site::new(&|rules| {
        fs::write(rules.join("../hostile.md"), RUNBOOK).unwrap();
        CARRIERS.map(|_| base.to_owned()).to_vec()
    });
    let browser = Browser::start().await;
    let address = |value: &str| {
        let value: String = value.bytes().flat_map(percent_encoded).collect();
        format!(
            "{}hostile.html?pod={value}&label.carrier={value}&startsAt={value}&carrier={value}&{value}={value}#{value}",
            site.address
        )
    };
    browser.open(&address(HARMLESS)).await;
    let harmless = copied(&browser).await;
    assert_eq!(harmless.iter().filter(|(is_query, ..)| *is_query).count(), 5, "{harmless:?}");
    assert_eq!(harmless.len(), 5 + 15 + 2 + 3, "{harmless:?}");
    let mut filled = 0;
    for value in hostile() {
        // A page of its own for each, as from another alert.
        browser.open("about:blank").await;
        browser.open(&address(&value)).await;
        let found = copied(&browser).await;
        assert_eq!(found.len(), harmless.len());
        for ((is_query, lacks, before), (_, lacks_now, after)) in harmless.iter().zip(&found) {
            // Where a value can't be written, the hole stays, and the button asks.
            if *lacks || *lacks_now {
                continue;
            }
            filled += 1;
            if *is_query {
                assert_query(before, after, &value);
                assert_replacement(before, after, &value);
            } else if before.starts_with('{') {
                assert_eq!(*after, before.replace(HARMLESS, &value));
                assert!(serde_json::from_str::<Value>(after).is_ok(), "{after}");
            } else {
                let expected: BTreeSet<Vec<String>> = words(before)
                    .into_iter()
                    .map(|words| words.iter().map(|word| word.replace(HARMLESS, &value)).collect())
                    .collect();
                // What is no more than a word to the shell is a program to these, or a way out.
                if before.starts_with("awk '/v1/'") || before.starts_with("sed") {
                    assert!(!value.contains('/'), "{after}");
                }
                // More than a name is computed, ends the statement, or is another pair.
                assert!(!before.starts_with("jq") || !value.contains(['+', '-', '.']), "{after}");
                assert!(!before.starts_with("DELETE") || !value.contains("--"), "{after}");
                assert!(!before.contains("-l app") || !value.contains([',', '&']), "{after}");
                assert!(!before.starts_with("scp") || !value.contains([';', '$', ' ']), "{after}");
                // What is typed into a shell is read by that.
                assert!(
                    !before.starts_with(['a', 't'])
                        || !value.contains(['\'', '"', '$', '`', ' ', ';']),
                    "{after}"
                );
                assert!(
                    !before.starts_with("rm") || !value.contains("..") && value != "/",
                    "{after}"
                );
                // In an address, a value is encoded; it is the same value there, in the same query.
                let asks = |command: &str| {
                    let (_, query) = command.trim_end_matches('\'').split_once("?query=").unwrap();
                    percent_decode(query).into_owned()
                };
                if after.contains("?query=") {
                    assert_query(&asks(before), &asks(after), &value);
                } else if before.contains("-gt") {
                    // An index is arithmetic too, in which commands may stand.
                    assert!(!value.contains(['[', '$', '`']), "{after}");
                } else if !after.contains("https://") {
                    assert_eq!(words(after), expected, "{value} in {after}");
                }
            }
        }
        let state = browser
            .run(
                "return {
                    title: document.title,
                    made: document.querySelectorAll('article img, article svg, article script').length,
                    carrier: document.getElementById('carrier-switch').value,
                    links: [...document.querySelectorAll('.promql-open')].map((it) => [it.dataset.expr, it.getAttribute('href')]),
                    own: [...document.querySelectorAll('article a[data-holes]')].map((it) => it.href),
                }",
            )
            .await;
        assert_eq!(state["title"], "Hostile · Armada runbooks", "{value}");
        assert_eq!(
            (&state["made"], &state["carrier"]),
            (&0.into(), &CARRIERS[0].into()),
            "{value}"
        );
        for link in state["links"].as_array().unwrap() {
            assert_eq!(
                link[1],
                prometheus::link(base, link[0].as_str().unwrap(), Tab::Graph),
                "{value}"
            );
        }
        let own = state["own"][0].as_str().unwrap();
        let own = own.strip_prefix("https://example.com/").unwrap_or_else(|| panic!("{own}"));
        assert_eq!((own.matches(['/', '#']).count(), own.matches('?').count()), (0, 1), "{own}");
        assert_eq!(browser.console(), Vec::<String>::new(), "{value}");
    }
    // Refusing everything would be no art.
    assert!(filled > 80, "only {filled} texts were filled");
}
