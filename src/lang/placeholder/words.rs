//! Which words name a hole, which only look so, and which are the same.

use crate::markdown::html;
use smallvec::SmallVec;

/// One name for all spellings of a placeholder: `workerID`, `WORKERID`, `worker id` and
/// `$labels.workerID` are `workerid`; `RegionXXX` and `your region` are `region`. What Kubernetes tells
/// apart by its name alone is the same with it: `<pod name>` and the label `pod`.
///
/// Two names are the same if their letters and digits are, whatever their case and what stands
/// between them; the marks of a hole (`XXX`, "your") don't count unless there is nothing else.
pub fn canonical_key(name: &str) -> String {
    let name = name.trim().trim_start_matches(['$', '.']);
    let name = ["labels.", "Labels.", "CommonLabels.", "GroupLabels."]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .unwrap_or(name);
    let words = name.split(|character: char| !character.is_alphanumeric());
    let words: SmallVec<[&str; 6]> = words.filter(|word| !word.is_empty()).collect();
    let named = without_article(of_label(&words));
    let mut key = String::with_capacity(name.len());
    for word in named {
        push_without_crosses(word, &mut key);
    }
    if key.is_empty() {
        key = named.concat();
    }
    if key.is_ascii() {
        key.make_ascii_lowercase();
    } else {
        key = key.to_lowercase();
    }
    if key.strip_suffix("name").is_some_and(|kind| NAMED.contains(&kind)) {
        key.truncate(key.len() - "name".len());
    }
    key
}

/// Kinds of objects whose label in metrics is called like the kind and holds the name. Not so `job`,
/// which is what Prometheus calls a group of its targets.
#[rustfmt::skip]
const NAMED: [&str; 10] = [
    "container", "cronjob", "daemonset", "deployment", "namespace", "node", "persistentvolume",
    "persistentvolumeclaim", "pod", "statefulset",
];

fn without_article<'w, 't>(words: &'w [&'t str]) -> &'w [&'t str] {
    match words {
        [first, rest @ ..] if !rest.is_empty() && is_article(first) => rest,
        _ => words,
    }
}

/// The label that a name asks for in words: `instance` of `value of instance label from alert`.
pub fn label_asked_for(name: &str) -> Option<String> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let label = of_label(&words);
    (label.len() < words.len()).then(|| label.join(" "))
}

/// The label that words ask for: `value of namespace label from alert`, `instance label of the alert`.
fn of_label<'w, 't>(words: &'w [&'t str]) -> &'w [&'t str] {
    let is = |word: &str, known: &str| word.eq_ignore_ascii_case(known);
    let asked = match without_article(words) {
        [value, of, rest @ ..] if is(value, "value") && is(of, "of") => Some(rest),
        _ => None,
    };
    let named = without_article(asked.unwrap_or(words));
    let Some(at) = named.iter().position(|word| is(word, "label")) else { return words };
    let source = named.get(at + 1).copied().unwrap_or_default();
    let is_from = ["from", "of", "in"].iter().any(|word| is(source, word));
    let is_of_alert = is_from && named.last().is_some_and(|word| is(word, "alert"));
    let is_last = at + 1 == named.len() && asked.is_some();
    if at > 0 && (is_of_alert || is_last) { &named[..at] } else { words }
}

fn is_article(word: &str) -> bool {
    ["the", "a", "an", "your", "my", "some"]
        .iter()
        .any(|article| word.eq_ignore_ascii_case(article))
}

/// Adds a word without its runs of three `X` or more.
fn push_without_crosses(word: &str, kept: &mut String) {
    let mut rest = word;
    // Nearly all words have none.
    while memchr::memchr(b'X', rest.as_bytes()).is_some()
        && let Some((before, after)) = rest.split_once("XXX")
    {
        kept.push_str(before);
        rest = after.trim_start_matches('X');
    }
    kept.push_str(rest);
}

/// Whether a name is that of something there are many of, so that a reader has to fill in which:
/// `WORKERID`, `podName`, `CLUSTER`, but not `FAIL` or `GET`.
pub fn names_a_thing(name: &str) -> bool {
    const ATTRIBUTES: [&str; 5] = ["ID", "NAME", "IP", "ADDRESS", "NUMBER"];
    let last = last_word(name);
    let is_whole = last.len() == name.len();
    let is_thing = |word: &str| THINGS.iter().any(|thing| thing.eq_ignore_ascii_case(word));
    let without = |attribute: &str| {
        let (stem, end) = last.split_at_checked(last.len().checked_sub(attribute.len())?)?;
        end.eq_ignore_ascii_case(attribute).then_some(stem)
    };
    is_thing(last)
        || ATTRIBUTES
            .iter()
            .filter_map(|attribute| without(attribute))
            .any(|stem| (stem.is_empty() && !is_whole) || is_thing(stem))
}

