//! The attributes that the controls of all kinds have. They tie a control to its label, its hint
//! and its error.

use crate::ui::FieldName;

/// The attributes of a control, apart from those of its kind.
pub(super) struct Control {
    /// The name, and the id of the control or of the first one in a group.
    pub(super) name: FieldName,
    /// Whether the answer may not be left out.
    pub(super) is_required: bool,
    /// Whether the page opens with the focus here.
    pub(super) autofocus: bool,
    /// `aria-invalid`.
    pub(super) invalid: Option<&'static str>,
    /// `aria-describedby`: the ids of the error, the hint and the length.
    pub(super) described_by: Option<String>,
}
