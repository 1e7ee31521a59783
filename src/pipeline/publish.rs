//! From a site to its output folder.
//!
//! Pages are rendered while they are checked: both read the tree of a page, which is there for a moment
//! alone. What a site with errors has rendered by then waits beside the old files, and is thrown away.

use super::age::HistoryOf;
use super::{Builder, Checked, IN_A_ROW, Project, Timings};
use crate::diag::Report;
use crate::failure::Failure;
use crate::lint::{Findings, OnPage};
use crate::output::{Published, Publisher};
use crate::render::{Output, Renderer, Run};
use crate::site::Site;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How many runs are checked before they are rendered.
const STRETCH: usize = 8;

/// What was published, and how long it took.
#[derive(Debug)]
pub struct Built {
    /// What was done in the output folder.
    pub published: Published,
    /// How long each page took to make and to write, by its path: the slowest first.
    pub pages: Vec<(String, Duration)>,
}

/// Is told how many runbooks there are, each time that one of them is done.
pub type Progress<'a> = &'a (dyn Fn(usize) + Sync);

/// Reads a site, checks it, and publishes it if it may be, judged by what the checks found and the
/// warnings beside that.
///
/// # Errors
///
/// The site can't be read, or its configuration is wrong. A template has a fault, or a file can't be
/// written: what was published before is then as it was. Where a site may not be published, nobody
/// hears of that.
pub fn build(
    project: &Project,
    may_publish: impl FnOnce(&Report, &[String]) -> bool,
    progress: Progress<'_>,
) -> Result<(Checked, Option<Built>), Failure> {
    let history = HistoryOf { folder: project.site.clone(), commit: None };
    let mut builder = Builder::of_history(history);
    let mut timings = Timings::default();
    let inputs = builder.load(project)?;
    timings.stage("reading files");
    let mut checked = builder.put_together(inputs, None, timings);
    let mut timings = checked.timings.clone();
    let (report, built) =
        check_and_publish(project, &checked, &mut timings, may_publish, progress)?;
    (checked.report, checked.timings) = (report, timings);
    Ok((checked, built))
}

fn check_and_publish(
    project: &Project,
    unchecked: &Checked,
    timings: &mut Timings,
    may_publish: impl FnOnce(&Report, &[String]) -> bool,
    progress: Progress<'_>,
) -> Result<(Report, Option<Built>), Failure> {
    let site = &unchecked.site;
    let publishing = Publishing::begin(project, unchecked, progress);
    let (findings, done) = match &publishing {
        Ok(publishing) => publishing.check_and_render(site),
        Err(_) => (Findings::new(site), Rendered::default()),
    };
    let report = findings.report(site);
    timings.stage("checking, rendering pages");
    if !may_publish(&report, &unchecked.warnings) {
        return Ok((report, None));
    }
    let built = publishing?.finish(unchecked, done)?;
    timings.stage("rendering the rest, writing");
    Ok((report, Some(built)))
}

/// Renders a site and publishes it, each file as soon as it is made. `progress` is told about each
/// runbook that is done.
///
/// # Errors
///
/// A template has a fault, or a file can't be written. What was published before is then as it was.
pub fn publish(
    project: &Project,
    checked: &Checked,
    progress: Progress<'_>,
) -> Result<Built, Failure> {
    Publishing::begin(project, checked, progress)?.finish(checked, Rendered::default())
}

/// A site on its way to the output folder.
struct Publishing<'c> {
    renderer: Renderer<'c>,
    publisher: Publisher<'c>,
    /// Whether the full text is what it was the last time.
    has_full_text: bool,
    runs: Vec<Run>,
    /// What lists the whole site.
    lists: Vec<Output<'c>>,
    others: Vec<Output<'c>>,
    /// How many runbooks there are.
    pages: usize,
    progress: Progress<'c>,
}

/// The pages that were made, by their paths, and how long each took.
type Made = Result<Vec<(String, Duration)>, Failure>;

/// What was made of the lists, and of each stretch of runs; `None` for what was not rendered.
#[derive(Default)]
struct Rendered {
    lists: Vec<Option<Made>>,
    stretches: Vec<Option<Made>>,
}

/// The files of some runs.
fn outputs<'s>(runs: &[Run]) -> impl Iterator<Item = Output<'s>> {
    runs.iter().cloned().flat_map(Run::outputs)
}

impl<'c> Publishing<'c> {
    fn begin(
        project: &'c Project,
        checked: &'c Checked,
        progress: Progress<'c>,
    ) -> Result<Self, Failure> {
        let renderer = checked.renderer().map_err(Failure::Usage)?;
        let (runs, others) = (renderer.runs(), renderer.others());
        let all: Vec<Output<'_>> = outputs(&runs).chain(others.iter().copied()).collect();
        let paths = all.into_par_iter().map(|output| renderer.path(output).into_owned());
        let mut paths: Vec<String> = paths.collect();
        paths.extend(checked.copies().map(|(path, _)| path.clone()));
        let publisher = Publisher::begin(&project.site, &project.out, paths)?;
        let head = renderer.render(Output::FullText).map_err(Failure::Usage)?;
        let has_full_text = publisher.holds(&head);
        let (lists, others) = others.into_iter().partition(|output| output.lists_the_site());
        let pages = checked.site.pages.len();
        Ok(Self { renderer, publisher, has_full_text, runs, lists, others, pages, progress })
    }

