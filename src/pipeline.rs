//! From a folder to a site and its report: load, parse in parallel, assemble, check, render, publish.

mod age;
mod live;
mod mend;

pub use live::{Answering, check_live, check_with};
pub use mend::{Mended, mend};

use crate::config::{self, Config};
use crate::diag::suggest::did_you_mean;
use crate::diag::{Diagnostic, Report};
use crate::failure::Failure;
use crate::git::{Repository, Revision};
use crate::liquid::{Data, SiteVariables};
use crate::load::{self, Files, Inputs};
use crate::memo::{Key, Memo};
use crate::output::{Published, Publisher};
use crate::render::{Output, Renderer};
use crate::rules::RuleFile;
use crate::runbook::{AlertColumns, Runbook};
use crate::site::History;
use crate::site::{Destination, Page, Parts, Replacement, Site};
use crate::source::Source;
use crate::{lint, prometheus, rules};
use age::HistoryOf;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// What is built, and where to.
#[derive(Debug, Clone)]
pub struct Project {
    /// The folder with the configuration.
    pub site: PathBuf,
    /// The output folder.
    pub out: PathBuf,
    /// The base address in place of the configured one.
    pub base_url: Option<String>,
}

/// A site that was read and checked.
#[derive(Debug)]
pub struct Checked {
    /// The site.
    pub site: Site,
    /// What the checks found.
    pub report: Report,
    /// What it was made of.
    pub inputs: Inputs,
    /// What somebody should know that is no finding about a file.
    pub warnings: Vec<String>,
    /// Where the time went.
    pub timings: Timings,
    known_history: KnownHistory,
    history: OnceLock<Arc<History>>,
    /// Kept by builders that read the site again.
    findings: Option<lint::Findings>,
}

/// The history that was asked for last, and of which commit and runbooks it is. Only pages say it,
/// so it is asked for when pages are made, and not when a site is checked.
type KnownHistory = Arc<Mutex<Option<(Key, Arc<History>)>>>;

impl Checked {
    /// What renders the site's files.
    ///
    /// # Errors
    ///
    /// A template has a fault.
    pub fn renderer(&self) -> Result<Renderer<'_>, String> {
        let renderer = Renderer::new(&self.site, &self.inputs.theme)?;
        Ok(renderer.with_history(self.history()))
    }

    /// When the site's runbooks were changed last. Where there is no repository, nobody knows.
    pub fn history(&self) -> Arc<History> {
        Arc::clone(self.history.get_or_init(|| self.ask_for_history()))
    }

    fn ask_for_history(&self) -> Arc<History> {
        let Some((repository, head)) =
            Repository::of(&self.inputs.site).and_then(|it| it.head().map(|head| (it, head))).ok()
        else {
            return Arc::default();
        };
        let pages: Vec<_> =
            self.site.pages.iter().map(|page| page.runbook.source().path()).collect();
        let parts: Vec<_> = std::iter::once(&*head).chain(pages.iter().copied()).collect();
        let key = Key::of(&parts.iter().map(|part| part.as_bytes()).collect::<Vec<_>>());
        let mut known = self.known_history.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, history)) = &*known
            && *of == key
        {
            return Arc::clone(history);
        }
        let folder = &self.site.config.content.path;
        let history = Arc::new(repository.last_changes(folder, pages).unwrap_or_default());
        *known = Some((key, Arc::clone(&history)));
        history
    }

    /// Files to be copied: the output path and where the file is.
    pub fn copies(&self) -> impl Iterator<Item = &(String, PathBuf)> {
        // A page may stand where a file of the same name lies; the page is the one that counts.
        let is_copied = |path: &str| matches!(self.site.at(path), None | Some(Destination::File));
        self.inputs.files.iter().filter(move |(path, _)| is_copied(path))
    }
}

/// Reads a site and runs the checks.
///
/// # Errors
///
/// The site can't be read, or its configuration is wrong.
pub fn check(project: &Project) -> Result<Checked, Failure> {
    let history_of = Some(HistoryOf { folder: project.site.clone(), commit: None });
    Builder { history_of, ..Builder::default() }.read(project)
}

