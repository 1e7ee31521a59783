use super::declared::declared_holes;
use super::*;
use proptest::prelude::*;

fn holes(text: &str) -> Vec<Range<usize>> {
    super::ranges(&placeholder::find(text))
}

fn is_query(text: &str) -> bool {
    evident_query(text).is_some()
}

fn ranges_in_prose(text: &str) -> Vec<Range<usize>> {
    in_prose(text).into_iter().map(|part| part.range).collect()
}

#[test]
fn queries_are_known_by_their_evidence() {
    for text in [
        "boot_requests_total{state=\"FAIL\"}",
        "boot_requests_total{worker=\"*worker*\"} > 0",
        "{job=\"api\"}",
        "node_load1[5m]",
        "requests[5m]",
        "requests_total[<window>]",
        "sum by (cluster, worker) (boot_malformed_requests)",
        "count(team:requests:rate5m)",
        "time() - process_start_time_seconds",
        "up == 0",
        "5 < queue_length",
        "queue_length - queue_limit >= -5",
        "http_errors_total > <threshold>",
        "queue_length offset 1d",
        "a_b / on (pod) c_d",
        "app_{Region}_failures{kind=~\"{Region}-.*\"}",
        "rate(app_requests_total{pod=\"$pod\"}[$__rate_interval])",
        "# how many are left\nsum(\n  free_slots{zone=\"a\"}  # by zone\n)",
        "changes(team:boot_start_count[5h]) > 2 and changes(team:boot_fail_count[5h]) <= 0",
        "max_over_time((sum(queue_length))[1h:5m])",
        "ALERTS{alertstate=\"firing\"}",
        "\n\n  up{job=\"api\"}  \n",
        "up{instance=\"<instance>\",job=\"api\"}",
    ] {
        assert!(is_query(text), "{text}");
    }
}

#[test]
fn what_can_merely_be_parsed_is_no_query() {
    for text in [
        "",
        " ",
        "up",
        "node_load1",
        "team:requests:rate5m",
        "5",
        "5m",
        "\"text\"",
        "-1",
        "kube-system",
        "etc/hosts",
        "a and b",
        "read_only and write_only",
        "armada-kp-events",
        "exit(1)",
        "count(id)",
        "sum(total)",
        "x == y",
        "response == 200",
        "MAX_RETRIES > 5",
        "vector(1)",
        "time()",
        "main()",
        "my_func(a_b)",
        "list_of_pods[0]",
        "argv[<n>]",
        "{\"status\"}",
        "{\"status\":\"ok\"}",
        "[1, 2]",
        "{}",
        "key: value",
        "a: {b: c}",
        "kubectl get pods -n kube-system | grep <clusterID>",
        "kubectl logs $POD --tail=100",
        "kubectl get nodes -o jsonpath='{.items[*].metadata.name}'",
        "{range .items[*]}{end}",
        "[INFO] 2020-01-01 server_started (pid 5)",
        "rm -rf /tmp/x_y",
        "echo foo_bar > /dev/null",
        "cat /logs/<workerID>_<attempt number>",
        "if [ $a_b -gt 5 ]; then exit 1; fi",
        "prod-dal10-carrier1-master-01 10.0.0.1",
        "<none>",
        "*workerID*",
        "${POD}",
        "app_{Region}_x",
        "https://host/x_y?a=b",
        "SELECT count(user_id) FROM t",
        "foo{a=\"b\"} |= \"err\"",
        "$(date) > log_file",
        "a_b.c(d_e)",
        "for (i = 0; i < max_size; i++)",
        "time=\"5\" level=\"x\"",
        "user@host_a:~# ls (x)",
    ] {
        assert!(!is_query(text) && !is_sample(text), "{text}");
    }
}

#[test]
fn samples_are_told_from_queries() {
    let series =
        "boot_total{app=\"boot\",error=\"can't read: {\",instance=\"10.0.0.1:80\",job=\"k8s\"}";
    let samples = [
        series.to_owned(),
        format!("{series}\n{series}"),
        format!("# boot_total{{app=\"boot\"}}:\n{series}"),
        format!("{series} 5"),
        "boot_total{a=\"b\"} 5".to_owned(),
        "boot_total{a=\"b\"} => 5 @[1600000000.123]".to_owned(),
        "boot_total{a=\"b\"} +Inf 1600000000000\nboot_total{a=\"c\"} 1e3\n...\nboot_sum 5"
            .to_owned(),
        "{instance=\"10.0.0.1:80\",job=\"k8s\"} 0".to_owned(),
        "# HELP x_total What it counts (in all).\n# TYPE x_total counter\nx_total 5".to_owned(),
    ];
    for text in &samples {
        assert!(is_sample(text) && !is_query(text), "{text}");
        assert!(split_queries(text).is_empty(), "{text}");
        assert!(in_prose(&format!("Such as: {text}")).is_empty(), "{text}");
    }
    for text in [
        format!("{series} > 0"),
        "up{instance=~\"10.*\",job=\"k8s\"}".to_owned(),
        "up{instance=\"a\"}".to_owned(),
        format!("rate({series}[5m])"),
    ] {
        assert!(is_query(&text), "{text}");
    }
}

