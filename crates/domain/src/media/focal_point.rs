//! The point of a picture that must stay in sight when it is cropped. What crops it is not known here.

/// Steps from one edge to the other: finer than a pixel of any picture that is taken.
const STEPS: f64 = 10_000.0;

/// A point of a picture, from its upper left corner, in parts of its width and height.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FocalPoint {
    // In steps, so that two points can be compared.
    x: u16,
    y: u16,
}

impl FocalPoint {
    /// Reads a point: 0 is the left or upper edge, 1 the right or lower one. `None`: outside of the picture, or no
    /// numbers.
    pub fn parse(x: f64, y: f64) -> Option<Self> {
        Some(Self { x: steps(x)?, y: steps(y)? })
    }

    /// From the left edge (0) to the right one (1).
    pub fn x(self) -> f64 {
        f64::from(self.x) / STEPS
    }

    /// From the upper edge (0) to the lower one (1).
    pub fn y(self) -> f64 {
        f64::from(self.y) / STEPS
    }
}

fn steps(part: f64) -> Option<u16> {
    if !(0.0..=1.0).contains(&part) {
        return None;
    }
    let steps = (part * STEPS).round();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is from 0 to 10,000")]
    Some(steps as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_lies_in_the_picture_and_comes_back_as_it_was_given() {
        for (x, y) in [(0.0, 1.0), (0.5, 0.25), (0.3333, 0.0001)] {
            let point = FocalPoint::parse(x, y).expect("a point");
            assert_eq!((point.x(), point.y()), (x, y));
        }
        for (x, y) in [(-0.01, 0.5), (0.5, 1.01), (f64::NAN, 0.5), (f64::INFINITY, 0.0)] {
            assert_eq!(FocalPoint::parse(x, y), None, "{x} {y}");
        }
    }
}