/// Reads a site as it was at a revision, and runs the checks. What is asked of the history is asked
/// of the repository that `project` lies in, from that revision on.
///
/// # Errors
///
/// The site can't be read, or its configuration is wrong.
pub fn check_revision(project: &Project, revision: &Revision) -> Result<Checked, Failure> {
    let commit = Some(revision.commit().to_owned());
    let history_of = Some(HistoryOf { folder: project.site.clone(), commit });
    let site = revision.site();
    let there = Project { out: default_output(&site), site, ..project.clone() };
    Builder { history_of, ..Builder::default() }.read(&there)
}

/// Makes a site of a folder, again and again, and keeps what it made of each file.
///
/// Each time it takes a whole snapshot, and the result is the one that a builder would get that has
/// seen nothing before; `tests/warm_builds.rs` holds it to that.
#[derive(Debug, Default)]
pub struct Builder {
    files: Files,
    history: KnownHistory,
    memos: Option<Memos>,
    /// The history that is looked at. A builder that is used again and again, at each save of a file,
    /// has no time for that.
    history_of: Option<HistoryOf>,
}

/// What was made of files before, by their content.
#[derive(Debug, Default)]
struct Memos {
    runbooks: Memo<Read<Runbook>>,
    rule_files: Memo<Read<RuleFile>>,
}

/// What was read out of a file, and what is wrong with it.
#[derive(Debug)]
struct Read<T> {
    value: Arc<T>,
    diagnostics: Vec<Diagnostic>,
}

impl<T> Read<T> {
    fn new((value, diagnostics): (T, Vec<Diagnostic>)) -> Self {
        Self { value: Arc::new(value), diagnostics }
    }
}

/// What runbooks are read with, which is the same for all of them.
struct Reading<'i> {
    variables: &'i SiteVariables,
    variables_key: Key,
    columns: &'i AlertColumns,
    columns_key: Key,
}

impl Builder {
    /// A builder that will be used more than once.
    pub fn keeping() -> Self {
        Self { files: Files::keeping(), memos: Some(Memos::default()), ..Self::default() }
    }

    /// Reads a site and runs the checks.
    ///
    /// # Errors
    ///
    /// The site can't be read, or its configuration is wrong.
    pub fn read(&mut self, project: &Project) -> Result<Checked, Failure> {
        let mut timings = Timings::default();
        let inputs = self.load(project)?;
        timings.stage("reading files");
        Ok(self.assemble(inputs, timings))
    }

    fn load(&self, project: &Project) -> Result<Inputs, Failure> {
        let config = configuration(project)?;
        let mut inputs = load::load(&project.site, config, &project.out, &self.files)?;
        inputs.loaded_rules = prometheus::load(&inputs.config.rule_servers, &project.site)?;
        Ok(inputs)
    }

    /// Reads a site again of which these files have changed since it was read.
    ///
    /// # Errors
    ///
    /// The site can't be read, or its configuration is wrong.
    pub fn read_again(
        &mut self,
        project: &Project,
        before: &Checked,
        changed: &BTreeSet<PathBuf>,
    ) -> Result<Checked, Failure> {
        let mut timings = Timings::default();
        match load::refresh(&project.site, &before.inputs, changed, &self.files)? {
            Some(inputs) => {
                timings.stage("reading files");
                let again = self.with_other_texts(before, &inputs, timings.clone());
                Ok(again.unwrap_or_else(|| self.assemble(inputs, timings)))
            }
            None => self.read(project),
        }
    }