fn parts(text: &str, ranges: impl IntoIterator<Item = Range<usize>>) -> Vec<&str> {
    ranges.into_iter().map(|range| &text[range]).collect()
}

fn ranges(parts: Vec<Part>) -> impl Iterator<Item = Range<usize>> {
    parts.into_iter().map(|part| part.range)
}

#[test]
fn fences_are_split_into_their_queries() {
    for (text, queries) in [
        ("up == 0\n", vec!["up == 0"]),
        ("# all that are down\nup == 0\n# end\n", vec!["up == 0"]),
        ("  sum(\n  x_y\n)\n", vec!["sum(\n  x_y\n)"]),
        ("x_y > 0\r\nrate(x_y[5m])\r\n", vec!["x_y > 0", "rate(x_y[5m])"]),
        ("sum(\n  x_y)\n\nx_y > 0\n# then\nmax(x_y)", vec!["sum(\n  x_y)", "x_y > 0", "max(x_y)"]),
        ("x{a=\"b\"}\nx{a=\"c\"}\n\nx{a=\"d\"}", vec!["x{a=\"b\"}", "x{a=\"c\"}", "x{a=\"d\"}"]),
        ("x{a=\"b\"}\nthen look", vec![]),
        ("x{a=\"b\"}\n\nkubectl get pods", vec![]),
        ("# nothing\n\n", vec![]),
        ("", vec![]),
        ("x_y > 0\nsum(\nx_y)", vec![]),
    ] {
        assert_eq!(parts(text, ranges(split_queries(text))), queries, "{text:?}");
    }
}

#[test]
fn declared_queries_need_no_evidence() {
    for (text, queries) in [
        ("up\n", vec!["up"]),
        ("up\nkubelet_up\n\n# the rest\nsum(\n  x\n)", vec!["up", "kubelet_up", "sum(\n  x\n)"]),
        ("x{pod=\"<pod>\"}\ny{", vec!["x{pod=\"<pod>\"}", "y{"]),
        ("x{...}\ny{a=\"b\", ...}\n", vec!["x{...}", "y{a=\"b\", ...}"]),
        ("up == 0\nsum(rate(x{a=b}[5m]))", vec!["up == 0", "sum(rate(x{a=b}[5m]))"]),
        ("up == 0\nsum(x by (a)\nup == 1", vec!["up == 0", "sum(x by (a)", "up == 1"]),
        ("sum(x)\n\nsum(rate(x[5m])\n\nup", vec!["sum(x)", "sum(rate(x[5m])", "up"]),
        ("sum(\n  rate(x[5m])\n> 3", vec!["sum(\n  rate(x[5m])\n> 3"]),
        ("sum(x\n  rate(x[5m])", vec!["sum(x\n  rate(x[5m])"]),
        ("x{a=b} * on (c) group_left\ny", vec!["x{a=b} * on (c) group_left\ny"]),
        ("x{a=b} AND\ny", vec!["x{a=b} AND\ny"]),
        ("x\n  == > 5\nand y", vec!["x\n  == > 5\nand y"]),
        ("x{\n  a=b\n}\n+ y", vec!["x{\n  a=b\n}\n+ y"]),
        ("  raet(x[5m])\n", vec!["raet(x[5m])"]),
        ("x > 0\n\ny >\n# and\nz\n", vec!["x > 0", "y >", "z"]),
        ("sum(\n\nx\n\n) >\n", vec!["sum(\n\nx\n\n) >"]),
        ("# nothing", vec![]),
    ] {
        assert_eq!(parts(text, ranges(split_declared(text))), queries, "{text:?}");
    }
}

