//! What there is to render: the files of the output that are not copied.

use super::{Renderer, alert_index, full_text, name_index, worker};
use crate::site::Destination;
use crate::site::address::{LISTINGS, MANIFEST};
use rayon::prelude::*;
use std::borrow::Cow;
use std::ops::Range;

/// Something that can be rendered: a file of the output that is not copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output<'s> {
    /// The page of a runbook, as an index.
    Page(usize),
    /// The page of an alert, by its path and the alert's name.
    Alert(&'s str, &'s str),
    /// The redirect from an older address to these pages.
    Alias(&'s str, &'s [usize]),
    /// A page that is made of no runbook, by its path.
    Listing(&'static str),
    /// A file of the theme, as an index.
    Asset(usize),
    /// `alertbook.json`.
    Manifest,
    /// The alerts, for scripts.
    AlertIndex,
    /// Runbooks and metrics by their names, for scripts.
    NameIndex,
    /// The sections of a part of the pages, for scripts.
    Sections(usize),
    /// What the files of the full text are called by. Where it is what it was, so are they.
    FullText,
    /// Some of the words of the full text.
    Words(usize),
    /// Some of the texts of the full text.
    Texts(usize),
    /// What keeps the site in a browser.
    Worker,
}

impl Output<'_> {
    /// Whether it says what [`Output::FullText`] stands for, and only that.
    pub fn is_part_of_full_text(self) -> bool {
        matches!(self, Output::Words(_) | Output::Texts(_))
    }

    /// Whether it lists all of the site, which takes a lot of memory.
    pub fn lists_the_site(self) -> bool {
        matches!(
            self,
            Output::Listing(_) | Output::NameIndex | Output::AlertIndex | Output::Manifest
        )
    }

    /// Whether it is made of what is read for other files, and so best made when those are there.
    pub fn gathers(self) -> bool {
        matches!(self, Output::Words(_))
    }
}

/// Files that are best rendered one after the other, because they are made of the same trees: the pages
/// of some runbooks, and their part of the full text.
#[derive(Debug, Clone)]
pub struct Run {
    /// The runbooks, by their indices.
    pub pages: Range<usize>,
    texts: Option<usize>,
}

impl Run {
    /// The files.
    pub fn outputs<'s>(self) -> impl Iterator<Item = Output<'s>> {
        self.texts.into_iter().map(Output::Texts).chain(self.pages.map(Output::Page))
    }
}

impl<'s> Renderer<'s> {
    /// Everything that there is to render, no two with the same path.
    pub fn outputs(&self) -> Vec<Output<'s>> {
        let pages = self.runs().into_iter().flat_map(Run::outputs);
        pages.chain(self.others()).collect()
    }

    /// The pages of all runbooks, in order, with what is rendered of the same trees.
    pub fn runs(&self) -> Vec<Run> {
        let Some(full_text) = &self.full_text else {
            let pages = 0..self.site.pages.len();
            return pages.map(|index| Run { pages: index..index + 1, texts: None }).collect();
        };
        let run = |part| Some(Run { pages: full_text.pages(part)?, texts: Some(part) });
        (0..full_text.counts().1).filter_map(run).collect()
    }

    /// Everything that there is to render beside the runs.
    pub fn others(&self) -> Vec<Output<'s>> {
        let site = self.site;
        // Something of the author's may stand at an alert's address.
        let names = site.alerts.par_iter();
        let alerts = names.filter_map(|(name, _)| self.output_at(&site.alert_page(name)));
        let alerts = alerts.filter(|output| matches!(output, Output::Alert(..)));
        let alerts: Vec<Output<'_>> = alerts.collect();
        let aliases = site.pages.iter().enumerate().flat_map(|(index, page)| {
            // Of several pages that claim an alias the first one has the redirect.
            let own = move |output: &Output<'_>| matches!(output, Output::Alias(_, pages) if pages[0] == index);
            page.aliases.iter().filter_map(|alias| self.output_at(alias)).filter(own)
        });
        let listings = LISTINGS.iter().filter_map(|path| self.output_at(path));
        let listings = listings.filter(|output| matches!(output, Output::Listing(_)));
        let assets = (0..self.asset_files.len()).map(Output::Asset);
        let sections = (0..self.parts().len()).map(Output::Sections);
        // What lists the whole site takes longest and most memory, and so comes first.
        let data = [Output::NameIndex, Output::AlertIndex, Output::Manifest, Output::FullText];
        let lists = listings.chain(data).chain(sections);
        let full_text = self.full_text.as_ref();
        let (words, texts) = full_text.map_or((0, 0), full_text::FullText::counts);
        let is_of_alerts = |part: &usize| full_text.is_some_and(|it| it.pages(*part).is_none());
        let texts = (0..texts).filter(is_of_alerts).map(Output::Texts);
        // The words are read with the texts.
        let words = (0..words).map(Output::Words);
        let worker = self.is_kept.then_some(Output::Worker);
        let rest = texts.chain(words).chain(alerts).chain(aliases).chain(assets).chain(worker);
        lists.chain(rest).collect()
    }

    /// What is rendered at an output path, if anything is.
    pub fn output_at(&self, path: &str) -> Option<Output<'s>> {
        match self.site.at_entry(path) {
            Some((_, Destination::Page(index))) => Some(Output::Page(*index)),
            Some((path, Destination::Alert(name))) => Some(Output::Alert(path, name)),
            Some((path, Destination::Alias(pages))) => Some(Output::Alias(path, pages)),
            Some((_, Destination::Generated)) if path == MANIFEST => Some(Output::Manifest),
            Some((_, Destination::Generated)) => {
                LISTINGS.iter().find(|known| **known == path).map(|path| Output::Listing(path))
            }
            Some((_, Destination::File)) => None,
            None if path == alert_index::PATH => Some(Output::AlertIndex),
            None if path == name_index::PATH => Some(Output::NameIndex),
            None if path == full_text::HEAD => Some(Output::FullText),
            None if path == worker::PATH && self.is_kept => Some(Output::Worker),
            None if path.starts_with("assets/palette-sections-") => {
                let is_asked_for = |part: &usize| name_index::sections_path(*part) == path;
                (0..self.parts().len()).find(is_asked_for).map(Output::Sections)
            }
            None => self.asset_files.iter().position(|(own, _)| own == path).map(Output::Asset),
        }
    }

    /// The path of one of the files in the output.
    pub fn path<'o>(&'o self, output: Output<'o>) -> Cow<'o, str> {
        match output {
            Output::Page(index) => (&self.site.pages[index].path).into(),
            Output::Alert(path, _) | Output::Alias(path, _) | Output::Listing(path) => path.into(),
            Output::Asset(index) => (&self.asset_files[index].0).into(),
            Output::Manifest => MANIFEST.into(),
            Output::AlertIndex => alert_index::PATH.into(),
            Output::NameIndex => name_index::PATH.into(),
            Output::Sections(part) => name_index::sections_path(part).into(),
            Output::FullText => full_text::HEAD.into(),
            Output::Worker => worker::PATH.into(),
            Output::Words(shard) => full_text::words_path(shard).into(),
            Output::Texts(part) => full_text::texts_path(part).into(),
        }
    }
}
