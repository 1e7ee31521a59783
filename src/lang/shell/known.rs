//! Which texts are commands though nothing says so.

use crate::lang::variable::is_assignment;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// Whether a text is evidently a command: it begins with a program that runbooks run, and says
/// what to do with it. A program's name alone is a mention of it.
pub fn is_evident(text: &str) -> bool {
    // Nearly all texts begin with a word that is none of these, and is looked at once.
    let first = super::prose::next_word(text, 0).map_or("", |word| &text[word]);
    if kind(first).is_none() && memchr::memchr(b'=', first.as_bytes()).is_none() {
        return false;
    }
    let mut words = text.split_whitespace().skip_while(|word| is_assignment(word)).peekable();
    let Some(mut program) = words.next() else { return false };
    if program == "sudo" {
        match words.find(|word| !word.starts_with('-')) {
            Some(word) => program = word,
            None => return false,
        }
        // Whatever is called with an argument there is called.
        let is_called = program.starts_with(|first: char| first.is_ascii_lowercase())
            && words.next().is_some_and(|word| word.starts_with(['-', '/', '<', '$']));
        return is_called
            || is_program(program)
            || is_word_of_prose(program)
            || program.starts_with('/');
    }
    if is_program(program) {
        return words.peek().is_some();
    }
    // `find the pod` is a sentence, `find /var -name x` is none.
    is_word_of_prose(program)
        && words.any(|word| {
            word.starts_with(['-', '/', '$', '"', '\'']) || matches!(word, "|" | "&&" | ">" | "||")
        })
}

/// Whether a text is the name of a program that runbooks run, and nothing else.
pub fn is_name(text: &str) -> bool {
    kind(text).is_some()
}

/// Whether the first line of a script begins as a command does: with a program that runbooks run,
/// or with what a shell has a use for, and output has not.
pub fn begins_script(line: &str) -> bool {
    let line = line.trim_start_matches(['(', '{', '!', ' ', '\t']);
    let operators = ["|", "&&", "||", ";", "&"];
    let first = line.split_whitespace().find(|word| !is_assignment(word)).unwrap_or_default();
    let first = first.trim_end_matches(';');
    operators.contains(&first) || kind(first).is_some()
}

/// Whether a line is a word alone that parts or ends a compound command, or begins with an operator
/// that joins commands.
pub fn belongs_to_script(line: &str) -> bool {
    let line = line.trim();
    let word = line.trim_end_matches([';', ' ']);
    ["do", "done", "elif", "else", "esac", "fi", "then"].contains(&word)
        || ["&& ", "|| "].iter().any(|operator| line.starts_with(operator))
}

/// What a program's name is besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing else.
    Program,
    /// A word of English.
    WordOfProse,
}

/// What a word is that a command may begin with; none if it names no program that is known.
pub(super) fn kind(word: &str) -> Option<Kind> {
    // The last letter tells nearly all words from the two at once.
    match word.as_bytes().last() {
        Some(b'o') if word == "sudo" => Some(Kind::Program),
        Some(b'l') if word.ends_with(KUBECTL) => Some(Kind::Program),
        _ => listed(word),
    }
}

/// How the names of kubectl's of certain clusters end.
const KUBECTL: &str = "-kubectl";

fn is_program(word: &str) -> bool {
    listed(word) == Some(Kind::Program) || word.ends_with(KUBECTL)
}

fn is_word_of_prose(word: &str) -> bool {
    listed(word) == Some(Kind::WordOfProse)
}

/// What a word is by the lists. Every word of every runbook is asked about.
fn listed(word: &str) -> Option<Kind> {
    static LISTED: LazyLock<FxHashMap<&str, Kind>> = LazyLock::new(|| {
        let programs = PROGRAMS.into_iter().map(|name| (name, Kind::Program));
        programs.chain(PROSE.into_iter().map(|name| (name, Kind::WordOfProse))).collect()
    });
    // Nearly all words end here.
    if may_be_listed(word.as_bytes()) { LISTED.get(word).copied() } else { None }
}

/// Whether a word may be in the lists, by its first two letters and its length.
fn may_be_listed(word: &[u8]) -> bool {
    let [first, second, ..] = word else { return false };
    let Some(lengths) = LENGTHS.get(usize::from(first.wrapping_sub(b'a'))) else { return false };
    let seconds = SECONDS[usize::from(first - b'a')];
    word.len() < 32 && lengths >> word.len() & seconds >> (second % 32) & 1 == 1
}

/// How long the names in the lists are that begin with a letter, as bits.
static LENGTHS: [u32; 26] = shapes(false);

/// Which letters stand second in the names in the lists that begin with a letter, as bits: each letter
/// has one of the lower five bits of its byte to itself, and shares it with a digit.
static SECONDS: [u32; 26] = shapes(true);

/// The bits of all names, by their first letter; each name has two letters or more and fewer than 32.
const fn shapes(of_second: bool) -> [u32; 26] {
    let mut shapes = [0; 26];
    let mut at = 0;
    while at < PROGRAMS.len() + PROSE.len() {
        let name = if at < PROGRAMS.len() { PROGRAMS[at] } else { PROSE[at - PROGRAMS.len()] };
        let name = name.as_bytes();
        let bit: u32 = if of_second { 1 << (name[1] % 32) } else { 1 << name.len() };
        shapes[(name[0] - b'a') as usize] |= bit;
        at += 1;
    }
    shapes
}