#[test]
fn queries_are_found_in_prose() {
    for (text, queries) in [
        (
            "To find failures search for: boot_total{state=\"FAIL\",worker=\"*workerID*\"} > 0\nThen look.",
            vec!["boot_total{state=\"FAIL\",worker=\"*workerID*\"} > 0"],
        ),
        ("Run: x{a=\"b\"} > 0 and look for the reason", vec!["x{a=\"b\"} > 0"]),
        (
            "Run: x{a=\"b\"} > 0 and y{c=\"d\"} < 5 and more",
            vec!["x{a=\"b\"} > 0 and y{c=\"d\"} < 5"],
        ),
        ("Run: x{a=\"b\"} > 0.", vec!["x{a=\"b\"} > 0"]),
        ("Run: x{a=\"b\"} > 0.5. Then: sum(x_y), or not", vec!["x{a=\"b\"} > 0.5", "sum(x_y)"]),
        ("Run: x{a=\"b\"} - this shows it", vec!["x{a=\"b\"}"]),
        ("Run: rate(x_y[5m]) / x_z_total for all", vec!["rate(x_y[5m]) / x_z_total"]),
        ("Run this:\n  changes(a:b[1h]) > 0\nnow", vec!["changes(a:b[1h]) > 0"]),
        ("**Query:** up{job=\"x\"}", vec!["up{job=\"x\"}"]),
        ("(see: sum(x_y))", vec!["sum(x_y)"]),
        ("Alert: up{job=\"x\"} == 0 for 5m", vec!["up{job=\"x\"} == 0"]),
        ("Pod: x{pod=\"<pod name>\"} for it", vec!["x{pod=\"<pod name>\"}"]),
        ("Run:\n\nx_y and", vec![]),
        ("Run:sum(x_y)", vec![]),
        ("Run: `sum(x_y)` now", vec![]),
        ("Code `a: sum(x_y)` here", vec![]),
        ("Run: x{a=\"b\"} > 0 `and on`", vec!["x{a=\"b\"} > 0"]),
        ("Related metric: boot_total", vec![]),
        ("Wait until: queue_length > 5", vec![]),
        ("See: [runbook](./x_y.html) (really)", vec![]),
        ("Note: this (and that_one) is so [5m] {x}", vec![]),
        ("Answer: {\"status\": \"ok\"} (200)", vec![]),
        ("Time: 12:30 (UTC), at 5: 30 (x)", vec![]),
        (
            "Query armada_x{workerID=\"*workerID*\"} in Prometheus.",
            vec!["armada_x{workerID=\"*workerID*\"}"],
        ),
        (
            "Run sum(rate(foo_total{a=\"b\"}[5m])) by (c) in Prometheus.",
            vec!["sum(rate(foo_total{a=\"b\"}[5m])) by (c)"],
        ),
        ("Run sum by (c) (x_y{a=\"b\"}) > 2", vec!["sum by (c) (x_y{a=\"b\"}) > 2"]),
        ("Run sum without(c)(x_y) now", vec!["sum without(c)(x_y)"]),
        ("up{a=\"b\"}", vec!["up{a=\"b\"}"]),
        ("See **up{a=\"b\"}** and _rate(x_y[5m])_", vec!["up{a=\"b\"}", "rate(x_y[5m])"]),
        ("Look at 100 * x_y / max(x_z), then", vec!["100 * x_y / max(x_z)"]),
        ("If it grows (rate(x_y[5m])), then", vec!["rate(x_y[5m])"]),
        ("See (x_y{a=\"b\"} + x_z) / max(x_z) there", vec!["(x_y{a=\"b\"} + x_z) / max(x_z)"]),
        ("Such as up{a=\"b\"} and up{a=\"c\"}", vec!["up{a=\"b\"} and up{a=\"c\"}"]),
        ("Of the pod(s), minute(s) or hour(s)", vec![]),
        ("Call max(value) or min(a, b) or call(x_y)", vec![]),
        ("See http://p/graph?g0.expr=up{a=\"b\"} now", vec![]),
        ("See <https://p/x(y)> and [up](http://p/rate(x))", vec![]),
        ("Answer {a=\"b\"}", vec![]),
        ("é: é{a=\"b\"} ü: x{a=\"ü\"} é", vec!["x{a=\"ü\"}"]),
    ] {
        assert_eq!(parts(text, ranges_in_prose(text)), queries, "{text:?}");
    }
}