    /// Runs the checks, and renders pages right behind those of their own. What is wrong with a site is
    /// to be seen soon: once a page has an error, nothing more is rendered.
    fn check_and_render(&self, site: &Site) -> (Findings, Rendered) {
        let has_error = AtomicBool::new(false);
        let may_render = || !has_error.load(Ordering::Relaxed);
        Findings::beside(site, |checks| {
            let stretch = |runs: &[Run]| {
                let mut found: Vec<OnPage> = Vec::with_capacity(runs.len());
                for page in runs.iter().flat_map(|run| run.pages.clone()) {
                    let (on_page, tree) = checks.look_at(page);
                    has_error.fetch_or(checks.may_be_error(&on_page), Ordering::Relaxed);
                    if let Some(tree) = tree.filter(|_| may_render()) {
                        self.renderer.leave_tree(page, tree);
                    }
                    found.push(on_page);
                }
                (found, may_render().then(|| self.in_turn(outputs(runs))))
            };
            let list = |list: &Output<'c>| may_render().then(|| self.in_turn([*list].into_iter()));
            // Two lists at once would take twice the memory.
            let (lists, (found, stretches)): (Vec<_>, (Vec<_>, Vec<_>)) = rayon::join(
                || self.lists.iter().map(list).collect(),
                // The last one takes long enough: the other threads wait for it alone.
                || self.stretches().with_max_len(1).map(stretch).unzip(),
            );
            (found.into_iter().flatten().collect(), Rendered { lists, stretches })
        })
    }

    /// Runs that are checked and then rendered by one thread. Were each rendered as soon as it is
    /// checked, the processor would go to and fro between the two all the time.
    fn stretches(&self) -> rayon::slice::Chunks<'_, Run> {
        self.runs.par_chunks(STRETCH)
    }

    /// Renders what is not `rendered` yet, and puts all of it in place.
    fn finish(self, checked: &Checked, mut rendered: Rendered) -> Result<Built, Failure> {
        let (mut pages, mut lists, mut first) = (Vec::new(), Vec::new(), Vec::new());
        rendered.lists.resize_with(self.lists.len(), || None);
        for (list, made) in self.lists.iter().zip(rendered.lists) {
            match made {
                Some(made) => pages.extend(made?),
                None => lists.push(*list),
            }
        }
        rendered.stretches.resize_with(self.stretches().len(), || None);
        for (runs, made) in self.runs.chunks(STRETCH).zip(rendered.stretches) {
            match made {
                Some(made) => pages.extend(made?),
                None => first.extend(outputs(runs)),
            }
        }
        let others = self.others.iter().copied();
        let (last, others): (Vec<_>, Vec<_>) = others.partition(|output| output.gathers());
        first.extend(others);
        let (lists, first) =
            rayon::join(|| self.in_turn(lists.into_iter()), || self.at_once(first));
        lists?;
        pages.extend(first?);
        self.at_once(last)?;
        pages.sort_by(|(a, took), (b, took_too)| took_too.cmp(took).then_with(|| a.cmp(b)));
        let copies: Vec<_> = checked.copies().collect();
        copies.par_iter().try_for_each(|(path, from)| self.publisher.copy(path, from))?;
        Ok(Built { published: self.publisher.finish()?, pages })
    }

    fn in_turn(&self, outputs: impl Iterator<Item = Output<'c>>) -> Made {
        outputs.map(|output| self.make(output)).filter_map(Result::transpose).collect()
    }

    fn at_once(&self, outputs: Vec<Output<'c>>) -> Made {
        let outputs = outputs.into_par_iter().with_max_len(IN_A_ROW);
        outputs.map(|output| self.make(output)).filter_map(Result::transpose).collect()
    }

    /// Renders and writes a file. Of a page it says how long that took.
    fn make(&self, output: Output<'c>) -> Result<Option<(String, Duration)>, Failure> {
        if self.has_full_text
            && output.is_part_of_full_text()
            && self.publisher.keep(&self.renderer.path(output))
        {
            return Ok(None);
        }
        let started = Instant::now();
        let file = self.renderer.render(output).map_err(Failure::Usage)?;
        self.publisher.write(&file)?;
        let is_page = matches!(output, Output::Page(_));
        Ok(is_page.then(|| {
            (self.progress)(self.pages);
            (file.path, started.elapsed())
        }))
    }
}