    /// A site that was read before, in which a few runbooks say something else. `None` if it has to
    /// be put together anew.
    fn with_other_texts(
        &self,
        before: &Checked,
        inputs: &Inputs,
        mut timings: Timings,
    ) -> Option<Checked> {
        /// A switched branch changes many files; then the whole site is read sooner.
        const MOST: usize = 16;
        let findings = before.findings.as_ref()?;
        let changed = inputs.other_runbooks(&before.inputs)?;
        if changed.len() > MOST {
            return None;
        }
        let (data, _) = inputs.data.as_deref().map(Data::parse).unzip();
        let config = &inputs.config;
        let variables = SiteVariables::new(config.title.as_str(), config.base_url.as_deref(), data)
            .with_content(&config.content.path);
        let columns = alert_columns(config);
        let mut replacements = BTreeMap::new();
        for source in changed {
            let is_own = |page: &Arc<Page>| page.runbook.source().path() == source.path();
            let page = before.site.pages.iter().position(is_own)?;
            // Kept beside nothing: the text will be another one in a moment.
            let (runbook, diagnostics) = Runbook::read(source, &variables, &columns);
            let runbook = Arc::new(runbook);
            replacements.insert(page, Replacement { runbook, diagnostics });
        }
        timings.stage("parsing");
        let pages = replacements.keys().copied().collect();
        let site = before.site.with_runbooks(replacements)?;
        timings.stage("assembling");
        let findings = findings.again(&site, &pages);
        let report = findings.report(&site);
        timings.stage("checking");
        Some(Checked {
            site,
            report,
            inputs: inputs.clone(),
            warnings: before.warnings.clone(),
            timings,
            known_history: Arc::clone(&self.history),
            history: OnceLock::new(),
            findings: Some(findings),
        })
    }

    /// Reads a site again; `None` if it is made of the same as it was.
    ///
    /// # Errors
    ///
    /// The site can't be read, or its configuration is wrong.
    pub fn read_if_changed(
        &mut self,
        project: &Project,
        before: &Inputs,
    ) -> Result<Option<Checked>, Failure> {
        let mut timings = Timings::default();
        let inputs = self.load(project)?;
        timings.stage("reading files");
        Ok((!inputs.is_same_as(before)).then(|| self.assemble(inputs, timings)))
    }

    fn assemble(&mut self, inputs: Inputs, timings: Timings) -> Checked {
        self.assemble_live(inputs, None, timings)
    }

    /// Puts a site together, about which its carriers are asked if somebody answers for them.
    fn assemble_live(
        &mut self,
        inputs: Inputs,
        answering: Option<Answering<'_>>,
        mut timings: Timings,
    ) -> Checked {
        let mut parts = Parts::default();
        let data = inputs.data.as_deref().map(|files| {
            let (data, diagnostics) = Data::parse(files);
            parts.diagnostics.extend(diagnostics);
            data
        });
        let config = &inputs.config;
        let variables = SiteVariables::new(config.title.as_str(), config.base_url.as_deref(), data)
            .with_content(&config.content.path);
        let reading = Reading {
            variables: &variables,
            variables_key: variables_key(&inputs),
            columns: &alert_columns(config),
            columns_key: columns_key(config),
        };
        let (runbooks, rule_files) = rayon::join(
            || -> Vec<_> {
                let read = inputs
                    .runbooks
                    .par_iter()
                    .map(|(path, source)| (path, self.runbook(source, &reading)));
                read.collect()
            },
            || -> Vec<_> {
                inputs.rule_files.par_iter().map(|source| self.rule_file(source)).collect()
            },
        );
        for (path, read) in runbooks {
            parts.runbooks.push((path.clone(), Arc::clone(&read.value)));
            parts.diagnostics.extend(read.diagnostics.iter().cloned());
        }
        for read in rule_files {
            parts.rule_files.push(Arc::clone(&read.value));
            parts.diagnostics.extend(read.diagnostics.iter().cloned());
        }
        let loaded = inputs.loaded_rules.iter().map(rules::parse_loaded);
        parts.rule_files.extend(loaded.map(Arc::new));
        parts.files = inputs.files.iter().map(|(path, _)| path.clone()).collect();
        parts.metrics.clone_from(&inputs.metrics);
        timings.stage("parsing");
        let mut warnings = inputs.warnings.clone();
        if let Some(answering) = answering {
            let (live, unasked) = live::ask(config, &parts.runbooks, answering);
            parts.live = Some(live);
            warnings.extend(unasked);
            timings.stage("asking carriers");
        }
        let mut site = Site::assemble(Arc::clone(config), parts);
        timings.stage("assembling");
        if lint::is_on(&site, lint::STALE_RUNBOOK) {
            warnings.extend(age::read(&mut site, self.history_of.as_ref()));
            timings.stage("reading the history");
        }
        let findings = lint::Findings::new(&site);
        let report = findings.report(&site);
        let findings = self.memos.is_some().then_some(findings);
        timings.stage("checking");
        if let Some(memos) = &mut self.memos {
            memos.runbooks.next_round();
            memos.rule_files.next_round();
        }
        let known_history = Arc::clone(&self.history);
        let history = OnceLock::new();
        Checked { site, report, inputs, warnings, timings, known_history, history, findings }
    }

