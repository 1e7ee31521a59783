//! Commands that destroy or stop something.

use super::{Invocation, invocations};
use crate::source::Phrases;
use std::ops::Range;

/// A command that destroys or stops something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destruction {
    /// The program with the words that make it destructive: `kubectl delete`.
    pub name: String,
    /// What it does, to be read after its name.
    pub effect: &'static str,
    /// Whether it says what it does that to; a command without an object may be a mention of it.
    pub has_object: bool,
    /// The bytes of the text.
    pub range: Range<usize>,
}

/// What a program does if certain words are among its arguments.
struct Known {
    program: &'static str,
    /// Words that have to be there, in this order; options may stand between them. Of words with
    /// `|`, any.
    words: &'static [&'static str],
    effect: &'static str,
}

const fn known(
    program: &'static str,
    words: &'static [&'static str],
    effect: &'static str,
) -> Known {
    Known { program, words, effect }
}

const DELETES: &str = "deletes what it names";
const ENDS: &str = "takes down what it names";
const RESTARTS: &str = "takes the machine down";
const WIPES: &str = "wipes what it names";
const STOPS: &str = "stops what it names";
const KILLS: &str = "ends what it names without letting it finish";

const WITH_VOLUMES: &str = "takes the services down and deletes their volumes";

#[rustfmt::skip]
const KNOWN: &[Known] = &[
    known("kubectl", &["delete"], DELETES),
    known("kubectl", &["drain"], "moves every pod off the node"),
    known("kubectl", &["replace", "--force"], "deletes the object before it makes it anew"),
    known("kubectl", &["scale", "--replicas=0"], "stops all pods"),
    known("helm", &["uninstall|delete"], DELETES),
    known("terraform", &["destroy"], "destroys what it manages"),
    known("docker", &["rm|prune"], DELETES),
    known("docker", &["system|volume|container|image", "prune|rm"], DELETES),
    known("docker", &["compose", "down", "-v|--volumes"], WITH_VOLUMES),
    known("docker-compose", &["down", "-v|--volumes"], WITH_VOLUMES),
    known("crictl", &["rm|rmp"], DELETES),
    known("ctr", &["delete|rm|kill"], ENDS),
    known("etcdctl", &["del|rm|rmdir"], DELETES),
    known("etcdctl", &["member", "remove"], "takes a member out of the cluster"),
    known("systemctl", &["reboot|poweroff|halt|kexec"], RESTARTS),
    known("systemctl", &["stop|kill"], STOPS),
    known("service", &["stop"], STOPS),
    known("kill", &["-9|-KILL|-SIGKILL"], KILLS),
    known("pkill", &["-9|-KILL|-SIGKILL"], KILLS),
    known("killall", &["-9|-KILL|-SIGKILL"], KILLS),
    known("ipmitool", &["power", "off|cycle|reset|soft"], RESTARTS),
    known("truncate", &["-s0|--size=0"], "empties what it names"),
    known("truncate", &["-s|--size", "0"], "empties what it names"),
    known("ceph", &["osd", "purge|destroy|rm"], DELETES),
    known("ceph", &["pool", "rm|delete"], DELETES),
    known("zfs", &["destroy"], "destroys what it names"),
    known("zpool", &["destroy"], "destroys what it names"),
    known("virsh", &["destroy|undefine"], ENDS),
    known("redis-cli", &["flushall|flushdb|FLUSHALL|FLUSHDB"], "deletes all keys"),
    known("aws", &["s3", "rm|rb"], DELETES),
    known("ibmcloud", &["rm|delete"], DELETES),
    known("ibmcloud", &["worker", "reload|replace|reboot|rm"], "takes the worker down"),
    known("gcloud", &["delete"], DELETES),
    known("az", &["delete"], DELETES),
    known("vault", &["delete|destroy"], DELETES),
    known("consul", &["kv", "delete"], DELETES),
    known("rabbitmqctl", &["delete_queue|purge_queue|reset|force_reset"], DELETES),
    known("kafka-topics.sh", &["--delete"], DELETES),
    known("nodetool", &["decommission|removenode|assassinate"], "takes a node out of the ring"),
    known("cockroach", &["node", "decommission"], "takes a node out of the cluster"),
    known("patronictl", &["reinit"], "deletes the data of a member and copies it anew"),
    known("vtctldclient", &["DeleteTablets|DeleteShards|DeleteKeyspace"], DELETES),
    known("kubeadm", &["reset"], "takes the node out of its cluster"),
    known("git", &["push", "--force|-f"], "overwrites what others pushed"),
    known("reboot", &[], RESTARTS),
    known("shutdown", &[], RESTARTS),
    known("poweroff", &[], RESTARTS),
    known("halt", &[], RESTARTS),
    known("init", &["0|6"], RESTARTS),
    known("mkfs", &[], WIPES),
    known("wipefs", &["-a|--all|-af|-fa"], WIPES),
    known("shred", &[], WIPES),
    known("pvcreate", &["-ff"], WIPES),
    known("lvremove", &[], DELETES),
    known("vgremove", &[], DELETES),
    known("pvremove", &[], DELETES),
    known("userdel", &[], DELETES),
    known("iptables", &["-F|--flush|-X"], "drops all rules"),
    known("find", &["-delete"], "deletes what it finds"),
];

