//! The parts of the templates that depend on the fields of a feature.

use super::field::{Field, Fields, Kind};

/// Returns the values of the templates that depend on the fields.
pub(super) fn values(fields: &Fields) -> Vec<(&'static str, String)> {
    let each = |of: fn(&Field) -> String| fields.all.iter().map(of).collect::<String>();
    let sent = fields.all.iter().map(|field| {
        let value = if *field == fields.naming { "name".to_owned() } else { sample(field.kind) };
        format!("(\"{}\", {value}),", field.name)
    });
    vec![
        ("constants", each(constant) + &limits(fields)),
        ("constant_list", each(|field| format!("{},", upper(field)))),
        ("parsers", each(parser)),
        ("draft_values", each(draft_value)),
        ("fillers", each(filler)),
        ("fields", each(form_field)),
        ("columns", each(|it| format!("pub(crate) {}: {},\n", it.name, rust_type(it.kind)))),
        ("inserted", each(|it| format!("{0}: Set(draft.{0}),\n", it.name))),
        ("updated", each(updated)),
        ("schema_imports", schema_imports(fields)),
        ("created", each(created)),
        ("exported", each(|it| format!("\"{0}\": entry.{0},\n", it.name))),
        ("label_types", each(|it| format!("pub(super) {}: &'static str,\n", it.name))),
        ("label_values", each(|it| format!("{}: \"{}\",", it.name, it.name.title()))),
        ("name_of_entry", name_of_entry(&fields.naming)),
        ("name_format", name_format(fields.naming.kind).to_owned()),
        ("sent_fields", sent.collect()),
        ("expected_fields", expected_fields(fields)),
        ("invalid_fields", each(invalid)),
    ]
}

fn upper(field: &Field) -> String {
    field.name.as_str().to_uppercase()
}

fn constant(field: &Field) -> String {
    format!("const {}: FieldName = FieldName::new(\"{}\");\n", upper(field), field.name)
}

fn limits(fields: &Fields) -> String {
    let has = |kind| fields.all.iter().any(|field| field.kind == kind);
    let mut limits = String::new();
    if has(Kind::Line) {
        limits += "/// The most characters of one line.\nconst MAX_LINE: usize = 200;\n";
    }
    if has(Kind::Lines) {
        limits += "/// The most characters of a text.\nconst MAX_TEXT: usize = 10_000;\n";
    }
    if has(Kind::Number) {
        limits += "/// The range of numbers.\nconst SMALLEST: i64 = -1_000_000_000;\n\
                   const LARGEST: i64 = 1_000_000_000;\n";
    }
    limits
}

fn parser(field: &Field) -> String {
    let (parse, kept) = match field.kind {
        Kind::Line => ("text(MAX_LINE)", ""),
        Kind::Lines => ("multi_line(MAX_TEXT)", ""),
        Kind::Number => ("number(SMALLEST, LARGEST)", ""),
        Kind::Date => ("date", ".map(|day| day.to_string())"),
        Kind::Url => ("url", ".map(String::from)"),
        Kind::Flag => return String::new(),
    };
    let (name, constant) = (&field.name, upper(field));
    format!("let {name} = state.parse(texts, submission, {constant}, parse::{parse}){kept};\n")
}

fn draft_value(field: &Field) -> String {
    match field.kind {
        Kind::Flag => format!("{}: submission.has({}),", field.name, upper(field)),
        _ => format!("{0}: {0}?,", field.name),
    }
}

fn filler(field: &Field) -> String {
    let (name, constant) = (&field.name, upper(field));
    match field.kind {
        Kind::Flag => {
            format!("if entry.{name} {{ state = state.with_value({constant}, \"on\"); }}\n")
        }
        Kind::Number => {
            format!("state = state.with_value({constant}, &entry.{name}.to_string());\n")
        }
        _ => format!("state = state.with_value({constant}, &entry.{name});\n"),
    }
}

fn form_field(field: &Field) -> String {
    let (name, constant) = (&field.name, upper(field));
    let value = format!("state.value({constant})");
    let kind = match field.kind {
        Kind::Line => format!("Text {{ value: {value}, max_length: Some(MAX_LINE) }}"),
        Kind::Lines => format!("TextArea {{ value: {value}, max_length: Some(MAX_TEXT) }}"),
        Kind::Number => format!("Number {{ value: {value}, min: SMALLEST, max: LARGEST }}"),
        Kind::Date => format!("Date({value})"),
        Kind::Url => format!("Url({value})"),
        Kind::Flag => format!("Checkbox(state.is_ticked({constant}))"),
    };
    format!("field({constant}, labels.{name}, FieldKind::{kind}),")
}

const fn rust_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Line | Kind::Lines | Kind::Date | Kind::Url => "String",
        Kind::Number => "i64",
        Kind::Flag => "bool",
    }
}

/// Returns the function that makes the column.
const fn column(kind: Kind) -> &'static str {
    match kind {
        Kind::Line | Kind::Date => "string",
        Kind::Lines | Kind::Url => "text",
        Kind::Number => "big_integer",
        Kind::Flag => "boolean",
    }
}

fn updated(field: &Field) -> String {
    let (column, name) = (field.name.type_name(), &field.name);
    format!(".col_expr(Column::{column}, Expr::value(draft.{name}))\n")
}

fn schema_imports(fields: &Fields) -> String {
    let own = fields.all.iter().map(|field| column(field.kind));
    let mut imports: Vec<_> = own.chain(["big_integer", "uuid"]).collect();
    imports.sort_unstable();
    imports.dedup();
    imports.join(", ")
}

fn created(field: &Field) -> String {
    format!("table.col({}(\"{}\"));\n", column(field.kind), field.name)
}

fn name_of_entry(field: &Field) -> String {
    let name = &field.name;
    match field.kind {
        Kind::Lines => format!("entry.{name}.lines().next().unwrap_or_default().to_owned()"),
        Kind::Number => format!("entry.{name}.to_string()"),
        _ => format!("entry.{name}.clone()"),
    }
}

/// Returns the values in the tests of the field that names an entry.
const fn name_format(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "1{number:02}",
        Kind::Date => "20{number:02}-01-31",
        Kind::Url => "https://example.test/{number:02}",
        _ => "Entry {number:02}",
    }
}

/// Returns the literal of a value in the tests.
fn sample(kind: Kind) -> String {
    let value = match kind {
        Kind::Line => "A line",
        Kind::Lines => r"one\n\ntwo",
        Kind::Number => "-42",
        Kind::Date => "2028-02-29",
        Kind::Url => "https://example.test/page",
        Kind::Flag => "on",
    };
    format!("\"{value}\"")
}

fn expected_fields(fields: &Fields) -> String {
    let of_field = |field: &Field| {
        let name = &field.name;
        match field.kind {
            _ if *field == fields.naming => {
                format!("assert_eq!(control(\"{name}\").value, name(1));\n")
            }
            Kind::Flag => format!("assert!(control(\"{name}\").checked);\n"),
            kind => format!("assert_eq!(control(\"{name}\").value, {});\n", sample(kind)),
        }
    };
    fields.all.iter().map(of_field).collect()
}

fn invalid(field: &Field) -> String {
    if field.kind == Kind::Flag { String::new() } else { format!("\"{}\",", field.name) }
}
