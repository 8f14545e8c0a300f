//! What is measured: the contract's pages, word for word, with variables that vary.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// A page of the contract.
pub struct Page {
    /// Its name in the table.
    pub name: &'static str,
    /// The file of its operation.
    file: &'static str,
    /// Its variables as Lua that builds JSON; `%d` is a number below the count of articles.
    variables: &'static str,
}

pub const PAGES: &[Page] = &[
    Page {
        name: "article",
        file: "article-page.graphql",
        variables: r#"string.format('{"slug":"story-%d"}', math.random(0, articles - 1))"#,
    },
    Page {
        name: "front",
        file: "front-page.graphql",
        variables: r#"({'{"locale":"ar"}','{"locale":"fr"}','{"locale":"en"}'})[math.random(3)]"#,
    },
    Page {
        name: "section",
        file: "section-page.graphql",
        variables: r#"({'{"slug":"city"}','{"slug":"sport","locale":"ar"}','{"slug":"culture","locale":"fr"}'})[math.random(3)]"#,
    },
];

/// How many different requests a script sends in turn.
const REQUESTS: u32 = 4_000;

/// Ends a script: the first answer that is none is shown. Looking at each answer takes time of the load generator, which runs
/// beside the program and does not look at the static answer either, so it is done in a run of its own.
pub const CHECK: &str = "local shown = false\nresponse = function(status, headers, body)\n  \
     if not shown and (status ~= 200 or body:find('\"errors\"')) then shown = true; io.stderr:write(status, ' ', body:sub(1, 400), '\\n') end\nend\n";

/// A wrk script that posts the operation; the requests are made beforehand.
pub fn script(contract: &Path, page: &Page, articles: u32) -> Result<String, String> {
    let document = document(contract, page.file)?;
    Ok(format!(
        "local articles = {articles}\nlocal query = {}\nwrk.method = 'POST'\nwrk.headers['content-type'] = 'application/json'\n\
         wrk.headers['accept'] = 'application/graphql-response+json'\nlocal made, next = {{}}, 0\n\
         init = function()\n  for n = 1, {REQUESTS} do\n    \
         made[n] = wrk.format(nil, nil, nil, '{{\"query\":' .. query .. ',\"variables\":' .. {} .. '}}')\n  end\nend\n\
         request = function()\n  next = next % {REQUESTS} + 1\n  return made[next]\nend\n",
        lua_string(&json_string(&document)),
        page.variables,
    ))
}

/// The operation with the fragments it needs: those it spreads, and those that these spread.
fn document(contract: &Path, file: &str) -> Result<String, String> {
    let mut fragments: BTreeMap<String, String> = BTreeMap::new();
    let mut operation = String::new();
    for entry in fs::read_dir(contract).map_err(|why| format!("{}: {why}", contract.display()))? {
        let path = entry.map_err(|why| why.to_string())?.path();
        let text = fs::read_to_string(&path).map_err(|why| format!("{}: {why}", path.display()))?;
        for definition in definitions(&text) {
            match definition.strip_prefix("fragment ").and_then(|rest| rest.split_whitespace().next()) {
                Some(name) => {
                    fragments.insert(name.to_owned(), definition);
                }
                None if path.ends_with(file) => operation = definition,
                None => {}
            }
        }
    }
    let mut out = operation;
    let mut added: Vec<String> = Vec::new();
    while let Some((name, text)) =
        fragments.iter().find(|(name, _)| !added.contains(name) && out.contains(&format!("...{name}")))
    {
        added.push(name.clone());
        let _ = write!(out, "\n{text}");
    }
    Ok(out)
}

/// The top-level definitions of a document, without comments. The contract holds no strings with braces.
fn definitions(text: &str) -> Vec<String> {
    let plain: String =
        text.lines().map(|line| line.split('#').next().unwrap_or("")).collect::<Vec<_>>().join("\n");
    let mut out = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, c) in plain.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                if depth == 0 {
                    out.push(plain[start..=at].trim().to_owned());
                    start = at + 1;
                }
            }
            _ => {}
        }
    }
    out
}

fn json_string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

fn lua_string(text: &str) -> String {
    format!("[==[{text}]==]")
}
