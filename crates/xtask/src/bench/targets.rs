//! What is measured is held against targets: the sentence that a run ends with names those it missed. It must not know how
//! anything is measured.

/// The targets that were missed.
#[derive(Default)]
pub struct Targets(Vec<String>);

impl Targets {
    /// Notes `value` where it is above `most`.
    pub fn at_most(&mut self, what: &str, value: f64, most: f64, unit: &str) {
        if value > most {
            self.0.push(format!("{what}: {value:.1} {unit}, more than {most}"));
        }
    }

    /// Fails where one was missed.
    pub fn held(self) -> Result<(), String> {
        if self.0.is_empty() { Ok(()) } else { Err(format!("missed: {}", self.0.join("; "))) }
    }
}