    fn runbook(&self, source: &Arc<Source>, reading: &Reading<'_>) -> Arc<Read<Runbook>> {
        let read = || Read::new(Runbook::read(source, reading.variables, reading.columns));
        let Some(memos) = &self.memos else { return Arc::new(read()) };
        // Most texts use no variable, and stay as they are when one changes.
        let key = if ["{{", "{%"].iter().any(|mark| source.text().contains(mark)) {
            let keys = [source.key(), reading.columns_key, reading.variables_key];
            Key::of(&keys.each_ref().map(Key::bytes))
        } else {
            Key::of(&[source.key().bytes(), reading.columns_key.bytes()])
        };
        memos.runbooks.get(key, read)
    }

    fn rule_file(&self, source: &Arc<Source>) -> Arc<Read<RuleFile>> {
        let read = || Read::new(rules::parse(source));
        match &self.memos {
            Some(memos) => memos.rule_files.get(source.key(), read),
            None => Arc::new(read()),
        }
    }
}

/// The configuration of a project, with what the command line says in place.
fn configuration(project: &Project) -> Result<Config, Failure> {
    let mut config = load::configuration(&project.site)?;
    refuse_unknown_checks(&config).map_err(Failure::Configuration)?;
    if let Some(base_url) = &project.base_url {
        config.base_url = Some(base_url.trim_end_matches('/').to_owned());
    }
    Ok(config)
}

/// The columns of tables that name alerts in this site.
fn alert_columns(config: &Config) -> AlertColumns {
    let named = |headers: &Vec<String>| AlertColumns::named(headers.iter().map(String::as_str));
    config.alert_columns.as_ref().map(named).unwrap_or_default()
}

fn columns_key(config: &Config) -> Key {
    let named = config.alert_columns.iter().flatten().map(String::as_bytes);
    let kind: &[u8] = if config.alert_columns.is_some() { b"named" } else { b"usual" };
    Key::of(&std::iter::once(kind).chain(named).collect::<Vec<_>>())
}

/// What the texts of runbooks can read beside themselves.
fn variables_key(inputs: &Inputs) -> Key {
    let config = &inputs.config;
    let data = inputs.data.iter().flatten();
    let data: Vec<Key> =
        data.map(|(path, source)| Key::of(&[path.as_bytes(), source.key().bytes()])).collect();
    let mut parts = vec![
        config.title.as_bytes(),
        config.base_url.as_deref().unwrap_or_default().as_bytes(),
        config.content.path.as_bytes(),
        if inputs.data.is_some() { b"data" } else { b"none" },
    ];
    parts.extend(data.iter().map(Key::bytes));
    Key::of(&parts)
}

