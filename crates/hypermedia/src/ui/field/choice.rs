//! The controls that are chosen from: boxes, selects and radio groups.

use maud::{Markup, html};

use super::{control::Control, kind::Choice};

/// Renders a box to tick inside its label.
pub(super) fn checkbox(control: &Control, label: &Markup, is_ticked: bool) -> Markup {
    html! {
        label for=(control.name) {
            input id=(control.name) name=(control.name) type="checkbox" value="on"
                required[control.is_required] checked[is_ticked] autofocus[control.autofocus]
                aria-invalid=[control.invalid]
                aria-describedby=[control.described_by.as_deref()];
            (label)
        }
    }
}

/// Renders a select. It stands at the entry `empty`, which has no value, until a choice is made.
pub(super) fn select(
    control: &Control,
    value: &str,
    choices: &[Choice<'_>],
    autocomplete: Option<&'static str>,
    empty: &str,
) -> Markup {
    let chosen = position(choices, value);
    html! {
        select id=(control.name) name=(control.name) required[control.is_required]
            autocomplete=(autocomplete.unwrap_or("off"))
            autofocus[control.autofocus]
            aria-invalid=[control.invalid]
            aria-describedby=[control.described_by.as_deref()] {
            option value="" selected[chosen.is_none()] { (empty) }
            @for (index, choice) in choices.iter().enumerate() {
                option value=(choice.value) selected[chosen == Some(index)] { (choice.label) }
            }
        }
    }
}

/// Renders the buttons of a radio group, each with its label. The first one has the name as its id,
/// so that a link to the field leads there. The focus goes to the chosen one, if there is one.
pub(super) fn radios(control: &Control, value: &str, choices: &[Choice<'_>]) -> Markup {
    let chosen = position(choices, value);
    let focused = chosen.unwrap_or(0);
    let id = |index: usize| match index {
        0 => control.name.to_string(),
        _ => format!("{}-{}", control.name, index + 1),
    };
    html! {
        @for (index, choice) in choices.iter().enumerate() {
            div.choice {
                label for=(id(index)) {
                    input id=(id(index)) name=(control.name) type="radio" value=(choice.value)
                        required[control.is_required] checked[chosen == Some(index)]
                        autofocus[control.autofocus && focused == index];
                    (choice.label)
                }
            }
        }
    }
}

fn position(choices: &[Choice<'_>], value: &str) -> Option<usize> {
    choices.iter().position(|choice| choice.value == value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::FieldName;

    const CHOICES: &[Choice<'_>] =
        &[Choice { value: "s", label: "Small" }, Choice { value: "l", label: "Large & wide" }];

    fn control() -> Control {
        Control {
            name: FieldName::new("size"),
            is_required: true,
            autofocus: true,
            invalid: Some("true"),
            described_by: Some("size-error".to_owned()),
        }
    }

    fn selected(value: &str) -> String {
        select(&control(), value, CHOICES, None, "Please choose").into_string()
    }

    #[test]
    fn a_select_selects_the_choice_with_the_value() {
        let expected = concat!(
            r#"<select id="size" name="size" required autocomplete="off" autofocus"#,
            r#" aria-invalid="true" aria-describedby="size-error">"#,
            r#"<option value="">Please choose</option><option value="s">Small</option>"#,
            r#"<option value="l" selected>Large &amp; wide</option></select>"#,
        );
        assert_eq!(selected("l"), expected);
    }

    /// Otherwise the browser would send the first choice, which the visitor has not made.
    #[test]
    fn without_a_known_value_a_select_stands_at_the_empty_entry() {
        for value in ["", "xl", "S"] {
            let html = selected(value);
            assert!(html.contains(r#"<option value="" selected>Please choose</option>"#), "{html}");
            assert_eq!(html.matches(" selected").count(), 1);
        }
    }

    #[test]
    fn the_first_button_of_a_radio_group_has_the_name_as_its_id() {
        let html = radios(&control(), "", CHOICES).into_string();

        let expected = concat!(
            r#"<div class="choice"><label for="size"><input id="size" name="size" type="radio""#,
            r#" value="s" required autofocus>Small</label></div>"#,
            r#"<div class="choice"><label for="size-2"><input id="size-2" name="size""#,
            r#" type="radio" value="l" required>Large &amp; wide</label></div>"#,
        );
        assert_eq!(html, expected);
    }

    #[test]
    fn a_radio_group_checks_the_choice_with_the_value_and_focuses_it() {
        let html = radios(&control(), "l", CHOICES).into_string();
        assert!(html.contains(r#"value="l" required checked autofocus>"#), "{html}");
        assert_eq!(html.matches(" checked").count(), 1);
        assert_eq!(html.matches(" autofocus").count(), 1);

        let unknown = radios(&control(), "xl", CHOICES).into_string();
        assert!(!unknown.contains(" checked"), "{unknown}");
    }

    #[test]
    fn a_box_is_ticked_or_not_and_tied_to_its_error() {
        let label = html! { "Rush" };
        let ticked = checkbox(&control(), &label, true).into_string();

        let expected = concat!(
            r#"<label for="size"><input id="size" name="size" type="checkbox" value="on" required"#,
            r#" checked autofocus aria-invalid="true" aria-describedby="size-error">Rush</label>"#,
        );
        assert_eq!(ticked, expected);
        assert!(!checkbox(&control(), &label, false).into_string().contains(" checked"));
    }
}