/// Of these every command has one that is found: most commands list and describe, and are not taken
/// apart.
const MARKS: [&str; 48] = [
    "down",
    "Delete",
    "-ff",
    "power",
    "delete",
    "drain",
    "replace",
    "scale",
    "uninstall",
    "destroy",
    "prune",
    "kill",
    "stop",
    "del",
    "remove",
    "reboot",
    "poweroff",
    "halt",
    "kexec",
    "purge",
    "undefine",
    "flush",
    "FLUSH",
    "reload",
    "reset",
    "decommission",
    "assassinate",
    "push",
    "shutdown",
    "init",
    "mkfs",
    "wipefs",
    "shred",
    "userdel",
    "-F",
    "-X",
    "DELETE",
    "DROP",
    "drop",
    "TRUNCATE",
    "truncate",
    "-fr",
    "terminate",
    "detach",
    "-rf",
    "erase",
    "force",
    "-R",
];

/// The same of those that stand within many a word, and are some at its beginning alone: where a program or
/// an argument is `rm`, nothing stands before it that a word could go on with.
const WORDS: [&str; 3] = ["rm", "rb", "dd"];

static MARKED: Phrases = Phrases::new(&MARKS).and_beginning(&WORDS);

/// The first thing in a text that destroys or stops something.
pub fn destruction(text: &str) -> Option<Destruction> {
    invocations_that_may(text)?.iter().find_map(of)
}

/// Everything in a text that destroys or stops something; what does the same as another is left out.
pub fn destructions(text: &str) -> Vec<Destruction> {
    let mut found: Vec<Destruction> = Vec::new();
    for destruction in invocations_that_may(text).iter().flatten().filter_map(of) {
        if found.iter().all(|known| known.name != destruction.name) {
            found.push(destruction);
        }
    }
    found
}

/// What a text runs, if anything of it may destroy or stop something.
fn invocations_that_may(text: &str) -> Option<Vec<Invocation>> {
    MARKED.any_in(text).then(|| invocations(text))
}

fn of(invocation: &Invocation) -> Option<Destruction> {
    let words = invocation.arguments().iter().map(|word| word.text.as_str()).collect();
    let called = Called { program: invocation.program(), words, range: invocation.range() };
    if called.is_harmless() {
        return None;
    }
    match called.program {
        "rm" => called.rm(),
        "dd" => called.dd(),
        "curl" => called.curl(),
        "mysql" | "psql" | "cqlsh" | "sqlite3" => called.statement(),
        "mongo" | "mongosh" => called.script(),
        "aws" => called.aws().or_else(|| called.known()),
        _ => called.known(),
    }
}

/// A program with the words behind it.
struct Called<'i> {
    program: &'i str,
    words: Vec<&'i str>,
    range: Range<usize>,
}