/// How long each stage of a build took, in order.
#[derive(Debug, Clone)]
pub struct Timings {
    /// The stages by what they do.
    pub stages: Vec<(&'static str, Duration)>,
    last: Instant,
}

impl Default for Timings {
    fn default() -> Self {
        Self { stages: Vec::new(), last: Instant::now() }
    }
}

impl Timings {
    /// Ends a stage that began when the last one ended.
    pub fn stage(&mut self, name: &'static str) {
        let now = Instant::now();
        self.stages.push((name, now - self.last));
        self.last = now;
    }
}

/// What was published, and how long it took.
#[derive(Debug)]
pub struct Built {
    /// What was done in the output folder.
    pub published: Published,
    /// How long each page took to make and to write, by its path: the slowest first.
    pub pages: Vec<(String, Duration)>,
}

/// How many files a thread makes before another one can take over what is left of its share. A page takes
/// as long as a hundred redirects, so that shares of the same length may take very different times.
const IN_A_ROW: usize = 16;

/// Renders a site and publishes it, each file as soon as it is made. `progress` is told about each
/// runbook that is done.
///
/// # Errors
///
/// A template has a fault, or a file can't be written. What was published before is then as it was.
pub fn publish(
    project: &Project,
    checked: &Checked,
    progress: &(dyn Fn() + Sync),
) -> Result<Built, Failure> {
    let renderer = checked.renderer().map_err(Failure::Usage)?;
    let outputs = renderer.outputs();
    let paths = outputs.iter().map(|output| renderer.path(*output).into_owned());
    let paths = paths.chain(checked.copies().map(|(path, _)| path.clone()));
    let publisher = Publisher::begin(&project.site, &project.out, paths)?;
    let head = renderer.render(Output::FullText).map_err(Failure::Usage)?;
    let has_full_text = publisher.holds(&head);
    let make = |output: &Output<'_>| -> Result<Option<_>, Failure> {
        if has_full_text && output.is_part_of_full_text() && publisher.keep(&renderer.path(*output))
        {
            return Ok(None);
        }
        let started = Instant::now();
        let file = renderer.render(*output).map_err(Failure::Usage)?;
        publisher.write(&file)?;
        let is_page = matches!(output, Output::Page(_));
        Ok(is_page.then(|| {
            progress();
            (file.path, started.elapsed())
        }))
    };
    let in_turn = |outputs: Vec<&Output<'_>>| {
        let done = outputs.into_iter().map(make).filter_map(Result::transpose);
        done.collect::<Result<Vec<_>, Failure>>()
    };
    let at_once = |outputs: Vec<&Output<'_>>| {
        let outputs = outputs.into_par_iter().with_max_len(IN_A_ROW);
        let done = outputs.map(make).filter_map(Result::transpose);
        done.collect::<Result<Vec<_>, Failure>>()
    };
    let (last, first): (Vec<_>, Vec<_>) = outputs.iter().partition(|output| output.gathers());
    let lists_the_site = |output: &&Output<'_>| output.lists_the_site();
    let (lists, first): (Vec<_>, Vec<_>) = first.into_iter().partition(lists_the_site);
    // Two lists at once would take twice the memory.
    let (lists, pages) = rayon::join(|| in_turn(lists), || at_once(first));
    lists?;
    let mut pages = pages?;
    pages.extend(at_once(last)?);
    pages.sort_by(|(a, took), (b, took_too)| took_too.cmp(took).then_with(|| a.cmp(b)));
    let copies: Vec<_> = checked.copies().collect();
    copies.par_iter().try_for_each(|(path, from)| publisher.copy(path, from))?;
    Ok(Built { published: publisher.finish()?, pages })
}

/// Check names are known here, where the registry is.
fn refuse_unknown_checks(config: &Config) -> Result<(), Vec<Diagnostic>> {
    let unknown = config.levels.all().filter(|level| lint::find(level.check.as_str()).is_none());
    let found: Vec<Diagnostic> = unknown
        .map(|level| {
            let name = level.check.as_str();
            let message = format!("no check is called `{name}`");
            let diagnostic = Diagnostic::new(config::CHECK, level.check.span().clone(), message);
            let help = did_you_mean(name, lint::names());
            let help = help.unwrap_or_else(|| "`alertbook explain` lists the checks".to_owned());
            diagnostic.with_help(help)
        })
        .collect();
    if found.is_empty() { Ok(()) } else { Err(found) }
}

/// The folder that a site is built into unless somebody says otherwise.
pub fn default_output(site: &Path) -> PathBuf {
    site.join("public")
}