/// Whether a name is that of a kind of things alone, which heads columns: `NODE`, but not `NODE_NAME`.
pub fn names_a_kind(name: &str) -> bool {
    THINGS.contains(&name)
}

/// The last of the words that a name is made of: `ID` of `workerID`, `name` of `pod_name`.
fn last_word(name: &str) -> &str {
    let bytes = name.as_bytes();
    let mut start = name.len();
    while let Some(before) = start.checked_sub(1) {
        let (Some(byte), next) = (bytes.get(before), bytes.get(start)) else {
            break;
        };
        let begins_word = byte.is_ascii_lowercase() && next.is_some_and(u8::is_ascii_uppercase);
        if !byte.is_ascii_alphanumeric() || begins_word {
            break;
        }
        start = before;
    }
    name.get(start..).unwrap_or(name)
}

#[rustfmt::skip]
const THINGS: [&str; 34] = [
    "ACCOUNT", "BUCKET", "CARRIER", "CLUSTER", "CONTAINER", "CUSTOMER", "DATACENTER", "DEPLOYMENT",
    "DEVICE", "HOST", "HOSTNAME", "INSTANCE", "JOB", "MACHINE", "MASTER", "NAMESPACE", "NODE",
    "NODENAME", "ORG", "POD", "PODNAME", "PROJECT", "REGION", "REQUEST", "SERVER", "SERVICE",
    "SUBNET", "TENANT", "TICKET", "USER", "USERNAME", "VOLUME", "WORKER", "ZONE",
];

/// Whether a name is that of something a command asks for, though it may be a column or a word of a
/// text elsewhere: `PORT`, `CONFIG_FILE`.
pub(super) fn is_part_of_a_command(name: &str) -> bool {
    const PARTS: [&str; 15] = [
        "ADDRESS",
        "DIR",
        "DIRECTORY",
        "FILE",
        "FILENAME",
        "IMAGE",
        "IP",
        "NAME",
        "PASSWORD",
        "PATH",
        "PID",
        "PORT",
        "TOKEN",
        "URL",
        "VERSION",
    ];
    PARTS.contains(&last_word(name))
}

/// Words that programs print between angle brackets: there is nothing to fill in.
pub(super) fn is_printed(name: &str) -> bool {
    const WORDS: [&str; 13] = [
        "none",
        "nil",
        "null",
        "unset",
        "unknown",
        "pending",
        "invalid",
        "undefined",
        "no value",
        "not set",
        "error",
        "empty",
        "eof",
    ];
    WORDS.iter().any(|word| name.eq_ignore_ascii_case(word))
}

/// Words that mean something to programs between braces: to jsonpath, Go templates and awk.
pub(super) fn is_directive(name: &str) -> bool {
    const WORDS: [&str; 9] =
        ["end", "range", "else", "if", "with", "print", "next", "exit", "self"];
    WORDS.iter().any(|word| name.eq_ignore_ascii_case(word))
}

/// The tags that are found in Markdown, and those of whole pages. Others, such as `label` or
/// `title`, are better names than tags in a snippet.
pub(super) fn is_html_tag(name: &str) -> bool {
    let tag = name.trim_end_matches(['/', ' ']);
    html::is_common(tag)
        || ["body", "head", "html"].iter().any(|known| tag.eq_ignore_ascii_case(known))
}

/// Variables that a shell or awk sets, so that nobody has to.
pub(super) fn is_shell_word(name: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: [&str; 42] = [
        "BASH", "COLUMNS", "COPROC", "DISPLAY", "EDITOR", "EUID", "FNR", "FS", "FUNCNAME", "GOPATH", "HISTFILE", "HOME",
        "HOSTNAME", "HOSTTYPE", "IFS", "LANG", "LC_ALL", "LINENO", "LINES", "LOGNAME", "MAIL", "MAPFILE", "NF",
        "NR", "OFS", "OLDPWD", "OPTARG", "OPTIND", "ORS", "OSTYPE", "PATH", "PIPESTATUS", "PPID", "PWD",
        "RANDOM", "REPLY", "SECONDS", "SHELL", "SHLVL",
        "TERM", "TMPDIR", "UID",
    ];
    WORDS.contains(&name) || name == "USER" || name.starts_with("BASH_")
}