/// Prose with queries, colons, code and what breaks them.
fn prose() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "Run: ",
        ": ",
        ":\n",
        ":",
        "\n",
        "`",
        "``",
        " ",
        "x{a=\"b\"}",
        "sum(x_y)",
        "x_y[5m]",
        " > 0",
        " and ",
        " look",
        ".",
        ",",
        "<pod name>",
        "{Region}",
        "é",
        "*workerID*",
        "\"",
        "(",
        ")",
        "}",
        "up",
        " == ",
        "5",
        "# ",
        "**",
        " - ",
        "[x](y)",
        "job=\"a\",instance=\"b\"",
        "x{job=\"a\",instance=\"b\"}",
    ]);
    prop::collection::vec(parts, 0..20).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn what_was_read_in_prose_is_what_is_read_there(text in prose()) {
        for part in in_prose(&text) {
            let query = &text[part.range];
            let Some(Read { query: read, placeholders }) = part.read else { continue };
            prop_assert_eq!(&placeholders, &placeholder::find(query));
            let again = promql::parse_with_holes(query, &holes(query)).unwrap();
            prop_assert_eq!(format!("{read:?}"), format!("{again:?}"), "{}", query);
        }
    }

    #[test]
    fn what_is_found_in_prose_is_a_query_on_its_line(text in prose()) {
        let mut end = 0;
        for range in ranges_in_prose(&text) {
            prop_assert!(range.start >= end);
            end = range.end;
            let query = &text[range];
            prop_assert!(is_query(query), "{}", query);
            prop_assert!(!query.contains(['\n', '`']));
        }
    }

    #[test]
    fn what_a_fence_is_split_into_are_queries(text in prose()) {
        let queries = split_queries(&text);
        let mut end = 0;
        for Part { range, .. } in &queries {
            prop_assert!(range.start >= end);
            end = range.end;
            prop_assert!(is_query(&text[range.clone()]));
        }
        prop_assert!(!is_query(&text) || queries.len() == 1);
    }
}

#[test]
fn words_in_stars_are_holes_whole_or_not_at_all() {
    for (text, holes) in [
        ("x[*range*]", &["*range*"][..]),
        ("up > *limit*", &["*limit*"]),
        ("x{a=*größe*}", &[]),
        ("*ké", &[]),
        ("up > *a\u{2028}*", &[]),
    ] {
        let found: Vec<&str> = declared_holes(text).into_iter().map(|hole| &text[hole]).collect();
        assert_eq!(found, holes, "{text:?}");
    }
}

proptest! {
    #[test]
    fn holes_of_any_text_are_parts_of_it(text in "[a_*{=<. é✗\n]{0,12}") {
        for hole in declared_holes(&text) {
            prop_assert!(text.get(hole).is_some());
        }
    }
}

proptest! {
    #[test]
    fn no_query_begins_with_two_names(words in prop::collection::vec(prop::sample::select(vec![
        "up", "sum", "rate", "x_total", "by", "without", "on", "ignoring", "group_left", "bool", "offset",
        "5m", "5", "and", "or", "unless", "atan2", "smoothed", "anchored", "fill", "inf", "nan", "start()",
        "end()", "(up)", "(x)", "(rate(x[5m]))", "{a=\"b\"}", "[5m]", "-", "/", ",", "*", "==", "<b>", "$c",
        "XXX", "podXXX", "WORKERID", "*pod*", "@", "\n", "step", "step()", "topk", "vector", "\"a\"",
    ]), 1..7), blanks in 0..64_u32) {
        let text: String = words.iter().enumerate().flat_map(|(at, word)| {
            [if blanks >> at & 1 == 0 { " " } else { "" }, word]
        }).collect();
        let text = text.trim();
        if promql::begins_no_query(text) {
            let holes = holes(text);
            prop_assert!(promql::try_parse(text, &holes).is_none(), "{}", text);
            for end in promql::Beginning::of(text, &holes).ends() {
                prop_assert!(!text[..end].contains(['{', '[', '(']), "{}", text);
            }
        }
    }

    #[test]
    fn samples_are_told_from_queries_as_part_by_part(
        lines in prop::collection::vec(prop::sample::select(vec![
            "# TYPE x_total counter", "# a=\"b\"", "#", "", "...", "x_total{a=\"b\"} 5", "x_total{a = \"b\"} -5", "x -5",
            "x_total{a=\"b\"}", "up{instance=\"a\", job=\"b\"}", "x_total 7", "+ y{a=\"b\"}", "rate(x_total[5m])",
            "  x_total{a=\"b\"} => 5 @[1.5]  ", "kubectl get", "y{} 3", "\r",
        ]), 0..6),
    ) {
        let text = lines.join("\n");
        let ranges = |parts: Vec<Part>| parts.into_iter().map(|part| part.range).collect::<Vec<_>>();
        let parts = split_queries(&text);
        let slowly = (is_sample(&text) || !parts.is_empty()).then_some(parts);
        prop_assert_eq!(evident_in_block(&text).map(ranges), slowly.map(ranges), "{:?}", text);
    }
}
