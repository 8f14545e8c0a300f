//! The part `map`: which file goes to which place among the variables. It must not know how files come.

use std::collections::BTreeMap;

use async_graphql::{Value, Variables};
use masthead_graphql::Uploads;

/// How many places one file may have.
const MAX_PLACES: usize = 4;

/// Where the files go, in the order in which they are numbered.
#[derive(Debug, PartialEq, Eq)]
pub struct FileMap(Vec<(String, Vec<String>)>);

/// What is wrong with the map.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMap {
    /// It is no JSON of this shape.
    #[error(
        "The part \"map\" must be a JSON object of lists: each file's part, and the places of its variables, as in {{\"0\": [\"variables.file\"]}}."
    )]
    Shape,
    /// Too many files.
    #[error("The part \"map\" names {found} files; at most {max} come in one request.")]
    TooMany {
        /// How many it names.
        found: usize,
        /// How many are taken.
        max: usize,
    },
    /// A file goes nowhere, or to too many places.
    #[error("The part \"map\" must give each file 1 to {MAX_PLACES} places.")]
    Places,
    /// A place is none.
    #[error("The part \"map\" names a place that is not among the variables, or that is not null: {0:.100}.")]
    NoPlace(String),
}

impl FileMap {
    /// Reads it.
    pub fn parse(json: &[u8], max: usize) -> Result<Self, InvalidMap> {
        let map: BTreeMap<String, Vec<String>> =
            serde_json::from_slice(json).map_err(|_| InvalidMap::Shape)?;
        if map.len() > max {
            return Err(InvalidMap::TooMany { found: map.len(), max });
        }
        if map.values().any(|places| places.is_empty() || places.len() > MAX_PLACES) {
            return Err(InvalidMap::Places);
        }
        Ok(Self(map.into_iter().collect()))
    }

    /// How many files come.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The number of the file in the part of this name.
    pub fn number(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|(part, _)| part == name)
    }

    /// Puts what stands for each file in its places, which must be `null`.
    pub fn fill(&self, variables: &mut Variables) -> Result<(), InvalidMap> {
        for (number, (_, places)) in (0..).zip(&self.0) {
            for place in places {
                match find(variables, place) {
                    Some(found) if *found == Value::Null => *found = Uploads::variable(number),
                    _ => return Err(InvalidMap::NoPlace(place.clone())),
                }
            }
        }
        Ok(())
    }
}

/// The value at a place such as `variables.input.files.0`.
fn find<'a>(variables: &'a mut Variables, place: &str) -> Option<&'a mut Value> {
    let mut steps = place.strip_prefix("variables.")?.split('.');
    let mut value = variables.get_mut(steps.next()?)?;
    for step in steps {
        value = match value {
            Value::Object(fields) => fields.get_mut(step)?,
            Value::List(items) => items.get_mut(step.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn files_go_to_their_places() {
        let given = json!({"file": null, "input": {"files": [null, null], "alt": null}});
        let mut variables = Variables::from_json(given);
        let map = FileMap::parse(
            br#"{"b": ["variables.input.files.1"], "a": ["variables.file", "variables.input.files.0"]}"#,
            5,
        )
        .unwrap();
        assert_eq!(
            (map.len(), map.number("a"), map.number("b"), map.number("c")),
            (2, Some(0), Some(1), None)
        );
        map.fill(&mut variables).unwrap();
        let [a, b] = [0, 1].map(Uploads::variable);
        assert_eq!(variables.get("file"), Some(&a));
        let Some(Value::Object(input)) = variables.get("input") else { panic!() };
        assert_eq!(input.get("files"), Some(&Value::List(vec![a, b])));
        assert_eq!(input.get("alt"), Some(&Value::Null));
    }

    #[test]
    fn nonsense_is_refused() {
        for json in ["", "[]", "null", "{\"0\": \"variables.file\"}", "{\"0\": [1]}", "{\"0\": [[\"a\"]]}"] {
            assert_eq!(FileMap::parse(json.as_bytes(), 5), Err(InvalidMap::Shape), "{json}");
        }
        assert_eq!(FileMap::parse(b"{\"0\": []}", 5), Err(InvalidMap::Places));
        let many = format!("{{\"0\": {:?}}}", vec!["variables.file"; 5]);
        assert_eq!(FileMap::parse(many.as_bytes(), 5), Err(InvalidMap::Places));
        let two = b"{\"0\": [\"variables.a\"], \"1\": [\"variables.b\"]}";
        assert_eq!(FileMap::parse(two, 1), Err(InvalidMap::TooMany { found: 2, max: 1 }));
        for place in [
            "file",
            "variables",
            "variables.",
            "variables.other",
            "variables.text",
            "variables.file.x",
            "variables.input.files.2",
            "variables.input.files.-1",
            "variables.input.files.x",
            "0.variables.file",
            "operations.variables.file",
        ] {
            let given = json!({"file": null, "text": "x", "input": {"files": [null]}});
            let map = FileMap::parse(format!("{{\"0\": [{place:?}]}}").as_bytes(), 5).unwrap();
            let refused = map.fill(&mut Variables::from_json(given));
            assert_eq!(refused, Err(InvalidMap::NoPlace(place.to_owned())));
        }
        // Two files in one place.
        let map = FileMap::parse(b"{\"0\": [\"variables.f\"], \"1\": [\"variables.f\"]}", 5).unwrap();
        assert!(map.fill(&mut Variables::from_json(json!({"f": null}))).is_err());
    }
}