impl Called<'_> {
    fn has(&self, options: &[&str]) -> bool {
        self.words.iter().any(|word| options.contains(word))
    }

    /// Whether it is asked what it would do, or for help.
    fn is_harmless(&self) -> bool {
        // What `-h` stops, it helps with elsewhere.
        let stops = matches!(self.program, "shutdown" | "halt");
        self.words.iter().any(|word| {
            word.starts_with("--dry-run") && !word.ends_with("=none")
                || matches!(*word, "--dryrun" | "--what-if" | "--noop" | "--help" | "help")
                || *word == "-h" && !stops
        }) || (self.program == "shutdown" && self.has(&["-c", "-k"]))
    }

    fn found(&self, used: &[&str], effect: &'static str, has_object: bool) -> Destruction {
        let name = std::iter::once(self.program).chain(used.iter().copied());
        Destruction {
            name: name.collect::<Vec<_>>().join(" "),
            effect,
            has_object,
            range: self.range.clone(),
        }
    }

    /// Deleting a file by its name is no surprise; a folder with all that is in it may be.
    fn rm(&self) -> Option<Destruction> {
        let recursive = self.words.iter().find(|word| {
            **word == "--recursive"
                || (word.starts_with('-') && !word.starts_with("--") && word.contains(['r', 'R']))
        })?;
        let has_object = self.words.iter().any(|word| !word.starts_with('-'));
        Some(self.found(&[recursive], "deletes files for good", has_object))
    }

    fn dd(&self) -> Option<Destruction> {
        let is_device = |word: &&&str| word.starts_with("of=/dev/") && **word != "of=/dev/null";
        let onto = self.words.iter().find(is_device)?;
        Some(self.found(&[onto], "overwrites a device", true))
    }

    fn curl(&self) -> Option<Destruction> {
        let at = self.words.iter().position(|word| matches!(*word, "-X" | "--request"));
        let method = at.and_then(|at| self.words.get(at + 1)).copied();
        let is_delete = method == Some("DELETE") || self.has(&["-XDELETE", "--request=DELETE"]);
        is_delete.then(|| self.found(&["-X DELETE"], "deletes what it names", true))
    }

    /// A statement of SQL.
    fn statement(&self) -> Option<Destruction> {
        let statement = self.words.iter().find_map(|word| {
            let upper = word.to_uppercase();
            ["DROP TABLE", "DROP DATABASE", "TRUNCATE ", "DELETE FROM"]
                .into_iter()
                .find(|statement| upper.contains(statement))
        })?;
        Some(self.found(&[statement.trim()], "deletes data", true))
    }

    /// A script of `MongoDB`'s shell.
    fn script(&self) -> Option<Destruction> {
        let calls = ["dropDatabase(", ".drop("];
        let called =
            calls.iter().find(|call| self.words.iter().any(|word| word.contains(**call)))?;
        Some(self.found(&[called.trim_matches(['.', '('])], "deletes data", true))
    }

    fn aws(&self) -> Option<Destruction> {
        let ends = |word: &&&str| {
            ["delete-", "terminate-", "reboot-"].iter().any(|verb| word.starts_with(verb))
        };
        let verb = self.words.iter().find(ends)?;
        Some(self.found(&[verb], ENDS, true))
    }

    /// One of those that the table has.
    fn known(&self) -> Option<Destruction> {
        let words = &self.words;
        let family = match self.program {
            "oc" => "kubectl",
            "podman" | "nerdctl" => "docker",
            "bx" => "ibmcloud",
            "telinit" => "init",
            name if name.ends_with("-kubectl") => "kubectl",
            name if name.starts_with("mkfs.") => "mkfs",
            name => name,
        };
        KNOWN.iter().filter(|known| known.program == family).find_map(|known| {
            let used = in_order(words, known.words)?;
            // What runs in a pod is looked at by itself.
            let end = words.iter().position(|word| *word == "--").unwrap_or(words.len());
            if family == "kubectl" && used.iter().any(|at| *at > end) {
                return None;
            }
            if family == "kubectl" && !is_verb(words, used[0]) {
                return None;
            }
            // `systemctl status reboot` asks for one that is called so.
            let is_first = || words.iter().position(|word| !word.starts_with('-')) == Some(used[0]);
            if family == "systemctl" && !is_first() {
                return None;
            }
            let last = used.last().map_or(0, |at| at + 1);
            let after = &words[last.min(words.len())..];
            // With these the machine is said by an option, or is the one they run on.
            let has_object = after.iter().any(|word| !word.starts_with('-'))
                || (known.words.is_empty() && !words.is_empty())
                || matches!(family, "ipmitool" | "init")
                || known.effect == WITH_VOLUMES;
            let names: Vec<&str> = used.iter().map(|at| words[*at]).collect();
            Some(self.found(&names, known.effect, has_object))
        })
    }
}

/// The places of certain words among others, in order.
fn in_order(words: &[&str], wanted: &[&str]) -> Option<Vec<usize>> {
    let mut at = 0;
    wanted
        .iter()
        .map(|alternatives| {
            let is_one = |word: &&str| alternatives.split('|').any(|one| one == *word);
            let found = at + words.get(at..)?.iter().position(is_one)?;
            at = found + 1;
            Some(found)
        })
        .collect()
}

/// Whether a word of kubectl is what it is to do, and no name or value: the first word that is
/// neither an option nor the value of one. A wrapper such as `kubx-kubectl` has the cluster first.
fn is_verb(words: &[&str], at: usize) -> bool {
    const VERBS: [&str; 20] = [
        "get",
        "describe",
        "logs",
        "exec",
        "apply",
        "create",
        "edit",
        "explain",
        "label",
        "annotate",
        "patch",
        "rollout",
        "top",
        "cp",
        "port-forward",
        "run",
        "config",
        "cordon",
        "uncordon",
        "auth",
    ];
    words[..at].iter().all(|word| !VERBS.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_destroys_has_a_mark(
            parts in prop::collection::vec(prop::sample::select(vec![
                "rm ", "rm -rf /x ", "-r ", "dd ", "of=/dev/sda ", "aws s3 ", "rb ", "docker ", "etcdctl ", "rmdir ",
                "harbour ", "add", "a", "é", "1", " ", "/", "/bin/", "'", "\"", "\\", "$'", "$(", ")", "`", ";", "|",
                "&&", "\n", "\\n", "=", "--", "sudo ", "ssh h ", "sh -c ", "xargs ", "<x>", "{", "}",
            ]), 0..12)
        ) {
            let text = parts.concat();
            let destroys = invocations(&text).iter().any(|it| of(it).is_some());
            prop_assert!(!destroys || MARKED.any_in(&text), "{}", text);
        }
    }

    #[test]
    fn each_known_command_has_a_mark() {
        let has_mark = |word: &str| MARKED.any_in(word);
        for known in KNOWN {
            let marked = known.words.iter().any(|words| words.split('|').all(has_mark));
            assert!(has_mark(known.program) || marked, "{} {:?}", known.program, known.words);
        }
    }
}
