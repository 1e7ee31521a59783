//! What a real Prometheus takes, has loaded and answers; and what happens when something else
//! answers in its place.

mod annotate;
mod answering;
mod live;
#[path = "../support/sample.rs"]
mod repository;
mod rules;
mod sample;
mod server;
#[path = "../support/site.rs"]
mod site;
