//! From a folder to a checked site, again and again.

use super::age::{self, HistoryOf};
use super::last_changes::KnownChanges;
use super::live::{self, Answering};
use super::reading::Reading;
use super::{Checked, IN_A_ROW, Project, Timings, configuration};
use crate::diag::{Diagnostic, Report};
use crate::failure::Failure;
use crate::load::{self, Files, Inputs};
use crate::memo::Memo;
use crate::rules::{self, RuleFile};
use crate::runbook::Runbook;
use crate::site::{Page, Parts, Replacement, Site};
use crate::source::Source;
use crate::{lint, prometheus};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// Makes a site of a folder, again and again, and keeps what it made of each file.
///
/// Each time it takes a whole snapshot, and the result is the one that a builder would get that has
/// seen nothing before; `tests/warm_builds.rs` holds it to that.
#[derive(Debug, Default)]
pub struct Builder {
    files: Files,
    known_changes: KnownChanges,
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

impl Builder {
    /// A builder that will be used more than once.
    pub fn keeping() -> Self {
        Self { files: Files::keeping(), memos: Some(Memos::default()), ..Self::default() }
    }

    /// A builder that looks at the history of a site.
    pub(super) fn of_history(history: HistoryOf) -> Self {
        Self { history_of: Some(history), ..Self::default() }
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

    pub(super) fn load(&self, project: &Project) -> Result<Inputs, Failure> {
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
                Ok(again.unwrap_or_else(|| self.assemble_after(before, inputs, timings)))
            }
            None => self.read(project),
        }
    }

    /// A site that was read before, in which a few runbooks say something else. `None` if it has to
    /// be put together as a whole.
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
        let (reading, _) = Reading::new(inputs);
        let mut replacements = BTreeMap::new();
        for source in changed {
            let is_own = |page: &Arc<Page>| page.runbook.source().path() == source.path();
            let page = before.site.pages.iter().position(is_own)?;
            // Kept beside nothing: the text will be another one in a moment.
            let (runbook, diagnostics) = reading.again(source);
            let runbook = Arc::new(runbook);
            replacements.insert(page, Replacement { runbook, diagnostics });
        }
        timings.stage("parsing");
        let (site, findings) = if let Some(site) = before.site.with_runbooks(&replacements) {
            timings.stage("assembling");
            let findings = findings.again(&site, &replacements.keys().copied().collect());
            (site, findings)
        } else {
            let site = before.site.joined_again(&replacements)?;
            timings.stage("assembling");
            let findings = findings.after(&before.site, &site);
            let findings = findings.unwrap_or_else(|| lint::Findings::new(&site));
            (site, findings)
        };
        let report = findings.report(&site);
        timings.stage("checking");
        Some(Checked {
            site,
            report,
            inputs: inputs.clone(),
            warnings: before.warnings.clone(),
            timings,
            known_changes: self.known_changes.clone(),
            last_changes: OnceLock::new(),
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
        before: &Checked,
    ) -> Result<Option<Checked>, Failure> {
        let mut timings = Timings::default();
        let inputs = self.load(project)?;
        timings.stage("reading files");
        let is_same = inputs.is_same_as(&before.inputs);
        Ok((!is_same).then(|| self.assemble_after(before, inputs, timings)))
    }

    /// Puts a site together, and checks it.
    pub(super) fn assemble(&mut self, inputs: Inputs, timings: Timings) -> Checked {
        self.assemble_live(inputs, None, timings)
    }

    /// The same of a site about which its carriers are asked, if somebody answers for them.
    pub(super) fn assemble_live(
        &mut self,
        inputs: Inputs,
        answering: Option<Answering<'_>>,
        timings: Timings,
    ) -> Checked {
        let site = self.put_together(inputs, answering, timings);
        let findings = lint::Findings::new(&site.site);
        self.with_findings(site, findings)
    }

    /// The same of a site that was read before.
    fn assemble_after(&mut self, before: &Checked, inputs: Inputs, timings: Timings) -> Checked {
        let site = self.put_together(inputs, None, timings);
        let known = before.findings.as_ref();
        let findings = known.and_then(|findings| findings.after(&before.site, &site.site));
        let findings = findings.unwrap_or_else(|| lint::Findings::new(&site.site));
        self.with_findings(site, findings)
    }

    fn with_findings(&self, mut site: Checked, findings: lint::Findings) -> Checked {
        site.report = findings.report(&site.site);
        site.findings = self.memos.is_some().then_some(findings);
        site.timings.stage("checking");
        site
    }

    /// Puts a site together. Its report is empty until the checks have run.
    pub(super) fn put_together(
        &mut self,
        inputs: Inputs,
        answering: Option<Answering<'_>>,
        mut timings: Timings,
    ) -> Checked {
        let mut parts = self.parse(&inputs);
        timings.stage("parsing");
        let mut warnings = inputs.warnings.clone();
        if let Some(answering) = answering {
            let (live, unasked) = live::ask(&inputs.config, &parts.runbooks, answering);
            parts.live = Some(live);
            warnings.extend(unasked);
            timings.stage("asking carriers");
        }
        let mut site = Site::assemble(Arc::clone(&inputs.config), parts);
        timings.stage("assembling");
        if lint::is_on(&site, lint::STALE_RUNBOOK) {
            let (age, warning) = age::read(&site, self.history_of.as_ref());
            site = site.with_age(age);
            warnings.extend(warning);
            timings.stage("reading the history");
        }
        if let Some(memos) = &mut self.memos {
            memos.runbooks.next_round();
            memos.rule_files.next_round();
        }
        let (known_changes, last_changes) = (self.known_changes.clone(), OnceLock::new());
        let (report, findings) = (Report::default(), None);
        Checked { site, report, inputs, warnings, timings, known_changes, last_changes, findings }
    }

    /// What a site is assembled from, out of its files.
    fn parse(&self, inputs: &Inputs) -> Parts {
        let (reading, diagnostics) = Reading::new(inputs);
        let mut parts = Parts { diagnostics, ..Parts::default() };
        let (runbooks, rule_files) = rayon::join(
            || -> Vec<_> {
                let runbooks = inputs.runbooks.par_iter().with_max_len(IN_A_ROW).enumerate();
                let read = runbooks
                    .map(|(place, (path, source))| (path, self.runbook(source, place, &reading)));
                read.collect()
            },
            || -> Vec<_> {
                let rule_files = inputs.rule_files.par_iter().with_max_len(IN_A_ROW);
                rule_files.map(|source| self.rule_file(source)).collect()
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
        parts
    }

    fn runbook(&self, source: &Arc<Source>, place: usize, reading: &Reading) -> Arc<Read<Runbook>> {
        let read = || Read::new(reading.runbook(source, place));
        match &self.memos {
            Some(memos) => memos.runbooks.get(reading.key(source), read),
            None => Arc::new(read()),
        }
    }

    fn rule_file(&self, source: &Arc<Source>) -> Arc<Read<RuleFile>> {
        let read = || Read::new(rules::parse(source));
        match &self.memos {
            Some(memos) => memos.rule_files.get(source.key(), read),
            None => Arc::new(read()),
        }
    }
}
