//! The fields of a feature, as they are typed: `title:line`.

use anyhow::{Context, Result, bail, ensure};

use super::name::Name;

/// The most fields, so that no generated function gets too long.
const MAX_FIELDS: usize = 10;
/// The names that the generated code uses itself: columns, fields of the form, constants, variables.
const RESERVED: &[&str] = &[
    "context",
    "created_at",
    "csrf_token",
    "draft",
    "err",
    "fields",
    "id",
    "language",
    "largest",
    "longest_line",
    "longest_text",
    "main",
    "name_of",
    "next",
    "path",
    "smallest",
    "state",
    "submission",
    "texts",
    "updated_at",
    "user_id",
];
/// The ids on every page, which a field must not have.
const IDS: [&str; 5] = ["nav", "flash", "alerts", "dialog", "offline"];

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One line of text.
    Line,
    /// Text of several lines.
    Lines,
    /// A whole number.
    Number,
    /// A day.
    Date,
    /// The address of a page.
    Url,
    /// A box to tick.
    Flag,
}

/// A field of a feature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) name: Name,
    pub(super) kind: Kind,
}

/// The fields in the order of the form, and the one that names an entry in the list.
pub(super) struct Fields {
    pub(super) all: Vec<Field>,
    pub(super) naming: Field,
}

impl Kind {
    /// All kinds, as they are typed.
    const ALL: [(&str, Self); 6] = [
        ("line", Self::Line),
        ("lines", Self::Lines),
        ("number", Self::Number),
        ("date", Self::Date),
        ("url", Self::Url),
        ("flag", Self::Flag),
    ];

    fn parse(text: &str) -> Result<Self> {
        let known = Self::ALL.iter().find(|(name, _)| *name == text);
        let names = Self::ALL.map(|(name, _)| name).join(", ");
        Ok(known.with_context(|| format!("{text:?} is no kind: they are {names}"))?.1)
    }
}

impl Field {
    fn parse(text: &str) -> Result<Self> {
        let Some((name, kind)) = text.split_once(':') else {
            bail!("{text:?} is no field: write its name and its kind, as in title:line");
        };
        let (name, kind) = (Name::parse(name)?, Kind::parse(kind)?);
        let is_reserved = RESERVED.contains(&name.as_str()) || IDS.contains(&name.as_str());
        ensure!(!is_reserved, "{name} is used by the pages themselves: choose another name");
        Ok(Self { name, kind })
    }
}

impl Fields {
    /// Reads the fields. One that is no flag names an entry in the list.
    pub(super) fn parse(texts: &[String]) -> Result<Self> {
        let all = texts.iter().map(|text| Field::parse(text)).collect::<Result<Vec<_>>>()?;
        ensure!(
            all.len() <= MAX_FIELDS,
            "more than {MAX_FIELDS} fields are too many to begin with"
        );
        for (at, field) in all.iter().enumerate() {
            let is_doubled = all.iter().take(at).any(|earlier| earlier.name == field.name);
            ensure!(!is_doubled, "{} is there twice", field.name);
        }
        let naming = all.iter().find(|field| field.kind != Kind::Flag).cloned();
        let naming = naming.context("a field that is no flag is needed: it names the entries")?;
        Ok(Self { all, naming })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Fields> {
        let texts: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        Fields::parse(&texts)
    }

    #[test]
    fn fields_have_a_name_and_a_kind() {
        let fields = parsed("done:flag title:line body:lines n:number on:date at:url").unwrap();

        let kinds: Vec<_> = fields.all.iter().map(|field| field.kind).collect();
        assert_eq!(kinds[..2], [Kind::Flag, Kind::Line]);
        assert_eq!(kinds[2..], [Kind::Lines, Kind::Number, Kind::Date, Kind::Url]);
        assert_eq!(fields.naming.name.as_str(), "title");
    }

    #[test]
    fn what_is_wrong_with_a_field_is_said() {
        for (text, expected) in [
            ("title", "as in title:line"),
            ("title:text", "\"text\" is no kind: they are line, lines, number, date, url, flag"),
            ("Title:line", "is no name"),
            ("type:line", "is a word of Rust"),
            ("user_id:line", "used by the pages themselves"),
            ("a:line b:flag a:date", "a is there twice"),
            ("a:flag", "a field that is no flag is needed"),
            ("", "a field that is no flag is needed"),
            ("a:line b:line c:line d:line e:line f:line g:line h:line i:line j:line k:line", "10"),
        ] {
            let told = parsed(text).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(told.contains(expected), "{text}: {told}");
        }
    }
}
