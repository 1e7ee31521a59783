//! From a site that was read to the files in its output folder.

use super::{Checked, Project};
use crate::failure::Failure;
use crate::output::{Published, Publisher};
use crate::render::Output;
use rayon::prelude::*;
use std::time::{Duration, Instant};

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
