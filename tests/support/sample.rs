//! The repository's own site, built as `alertbook build` builds it.

use alertbook::pipeline::{self, Checked, Project, default_output};
use alertbook::render::RenderedFile;
use std::path::Path;

/// A site that was read, checked and rendered, and not yet written anywhere.
pub struct Built {
    /// The site, its findings and the files to be copied.
    pub checked: Checked,
    /// The files that were made.
    pub rendered: Vec<RenderedFile>,
}

impl Built {
    /// The pages, redirects included: each with its path in the output and its HTML.
    pub fn pages(&self) -> impl Iterator<Item = (&str, &str)> {
        let pages = self.rendered.iter().filter(|file| file.path.ends_with(".html"));
        pages.map(|file| (file.path.as_str(), std::str::from_utf8(&file.bytes).unwrap()))
    }
}

/// The folder of the repository, which is a site itself.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Builds the repository's site, for another base address if one is given.
pub fn build(base_url: Option<&str>) -> Built {
    let site = repository().to_owned();
    let out = default_output(&site);
    let project = Project { site, out, base_url: base_url.map(str::to_owned) };
    let checked = pipeline::check(&project).unwrap_or_else(|error| panic!("{error:?}"));
    let mut rendered = render_all(&checked).unwrap_or_else(|message| panic!("{message}"));
    rendered.sort_by(|a, b| a.path.cmp(&b.path));
    Built { checked, rendered }
}

fn render_all(checked: &Checked) -> Result<Vec<RenderedFile>, String> {
    let renderer = checked.renderer()?;
    renderer.outputs().into_iter().map(|output| renderer.render(output)).collect()
}