/// Programs whose names are no words of English, in alphabetical order.
#[rustfmt::skip]
const PROGRAMS: [&str; 196] = [
    "amtool", "ansible", "ansible-playbook", "apt", "apt-get", "argocd", "arping", "awk", "aws",
    "az", "blkid", "buildah", "bx", "calicoctl", "ceph", "cephadm", "chmod", "chown", "chronyc",
    "chroot", "cilium", "clickhouse-client", "cmctl", "cockroach", "conntrack", "consul", "cp",
    "cqlsh", "crictl", "crontab", "ctr", "curl", "dd", "df", "dig", "dmesg", "dnf", "docker",
    "dpkg", "du", "e2fsck", "eksctl", "etcdctl", "ethtool", "fdisk", "findmnt", "fio", "flux",
    "fsck", "fuser", "gcloud", "gh", "git", "grep", "gsutil", "gunzip", "gzip", "helm",
    "hostnamectl", "htop", "ibmcloud", "ifconfig", "influx", "iostat", "iotop", "iperf3",
    "ipmitool", "ipset", "iptables", "istioctl", "journalctl", "jq", "k0s", "k3s", "k9s",
    "kafka-consumer-groups.sh", "kafka-topics.sh", "kcat", "kubeadm", "kubectl", "kubectx",
    "kubens", "kustomize", "linkerd", "logcli", "loginctl", "lsblk", "lscpu", "lsof", "lspci",
    "lvcreate", "lvdisplay", "lvextend", "lvremove", "lvs", "mdadm", "microk8s", "mimirtool",
    "mkdir", "mkfs", "mongodump", "mongosh", "mpstat", "mtr", "mv", "mysql", "mysqladmin",
    "mysqldump", "nc", "netstat", "nft", "nmap", "nmcli", "nodetool", "nomad", "nsenter",
    "nslookup", "ntpq", "nvme", "oc", "openssl", "openstack", "patronictl", "pct", "pdsh", "pg_ctl",
    "pg_dump", "pg_isready", "pgbackrest", "pgrep", "pidstat", "ping", "pip", "pkill", "podman",
    "promtool", "ps", "psql", "pstree", "pvcreate", "pvdisplay", "pvecm", "pvesh", "pvs", "qm",
    "rabbitmqctl", "rados", "rbd", "rclone", "redis-cli", "repmgr", "resize2fs", "resolvectl",
    "rke2", "rm", "rsync", "s3cmd", "scp", "sed", "sftp", "skopeo", "smartctl", "sqlite3", "ss",
    "ssh", "stern", "strace", "sysctl", "systemctl", "talosctl", "tar", "tcpdump", "telnet",
    "terraform", "tikv-ctl", "timedatectl", "tiup", "tmux", "traceroute", "ufw", "umount", "uptime",
    "vacuumdb", "vault", "velero", "vgdisplay", "vgs", "virsh", "virtctl", "vmstat", "wget",
    "xargs", "xfs_growfs", "yum", "zfs", "zpool",
];

/// Programs whose names are words of English as well, in alphabetical order.
#[rustfmt::skip]
const PROSE: [&str; 38] = [
    "bash", "cat", "cd", "chage", "cut", "date", "diff", "echo", "env", "export", "find", "halt",
    "head", "host", "id", "ip", "kill", "killall", "less", "ls", "make", "mount", "ping6", "pwd",
    "python", "python3", "reboot", "service", "sh", "shutdown", "sort", "source", "tail", "tee",
    "time", "top", "touch", "watch",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_in_order() {
        assert!(PROGRAMS.is_sorted() && PROSE.is_sorted());
    }

    #[test]
    fn every_name_is_found() {
        for name in PROGRAMS.iter().chain(&PROSE) {
            assert!(listed(name).is_some(), "{name}");
        }
    }

    #[test]
    fn commands_are_told_from_mentions_and_sentences() {
        for (text, expected) in [
            ("kubectl get pods", true),
            ("kubx-kubectl <clusterID> get all", true),
            ("KUBECONFIG=x kubectl get pods", true),
            ("sudo reboot", true),
            ("sudo -i systemctl restart docker", true),
            ("find /var -name '*.log'", true),
            ("cat x | grep y", true),
            ("sudo resize2fs /dev/xvdh", true),
            ("sudo gitlab-tool -x", true),
            ("virtctl console <vm>", true),
            ("pidstat -u 1", true),
            ("stern <pod>", true),
            ("k3s kubectl get po", true),
            ("sudo rights", false),
            ("sudo and su", false),
            ("kubectl", false),
            ("rm", false),
            ("find the pod", false),
            ("time is up", false),
            ("reboot", false),
            ("armada-bootstrap", false),
            ("NAME READY STATUS", false),
            ("", false),
        ] {
            assert_eq!(is_evident(text), expected, "{text}");
        }
    }
}
