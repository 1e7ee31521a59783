//! The lines of a chart are told apart by everybody: also by those who don't see red, green or blue.

use std::fs;

/// What becomes of linear red, green and blue to eyes that lack one kind of cone, as Machado,
/// Oliveira and Fernandes measured it in 2009; the first is to all others.
const EYES: [[f64; 9]; 4] = [
    [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0],
    [
        0.152_286, 1.052_583, -0.204_868, 0.114_503, 0.786_281, 0.099_216, -0.003_882, -0.048_116,
        1.051_998,
    ],
    [
        0.367_322, 0.860_646, -0.227_968, 0.280_085, 0.672_501, 0.047_413, -0.011_820, 0.042_940,
        0.968_881,
    ],
    [
        1.255_528, -0.076_749, -0.178_779, -0.078_411, 0.930_809, 0.147_602, 0.004_733, 0.691_367,
        0.303_900,
    ],
];

/// How far apart two colours have to be in CIELAB; about 2 is the least that is seen side by side.
const LEAST: f64 = 20.0;
/// What lines have to stand out by from what is behind them, as WCAG has it for graphics.
const LEAST_CONTRAST: f64 = 3.0;

type Colour = [f64; 3];

/// A colour written as `#rrggbb`, in linear red, green and blue.
fn linear(written: &str) -> Colour {
    [1, 3, 5].map(|at| {
        let value = f64::from(u8::from_str_radix(&written[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    })
}

fn seen_by(eye: &[f64; 9], colour: Colour) -> Colour {
    [0, 3, 6].map(|row| (0..3).map(|at| eye[row + at] * colour[at]).sum::<f64>().clamp(0.0, 1.0))
}

fn luminance([red, green, blue]: Colour) -> f64 {
    0.212_672_9 * red + 0.715_152_2 * green + 0.072_175 * blue
}

/// The colour in CIELAB.
fn lab(colour: Colour) -> Colour {
    let [red, green, blue] = colour;
    let x = (0.412_456_4 * red + 0.357_576_1 * green + 0.180_437_5 * blue) / 0.950_47;
    let z = (0.019_333_9 * red + 0.119_192 * green + 0.950_304_1 * blue) / 1.088_83;
    let [x, y, z] = [x, luminance(colour), z]
        .map(|it| if it > 0.008_856 { it.cbrt() } else { 7.787 * it + 16.0 / 116.0 });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn distance(one: Colour, other: Colour) -> f64 {
    (0..3).map(|at| (one[at] - other[at]).powi(2)).sum::<f64>().sqrt()
}

fn contrast(one: Colour, other: Colour) -> f64 {
    let [one, other] = [one, other].map(|it| luminance(it) + 0.05);
    one.max(other) / one.min(other)
}

#[test]
fn every_eye_tells_the_lines_of_a_chart_apart() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/static/alertbook.css");
    let style = fs::read_to_string(path).unwrap();
    let values = |start: &str| -> Vec<&str> {
        style.split(start).skip(1).map(|rest| &rest[rest.find('#').unwrap()..][..7]).collect()
    };
    // First those of the light scheme, then those of the dark one.
    let papers = values("--paper:");
    let lines: Vec<Vec<&str>> = (0..5).map(|line| values(&format!(".line-{line} "))).collect();
    for (scheme, paper) in papers[..2].iter().enumerate() {
        let colours: Vec<&str> = lines.iter().map(|schemes| schemes[scheme]).collect();
        for (at, one) in colours.iter().enumerate() {
            let contrast = contrast(linear(one), linear(paper));
            assert!(contrast > LEAST_CONTRAST, "{one} on {paper}: {contrast:.1}");
            for other in &colours[..at] {
                for eye in &EYES {
                    let [a, b] = [one, other].map(|it| lab(seen_by(eye, linear(it))));
                    assert!(distance(a, b) > LEAST, "{one} and {other}: {:.1}", distance(a, b));
                }
            }
        }
    }
    assert!(!style.contains(".line-5 "), "there are more colours than were looked at");
}
